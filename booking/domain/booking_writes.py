"""Writing a booking: rooms locked, time looked at again, then all rows of it in one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.conf import settings

from booking.domain import (
    booking_locks,
    holds,
    limits,
    mails,
    meeting_events,
    pricing,
    reservations,
)
from booking.domain.booking_plans import Plan
from booking.models import Meeting, MeetingSeries, MeetingStatus
from config import instants, written_rows
from config.errors import DomainError
from organizations.domain import accounts
from organizations.models import User


class TooManyOpenRequests(DomainError):
    """The address has as many unconfirmed requests as are allowed."""

    code = "TOO_MANY_OPEN_REQUESTS"
    status = 409
    message = "Too many open requests for this e-mail"


def book(plan: Plan, *, now: dt.datetime) -> Meeting:
    """Write the meeting, its reservations, event and mail, in the caller's transaction.

    :raises SlotTaken: :raises TooManyOpenRequests: :raises LimitReached: :raises PersonChanged:
    """
    room_ids = lock(plan)
    holds.make_room(room_ids, span=plan.blocked, now=now)
    with written_rows.together():
        meeting = write(plan, room_ids=room_ids, now=now)
        tell(meeting, plan, now=now)
    return meeting


def lock(plan: Plan) -> list[str]:
    """Lock the plan's rooms, and who is to get a booking at once; return the rooms' ids.

    :raises PersonChanged:
    """
    # Who only holds a slot is locked when it is known whether they are new.
    known = plan.person if plan.is_confirmed_at_once else None
    return booking_locks.lock(plan.room.id, known=known)


def write(
    plan: Plan,
    *,
    room_ids: Sequence[str],
    now: dt.datetime,
    series: MeetingSeries | None = None,
) -> Meeting:
    """Write the meeting, its reservations and event under the rooms' locks; nothing is told yet.

    :raises TooManyOpenRequests: :raises LimitReached: :raises PersonChanged:
    """
    meeting = (
        _confirmed_meeting(plan) if plan.is_confirmed_at_once else _held_meeting(plan, now=now)
    )
    meeting.series = series
    _check_limits(meeting, plan, now=now)
    _freeze_terms(meeting, plan, now=now)
    written_rows.insert(meeting)
    reservations.take(meeting, room_ids=room_ids, span=plan.blocked)
    _record(meeting, plan, now=now)
    return meeting


def _confirmed_meeting(plan: Plan) -> Meeting:
    assert plan.person is not None
    return _meeting(plan, plan.person, status=MeetingStatus.CONFIRMED)


def _held_meeting(plan: Plan, *, now: dt.datetime) -> Meeting:
    visitor = accounts.Visitor(
        email=plan.email,
        name=plan.request.contact_name,
        language=plan.request.language or accounts.default_language(plan.room.site.country),
    )
    person = accounts.locked_visitor(visitor)
    booking_locks.check_unchanged(person, known=plan.person)
    _check_open_requests(plan, now=now)
    meeting = _meeting(plan, person, status=MeetingStatus.PENDING)
    expiry = holds.expiry_for_newcomer if is_newcomer(plan) else holds.expiry_for_mailed_link
    meeting.hold_expires_at = expiry(starts_at=plan.starts_at, now=now)
    return meeting


def is_newcomer(plan: Plan) -> bool:
    """Tell whether the person still has to register."""
    person = plan.person
    return person is None or not (person.is_existing or person.counts_as_archived)


def _check_open_requests(plan: Plan, *, now: dt.datetime) -> None:
    """Count under the person's and the room's lock, so that two at once cannot both be the last one.

    A room holds only so many slots for visitors, whatever addresses they type, and for one token.
    Source: safety, S-62.
    """
    held = Meeting.objects.filter(status=MeetingStatus.PENDING, hold_expires_at__gt=now)
    if held.filter(contact_email=plan.email).count() >= settings.MAX_OPEN_REQUESTS:
        raise TooManyOpenRequests
    through_the_same_door = held.filter(room=plan.room, api_token=plan.request.api_token)
    most = _most_in_a_room(plan)
    if most is not None and through_the_same_door.count() >= most:
        raise TooManyOpenRequests("Too many open requests for this room")


def _most_in_a_room(plan: Plan) -> int | None:
    if plan.request.api_token is not None:
        return int(settings.MAX_OPEN_REQUESTS_PER_ROOM_AND_TOKEN)
    is_visit = plan.request.is_anonymous_visit
    return int(settings.MAX_OPEN_REQUESTS_PER_ROOM) if is_visit else None


def _check_limits(meeting: Meeting, plan: Plan, *, now: dt.datetime) -> None:
    """Refuse what is beyond a booking limit, unless staff override it.

    A stranger on the website is not told: that would say who is a customer and books much. Their
    request is looked at when its mailed link is followed.
    """
    if plan.is_overridden or plan.request.is_anonymous_visit or not plan.has_limits:
        return
    limits.check(limits.Booking.of(meeting), now=now)


def _meeting(plan: Plan, person: User, *, status: MeetingStatus) -> Meeting:
    request = plan.request
    return Meeting(
        room=plan.room,
        status=status,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        attendees=request.attendees,
        name=request.name,
        description=request.description,
        is_private=request.is_private,
        contact_email=plan.email,
        contact_name=request.contact_name or person.full_name,
        language=person.language,
        organizer=person,
        organization_id=person.organization_id,
        api_token=request.api_token,
        terms_accepted_at=request.terms_accepted_at,
    )


def _freeze_terms(meeting: Meeting, plan: Plan, *, now: dt.datetime) -> None:
    """Write price, VAT and cancellation terms into the booking, where no later change reaches them."""
    meeting.created_at = meeting.revised_at = now
    meeting.cancellation_terms = plan.room.cancellation_terms
    meeting.currency = plan.room.site.currency
    if quote := plan.quote():
        for name, value in price_fields(quote).items():
            setattr(meeting, name, value)


def price_fields(quote: pricing.Quote) -> dict[str, Any]:
    """Return a quote as a meeting's fields hold it."""
    return {
        "price": quote.net,
        "price_gross": quote.gross,
        "vat_rate": quote.vat_rate,
        "price_lines": [line_as_json(line) for line in quote.lines],
    }


def line_as_json(line: pricing.PriceLine) -> dict[str, str]:
    """Return a price line as it is stored: exact amounts, as text."""
    return {field.name: str(getattr(line, field.name)) for field in fields(line)}


def _record(meeting: Meeting, plan: Plan, *, now: dt.datetime) -> None:
    event_type = "meeting.confirmed" if meeting.is_confirmed else "meeting.requested"
    data = {"startsAt": instants.written(meeting.starts_at)}
    if plan.request.override_reason:
        data["overrideReason"] = plan.request.override_reason
    meeting_events.record(event_type, meeting, now=now, **data)


def tell(meeting: Meeting, plan: Plan, *, now: dt.datetime) -> None:
    """Tell the person what the booking came to, or what is still to do."""
    if meeting.is_confirmed:
        mails.confirmed(meeting, now=now)
    elif is_newcomer(plan):
        mails.request_received(meeting, now=now)
    elif plan.person is not None and plan.person.counts_as_archived:
        mails.account_archived(plan.person, now=now)
    else:
        mails.confirm_link(meeting, now=now)
