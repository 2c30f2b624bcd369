"""Meeting lengths: for how long a room can be had from a given start.

Source: experience, "A visitor who wants a room", 4; booking rules R4 and R6.
"""

import datetime as dt
from collections.abc import Collection, Mapping

from booking.domain import schedules
from booking.domain.availability import SlotState
from sites_app.models import Room


def states(
    room: Room, *, starts_at: dt.datetime, minutes: Collection[int], now: dt.datetime
) -> Mapping[int, SlotState]:
    """Say of each length whether the room is open and free for it.

    `room` is fetched with its site. Who may book at what notice is not asked here.
    """
    longest = min(max(minutes), schedules.LONGEST_LOOK_MINUTES)
    end = starts_at + dt.timedelta(minutes=longest)
    calendar = schedules.of_rooms([room], start=starts_at, end=end, now=now, as_offered=True)[
        room.id
    ]
    return {
        length: calendar.slot_state(starts_at=starts_at, duration_minutes=length)
        for length in minutes
    }
