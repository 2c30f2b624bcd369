"""A day of a site's rooms as the planning board shows it: what takes each room, and its free hours.

The board has columns of a quarter of an hour on the clock of the site. What begins or ends between two
quarters fills the quarter it touches, unless something before it has done so.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking.domain import schedules
from booking.domain.schedules import RoomSchedule
from booking.models import Reservation
from config.intervals import Interval
from sites_app.domain import local_days
from sites_app.models import Room, Site

QUARTER = dt.timedelta(minutes=15)
HOUR = 4
"""Columns of an hour."""
EARLIEST, LATEST = 8, 19
"""Hours that are always shown; a room that opens earlier, or is taken later, widens the board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A stretch of a room's day: taken by a reservation, free from `starts_at` on, or closed."""

    columns: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    reservation: Reservation | None = None
    is_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A room and its day."""

    room: Room
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The hours from the first to the last, and the rooms."""

    hours: Sequence[int]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Day:
    """A local day in quarters of an hour, as the wall counts them."""

    on: dt.date
    tz: ZoneInfo

    def at(self, quarter: int) -> dt.datetime:
        return dt.datetime.combine(self.on, dt.time(), self.tz) + quarter * QUARTER

    def quarter(self, moment: dt.datetime, *, rounded_up: bool = False) -> int:
        """Count the quarters of the wall from midnight to a moment, cut to the day."""
        wall = moment.astimezone(self.tz).replace(tzinfo=None)
        passed = wall - dt.datetime.combine(self.on, dt.time())
        whole = -(-passed // QUARTER) if rounded_up else passed // QUARTER
        return min(max(whole, 0), 24 * HOUR)


def of_site(site: Site, on: dt.date, *, now: dt.datetime) -> Board:
    """Read the rooms of a site and their day, in a fixed number of queries."""
    day = _Day(on, local_days.zone_of(site))
    start, end = day.at(0), day.at(24 * HOUR)
    rooms = rooms_of(site)
    calendars = schedules.of_rooms(rooms, start=start, end=end, now=now)
    taken = taken_by_room(rooms, start=start, end=end)
    first, last = _hours(day, calendars.values(), taken)
    rows = [
        Row(
            room=room,
            cells=tuple(
                _cells(
                    day, calendars[room.pk], taken[room.pk], first=first * HOUR, last=last * HOUR
                )
            ),
        )
        for room in rooms
    ]
    return Board(hours=range(first, last), rows=sorted(rows, key=_is_empty))


def rooms_of(site: Site) -> list[Room]:
    """Read the rooms of a site, by name."""
    return list(Room.objects.filter(site=site).select_related("site").order_by("name", "id"))


def _is_empty(row: Row) -> bool:
    """Say whether a room can neither be had nor is taken that day: offices, mostly; they come last."""
    return not any(cell.is_free or cell.reservation for cell in row.cells)


def taken_by_room(
    rooms: Sequence[Room], *, start: dt.datetime, end: dt.datetime
) -> dict[str, list[Reservation]]:
    """Read what takes the rooms within `[start, end)`, by room and time, with its meeting."""
    found = Reservation.objects.filter(room__in=rooms, holds=True, blocked__overlap=(start, end))
    by_room: dict[str, list[Reservation]] = defaultdict(list)
    for reservation in found.select_related("meeting__organization").order_by("blocked", "id"):
        by_room[reservation.room_id].append(reservation)
    return by_room


def _hours(
    day: _Day, calendars: Iterable[RoomSchedule], taken: dict[str, list[Reservation]]
) -> tuple[int, int]:
    """Return the first hour to show, and the one after the last."""
    spans = [(span.start, span.end) for one in calendars for span in one.open_spans]
    spans += [(one.blocked.lower, one.blocked.upper) for rows in taken.values() for one in rows]
    today = Interval(day.at(0), day.at(24 * HOUR))
    inside = [span for span in spans if span[0] < today.end and span[1] > today.start]
    starts = [day.quarter(start) // HOUR for start, _end in inside]
    ends = [-(-day.quarter(end, rounded_up=True) // HOUR) for _start, end in inside]
    return min([EARLIEST, *starts]), max([LATEST, *ends])


def _cells(
    day: _Day,
    calendar: RoomSchedule,
    taken: Sequence[Reservation],
    *,
    first: int,
    last: int,
) -> Iterator[Cell]:
    """Yield a room's day from the first to before the last quarter, without gaps."""
    at = first
    for reservation in taken:
        start = max(day.quarter(reservation.blocked.lower), at)
        end = min(day.quarter(reservation.blocked.upper, rounded_up=True), last)
        if end <= start:
            continue
        yield from _empty(day, calendar, at, start)
        yield _cell(day, start, end, reservation=reservation)
        at = end
    yield from _empty(day, calendar, at, last)


def _empty(day: _Day, calendar: RoomSchedule, start: int, end: int) -> Iterator[Cell]:
    """Yield the hours of a stretch that nothing takes, each free or closed as it begins."""
    while start < end:
        is_free = _is_open(day, calendar, start)
        stop = start + 1
        while stop < end and stop % HOUR and _is_open(day, calendar, stop) == is_free:
            stop += 1
        yield _cell(day, start, stop, is_free=is_free)
        start = stop


def _is_open(day: _Day, calendar: RoomSchedule, quarter: int) -> bool:
    moment = day.at(quarter)
    return any(span.start <= moment < span.end for span in calendar.open_spans)


def _cell(
    day: _Day,
    start: int,
    end: int,
    *,
    reservation: Reservation | None = None,
    is_free: bool = False,
) -> Cell:
    return Cell(
        columns=end - start,
        starts_at=day.at(start),
        ends_at=day.at(end),
        reservation=reservation,
        is_free=is_free,
    )
