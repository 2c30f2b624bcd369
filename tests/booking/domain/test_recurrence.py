"""RRULEs: which are allowed, and that the wall's time is the same all year."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.domain import recurrence
from booking.domain.recurrence import BadRule

PARIS = ZoneInfo("Europe/Paris")
MONDAY = dt.datetime(2026, 1, 5, 9, 0)


def dates(rule, first=MONDAY):
    return [f"{wall:%m-%d}" for wall in recurrence.occurrences(rule, first=first, tz=PARIS)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["01-05", "01-06", "01-07"]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["01-05", "01-07", "01-09"]),
        ("FREQ=DAILY;UNTIL=20260107", ["01-05", "01-06", "01-07"]),
        ("FREQ=DAILY;UNTIL=20260107T085959", ["01-05", "01-06"]),
        ("FREQ=DAILY;UNTIL=20260107T090000", ["01-05", "01-06", "01-07"]),
        ("FREQ=DAILY;UNTIL=20260107T080000Z", ["01-05", "01-06", "01-07"]),
        ("FREQ=DAILY;UNTIL=20260107T075959Z", ["01-05", "01-06"]),
        ("FREQ=WEEKLY;COUNT=3", ["01-05", "01-12", "01-19"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", ["01-05", "01-07", "01-12", "01-14"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=2", ["01-05", "01-19"]),
        ("FREQ=MONTHLY;COUNT=3", ["01-05", "02-05", "03-05"]),
        ("FREQ=MONTHLY;BYMONTHDAY=5;COUNT=2", ["01-05", "02-05"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", ["01-05", "02-02", "03-02"]),
        ("RRULE:freq=weekly;count=2;", ["01-05", "01-12"]),
        ("FREQ=WEEKLY;COUNT=1", ["01-05"]),
    ],
)
def test_allowed_rules(rule, expected):
    assert dates(rule) == expected


def test_months_without_the_day_are_left_out():
    first = dt.datetime(2026, 1, 31, 9, 0)

    assert dates("FREQ=MONTHLY;COUNT=3", first) == ["01-31", "03-31", "05-31"]
    assert dates("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", first) == ["01-31", "02-28", "03-31"]


def test_the_last_weekday_of_a_month():
    first = dt.datetime(2026, 1, 30, 9, 0)

    assert dates("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", first) == ["01-30", "02-27", "03-27"]


def test_the_time_on_the_wall_stays_the_same_across_the_clock_change():
    first = dt.datetime(2026, 3, 23, 9, 0)

    found = recurrence.occurrences("FREQ=WEEKLY;COUNT=2", first=first, tz=PARIS)

    assert found == [first, dt.datetime(2026, 3, 30, 9, 0)]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("", "an empty rule is not understood"),
        ("every monday", "EVERY MONDAY is not understood"),
        ("FREQ=YEARLY;COUNT=2", "FREQ must be DAILY, WEEKLY or MONTHLY"),
        ("COUNT=2", "FREQ must be DAILY, WEEKLY or MONTHLY"),
        ("FREQ=DAILY", "either COUNT or UNTIL must be given"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260107", "either COUNT or UNTIL must be given"),
        ("FREQ=DAILY;COUNT=2;COUNT=3", "COUNT is given twice"),
        ("FREQ=DAILY;COUNT=0", "COUNT must be a whole number from 1"),
        ("FREQ=DAILY;COUNT=-1", "COUNT must be a whole number from 1"),
        ("FREQ=DAILY;COUNT=²", "COUNT must be a whole number from 1"),
        ("FREQ=DAILY;COUNT=53", "at most 52 occurrences"),
        ("FREQ=DAILY;UNTIL=20260226", "at most 52 occurrences"),
        ("FREQ=DAILY;UNTIL=20260104", "bookedAt must be the first date of the rule"),
        ("FREQ=DAILY;INTERVAL=367;COUNT=2", "INTERVAL must be at most 366"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=2", "INTERVAL must be a whole number from 1"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=2", "bookedAt must be the first date of the rule"),
        ("FREQ=WEEKLY;BYDAY=1MO;COUNT=2", "1MO is no weekday"),
        ("FREQ=DAILY;BYDAY=MO;COUNT=2", "BYDAY goes with WEEKLY or MONTHLY"),
        (
            "FREQ=MONTHLY;BYDAY=MO;COUNT=2",
            "BYDAY of a monthly rule must be one nth weekday such as 2TU or -1FR",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO,2MO;COUNT=2",
            "BYDAY of a monthly rule must be one nth weekday such as 2TU or -1FR",
        ),
        ("FREQ=WEEKLY;BYMONTHDAY=5;COUNT=2", "BYMONTHDAY goes with MONTHLY, without BYDAY"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2",
            "BYMONTHDAY must be one day from 1 to 31, or from -1 to -31",
        ),
        ("FREQ=WEEKLY;BYHOUR=9;COUNT=2", "BYHOUR=9 is not understood"),
        ("FREQ=WEEKLY;WKST=XX;COUNT=2", "XX is no weekday"),
        (
            "FREQ=DAILY;UNTIL=20261301",
            "UNTIL must be a date such as 20260131 or a time such as 20260131T170000Z",
        ),
        (
            "FREQ=DAILY;INTERVAL=366;COUNT=7",
            "the last occurrence must be within 5 years of the first",
        ),
    ],
)
def test_rules_that_are_refused(rule, message):
    with pytest.raises(BadRule) as refusal:
        dates(rule)

    assert str(refusal.value) == message


def test_the_borders_of_what_is_allowed():
    assert len(dates("FREQ=DAILY;COUNT=52")) == 52
    assert len(dates("FREQ=DAILY;UNTIL=20260225")) == 52
    assert len(dates("FREQ=DAILY;INTERVAL=366;COUNT=6")) == 6
