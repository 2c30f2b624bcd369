"""Rooms' calendars as they are offered to everybody: an office is nobody's to book while it is let.

Source: public-api, section 2, POST /api/meeting-request: an office that is let is not for public booking.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from booking import selectors_finder
from booking.domain import schedules
from booking.domain.availability import Busy, BusyKind
from booking.domain.schedules import RoomSchedule
from booking.selectors_finder import Let
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.models import Room

_FIRST_DAY, _LAST_DAY = dt.date(1970, 1, 1), dt.date(2200, 12, 31)
"""Between which anybody may ask for a time; a lease may be without bounds, or beyond these."""


def of_rooms(
    rooms: Sequence[Room],
    *,
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    besides: Collection[str] = (),
) -> dict[str, RoomSchedule]:
    """Read calendars as `schedules.of_rooms` does, the local days on which offices are let blocked.

    One query, and one more where there are offices.
    """
    found = schedules.of_rooms(rooms, start=start, end=end, now=now, besides=besides)
    offices = [room.id for room in rooms if room.is_public_office]
    by_room: dict[str, list[Let]] = defaultdict(list)
    for lease in selectors_finder.let(offices) if offices else ():
        by_room[lease.room_id].append(lease)
    return found | {room_id: _without(found[room_id], let) for room_id, let in by_room.items()}


def _without(calendar: RoomSchedule, leases: Sequence[Let]) -> RoomSchedule:
    let = [days for lease in leases if (days := _days(lease, calendar))]
    taken = sorted([*calendar.taken, *let], key=lambda entry: (entry.span.start, entry.span.end))
    return replace(calendar, taken=tuple(taken))


def _days(lease: Let, calendar: RoomSchedule) -> Busy | None:
    """Return a lease's days, whole and on the site's wall; None where nobody could ask for one."""
    first = max(lease.starts_on or _FIRST_DAY, _FIRST_DAY)
    last = min(lease.ends_on or _LAST_DAY, _LAST_DAY)
    if last < first:
        return None
    span = Interval(
        opening_hours.to_instant(day=first, minutes=0, tz=calendar.tz),
        opening_hours.to_instant(day=last, minutes=opening_hours.MINUTES_PER_DAY, tz=calendar.tz),
    )
    return Busy(span, BusyKind.BLOCK)
