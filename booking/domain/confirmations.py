"""Confirmations: a held request becomes a booking once its person has shown who they are.

A hold that is over is no obstacle while the slot is still free.
Source: public-api, section 2, POST /api/meeting-request, "a late verification".
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

import structlog

from booking.domain import (
    alternatives,
    booking_locks,
    booking_writes,
    calendar_entries,
    holds,
    limits,
    mails,
    meeting_events,
    meetings,
    outcomes,
    reservations,
    room_quotes,
)
from booking.domain.alternatives import Wish
from booking.domain.booking_locks import PersonChanged
from booking.domain.limits import LimitReached
from booking.domain.meetings import ChangedMeanwhile, PriceChanged
from booking.domain.outcomes import MeetingOutcome, OutcomeStatus
from booking.domain.pricing import Quote
from booking.domain.reservations import SlotTaken
from booking.models import Meeting, MeetingStatus
from config import instants
from config.errors import DomainError

log = structlog.get_logger(__name__)

OPEN = (MeetingStatus.PENDING, MeetingStatus.EXPIRED)


class NotConfirmable(DomainError):
    """The request was cancelled, or its time has come."""

    code = "NOT_CONFIRMABLE"
    status = 409
    message = "This meeting request can no longer be confirmed"


class RegistrationRequired(DomainError):
    """The person is not yet registered, or no longer welcome, so that nothing is confirmed."""

    code = "REGISTRATION_REQUIRED"
    status = 403
    message = "Please complete your registration to confirm the booking."


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """What became of a person's requests; `lost` ones had their slot taken meanwhile."""

    confirmed: tuple[MeetingOutcome, ...] = ()
    lost: tuple[MeetingOutcome, ...] = ()


def confirm_by_link(
    meeting_id: str, *, now: dt.datetime, agreed_price: Decimal | None = None
) -> MeetingOutcome:
    """Confirm the request whose mailed link was followed; once confirmed, a second call changes nothing.

    `agreed_price` is what it costs, net, where the person was shown another price than the request's.

    :raises MeetingNotFound: :raises NotConfirmable: :raises RegistrationRequired:
    :raises LimitReached: :raises PriceChanged:
    :raises ChangedMeanwhile: :raises PersonChanged: when it or its person
        was changed twice in this moment.
    :raises SlotTaken: when the hold is over and the slot gone, with alternatives.
    """
    meeting = meetings.by_id(meeting_id)
    try:
        confirmed = _confirmed(meeting.id, agreed_price, now=now)
    except SlotTaken as refusal:
        refusal.alternatives = alternatives.find(_wish(meeting), now=now)
        raise
    return outcomes.of_meeting(confirmed, status=OutcomeStatus.ACCEPTED)


def confirm_requests_of(person_id: str, *, now: dt.datetime) -> Confirmations:
    """Confirm every coming request of a person who has just become an existing one.

    Requests whose hold ran out are tried too; when the slot is gone the person is told by mail.
    What is beyond a booking limit stays a request until its hold runs out.
    """
    waiting = Meeting.objects.filter(
        organizer=person_id, status__in=OPEN, starts_at__gt=now
    ).order_by("starts_at", "id")
    confirmed, lost = [], []
    for meeting_id in list(waiting.values_list("id", flat=True)):
        try:
            confirmed.append(confirm_by_link(meeting_id, now=now))
        except SlotTaken as refusal:
            lost.append(_tell_that_it_is_gone(meeting_id, refusal, now=now))
        except (LimitReached, NotConfirmable) as refusal:
            log.info("booking.not_confirmed", meeting=meeting_id, reason=refusal.message)
    return Confirmations(confirmed=tuple(confirmed), lost=tuple(lost))


