"""Booking plans: a wish to book with everything looked up, and whether the rules let it be.

Source: public-api, section 2, POST /api/meeting-request.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from apitokens.models import ApiToken
from booking import selectors
from booking.domain import (
    bookable_rooms,
    outcomes,
    pricing,
    quote_tokens,
    room_quotes,
    rules,
    schedules,
)
from booking.domain.alternatives import Wish
from booking.domain.availability import SlotState, Span
from booking.domain.outcomes import MeetingOutcome, OutcomeStatus
from booking.domain.reservations import SlotTaken
from booking.models import Meeting, MeetingStatus
from config.errors import DomainError
from organizations.domain import accounts
from organizations.models import User
from sites_app.domain import opening_hours
from sites_app.models import Room


class Source(StrEnum):
    """Through which door a request comes."""

    API = "api"
    WEB = "web"
    STAFF = "staff"
    WORKPLACE = "workplace"

    @property
    def knows_its_members(self) -> bool:
        """Whether a member who comes through it has been told from a stranger."""
        return self in (Source.WEB, Source.WORKPLACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRequest:
    """What somebody wants to book.

    `starts_at` without a zone is the site's local time. On the website `member` is the person who
    is logged in, from the workplace the one whose plan it is; their address stands for
    `contact_email`. With `dry_run` everything is checked and answered as if done, and nothing
    stays. Staff may give a reason to override soft rules. The token of a quote keeps the price that
    it promised.
    """

    room_id: str
    contact_email: str
    starts_at: dt.datetime
    duration_minutes: int
    contact_name: str = ""
    attendees: int = 1
    name: str = ""
    description: str = ""
    language: str = ""
    is_private: bool = False
    source: Source = Source.API
    member: User | None = None
    api_token: ApiToken | None = None
    terms_accepted_at: dt.datetime | None = None
    override_reason: str = ""
    quote_token: str = ""
    dry_run: bool = False

    @property
    def is_anonymous_visit(self) -> bool:
        """Whether nothing tells that the asker owns the address, nor may the answer say who does."""
        return self.source == Source.WEB and self.member is None


class InvalidStart(DomainError):
    """The start is no moment at which a meeting can start."""

    code = "INVALID_START"
    message = "Invalid bookedAt: this local time does not exist at the site"


class RulesBroken(DomainError):
    """The booking breaks rules about dates, duration, people or opening hours.

    `violations` holds all of them; `message` is the first one's.
    """

    code = "RULES_BROKEN"

    def __init__(self, violations: list[rules.Violation]) -> None:
        super().__init__(violations[0].message)
        self.violations = violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A request with everything looked up: the room, the person if known, the instant."""

    request: MeetingRequest
    room: Room
    email: str
    person: User | None
    starts_at: dt.datetime
    has_limits: bool = True

    @classmethod
    def make(cls, request: MeetingRequest) -> "Plan":
        asked_by = request.member
        email = asked_by.email if asked_by else accounts.normalise_email(request.contact_email)
        desk = selectors.desk(room_id=request.room_id, email=email.lower())
        room = desk.room
        if room is None:
            raise bookable_rooms.RoomNotFound
        starts_at = instant(request.starts_at, tz=ZoneInfo(room.site.time_zone))
        plan = cls(
            request=request,
            room=room,
            email=email,
            person=desk.person or asked_by,
            starts_at=starts_at,
            has_limits=desk.has_limits,
        )
        plan.check_room()
        return plan

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.request.duration_minutes)

    @property
    def blocked(self) -> Span:
        shape = schedules.shape(self.room, duration_minutes=self.request.duration_minutes)
        return shape.blocked_span(self.starts_at)

    @property
    def is_confirmed_at_once(self) -> bool:
        person = self.person
        return person is not None and person.is_existing and not self.request.is_anonymous_visit

    @property
    def is_member(self) -> bool:
        """Whether member prices apply: never to somebody who only typed a member's address."""
        organization = self.person.organization if self.person else None
        return self.is_confirmed_at_once and organization is not None and organization.is_member

    @property
    def wish(self) -> Wish:
        return Wish(
            room=self.room,
            starts_at=self.starts_at,
            duration_minutes=self.request.duration_minutes,
            attendees=self.request.attendees,
            is_new_person=not self.is_confirmed_at_once,
            is_member=self.is_member,
        )

    def check_room(self) -> None:
        on = bookable_rooms.local_date(self.room, self.starts_at)
        member = self.request.member
        if self.request.source.knows_its_members and member is not None:
            bookable_rooms.check_member(self.room, person=member, on=on)
        elif self.request.source != Source.STAFF:
            bookable_rooms.check_public(self.room, on=on)

    def check(self, *, now: dt.datetime) -> None:
        """Refuse what breaks a rule or meets another booking, as seen without a lock.

        Its own days tell what can be booked; only who is refused is told what else would do.
        """
        try:
            self._check_by(schedules.on_the_day, now=now)
        except RulesBroken:
            self._check_by(schedules.around, now=now)

    def _check_by(self, read: Callable[..., schedules.RoomSchedule], *, now: dt.datetime) -> None:
        duration = self.request.duration_minutes
        schedule = read(self.room, starts_at=self.starts_at, duration_minutes=duration, now=now)
        self.check_against(schedule, now=now)

    def check_against(self, schedule: schedules.RoomSchedule, *, now: dt.datetime) -> None:
        """Refuse what breaks a rule or meets another booking of a calendar read before."""
        broken = schedules.violations(
            schedule,
            starts_at=self.starts_at,
            duration_minutes=self.request.duration_minutes,
            attendees=self.request.attendees,
            is_new_person=not self.is_confirmed_at_once,
            now=now,
        )
        if self.is_overridden:
            broken = [violation for violation in broken if not violation.is_overridable]
        if broken:
            raise RulesBroken(broken)
        self._check_promise(now=now)
        state = schedule.slot_state(
            starts_at=self.starts_at, duration_minutes=self.request.duration_minutes
        )
        if state == SlotState.TAKEN:
            raise SlotTaken

    @property
    def is_overridden(self) -> bool:
        """Whether staff gave a reason to set the soft rules aside."""
        return self.request.source == Source.STAFF and bool(self.request.override_reason)

    def _check_promise(self, *, now: dt.datetime) -> None:
        """Refuse a quote's token that is too old or was given for another booking or customer."""
        if not self.request.quote_token:
            return
        promise = quote_tokens.read(self.request.quote_token)
        promised = (
            promise.room_id,
            promise.starts_at,
            promise.duration_minutes,
            promise.persons,
        )
        wanted = (
            self.room.id,
            self.starts_at,
            self.request.duration_minutes,
            self.request.attendees,
        )
        customer = (
            self.person.organization_id if self.person and self.is_confirmed_at_once else None
        )
        is_theirs = promise.organization_id in ("", customer)
        if promised != wanted or not is_theirs or promise.ends_at <= now:
            raise quote_tokens.InvalidQuote

    def quote(self) -> pricing.Quote | None:
        if self.request.quote_token:
            return quote_tokens.read(self.request.quote_token).quote
        return room_quotes.quote(
            self.room,
            starts_at=self.starts_at,
            duration_minutes=self.request.duration_minutes,
            attendees=self.request.attendees,
            is_member=self.is_member,
        )

    def outcome(self, meeting: Meeting) -> MeetingOutcome:
        accepted = meeting.status == MeetingStatus.CONFIRMED
        status = OutcomeStatus.ACCEPTED if accepted else OutcomeStatus.REQUEST_ACCEPTED
        if self.request.is_anonymous_visit:
            return outcomes.for_stranger(outcomes.of_meeting(meeting, status=status))
        if self.request.dry_run:
            return outcomes.without_ids(meeting, status=status)
        return outcomes.of_meeting(meeting, status=status)

    def archived(self) -> MeetingOutcome:
        return outcomes.archived(self.room, starts_at=self.starts_at, ends_at=self.ends_at)


def instant(starts_at: dt.datetime, *, tz: ZoneInfo) -> dt.datetime:
    """Return a wanted start in UTC; one without zone is on the wall in `tz`.

    :raises InvalidStart: when the clocks skip it, or it is no whole minute.
    """
    if starts_at.second or starts_at.microsecond:
        raise InvalidStart("Invalid bookedAt: must be a whole minute")
    if starts_at.tzinfo is not None:
        return starts_at.astimezone(dt.UTC)
    try:
        return opening_hours.resolve_wall(starts_at, tz=tz)
    except opening_hours.NonExistentLocalTime as error:
        raise InvalidStart from error


def on_wall(wall: dt.datetime, *, tz: ZoneInfo) -> dt.datetime:
    """Return in UTC a time on the wall that nobody named but a series brings about.

    :raises InvalidStart: when the clocks skip it, without a word about any parameter.
    """
    try:
        return opening_hours.resolve_wall(wall, tz=tz)
    except opening_hours.NonExistentLocalTime as error:
        raise InvalidStart("This local time does not exist at the site") from error
