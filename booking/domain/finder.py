"""The finder: which rooms are free for a meeting some time within days, the best first.

Every answer can be booked by one request of somebody known. The work is bounded: at most 300 rooms
and 31 days, three queries, and in each room and day only as many starts as the answer can hold.
Source: public-api, section 5, `/api/find`; section 7.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from booking import selectors, selectors_finder
from booking.domain import (
    availability,
    pricing,
    room_quotes,
    schedules,
    windows,
)
from booking.domain.availability import Span
from booking.domain.schedules import RoomSchedule
from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.domain.sites import SiteNotFound
from sites_app.models import Room

MOST = 50
WHOLE_DAY = (Interval(0, 24 * 60),)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for.

    `start` and `end` without a zone are on each site's wall. `windows` are minutes of the local
    day in which the meeting must lie, `weekdays` are 1 (Monday) to 7.
    """

    duration_minutes: int
    start: dt.datetime
    end: dt.datetime
    people: int = 1
    country: str | None = None
    site_id: str | None = None
    windows: tuple[Interval[int], ...] = WHOLE_DAY
    weekdays: frozenset[int] = frozenset(range(1, 8))
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A room with its site and a start in UTC; the quote is None where the room has no price."""

    room: Room
    starts_at: dt.datetime
    ends_at: dt.datetime
    quote: pricing.Quote | None


def check(wish: Wish) -> None:
    """Refuse what nobody can look for.

    :raises WindowRefused: :raises SiteNotFound:
    """
    windows.window(start=instant(wish.start), end=instant(wish.end))
    if wish.site_id and not selectors.site_exists(wish.site_id, with_hidden=False):
        raise SiteNotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The rooms that fit a wish, their calendars over its time, and what is free there."""

    rooms: Sequence[Room]
    calendars: "Calendars"
    matches: Sequence[Match]


def look(wish: Wish, *, now: dt.datetime) -> Look:
    """List free rooms and starts, each room's in order: one or more a day, 50 or as many as there are."""
    rooms = selectors_finder.rooms(
        people=wish.people,
        country=wish.country,
        site_id=wish.site_id,
        equipment=wish.equipment,
    )
    calendars = Calendars.read(rooms, [wish], now=now)
    found = calendars.matches(wish, rooms)
    if 0 < len(found) < MOST:  # where little is free, one start of each day would hide the others
        found = calendars.matches(wish, rooms, most=MOST)
    return Look(rooms=rooms, calendars=calendars, matches=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """Rooms' calendars over a range, as they are offered to everybody."""

    of_room: dict[str, RoomSchedule]
    now: dt.datetime

    @classmethod
    def read(
        cls, rooms: Sequence[Room], wishes: Sequence[Wish], *, now: dt.datetime
    ) -> "Calendars":
        """Read all that the wishes need, in one query, or two where there are offices."""
        zones = {room.site.time_zone for room in rooms} or {"UTC"}
        spans = [
            (in_zone(wish.start, ZoneInfo(zone)), in_zone(wish.end, ZoneInfo(zone)))
            for wish in wishes
            for zone in zones
        ]
        start = max(now, min(start for start, _ in spans))
        end = max(start, *(end for _, end in spans))
        found = schedules.of_rooms(rooms, start=start, end=end, now=now, as_offered=True)
        return cls(of_room=found, now=now)

    def matches(self, wish: Wish, rooms: Iterable[Room], *, most: int = 1) -> list[Match]:
        """List the first starts in each room and allowed span."""
        return list(self.each(wish, rooms, most=most))

    def each(self, wish: Wish, rooms: Iterable[Room], *, most: int = 1) -> Iterator[Match]:
        """Yield the first starts in each room and allowed span, room by room."""
        allowed: dict[str, list[Span]] = {}
        for room in rooms:
            zone = room.site.time_zone
            if zone not in allowed:
                allowed[zone] = list(_allowed(wish, ZoneInfo(zone), now=self.now))
            if schedules.takes_duration(room, wish.duration_minutes):
                yield from self._of_room(room, wish, allowed[zone], most=most)

    def _of_room(
        self, room: Room, wish: Wish, allowed: Sequence[Span], *, most: int
    ) -> Iterator[Match]:
        calendar = self.of_room[room.id]
        starts = availability.starts_within(
            allowed=allowed,
            open_spans=calendar.open_spans,
            blocked=calendar.blocked,
            shape=schedules.shape(room, duration_minutes=wish.duration_minutes),
            step_minutes=room.step_duration,
            most=most,
        )
        quotes: dict[dt.date, pricing.Quote | None] = {}
        length = dt.timedelta(minutes=wish.duration_minutes)
        for start in starts:
            day = opening_hours.local_day(start, tz=calendar.tz)
            if day not in quotes:  # a price depends on the day alone, by its VAT
                quotes[day] = _quote(room, start, wish, quotes)
            yield Match(room=room, starts_at=start, ends_at=start + length, quote=quotes[day])


def _quote(
    room: Room, start: dt.datetime, wish: Wish, known: dict[dt.date, pricing.Quote | None]
) -> pricing.Quote | None:
    rate = room_quotes.sale(room.site, starts_at=start).vat_rate
    for quote in known.values():
        if quote is None or quote.vat_rate == rate:
            return quote
    return room_quotes.quote(
        room,
        starts_at=start,
        duration_minutes=wish.duration_minutes,
        attendees=wish.people,
    )


def _allowed(wish: Wish, tz: ZoneInfo, *, now: dt.datetime) -> Iterator[Span]:
    """Yield the spans of each allowed day in which the meeting may lie, from now on."""
    first, last = max(now, in_zone(wish.start, tz)), in_zone(wish.end, tz)
    if first >= last:
        return
    range_ = Interval(first, last)
    day = opening_hours.local_day(first, tz=tz)
    while day <= opening_hours.local_day(last, tz=tz):
        if day.isoweekday() in wish.weekdays:
            slots = opening_hours.day_intervals(day=day, slots=wish.windows, tz=tz)
            yield from intervals.intersect(slots, [range_])
        day += DAY


def widened(wish: Wish, *, by: dt.timedelta) -> Wish:
    """Return the wish with as much more time before and after."""
    return replace(wish, start=wish.start - by, end=wish.end + by)


def instant(moment: dt.datetime) -> dt.datetime:
    """Return a wished moment as an instant; one without a zone as if in UTC."""
    return in_zone(moment, _UTC)


_UTC = ZoneInfo("UTC")


def in_zone(moment: dt.datetime, tz: ZoneInfo) -> dt.datetime:
    """Return a wished moment's instant in UTC; a local time that the clocks skip is the end of the gap."""
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    rest = (moment - midnight) // dt.timedelta(minutes=1)
    return opening_hours.to_instant(day=moment.date(), minutes=rest, tz=tz)
