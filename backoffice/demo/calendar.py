"""The demo operator's meetings: each room's days filled one meeting after the other, so none overlap."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from backoffice.demo.ids import Ids
from backoffice.demo.names import SUBJECTS
from booking.domain import booking_writes, room_openings, room_quotes
from booking.models import Meeting, MeetingStatus, Reservation
from organizations.models import Organization, User
from sites_app.domain import opening_hours
from sites_app.models import Room

FUTURE_DAYS = 45
FEWEST_PAST_DAYS = 90
MEETINGS_A_DAY = 4
"""About as many as a well-used room has; more meetings reach further back."""

_BUSY_WEEKDAYS = (0.85, 1.0, 0.95, 1.0, 0.6, 0.25, 0.0)
_DURATIONS = (60, 60, 60, 90, 90, 120, 120, 180, 240)
_BREAKS = (0, 0, 30, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting and what holds its room."""

    meeting: Meeting
    reservation: Reservation


def fill(
    *, rooms: list[Room], people: list[User], count: int, seed: int, now: dt.datetime
) -> Iterator[Booked]:
    """Yield `count` meetings at most, those of one room after another, past and to come."""
    bookable = [room for room in rooms if room.is_booked_by_the_hour]
    members = [user for user in people if user.organization_id is not None]
    left = count
    for number, room in enumerate(bookable):
        share = left // (len(bookable) - number)
        dice = random.Random(f"{seed} {room.id}")  # noqa: S311 - invented data, no secret
        for booked in _of_room(room, members, share, dice, now):
            left -= 1
            yield booked


def one(
    room: Room, person: User, starts_at: dt.datetime, *, minutes: int, seed: int, now: dt.datetime
) -> Booked:
    """Make one confirmed meeting of a person."""
    dice = random.Random(f"{seed} {room.id} {starts_at}")  # noqa: S311 - invented data, no secret
    planner = _Planner(room=room, people=[person], ids=Ids(dice, now=now), dice=dice, now=now)
    return planner.standing(person, starts_at, starts_at + dt.timedelta(minutes=minutes))


def _of_room(
    room: Room, people: list[User], count: int, dice: random.Random, now: dt.datetime
) -> Iterator[Booked]:
    ids = Ids(dice, now=now)
    planner = _Planner(room=room, people=people, ids=ids, dice=dice, now=now)
    past_days = max(FEWEST_PAST_DAYS, count * 7 // (MEETINGS_A_DAY * 5))
    days = past_days + FUTURE_DAYS
    daily = 1.4 * count / (days * 5 / 7)  # more than needed: the oldest days stay thin
    first_day = now.date() - dt.timedelta(days=past_days)
    made = 0
    # From the farthest day back, so that a small demo has its future filled as well as its past.
    for offset in reversed(range(days)):
        for booked in planner.day(first_day + dt.timedelta(days=offset), share=daily):
            if made == count:
                return
            made += 1
            yield booked


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planner:
    room: Room
    people: list[User]
    ids: Ids
    dice: random.Random
    now: dt.datetime
    prices: dict[tuple[int, int, bool], dict[str, Any]] = field(default_factory=dict)

    def day(self, day: dt.date, *, share: float) -> Iterator[Booked]:
        """Yield one day's meetings: about `share` of them, fewer on Fridays and Saturdays."""
        if day in self.room.site.closed_dates:
            return
        wanted = share * _BUSY_WEEKDAYS[day.weekday()] * self.dice.uniform(0.5, 1.7)
        if self.dice.random() > wanted:
            return
        tz = ZoneInfo(self.room.site.time_zone)
        slots = room_openings.week_hours(self.room).on_weekday(day.weekday())
        left = max(1, round(wanted))
        for span in opening_hours.day_intervals(day=day, slots=slots, tz=tz):
            pause = dt.timedelta(minutes=self._pause())
            start = span.start + pause
            while left > 0:
                duration = max(self.dice.choice(_DURATIONS), self.room.min_duration)
                end = start + dt.timedelta(minutes=duration)
                if end > span.end:
                    break
                yield self._booked(start, end)
                left -= 1
                cleaning = 30 if self.room.cleaning_minutes else 0
                start = end + dt.timedelta(minutes=cleaning + self._pause())

    def _pause(self) -> int:
        return self.dice.choice(_BREAKS)

    def _booked(self, start: dt.datetime, end: dt.datetime) -> Booked:
        person = self.dice.choice(self.people)
        cancelled = self.dice.random() < 0.04
        booked = self.standing(person, start, end)
        if cancelled:
            meeting = booked.meeting
            meeting.status = MeetingStatus.CANCELLED
            meeting.cancelled_at = min(start - dt.timedelta(days=2), self.now)
            meeting.cancellation_fee = Decimal(0)
            booked.reservation.holds = False
        return booked

    def standing(self, person: User, start: dt.datetime, end: dt.datetime) -> Booked:
        """Make a meeting that holds its room."""
        meeting = self._meeting(person, person.organization, start, end)
        cleaning = dt.timedelta(minutes=self.room.cleaning_minutes)
        reservation = Reservation(
            id=self.ids.new(),
            room=self.room,
            blocked=DateTimeTZRange(start, end + cleaning),
            holds=True,
            meeting=meeting,
        )
        return Booked(meeting, reservation)

    def _meeting(
        self,
        person: User,
        organization: Organization | None,
        start: dt.datetime,
        end: dt.datetime,
    ) -> Meeting:
        attendees = self.dice.randint(1, max(1, self.room.max_person))
        minutes = int((end - start).total_seconds()) // 60
        is_member = organization is not None and organization.is_member
        price = self._price(start, minutes, attendees, is_member=is_member)
        made_at = min(start - dt.timedelta(days=self.dice.randint(1, 20)), self.now)
        return Meeting(
            id=self.ids.new(),
            room=self.room,
            status=MeetingStatus.CONFIRMED,
            starts_at=start,
            ends_at=end,
            attendees=attendees,
            name=self.dice.choice(SUBJECTS),
            is_private=self.dice.random() < 0.5,
            contact_email=person.email,
            contact_name=person.full_name,
            language=person.language,
            organizer=person,
            organization=organization,
            **price,
            currency=self.room.site.currency,
            cancellation_terms=self.room.cancellation_terms,
            created_at=made_at,
            revised_at=made_at,
        )

    def _price(
        self, start: dt.datetime, minutes: int, attendees: int, *, is_member: bool
    ) -> dict[str, Any]:
        """Return the price fields of a meeting; like meetings of a room are priced once."""
        key = (minutes, attendees, is_member)
        if key not in self.prices:
            quote = room_quotes.quote(
                self.room,
                starts_at=start,
                duration_minutes=minutes,
                attendees=attendees,
                is_member=is_member,
            )
            self.prices[key] = {} if quote is None else booking_writes.price_fields(quote)
        return self.prices[key]
