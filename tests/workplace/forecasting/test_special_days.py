"""Which days are special, and of what kind."""

import datetime as dt

import pytest

from workplace.forecasting import special_days
from workplace.forecasting.special_days import Kind, Region

FRANCE = Region(country="FR")


def marked(day: dt.date, *, region: Region = FRANCE, closed=()) -> tuple[Kind, str]:
    found = special_days.mark(first_day=day, days=1, region=region, closed=closed)
    return Kind(int(found.kinds[0])), found.names[0]


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (dt.date(2025, 4, 30), Kind.NORMAL, ""),
        (dt.date(2025, 5, 1), Kind.HOLIDAY, None),
        (dt.date(2025, 5, 2), Kind.BRIDGE, "bridge"),  # Friday after a Thursday
        (dt.date(2025, 5, 5), Kind.NORMAL, ""),
        (dt.date(2025, 11, 10), Kind.BRIDGE, "bridge"),  # Monday before a Tuesday
        (dt.date(2025, 12, 20), Kind.NORMAL, ""),
        (dt.date(2025, 12, 21), Kind.YEAR_END, "before Christmas"),
        (dt.date(2025, 12, 25), Kind.HOLIDAY, None),
        (dt.date(2025, 12, 26), Kind.YEAR_END, "between the years"),
        (dt.date(2026, 1, 1), Kind.HOLIDAY, None),
        (dt.date(2026, 1, 7), Kind.YEAR_END, "first week"),
        (dt.date(2026, 1, 8), Kind.NORMAL, ""),
    ],
)
def test_days_of_france(day, kind, name):
    found = marked(day)

    assert found[0] == kind
    assert (
        found[1] if name is None else found[1] == name
    )  # the library names holidays in a language


def test_closed_day_beats_a_holiday():
    day = dt.date(2025, 5, 1)

    assert marked(day, closed={day}) == (Kind.CLOSED, "closed")


def test_holiday_of_a_region_counts_there_alone():
    good_friday = dt.date(2025, 4, 18)

    assert marked(good_friday)[0] == Kind.NORMAL
    assert marked(good_friday, region=Region(country="FR", subdivision="57"))[0] == Kind.HOLIDAY


def test_unknown_region_counts_as_its_country():
    unknown = Region(country="FR", subdivision="no such")

    assert marked(dt.date(2025, 5, 1), region=unknown)[0] == Kind.HOLIDAY


@pytest.mark.parametrize("country", ["", "XX"])
def test_unknown_country_has_no_holidays(country):
    assert marked(dt.date(2025, 5, 1), region=Region(country=country)) == (Kind.NORMAL, "")


def test_american_holidays_on_which_most_work_are_of_their_own_kind():
    america = Region(country="US")

    assert marked(dt.date(2025, 10, 13), region=america) == (Kind.WORKED_HOLIDAY, "Columbus Day")
    assert marked(dt.date(2025, 9, 1), region=america)[0] == Kind.HOLIDAY


def test_parts_keep_their_dates():
    found = special_days.mark(first_day=dt.date(2025, 4, 28), days=10, region=FRANCE)

    assert len(found.until(4)) == 4
    assert found.after(3, 2).first_day == dt.date(2025, 5, 1)
    assert found.after(3, 2).names == found.names[3:5]
    assert found.names[4] == "bridge"
    assert len(found.after(8, 5)) == 2
    assert list(found.weekdays) == [0, 1, 2, 3, 4, 5, 6, 0, 1, 2]
    assert list(found.is_weekend[4:7]) == [False, True, True]
