"""Dates, instants, times on the wall, opening hours and time zones."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.bulk.codecs.base import Codec, items
from backoffice.bulk.problems import WrongValue
from config import instants
from sites_app.domain import opening_hours

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_YEARS = range(1900, 2201)


def read_date(value: Any) -> dt.date:
    """Read a date `YYYY-MM-DD`.

    :raises WrongValue: when it is none.
    """
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            found = dt.date.fromisoformat(value)
        except ValueError:
            raise WrongValue("is not a date of the calendar") from None
        if found.year in _YEARS:
            return found
    raise WrongValue("must be a date YYYY-MM-DD")


def date() -> Codec:
    return Codec(read=read_date, write=_iso_or_empty, blank_is_empty=True)


def _iso_or_empty(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def clock_time() -> Codec:
    """A time on the wall, `HH:MM`."""

    def read(value: Any) -> dt.time:
        if isinstance(value, str) and _CLOCK.fullmatch(value):
            return dt.time.fromisoformat(value)
        raise WrongValue("must be a time HH:MM")

    return Codec(read=read, write=lambda value: f"{value:%H:%M}")


def dates() -> Codec:
    """A list of dates, kept in order and once each."""

    def read(value: Any) -> list[dt.date]:
        return sorted({read_date(item) for item in items(value)})

    def write(stored: list[dt.date]) -> list[str]:
        return [day.isoformat() for day in sorted(stored)]

    return Codec(read=read, write=write, empty=list)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A wall time read without zone; it becomes an instant once the site is known."""

    wall: dt.datetime

    def at(self, tz: dt.tzinfo) -> dt.datetime:
        """Return the instant in UTC.

        :raises WrongValue: when the zone's clocks skip that time.
        """
        try:
            return opening_hours.resolve_wall(self.wall, tz=tz)
        except opening_hours.NonExistentLocalTime as error:
            raise WrongValue(str(error)) from None


def moment(*, local: bool = False) -> Codec:
    """An ISO 8601 instant; without zone a `LocalTime` where `local`, else an error."""

    def read(value: Any) -> dt.datetime | LocalTime:
        found = _moment(value)
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
        if not local:
            raise WrongValue("must name its zone, for example 2026-01-31T09:00:00Z")
        return LocalTime(found)

    return Codec(read=read, write=write_moment, blank_is_empty=True)


def day_start() -> Codec:
    """An instant, a wall time of the location, or a day, which begins at its midnight."""
    return _day_or_moment(added=dt.timedelta(0))


def day_end() -> Codec:
    """An instant, a wall time of the location, or a day, which ends at the next midnight."""
    return _day_or_moment(added=dt.timedelta(days=1))


def _day_or_moment(*, added: dt.timedelta) -> Codec:
    instant = moment(local=True)

    def read(value: Any) -> dt.datetime | LocalTime:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return LocalTime(dt.datetime.combine(read_date(value), dt.time()) + added)
        found: dt.datetime | LocalTime = instant.read(value)
        return found

    return Codec(read=read, write=write_moment, blank_is_empty=True)


def _moment(value: Any) -> dt.datetime:
    problem = WrongValue("must be an ISO 8601 date-time, for example 2026-01-31T09:00:00Z")
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise problem
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        raise problem from None
    if found.year not in _YEARS:
        raise problem
    return found


def write_moment(value: dt.datetime | None) -> str | None:
    """Write an instant in UTC, `2026-01-31T09:00:00Z`, with what fraction it has."""
    return None if value is None else instants.written(value)


def slots() -> Codec:
    """A slot string; it is stored as written, only trimmed."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        try:
            opening_hours.parse_slots(value)
        except opening_hours.SlotFormatError as error:
            raise WrongValue(error.message) from None
        if len(value) > 200:
            raise WrongValue("must be at most 200 characters")
        return value.strip()

    return Codec(read=read, empty="")


def time_zone() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not _is_zone(value):
            raise WrongValue("must be an IANA time zone, for example Europe/Paris")
        return value

    return Codec(read=read, empty="Europe/Paris")


@lru_cache(maxsize=512)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder of zones is an OSError
        return False
    return True
