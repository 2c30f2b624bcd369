"""The plot's geometry: what stands where, and what is left out."""

import datetime as dt

import pytest

from backoffice.workplace.attendance_plot import (
    HEIGHT,
    LEFT,
    STEP,
    TOP,
    PlottedDay,
    draw,
)

MONDAY = dt.date(2030, 1, 7)
GROUND = TOP + HEIGHT


def day(number: int, **values: object) -> PlottedDay:
    return PlottedDay(day=MONDAY + dt.timedelta(days=number), **values)


def test_a_column_is_as_high_as_its_share_of_the_highest_line() -> None:
    plot = draw([day(0, seen=50), day(1, seen=100), day(2)], today=MONDAY)

    assert [line.value for line in plot.grid] == [0, 25, 50, 75, 100]
    assert [(one.y, one.height) for one in plot.columns] == [
        (GROUND - HEIGHT / 2, HEIGHT / 2),
        (GROUND - HEIGHT, HEIGHT),
        (GROUND, 0),
    ]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (4, 4), (5, 8), (41, 60), (80, 80), (81, 100), (101, 120), (121, 160)]
)
def test_the_highest_line_is_a_round_number_above_all_values(most: int, top: int) -> None:
    for values in ({"seen": most}, {"high": most, "expected": 0.0, "low": 0}, {"intentions": most}):
        plot = draw([day(0, **values)], today=MONDAY)

        assert plot.grid[-1].value == top


def test_line_and_band_break_where_there_is_no_forecast() -> None:
    expected = {"expected": 4.0, "low": 2, "high": 4}
    plot = draw([day(0, **expected), day(1, **expected), day(2), day(3, **expected)], today=MONDAY)

    middle = LEFT + STEP / 2
    assert plot.lines == [f"{middle:g},12 {middle + STEP:g},12", f"{middle + 3 * STEP:g},12"]
    assert plot.bands[0] == (
        f"{middle:g},12 {middle + STEP:g},12 {middle + STEP:g},122 {middle:g},122"
    )
    assert len(plot.bands) == 2


def test_mondays_are_named_and_today_has_its_line() -> None:
    plot = draw([day(number) for number in range(-1, 8)], today=MONDAY + dt.timedelta(days=1))

    assert [one.day.day for one in plot.weeks] == [MONDAY, MONDAY + dt.timedelta(days=7)]
    assert plot.today_x == LEFT + STEP * 2.5
    assert draw([day(0)], today=dt.date(2031, 1, 1)).today_x is None


def test_nobody_who_said_they_come_has_no_mark() -> None:
    plot = draw([day(0, intentions=0), day(1, intentions=4)], today=MONDAY)

    assert [one.intentions_y for one in plot.columns] == [None, TOP]
