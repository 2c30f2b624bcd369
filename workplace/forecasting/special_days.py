"""Days on which fewer come than on their weekday otherwise: holidays, bridges, the turn of the year."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
MONDAY, TUESDAY, THURSDAY, FRIDAY, SATURDAY = 0, 1, 3, 4, 5
_DAY = dt.timedelta(days=1)
_WORKED = {"US": ("Washington's Birthday", "Columbus Day", "Veterans Day")}
"""Public holidays on which most private employers of the country work; observed days begin alike."""


class Kind(IntEnum):
    """What sort of day it is; days of a kind that were seen teach about those that were not."""

    NORMAL = 0
    HOLIDAY = 1
    YEAR_END = 2
    BRIDGE = 3
    CLOSED = 4
    WORKED_HOLIDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Whose public holidays count: ISO codes, "" for none or for the whole country."""

    country: str = ""
    subdivision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDays:
    """Consecutive days and what is special about each.

    `kinds`, `weekdays` (Monday = 0) and `names` ("" for a normal day) have one entry a day.
    """

    first_day: dt.date
    kinds: Days
    weekdays: Days
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_weekend(self) -> NDArray[np.bool_]:
        return np.asarray(self.weekdays >= SATURDAY)

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        return np.asarray(self.kinds == Kind.CLOSED)

    @property
    def is_normal(self) -> NDArray[np.bool_]:
        return np.asarray(self.kinds == Kind.NORMAL)

    def day(self, index: int) -> dt.date:
        """Give the date of one of the days."""
        return self.first_day + index * _DAY

    def until(self, end: int) -> "SpecialDays":
        """Give the first `end` days."""
        return self._part(0, end)

    def after(self, start: int, number: int) -> "SpecialDays":
        """Give at most `number` days from the one with index `start` on."""
        return self._part(start, min(start + number, len(self)))

    def _part(self, start: int, end: int) -> "SpecialDays":
        return SpecialDays(
            first_day=self.day(start),
            kinds=self.kinds[start:end],
            weekdays=self.weekdays[start:end],
            names=self.names[start:end],
        )


def mark(
    *, first_day: dt.date, days: int, region: Region, closed: Collection[dt.date] = ()
) -> SpecialDays:
    """Say of each of `days` days from the first one what is special about it.

    A closed day beats a holiday, which beats the turn of the year, which beats a bridge.
    """
    dates = [first_day + offset * _DAY for offset in range(days)]
    named = public_holidays(region=region, first_day=first_day, last_day=dates[-1])
    worked = _WORKED.get(region.country, ())
    marked = [_mark(day, named, closed, worked) for day in dates]
    return SpecialDays(
        first_day=first_day,
        kinds=np.array([kind for kind, _ in marked], dtype=np.int64),
        weekdays=np.array([day.weekday() for day in dates], dtype=np.int64),
        names=tuple(name for _, name in marked),
    )


def public_holidays(
    *, region: Region, first_day: dt.date, last_day: dt.date
) -> Mapping[dt.date, str]:
    """Name the public holidays from the day before the first to the day after the last."""
    years = range((first_day - _DAY).year, (last_day + _DAY).year + 1)
    found: dict[dt.date, str] = {}
    for year in years:
        found |= _holidays_of(region.country, region.subdivision, year)
    return found


@lru_cache(maxsize=256)
def _holidays_of(country: str, subdivision: str, year: int) -> Mapping[dt.date, str]:
    """Name a year's public holidays; none for a country that the library does not know.

    An unknown subdivision counts as the whole country.
    """
    for part in (subdivision or None, None):
        try:
            return dict(holidays.country_holidays(country, subdiv=part, years=year))
        except NotImplementedError:
            continue
    return {}


def _mark(
    day: dt.date,
    named: Mapping[dt.date, str],
    closed: Collection[dt.date],
    worked: tuple[str, ...],
) -> tuple[Kind, str]:
    if day in closed:
        return Kind.CLOSED, "closed"
    if day in named:
        is_worked = bool(worked) and named[day].startswith(worked)
        return (Kind.WORKED_HOLIDAY if is_worked else Kind.HOLIDAY), named[day]
    if block := _year_end_block(day):
        return Kind.YEAR_END, block
    if _is_bridge(day, named):
        return Kind.BRIDGE, "bridge"
    return Kind.NORMAL, ""


def _year_end_block(day: dt.date) -> str:
    """Name the part of the turn of the year: until Christmas, between the years, the first week."""
    if day.month == 12 and day.day >= 21:
        return "before Christmas" if day.day <= 25 else "between the years"
    return "first week" if day.month == 1 and day.day <= 7 else ""


def _is_bridge(day: dt.date, named: Mapping[dt.date, str]) -> bool:
    """Whether a holiday and a weekend hold it between them."""
    if day.weekday() == MONDAY:
        return day + _DAY in named
    return day.weekday() == FRIDAY and day - _DAY in named
