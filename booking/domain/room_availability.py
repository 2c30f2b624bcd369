"""What callers may know of rooms' free time: busy spans, bookable starts with prices, and why not.

Source: public-api, sections 5 and 7, `/api/availability`.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from booking import selectors
from booking.domain import pricing, reservations, room_quotes, schedules
from booking.domain.availability import Busy, BusyKind, Span
from booking.domain.bookable_rooms import RoomNotFound
from booking.domain.rules import Code, Violation
from booking.domain.schedules import RoomSchedule
from config.errors import DomainError
from config.intervals import Interval
from sites_app.domain.sites import SiteNotFound
from sites_app.models import Room

MAX_ROOMS = 100
EXPLAINED_ATTENDEES = 1


class TooManyRooms(DomainError):
    """One call asks about more rooms than one answer should hold."""

    code = "TOO_MANY_ROOMS"
    message = f"At most {MAX_ROOMS} rooms per call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which time, for a meeting of how many minutes, seen from `now`."""

    window: Span
    duration_minutes: int
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stretch of time in which no meeting can be, and every reason."""

    span: Span
    violations: Sequence[Violation]


def rooms(*, room_id: str | None, site_id: str | None, with_hidden: bool) -> Sequence[Room]:
    """List the room, or the site's rooms that are booked by the hour: none of them is an answer too.

    :raises RoomNotFound: :raises SiteNotFound: when there is no such, or only a hidden one.
    """
    found = selectors.rooms_by_the_hour(room_id=room_id, site_id=site_id, with_hidden=with_hidden)
    if not found and room_id is not None:
        raise RoomNotFound
    if not found and not selectors.site_exists(site_id or "", with_hidden=with_hidden):
        raise SiteNotFound
    return found


def calendars(rooms: Sequence[Room], question: Question) -> list[RoomSchedule]:
    """Read the calendars of rooms, fetched with their sites, in the order given.

    :raises TooManyRooms: over 100 rooms.
    """
    if len(rooms) > MAX_ROOMS:
        raise TooManyRooms
    asked = question.window
    found = schedules.of_rooms(
        rooms, start=asked.start, end=asked.end, now=question.now, as_offered=True
    )
    return [found[room.id] for room in rooms]


def busy(calendar: RoomSchedule, question: Question) -> list[Busy]:
    """List what cannot be had in the window, cut to its borders."""
    return calendar.busy(window=question.window)


def bookable(calendar: RoomSchedule, question: Question) -> Iterator[Span]:
    """Yield the times on the room's grid that somebody known could book now, within the window."""
    room, minutes = calendar.room, question.duration_minutes
    if not room.is_booked_by_the_hour or not schedules.takes_duration(room, minutes):
        return
    length = dt.timedelta(minutes=minutes)
    earliest = max(question.window.start, question.now)
    for start in calendar.bookable_starts(duration_minutes=minutes, not_before=earliest):
        if start + length <= question.window.end:
            yield Interval(start, start + length)


def quote(calendar: RoomSchedule, span: Span) -> pricing.Quote | None:
    """Return the price of a bookable time for one person; None where there is none."""
    minutes = int((span.end - span.start) / dt.timedelta(minutes=1))
    return room_quotes.quote(
        calendar.room,
        starts_at=span.start,
        duration_minutes=minutes,
        attendees=EXPLAINED_ATTENDEES,
    )


def refusals(calendar: RoomSchedule, question: Question) -> Iterator[Refusal]:
    """Yield why each busy stretch, and the time already past, cannot be booked."""
    asked = question.window
    if asked.start < question.now:
        past = Interval(asked.start, min(question.now, asked.end))
        yield Refusal(past, _violations(calendar, question, past.start))
    for stretch in busy(calendar, question):
        found = _violations(calendar, question, stretch.span.start)
        if stretch.kind != BusyKind.CLOSED:
            found.append(_taken(stretch.span))
        yield Refusal(stretch.span, found)


def _taken(span: Span) -> Violation:
    return Violation(
        code=Code.SLOT_TAKEN,
        message=reservations.SlotTaken.message,
        message_fr="Cette salle est déjà réservée à l'heure demandée",
        since=span.start,
        until=span.end,
    )


def _violations(
    calendar: RoomSchedule, question: Question, starts_at: dt.datetime
) -> list[Violation]:
    return schedules.violations(
        calendar,
        starts_at=starts_at,
        duration_minutes=question.duration_minutes,
        attendees=EXPLAINED_ATTENDEES,
        is_new_person=False,
        now=question.now,
    )
