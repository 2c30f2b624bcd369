"""Change plans: what one meeting would become, and whether rules and terms let it.

A rule is asked only about what changes: who keeps the start is not told that notice is too short.
Source: booking rule R15; public-api, section 5, `meeting-change`, and section 7.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import bookable_rooms, meetings, reservations, schedules
from booking.domain.alternatives import Wish
from booking.domain.availability import Span
from booking.domain.booking_plans import RulesBroken, Source, instant
from booking.domain.reservations import SlotTaken
from booking.domain.rules import Code, Violation
from booking.domain.schedules import RoomSchedule
from booking.domain.series_scopes import OnConflict, Scope
from booking.models import Meeting
from config import intervals
from config.errors import DomainError
from config.intervals import Interval
from sites_app.models import Room

TEXTS = ("name", "description", "is_private", "contact_name")
_NO_TIME = dt.timedelta()
_DATES = {Code.TODAY_OR_PAST, Code.NOTICE_TOO_SHORT, Code.IN_THE_PAST}
_DURATIONS = {Code.DURATION_TOO_SHORT, Code.DURATION_OUT_OF_RANGE, Code.DURATION_STEP}
_PEOPLE = {Code.TOO_MANY_PEOPLE}
_OPENINGS = {Code.CLOSED_TIME, Code.CLOSED_DAY}


class NotChangeable(DomainError):
    """The meeting has begun, is cancelled, or its request has run out."""

    code = "NOT_CHANGEABLE"
    status = 409
    message = "This meeting can no longer be changed"


class NotFreeToChange(DomainError):
    """Cancelling would cost something by now. Source: public-api, section 7, `meeting-change`."""

    code = "NOT_FREE_TO_CHANGE"
    status = 409
    message = "This meeting can no longer be changed free of charge"


class ArchivedOwner(DomainError):
    """Who is shut out may give a meeting back, not move it."""

    code = "ARCHIVED_OWNER"
    status = 403
    message = "Your account is no longer valid. Please contact an administrator to restore it."


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChange:
    """What is to be different; None leaves a thing as it is.

    `starts_at` without a zone is the local time of the site at which the meeting will be. Staff may
    give a reason to set soft rules and the free window aside. `agreed_price` is what all that change
    cost together, net, as the asker was shown.
    """

    starts_at: dt.datetime | None = None
    duration_minutes: int | None = None
    room_id: str | None = None
    attendees: int | None = None
    name: str | None = None
    description: str | None = None
    is_private: bool | None = None
    contact_name: str | None = None
    scope: Scope = Scope.THIS
    on_conflict: OnConflict = OnConflict.FAIL
    source: Source = Source.API
    override_reason: str = ""
    agreed_price: Decimal | None = None

    @property
    def is_overridden(self) -> bool:
        return self.source == Source.STAFF and bool(self.override_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlan:
    """One meeting, and the room and start it would have."""

    wanted: MeetingChange
    meeting: Meeting
    room: Room
    starts_at: dt.datetime

    @classmethod
    def make(cls, meeting: Meeting, wanted: MeetingChange) -> "ChangePlan":
        """Look everything up.

        :raises RoomNotFound: :raises InvalidStart:
        """
        room_id = wanted.room_id or meeting.room_id
        room = meeting.room if room_id == meeting.room_id else bookable_rooms.by_id(room_id)
        starts_at = meeting.starts_at
        if wanted.starts_at is not None:
            starts_at = instant(wanted.starts_at, tz=ZoneInfo(room.site.time_zone))
        return cls(wanted=wanted, meeting=meeting, room=room, starts_at=starts_at)

    @property
    def duration_minutes(self) -> int:
        wanted = self.wanted.duration_minutes
        return self.meeting.duration_minutes if wanted is None else wanted

    @property
    def attendees(self) -> int:
        wanted = self.wanted.attendees
        return self.meeting.attendees if wanted is None else wanted

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.duration_minutes)

    @property
    def texts(self) -> dict[str, Any]:
        """The words that become others."""
        wanted = {name: getattr(self.wanted, name) for name in TEXTS}
        return {
            name: value
            for name, value in wanted.items()
            if value is not None and value != getattr(self.meeting, name)
        }

    @property
    def is_other_room(self) -> bool:
        return self.room.id != self.meeting.room_id

    @property
    def is_other_start(self) -> bool:
        return self.starts_at != self.meeting.starts_at

    @property
    def is_other_duration(self) -> bool:
        return self.duration_minutes != self.meeting.duration_minutes

    @property
    def is_other_size(self) -> bool:
        return self.attendees != self.meeting.attendees

    @property
    def is_move(self) -> bool:
        return self.is_other_room or self.is_other_start or self.is_other_duration

    @property
    def is_change(self) -> bool:
        return self.is_move or self.is_other_size or bool(self.texts)

    @property
    def is_inside(self) -> bool:
        """Whether the meeting keeps to the time that it has in its room."""
        meeting = self.meeting
        # A difference rather than an end: adding an absurd duration would leave the calendar.
        left = (meeting.ends_at - self.starts_at) / dt.timedelta(minutes=1)
        starts_within = self.starts_at >= meeting.starts_at
        return not self.is_other_room and starts_within and self.duration_minutes <= left

    @property
    def only_shortens(self) -> bool:
        return self.is_inside and self.is_other_duration and not self.is_other_size

    @property
    def blocked(self) -> Span:
        """What the room gives, setup and cleaning in: as frozen while the time lies in the old one."""
        own = self.meeting.reservations.filter(room=self.room).first() if self.is_inside else None
        if own is None:
            shape = schedules.shape(self.room, duration_minutes=self.duration_minutes)
            return shape.blocked_span(self.starts_at)
        held = reservations.span_of(own)
        before = max(self.meeting.starts_at - held.start, _NO_TIME)
        after = max(held.end - self.meeting.ends_at, _NO_TIME)
        return Interval(self.starts_at - before, self.ends_at + after)

    @property
    def is_new_person(self) -> bool:
        person = self.meeting.organizer
        return self.meeting.is_pending and (person is None or not person.is_existing)

    @property
    def is_member(self) -> bool:
        organization = self.meeting.organization
        return self.meeting.is_confirmed and organization is not None and organization.is_member

    def wish(self, *, besides: tuple[str, ...]) -> Wish:
        return Wish(
            room=self.room,
            starts_at=self.starts_at,
            duration_minutes=self.duration_minutes,
            attendees=self.attendees,
            is_new_person=self.is_new_person,
            is_member=self.is_member,
            besides=besides,
        )

    def check_meeting(self, *, now: dt.datetime) -> None:
        """Refuse what is over or given up, and people who are shut out.

        :raises NotChangeable: :raises ArchivedOwner:
        """
        meeting = self.meeting
        is_live = meeting.is_confirmed or meeting.is_pending
        held = meeting.hold_expires_at if meeting.is_pending else None
        if not is_live or meeting.starts_at <= now or (held is not None and held <= now):
            raise NotChangeable
        person = meeting.organizer
        if person is not None and person.counts_as_archived and self.wanted.source != Source.STAFF:
            raise ArchivedOwner

    def check(self, calendar: RoomSchedule, *, now: dt.datetime) -> None:
        """Refuse what room, terms, rules or other bookings forbid; `calendar` leaves this meeting out.

        :raises RoomNotPublic: :raises ContractRequired: :raises NotFreeToChange:
        :raises RulesBroken: :raises SlotTaken:
        """
        if not self.is_move and not self.is_other_size:
            return
        self._check_room()
        self._check_window(now=now)
        if broken := self._broken_rules(calendar, now=now):
            raise RulesBroken(broken)
        if not self.is_inside and self._is_taken(calendar):
            raise SlotTaken

    def _check_room(self) -> None:
        """Another room must be one that the asker may book; their own one, that its people may."""
        person, on = self.meeting.organizer, bookable_rooms.local_date(self.room, self.starts_at)
        if self.wanted.source == Source.STAFF or self.is_inside:
            return
        keeps_rights = self.wanted.source.knows_its_members or not self.is_other_room
        if keeps_rights and person is not None and person.is_existing:
            bookable_rooms.check_member(self.room, person=person, on=on)
        else:
            bookable_rooms.check_public(self.room, on=on)

    def _check_window(self, *, now: dt.datetime) -> None:
        is_let_off = self.only_shortens or self.wanted.is_overridden
        if not is_let_off and self.is_past_free_window(now=now):
            raise NotFreeToChange

    def is_past_free_window(self, *, now: dt.datetime) -> bool:
        """Whether giving the meeting back would cost something by its frozen terms."""
        return now > meetings.cancellation_fee(self.meeting, now=now).free_until

    def _broken_rules(self, calendar: RoomSchedule, *, now: dt.datetime) -> list[Violation]:
        found = schedules.violations(
            calendar,
            starts_at=self.starts_at,
            duration_minutes=self.duration_minutes,
            attendees=self.attendees,
            is_new_person=self.is_new_person,
            now=now,
        )
        asked = self._asked_rules()
        broken = [violation for violation in found if violation.code in asked]
        if self.wanted.is_overridden:
            return [violation for violation in broken if not violation.is_overridable]
        return broken

    def _asked_rules(self) -> set[Code]:
        asked: set[Code] = set()
        if self.is_other_start:
            asked |= _DATES
        if self.is_other_duration or self.is_other_room:
            asked |= _DURATIONS
        if self.is_other_size or self.is_other_room:
            asked |= _PEOPLE
        if not self.is_inside:
            asked |= _OPENINGS
        return asked

    def _is_taken(self, calendar: RoomSchedule) -> bool:
        # Not `slot_state`, which would call a time closed that staff have opened for this meeting.
        own = self.blocked
        return any(intervals.overlaps(span, own) for span in calendar.blocked)