def members_quote(meeting: Meeting) -> Quote | None:
    """Price a request as its person's company would, if that is a member and the request costs more.

    A member who only typed the address got no member's price: now it is known who it was.
    Source: booking rule R12.
    """
    organization = meeting.organizer.organization if meeting.organizer else None
    if organization is None or not organization.is_member or meeting.price is None:
        return None
    quote = room_quotes.quote(
        meeting.room,
        starts_at=meeting.starts_at,
        duration_minutes=meeting.duration_minutes,
        attendees=meeting.attendees,
        is_member=True,
    )
    return quote if quote is not None and quote.net < meeting.price else None


def _confirmed(meeting_id: str, agreed_price: Decimal | None, *, now: dt.datetime) -> Meeting:
    work = partial(_confirm, meeting_id, agreed_price, now=now)
    try:
        return reservations.in_transaction(work)
    except (ChangedMeanwhile, PersonChanged):  # moved, for one, between the look and the locks
        return reservations.in_transaction(work)


def _locked(meeting_id: str) -> Meeting:
    """Lock the meeting's room with its parts, its person, then the meeting itself."""
    seen = meetings.by_id(meeting_id)
    room_ids = booking_locks.lock(seen.room_id, known=seen.organizer)
    meeting = meetings.by_id(meeting_id, locked=True)
    if meeting.room_id not in room_ids or meeting.organizer_id != seen.organizer_id:
        raise ChangedMeanwhile
    return meeting


def _confirm(meeting_id: str, agreed_price: Decimal | None, *, now: dt.datetime) -> Meeting:
    meeting = _locked(meeting_id)
    if meeting.status == MeetingStatus.CONFIRMED:
        return meeting
    if meeting.status not in OPEN or meeting.starts_at <= now:
        raise NotConfirmable
    if meeting.organizer is None or not meeting.organizer.is_existing:
        raise RegistrationRequired
    for reservation in meeting.reservations.all():
        span = reservations.span_of(reservation)
        holds.make_room([reservation.room_id], span=span, now=now, besides=[meeting.id])
    _check_limits(meeting, now=now)
    reservations.take_again(meeting)
    quote = members_quote(meeting)
    if agreed_price not in (None, quote.net if quote else meeting.price):
        raise PriceChanged
    _write(meeting, quote, now=now)
    return meeting


def _check_limits(meeting: Meeting, *, now: dt.datetime) -> None:
    """Refuse what is beyond a limit of the person, or of the company they are in by now."""
    person = meeting.organizer
    assert person is not None
    booking = replace(limits.Booking.of(meeting), organization_id=person.organization_id)
    limits.check(booking, now=now)


def _write(meeting: Meeting, quote: Quote | None, *, now: dt.datetime) -> None:
    meeting.status = MeetingStatus.CONFIRMED
    meeting.hold_expires_at = None
    meeting.organization_id = meeting.organizer.organization_id if meeting.organizer else None
    meeting.sequence += 1
    meeting.revised_at = now
    money = booking_writes.price_fields(quote) if quote else {}
    for name, value in money.items():
        setattr(meeting, name, value)
    fields = ["status", "hold_expires_at", "organization", "sequence", "revised_at", *money]
    meeting.save(update_fields=fields)
    calendar_entries.refresh(meeting)
    meeting_events.record(
        "meeting.confirmed", meeting, startsAt=instants.written(meeting.starts_at), now=now
    )
    mails.confirmed(meeting, now=now)


def _wish(meeting: Meeting) -> Wish:
    organization = meeting.organizer.organization if meeting.organizer else None
    return Wish(
        room=meeting.room,
        starts_at=meeting.starts_at,
        duration_minutes=meeting.duration_minutes,
        attendees=meeting.attendees,
        is_new_person=False,
        is_member=organization is not None and organization.is_member,
    )


def _tell_that_it_is_gone(
    meeting_id: str, refusal: SlotTaken, *, now: dt.datetime
) -> MeetingOutcome:
    meeting = meetings.by_id(meeting_id)
    mails.slot_gone(meeting, refusal.alternatives, now=now)
    return outcomes.of_meeting(meeting, status=OutcomeStatus.REQUEST_ACCEPTED)
