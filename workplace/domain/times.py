"""Times of the Workplace API: what a caller means by a text, in which zone, at which end of a range.

Pure: texts and values in, aware instants in UTC out. Source: workplace-api, section 0, Times, Range
semantics and Day; section 13, Time.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from config.errors import DomainError

FIRST_YEAR, LAST_YEAR = 1970, 2200
_DAY = dt.timedelta(days=1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,6}\d*)?)?)\s*(Z|[+\- ]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


class BadTime(DomainError):
    """A text that names no time, or none that can be understood; `code` is for programs."""

    message = "must be an ISO 8601 date or date-time"

    def __init__(self, message: str | None = None, *, code: str = "") -> None:
        super().__init__(message)
        self.sub_code = code


class Edge(Enum):
    """Which end of a range a text names: a day's first or last moment, a repeated hour's first or second."""

    START = 0
    END = 1


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a caller's with both ends inclusive; None is without bound."""

    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name.

    :raises BadTime: when there is none.
    """
    if name not in _zones():
        raise BadTime("must be an IANA time zone")
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Return the names of IANA alone, of which looking for them takes a while."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def instant(text: str, *, edge: Edge, read_in: ZoneInfo | None, day_zone: dt.tzinfo) -> dt.datetime:
    """Return the instant a caller means.

    With `read_in`, the `timezone` of the call, the digits are that zone's wall clock. Without it a
    date-time says its own offset, and a date alone is a day in `day_zone`.

    :raises BadTime: for everything else.
    """
    if _DATE.fullmatch(text.strip()):
        return _edge_of_day(day(text), edge=edge, zone=read_in or day_zone)
    wall, offset = _split(text)
    if read_in is not None:
        if offset:
            raise BadTime(
                "must have no offset of its own beside timezone", code="ambiguous_timezone"
            )
        return resolve(wall, read_in, edge=edge)
    if offset is None:
        raise BadTime("must end with Z or an offset, or come with timezone", code="naive_time")
    return wall.replace(tzinfo=dt.timezone(offset)).astimezone(dt.UTC)


def is_naive(text: str) -> bool:
    """Say whether a text is a date, or a date-time that tells no zone or offset of its own."""
    found = _MOMENT.fullmatch(text.strip())
    return found is None or found[2] is None


def day(text: str) -> dt.date:
    """Return the date of a text `YYYY-MM-DD`.

    :raises BadTime:
    """
    cleaned = text.strip()
    try:
        found = dt.date.fromisoformat(cleaned) if _DATE.fullmatch(cleaned) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadTime("must be a date, YYYY-MM-DD")
    return found


def resolve(wall: dt.datetime, zone: dt.tzinfo, *, edge: Edge) -> dt.datetime:
    """Return the instant at which a wall in `zone` shows `wall`.

    A time that the clock skips moves forward by the gap; of one that it shows twice, a start is the
    first and an end the second.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    is_skipped = first.astimezone(zone).replace(tzinfo=None, fold=0) != wall
    if is_skipped or edge is Edge.START:
        return first
    return wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)


def local_day(on: dt.date, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    """Return the first instant of a local day and of the next: half-open, 23 to 25 hours apart."""
    return (
        resolve(dt.datetime.combine(on, dt.time()), zone, edge=Edge.START),
        resolve(dt.datetime.combine(on + _DAY, dt.time()), zone, edge=Edge.START),
    )


def written(moment: dt.datetime) -> str:
    """Write an instant as the API does: UTC to the second, `2025-06-01T08:00:00Z`."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"


def written_or_none(moment: dt.datetime | None) -> str | None:
    return None if moment is None else written(moment)


def _edge_of_day(on: dt.date, *, edge: Edge, zone: dt.tzinfo) -> dt.datetime:
    clock = dt.time() if edge is Edge.START else dt.time.max
    return resolve(dt.datetime.combine(on, clock), zone, edge=edge)


def _split(text: str) -> tuple[dt.datetime, dt.timedelta | None]:
    """Return the digits of a date-time and its offset; a space before an offset was a `+` in an address."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise BadTime
    digits, offset = found.groups()
    try:
        wall = dt.datetime.fromisoformat(digits.replace(",", "."))
    except ValueError:
        raise BadTime from None
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise BadTime
    return wall, _offset(offset)


def _offset(text: str | None) -> dt.timedelta | None:
    if text is None:
        return None
    if text in "Zz":
        return dt.timedelta()
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise BadTime
    return dt.timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)
