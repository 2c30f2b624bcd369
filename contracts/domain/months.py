"""Calendar months: their days, and what lies some months later."""

import calendar
import datetime as dt
from dataclasses import dataclass

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Some days in a row; both ends belong to them."""

    first: dt.date
    last: dt.date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: dt.date | None, last: dt.date | None) -> "Days | None":
        """Return those of the days from `first` to `last` (None: without end), or None without any."""
        start, end = max(self.first, first or self.first), min(self.last, last or self.last)
        return Days(start, end) if start <= end else None


def month_of(day: dt.date) -> Days:
    """Return the whole month in which a day lies."""
    length = calendar.monthrange(day.year, day.month)[1]
    return Days(day.replace(day=1), day.replace(day=length))


def following(month: Days) -> Days:
    return month_of(month.last + A_DAY)


def preceding(month: Days) -> Days:
    return month_of(month.first - A_DAY)


def later(day: dt.date, *, months: int) -> dt.date:
    """Return the same day some months later, or that month's last: 31 January + 1 is 28 or 29 February.

    :raises OverflowError: past the calendar's end.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        raise OverflowError("past the calendar's end")
    length = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, length))


def renewed_end(end: dt.date, *, months: int) -> dt.date:
    """Return the end some months later; what ends with a month still does: 28 February + 1 is 31 March.

    :raises OverflowError: past the calendar's end.
    """
    moved = later(end, months=months)
    return month_of(moved).last if end == month_of(end).last else moved
