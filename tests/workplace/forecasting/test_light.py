"""The forecast of counts: level, weekdays, special days."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workplace.forecasting.worlds import MONDAY, WEEK, days, weekly
from workplace.forecasting import light, short_history, smoothing, special_factors
from workplace.forecasting.special_days import Region

FRANCE = Region(country="FR")


def history(counts: np.ndarray, **facts) -> light.History:
    return light.History(counts=counts, days=days(len(counts) + 28, **facts))


def test_what_is_the_same_every_week_goes_on():
    found = light.forecast(history(weekly(140)), horizon=14)

    assert found == pytest.approx(np.resize(WEEK, 14), rel=1e-6)


def test_new_level_is_followed():
    counts = np.concatenate([weekly(140), 2 * weekly(140)])

    assert light.forecast(history(counts), horizon=7) == pytest.approx(2 * WEEK, rel=0.1)


def test_unknown_days_change_nothing():
    counts = weekly(210)
    counts[50:64] = np.nan

    assert light.forecast(history(counts), horizon=7) == pytest.approx(WEEK, rel=1e-6)


def test_closed_days_bring_nothing_and_teach_nothing():
    closed = {MONDAY + dt.timedelta(days=offset) for offset in (100, 101, 142)}
    counts = weekly(140)
    counts[100:102] = 0

    found = light.forecast(history(counts, closed=closed), horizon=7)

    assert found[2] == 0
    assert np.delete(found, 2) == pytest.approx(np.delete(WEEK, 2), rel=1e-6)


def test_factor_without_any_past_is_the_prior():
    marked = days(370, first_day=dt.date(2025, 1, 1), region=FRANCE)
    factors = special_factors.Factors(()).on(marked)
    by_day = {marked.day(index): factor for index, factor in enumerate(factors)}

    assert by_day[dt.date(2025, 5, 1)] == pytest.approx(0.40)  # a holiday
    assert by_day[dt.date(2025, 5, 2)] == pytest.approx(0.75)  # a bridge
    assert by_day[dt.date(2025, 12, 29)] == pytest.approx(0.70)  # the turn of the year
    assert by_day[dt.date(2025, 12, 27)] == pytest.approx(0.90)  # on a weekend
    assert by_day[dt.date(2025, 6, 3)] == 1


def test_factor_of_a_name_is_shrunk_to_its_kind_and_that_to_its_prior():
    marked = days(410, first_day=dt.date(2025, 2, 3), region=FRANCE)
    counts = np.full(200, 100.0)
    by_day = {marked.day(index): index for index in range(len(marked))}
    for day in (dt.date(2025, 4, 21), dt.date(2025, 5, 1), dt.date(2025, 5, 8)):
        counts[by_day[day]] = 10.0
    for day in (dt.date(2025, 5, 29), dt.date(2025, 6, 9), dt.date(2025, 7, 14)):
        counts[by_day[day]] = 10.0

    factors = special_factors.clean(counts, marked.until(200)).factors.on(marked)

    of_kind = (6 * 0.10 + 1 * 1.0 + 2 * 0.40) / 9  # seven weekdays: 15 August was like any other
    assert factors[by_day[dt.date(2025, 11, 11)]] == pytest.approx(of_kind)  # never seen by name
    assert factors[by_day[dt.date(2025, 5, 1)]] == pytest.approx((0.10 + 1.5 * of_kind) / 2.5)


def test_special_day_is_replaced_by_the_nearest_of_its_weekday():
    marked = days(50, first_day=dt.date(2025, 4, 1), region=FRANCE)
    counts = np.arange(50.0)

    cleaned = special_factors.clean(counts, marked)

    assert marked.day(30) == dt.date(2025, 5, 1)
    assert marked.day(37) == dt.date(
        2025, 5, 8
    )  # a holiday too: another Thursday that does not count
    assert cleaned.counts[30] == np.median([2, 9, 16, 23, 44])
    assert np.array_equal(cleaned.counts[:20], counts[:20])


@pytest.mark.parametrize(
    ("attended", "trust"), [(0, 0), (14, 0), (15, 1 / 106), (67, 0.5), (119, 105 / 106), (120, 1)]
)
def test_model_takes_over_from_the_last_fortnight(attended, trust):
    assert short_history.trust_in_model(attended) == pytest.approx(trust)


def test_short_history_follows_its_last_fortnight():
    counts = np.concatenate([np.full(7, 10.0), np.full(14, 40.0)])

    assert np.all(light.forecast(history(counts), horizon=7) > 38)


def test_rows_smoothed_together_are_smoothed_as_alone():
    table = np.random.default_rng(3).poisson(50, (4, 120)).astype(float)
    table[1, 60:] = np.nan
    weekdays = days(120).weekdays

    together = smoothing.smooth(table, weekdays)

    for row in range(4):
        alone = smoothing.smooth(table[row : row + 1], weekdays)
        assert alone.level[0] == together.level[row]
        assert np.array_equal(alone.profile[0], together.profile[row])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 500), min_size=40, max_size=90),
    st.lists(st.integers(0, 5000), min_size=10, max_size=10),
)
def test_forecast_never_knows_what_came_later_and_is_never_negative(counts, later):
    known = np.array(counts, dtype=float)
    origin = len(counts)
    marked = days(origin + 38, region=FRANCE)
    longer = light.History(counts=np.concatenate([known, later]), days=marked)

    from_past = light.forecast_from(longer, origins=[origin, origin + 10], horizon=28)[0]

    alone = light.forecast(light.History(counts=known, days=marked), horizon=28)
    assert from_past == pytest.approx(alone, rel=1e-9)
    assert np.all(from_past >= 0)
