"""Months: lengths, leap days, and what lies some months later."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.domain import months
from contracts.domain.months import Days

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2150, 1, 1))
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("of", "length"),
    [("2025-01-31", 31), ("2025-02-01", 28), ("2024-02-29", 29), ("2025-04-30", 30)],
)
def test_length_of_a_month(of, length):
    assert months.month_of(day(of)).count == length


@pytest.mark.parametrize(
    ("start", "count", "result"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-30", 1, "2025-02-28"),
        ("2025-01-28", 1, "2025-02-28"),
        ("2025-02-28", 1, "2025-03-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-11-15", 2, "2026-01-15"),
        ("2025-12-31", 12, "2026-12-31"),
        ("2025-05-05", 0, "2025-05-05"),
    ],
)
def test_later(start, count, result):
    assert months.later(day(start), months=count) == day(result)


@pytest.mark.parametrize(
    ("end", "count", "result"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-02-28", 1, "2025-03-31"),
        ("2024-02-28", 1, "2024-03-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-04-30", 1, "2025-05-31"),
        ("2025-04-29", 1, "2025-05-29"),
        ("2025-12-31", 12, "2026-12-31"),
    ],
)
def test_renewed_end(end, count, result):
    assert months.renewed_end(day(end), months=count) == day(result)


def test_past_the_calendars_end():
    with pytest.raises(OverflowError):
        months.later(day("9999-12-01"), months=1)


@UNHURRIED
@given(start=DAYS, count=st.integers(0, 600))
def test_later_lies_in_the_right_month(start, count):
    found = months.later(start, months=count)

    assert (found.year - start.year) * 12 + found.month - start.month == count
    assert found.day == min(start.day, months.month_of(found).count)


@UNHURRIED
@given(of=DAYS)
def test_months_follow_each_other_without_a_gap(of):
    month = months.month_of(of)

    assert months.preceding(months.following(month)) == month
    assert months.following(month).first - month.last == months.A_DAY


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (None, None, ("2025-03-01", "2025-03-31")),
        ("2025-03-31", None, ("2025-03-31", "2025-03-31")),
        ("2025-04-01", None, None),
        (None, "2025-03-01", ("2025-03-01", "2025-03-01")),
        (None, "2025-02-28", None),
        ("2025-03-10", "2025-03-12", ("2025-03-10", "2025-03-12")),
    ],
)
def test_within(first, last, found):
    month = months.month_of(day("2025-03-15"))

    days = month.within(first and day(first), last and day(last))

    assert days == (found and Days(*map(day, found)))
