"""`availableFrom` and `availableTo`: only rooms that are free and open for that whole time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking import selectors
from booking.api import local_times
from booking.domain import schedules
from booking.domain.availability import SlotState
from booking.domain.catalogue import ListedRoom
from config.api.errors import InvalidInput
from config.api.inputs import Reader

LONGEST = dt.timedelta(minutes=schedules.LONGEST_LOOK_MINUTES)
"""No opening is longer, so no calendar needs to be read for a longer window."""


@dataclass(frozen=True, slots=True)
class Window:
    """A wanted time as given: naive moments mean each site's local time."""

    start: dt.datetime
    end: dt.datetime


def read(params: Reader) -> Window | None:
    """Read the wanted time; the two parameters go together."""
    start, end = params.moment("availableFrom"), params.moment("availableTo")
    if start is None and end is None:
        return None
    params.require("availableFrom", "availableTo")
    assert start is not None
    assert end is not None
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise InvalidInput("Invalid availableTo: give both moments with a zone, or none")
    if start >= end:
        raise InvalidInput("Invalid availableTo: must be after availableFrom")
    return Window(start, end)


def among(
    rooms: Sequence[ListedRoom], *, window: Window | None, now: dt.datetime
) -> Sequence[ListedRoom]:
    """Keep the rooms that can be booked by the hour for the whole window, in two queries."""
    if window is None:
        return rooms
    spans = {zone: _in_zone(window, zone) for zone in {room.row.time_zone for room in rooms}}
    candidates = [
        room
        for room in selectors.rooms([listed.row.id for listed in rooms])
        if room.is_booked_by_the_hour
    ]
    longest = max((end - start for start, end in spans.values()), default=dt.timedelta())
    if not candidates or longest > LONGEST:
        return []
    found = schedules.of_rooms(
        candidates,
        start=min(start for start, _ in spans.values()),
        end=max(end for _, end in spans.values()),
        now=now,
        as_offered=True,
    )
    free = {room.id for room in candidates if _is_free(found[room.id], *spans[room.site.time_zone])}
    return [room for room in rooms if room.row.id in free]


def _is_free(schedule: schedules.RoomSchedule, start: dt.datetime, end: dt.datetime) -> bool:
    minutes = -int(-(end - start).total_seconds() // 60)
    state = schedule.slot_state(starts_at=start, duration_minutes=minutes)
    return state is SlotState.BOOKABLE


def _in_zone(window: Window, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """Place the window in one zone; a local time that its clocks skip is refused."""
    tz = ZoneInfo(zone)
    start = local_times.instant(window.start, tz=tz, name="availableFrom")
    end = local_times.instant(window.end, tz=tz, name="availableTo")
    if end <= start:
        raise InvalidInput("Invalid availableTo: must be after availableFrom")
    return start, end
