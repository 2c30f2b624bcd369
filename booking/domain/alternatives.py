"""Alternatives: what to offer to somebody whose slot has just gone.

Source: public-api, section 2, POST /api/meeting-request, "Overlap": the same room nearest in time,
another room of the site of similar capacity, a room of another site nearby; each can be booked.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Cast, Power

from booking.domain import availability, pricing, room_quotes, schedules
from booking.domain.schedules import RoomSchedule
from sites_app.models import Room, RoomType

LOOK_AROUND = dt.timedelta(days=3)
ROOMS_TO_TRY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wanted to book; `starts_at` is aware, the meetings `besides` are no obstacle."""

    room: Room
    starts_at: dt.datetime
    duration_minutes: int
    attendees: int
    is_new_person: bool
    is_member: bool = False
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A room (its site loaded) and a start at which the same meeting can be booked, and its price."""

    room: Room
    starts_at: dt.datetime
    duration_minutes: int
    quote: pricing.Quote


def find(wish: Wish, *, now: dt.datetime) -> tuple[Alternative, ...]:
    """Look for up to three priced alternatives, one of each sort, in three queries."""
    at_site = list(_similar_rooms(wish).filter(site=wish.room.site_id)[:ROOMS_TO_TRY])
    elsewhere = list(_nearby(wish)[:ROOMS_TO_TRY])
    calendars = schedules.of_rooms(
        [wish.room, *at_site, *elsewhere],
        start=max(now, wish.starts_at - LOOK_AROUND),
        end=max(now, wish.starts_at) + LOOK_AROUND,
        now=now,
        besides=wish.besides,
        as_offered=True,
    )
    sorts = ([wish.room], at_site, elsewhere)
    found = (_best(wish, [calendars[room.id] for room in rooms], now=now) for rooms in sorts)
    return tuple(alternative for alternative in found if alternative is not None)


def _similar_rooms(wish: Wish) -> QuerySet[Room]:
    """Meeting rooms that everybody may book and that fit the meeting, the closest in size first."""
    minutes = wish.duration_minutes
    return (
        Room.objects.select_related("site")
        .filter(
            Q(max_person=0) | Q(max_person__gte=wish.attendees),
            Q(max_duration=0) | Q(max_duration__gte=minutes),
            type=RoomType.PUBLIC_MEETING,
            site__is_public=True,
            min_duration__lte=minutes,
        )
        .exclude(id=wish.room.id)
        .order_by(_other_size(wish), "id")
    )


def _nearby(wish: Wish) -> QuerySet[Room]:
    site = wish.room.site
    elsewhere = _similar_rooms(wish).filter(site__country=site.country).exclude(site=site.id)
    if site.latitude is None or site.longitude is None:
        return elsewhere
    away = _squared(F("site__latitude") - site.latitude) + _squared(
        F("site__longitude") - site.longitude
    )
    return elsewhere.annotate(away=away).order_by(
        F("away").asc(nulls_last=True), _other_size(wish), "id"
    )


def _other_size(wish: Wish) -> Abs:
    return Abs(F("max_person") - Value(wish.room.max_person))


def _squared(difference: Combinable) -> Power:
    return Power(Cast(difference, FloatField()), 2)


def _best(wish: Wish, calendars: Sequence[RoomSchedule], *, now: dt.datetime) -> Alternative | None:
    """Return the start nearest in time; of equal ones the room that was listed first."""
    options = [option for calendar in calendars if (option := _nearest(wish, calendar, now=now))]
    return min(options, key=lambda option: abs(option.starts_at - wish.starts_at), default=None)


def _nearest(wish: Wish, calendar: RoomSchedule, *, now: dt.datetime) -> Alternative | None:
    starts = sorted(
        chain(_wanted_itself(wish, calendar), _grid(wish, calendar, now=now)),
        key=lambda start: (abs(start - wish.starts_at), start),
    )
    for start in starts:
        if not schedules.violations(
            calendar,
            starts_at=start,
            duration_minutes=wish.duration_minutes,
            attendees=wish.attendees,
            is_new_person=wish.is_new_person,
            now=now,
        ):
            return _priced(wish, calendar.room, start)
    return None


def _wanted_itself(wish: Wish, calendar: RoomSchedule) -> Iterator[dt.datetime]:
    state = calendar.slot_state(starts_at=wish.starts_at, duration_minutes=wish.duration_minutes)
    if state == availability.SlotState.BOOKABLE:
        yield wish.starts_at


def _grid(wish: Wish, calendar: RoomSchedule, *, now: dt.datetime) -> Iterator[dt.datetime]:
    return calendar.bookable_starts(duration_minutes=wish.duration_minutes, not_before=now)


def _priced(wish: Wish, room: Room, starts_at: dt.datetime) -> Alternative | None:
    quote = room_quotes.quote(
        room,
        starts_at=starts_at,
        duration_minutes=wish.duration_minutes,
        attendees=wish.attendees,
        is_member=wish.is_member,
    )
    if quote is None:
        return None
    return Alternative(
        room=room, starts_at=starts_at, duration_minutes=wish.duration_minutes, quote=quote
    )
