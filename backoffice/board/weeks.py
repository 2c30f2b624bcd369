"""A week of a site's rooms as the planning board shows it: what takes each room, day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.board import days
from booking.domain import schedules
from booking.domain.schedules import RoomSchedule
from booking.models import Reservation
from config.intervals import Interval
from sites_app.domain import local_days, opening_hours
from sites_app.models import Room, Site

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDay:
    """What takes a room on a local day, by time, and whether it opens that day at all."""

    on: dt.date
    taken: tuple[Reservation, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWeek:
    """A room and its days, from Monday on."""

    room: Room
    days: tuple[RoomDay, ...]


def of_site(site: Site, monday: dt.date, *, now: dt.datetime) -> Sequence[RoomWeek]:
    """Read the rooms of a site and their week, in a fixed number of queries.

    What lasts over midnight stands in each day it touches. Rooms that are neither open nor taken come last.
    """
    zone = local_days.zone_of(site)
    midnights = [
        opening_hours.to_instant(day=monday + dt.timedelta(days=number), minutes=0, tz=zone)
        for number in range(DAYS + 1)
    ]
    rooms = days.rooms_of(site)
    taken = days.taken_by_room(rooms, start=midnights[0], end=midnights[-1])
    calendars = schedules.of_rooms(rooms, start=midnights[0], end=midnights[-1], now=now)
    found = [
        RoomWeek(
            room=room,
            days=tuple(
                _day(monday + dt.timedelta(days=number), span, calendars[room.pk], taken[room.pk])
                for number, span in enumerate(map(Interval, midnights, midnights[1:]))
            ),
        )
        for room in rooms
    ]
    return sorted(found, key=_is_empty)


def _day(
    on: dt.date,
    span: Interval[dt.datetime],
    calendar: RoomSchedule,
    taken: Sequence[Reservation],
) -> RoomDay:
    return RoomDay(
        on=on,
        taken=tuple(
            one for one in taken if one.blocked.lower < span.end and one.blocked.upper > span.start
        ),
        is_open=any(
            hours.start < span.end and hours.end > span.start for hours in calendar.open_spans
        ),
    )


def _is_empty(week: RoomWeek) -> bool:
    return not any(day.taken or day.is_open for day in week.days)
