"""Forecasts of past days beside who came and beside last week's value."""

import datetime as dt

import pytest

from workplace.domain.accuracy import PastDay, measured, stood_in_time

MIDNIGHT = dt.datetime(2030, 1, 6, 23, 0, tzinfo=dt.UTC)


def day(came: int, expected: float, week_before: int | None = None, **band: float) -> PastDay:
    usual = {"low": expected - 5, "high": expected + 5}
    return PastDay(came=came, expected=expected, week_before=week_before, **usual | band)


def test_errors_are_shares_of_all_who_came() -> None:
    found = measured([day(100, 90, 80), day(50, 55, 60)])

    assert found is not None
    assert (found.days, found.error, found.week_before_error) == (2, 15 / 150, 30 / 150)
    assert found.gain == pytest.approx(0.5)


def test_worse_than_last_week_is_said() -> None:
    found = measured([day(100, 70, 90)])

    assert found is not None
    assert found.gain == pytest.approx(-2.0)


@pytest.mark.parametrize(("came", "within"), [(94, 0.0), (95, 1.0), (105, 1.0), (106, 0.0)])
def test_the_band_includes_its_ends(came: int, within: float) -> None:
    found = measured([day(came, 100, low=95, high=105)])

    assert found is not None
    assert found.within_band == within


def test_gain_compares_the_days_that_have_a_week_before() -> None:
    found = measured([day(100, 90, 80), day(100, 0)])

    assert found is not None
    assert (found.error, found.week_before_error) == (110 / 200, 20 / 100)
    assert found.gain == pytest.approx(0.5)


def test_nothing_is_measured_where_there_is_nothing_to_measure() -> None:
    assert measured([]) is None
    assert measured([day(0, 3)]) is None
    alone = measured([day(10, 9)])
    assert alone is not None
    assert (alone.gain, alone.week_before_error) == (None, None)
    perfect = measured([day(10, 10, 10)])
    assert perfect is not None
    assert perfect.gain is None


@pytest.mark.parametrize(("late", "counts"), [(0, True), (360, True), (361, False)])
def test_forecast_stands_before_the_first_arrivals(late: int, counts: bool) -> None:
    made = MIDNIGHT + dt.timedelta(minutes=late)

    assert stood_in_time(made_at=made, day_starts_at=MIDNIGHT) is counts
