"""Room search: which of these rooms are free when somebody wants one, and what is nearest if none is."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking.domain import (
    notice,
    pricing,
    refused_demand,
    room_quotes,
    schedules,
)
from booking.domain.availability import SlotState, nearest_starts
from booking.domain.schedules import RoomSchedule
from sites_app.domain import opening_hours
from sites_app.models import Room

LOOK_AHEAD = dt.timedelta(days=14)
SOON = dt.timedelta(days=4)
"""Beyond it only rooms are looked at that have nothing free until then."""
LOOK_AROUND = dt.timedelta(days=7)
FURTHEST = dt.timedelta(days=3 * 366)
MOST_ALTERNATIVES = 6
USUAL_START = dt.time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; `day` and `time` are on the wall of each room's site.

    `site_id` only says where refused demand is counted: the rooms have been chosen.
    """

    duration_minutes: int
    people: int = 1
    day: dt.date | None = None
    time: dt.time | None = None
    is_new_person: bool = True
    site_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A room, the first start in UTC that suits, and the price; None when it is not sold by time."""

    room: Room
    starts_at: dt.datetime
    quote: pricing.Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rooms that are free as wanted; without any, those free at the nearest times."""

    offers: tuple[Offer, ...]
    alternatives: tuple[Offer, ...] = ()


def search(rooms: Sequence[Room], wish: Wish, *, now: dt.datetime) -> Found:
    """Look at the calendars of `rooms`, fetched with their sites, in a query or two.

    Without a day, the first free time of the next two weeks suits; without a time, any of the day.
    Nothing is found years away, where the calendar itself ends. A nearer search without offers is
    counted as refused demand.
    """
    if wish.day is not None and abs(wish.day - now.date()) > FURTHEST:
        return Found(offers=())
    found = _search(rooms, wish, now=now)
    if not found.offers:
        _note(rooms, wish, now=now)
    return found


def _note(rooms: Sequence[Room], wish: Wish, *, now: dt.datetime) -> None:
    offers = [_offer(room, now, wish) for room in rooms if fits(room, wish)]
    quotes = [offer.quote for offer in offers if offer.quote]
    cheapest = min(quotes, key=lambda quote: quote.net, default=None)
    start = end = None
    if wish.day is not None:
        start = dt.datetime.combine(wish.day, wish.time or dt.time(), tzinfo=dt.UTC)
        end = start + dt.timedelta(minutes=wish.duration_minutes if wish.time else 24 * 60)
    refused_demand.note_search(
        start=start,
        end=end,
        duration_minutes=wish.duration_minutes,
        people=wish.people,
        site_id=wish.site_id,
        price=cheapest.net if cheapest else None,
        currency=cheapest.currency if cheapest else "",
        now=now,
    )


def _search(rooms: Sequence[Room], wish: Wish, *, now: dt.datetime) -> Found:
    fitting = [room for room in rooms if fits(room, wish)]
    if not fitting or wish.day is None:
        return Found(offers=_soonest(fitting, wish, now=now))
    offers = _offers(fitting, wish, _wanted, _range_of_day(fitting, wish.day, now), now=now)
    if offers:
        return Found(offers=offers)
    nearest = _offers(fitting, wish, _nearest, _range_around(wish.day, now), now=now)
    by_distance = sorted(nearest, key=lambda offer: (_distance(offer, wish), offer.room.id))
    return Found(offers=(), alternatives=tuple(by_distance[:MOST_ALTERNATIVES]))


def _soonest(rooms: Sequence[Room], wish: Wish, *, now: dt.datetime) -> tuple[Offer, ...]:
    """Offer each room at its first free time of the next weeks; most have one in the first days."""
    first = min((_first_allowed(tz, wish, now) for tz in _zones(rooms)), default=now)
    soon, end = first + SOON, now + LOOK_AHEAD
    offers = _offers(rooms, wish, _wanted, (first, min(soon, end)), now=now)
    offered = {offer.room.id for offer in offers}
    others = [room for room in rooms if room.id not in offered]
    return offers + _offers(others, wish, _wanted, (soon, end), now=now)


