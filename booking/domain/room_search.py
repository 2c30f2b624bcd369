"""Room search: which of these rooms are free when somebody wants one, and what is nearest if none is."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
    """Look at the calendars of `rooms`, fetched with their sites, in one query.

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
    start, end = _range(wish, now)
    if not fitting or end <= now:
        return Found(offers=())
    calendars = schedules.of_rooms(fitting, start=start, end=end, now=now, as_offered=True)
    offers = _offers(
        ((calendars[room.id], _wanted(calendars[room.id], wish, now)) for room in fitting), wish
    )
    if offers or wish.day is None:
        return Found(offers=offers)
    nearest = _offers(
        ((calendars[room.id], _nearest(calendars[room.id], wish, now)) for room in fitting), wish
    )
    by_distance = sorted(
        nearest, key=lambda offer: (_distance(offer, calendars, wish), offer.room.id)
    )
    return Found(offers=(), alternatives=tuple(by_distance[:MOST_ALTERNATIVES]))


def fits(room: Room, wish: Wish) -> bool:
    """Tell whether the room takes meetings of that length and size at all."""
    holds_them = room.max_person == 0 or wish.people <= room.max_person
    return holds_them and schedules.takes_duration(room, wish.duration_minutes)


def _range(wish: Wish, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    if wish.day is None:
        return now, now + LOOK_AHEAD
    midnight = dt.datetime.combine(wish.day, dt.time(), tzinfo=dt.UTC)
    return max(now, midnight - LOOK_AROUND), midnight + LOOK_AROUND


def _offers(
    found: Iterable[tuple[RoomSchedule, dt.datetime | None]], wish: Wish
) -> tuple[Offer, ...]:
    return tuple(_offer(calendar.room, start, wish) for calendar, start in found if start)


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
    first = _first_allowed(calendar, wish, now)
    if wish.day is None:
        return next(_starts(calendar, wish, first), None)
    opens = opening_hours.to_instant(day=wish.day, minutes=0, tz=calendar.tz)
    closes = opening_hours.to_instant(day=wish.day, minutes=24 * 60, tz=calendar.tz)
    start = next(_starts(calendar, wish, max(first, opens)), None)
    return start if start and start < closes else None


def _at_the_time(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime | None:
    start = _moment(calendar, wish)
    state = calendar.slot_state(starts_at=start, duration_minutes=wish.duration_minutes)
    allowed = start >= _first_allowed(calendar, wish, now)
    return start if allowed and state == SlotState.BOOKABLE else None


def _nearest(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime | None:
    starts = _starts(calendar, wish, _first_allowed(calendar, wish, now))
    return next(iter(nearest_starts(wanted=_moment(calendar, wish), starts=starts, count=1)), None)


def _distance(offer: Offer, calendars: dict[str, RoomSchedule], wish: Wish) -> dt.timedelta:
    return abs(offer.starts_at - _moment(calendars[offer.room.id], wish))


def _moment(calendar: RoomSchedule, wish: Wish) -> dt.datetime:
    assert wish.day is not None
    time = wish.time or USUAL_START
    return opening_hours.to_instant(
        day=wish.day, minutes=time.hour * 60 + time.minute, tz=calendar.tz
    )


def _starts(calendar: RoomSchedule, wish: Wish, first: dt.datetime) -> Iterator[dt.datetime]:
    return calendar.bookable_starts(duration_minutes=wish.duration_minutes, not_before=first)


def _first_allowed(calendar: RoomSchedule, wish: Wish, now: dt.datetime) -> dt.datetime:
    return notice.first_allowed_start(tz=calendar.tz, is_new_person=wish.is_new_person, now=now)