def fits(room: Room, wish: Wish) -> bool:
    """Tell whether the room takes meetings of that length and size at all."""
    holds_them = room.max_person == 0 or wish.people <= room.max_person
    return holds_them and schedules.takes_duration(room, wish.duration_minutes)


def _zones(rooms: Sequence[Room]) -> list[ZoneInfo]:
    return [ZoneInfo(zone) for zone in {room.site.time_zone for room in rooms}]


def _range_of_day(
    rooms: Sequence[Room], day: dt.date, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime]:
    """Return from when to when it is that day at any of the sites."""
    midnights = [
        opening_hours.to_instant(day=day, minutes=minutes, tz=tz)
        for tz in _zones(rooms)
        for minutes in (0, opening_hours.MINUTES_PER_DAY)
    ]
    return max(now, min(midnights)), max(midnights)


def _range_around(day: dt.date, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    return max(now, midnight - LOOK_AROUND), midnight + LOOK_AROUND


def _offers(
    rooms: Sequence[Room],
    wish: Wish,
    choose: Callable[[RoomSchedule, Wish, dt.datetime], dt.datetime | None],
    within: tuple[dt.datetime, dt.datetime],
    *,
    now: dt.datetime,
) -> tuple[Offer, ...]:
    """Offer each room at the start chosen from its calendar, if any; the calendars are one query."""
    start, end = within
    if end <= start or not rooms:
        return ()
    calendars = schedules.of_rooms(rooms, start=start, end=end, now=now, as_offered=True)
    chosen = ((room, choose(calendars[room.id], wish, now)) for room in rooms)
    return tuple(_offer(room, starts_at, wish) for room, starts_at in chosen if starts_at)


def _offer(room: Room, starts_at: dt.datetime, wish: Wish) -> Offer:
    quote = room_quotes.quote(
        room,
        starts_at=starts_at,
        duration_minutes=wish.duration_minutes,
        attendees=wish.people,
    )
    return Offer(room=room, starts_at=starts_at, quote=quote)


def _wanted(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime | None:
    if wish.day and wish.time:
        return _at_the_time(calendar, wish, now)
    first = _first_allowed(calendar.tz, wish, now)
    if wish.day is None:
        return next(_starts(calendar, wish, first), None)
    opens = opening_hours.to_instant(day=wish.day, minutes=0, tz=calendar.tz)
    closes = opening_hours.to_instant(day=wish.day, minutes=24 * 60, tz=calendar.tz)
    start = next(_starts(calendar, wish, max(first, opens)), None)
    return start if start and start < closes else None


def _at_the_time(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime | None:
    start = _moment(wish, calendar.tz)
    state = calendar.slot_state(starts_at=start, duration_minutes=wish.duration_minutes)
    allowed = start >= _first_allowed(calendar.tz, wish, now)
    return start if allowed and state == SlotState.BOOKABLE else None


def _nearest(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime | None:
    starts = _starts(calendar, wish, _first_allowed(calendar.tz, wish, now))
    return next(
        iter(nearest_starts(wanted=_moment(wish, calendar.tz), starts=starts, count=1)), None
    )


def _distance(offer: Offer, wish: Wish) -> dt.timedelta:
    return abs(offer.starts_at - _moment(wish, ZoneInfo(offer.room.site.time_zone)))


def _moment(wish: Wish, tz: ZoneInfo) -> dt.datetime:
    assert wish.day is not None
    time = wish.time or USUAL_START
    return opening_hours.to_instant(day=wish.day, minutes=time.hour * 60 + time.minute, tz=tz)


def _starts(calendar: RoomSchedule, wish: Wish, first: dt.datetime) -> Iterator[dt.datetime]:
    return calendar.bookable_starts(duration_minutes=wish.duration_minutes, not_before=first)


def _first_allowed(tz: ZoneInfo, wish: Wish, now: dt.datetime) -> dt.datetime:
    return notice.first_allowed_start(tz=tz, is_new_person=wish.is_new_person, now=now)
