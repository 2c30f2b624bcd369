"""Cancellations: what giving a meeting back costs, and doing so.

Source: booking rule R14; public-api, section 5, `meeting-cancel`.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from apitokens.domain import events
from booking.domain import calendar_entries, mails, meetings, reservations
from booking.domain.cancellation_fees import CancellationFee
from booking.models import Meeting, MeetingStatus
from config.errors import DomainError
from organizations.models import User


class NotCancellable(DomainError):
    """The meeting has begun, or its request has run out, so that there is nothing to give back."""

    code = "NOT_CANCELLABLE"
    status = 409
    message = "This meeting can no longer be cancelled"


def preview(meeting: Meeting, *, now: dt.datetime) -> CancellationFee:
    """Tell what cancelling costs now, and until when it costs nothing."""
    return meetings.cancellation_fee(meeting, now=now)


@transaction.atomic
def cancel(
    meeting_id: str,
    *,
    reason: str,
    by: User | None,
    now: dt.datetime,
    fee: Decimal | None = None,
) -> Meeting:
    """Give the meeting's room back, fix the fee, and tell the contact; a second call changes nothing.

    `by` is who is logged in, None for the bearer of a mailed link. `fee` is another one than the
    terms ask for, as staff may grant.

    :raises MeetingNotFound: :raises NotCancellable:
    """
    meeting = meetings.by_id(meeting_id, locked=True)
    if meeting.status == MeetingStatus.CANCELLED:
        return meeting
    if meeting.status == MeetingStatus.EXPIRED or meeting.starts_at <= now:
        raise NotCancellable
    was_confirmed = meeting.status == MeetingStatus.CONFIRMED
    due = preview(meeting, now=now).fee if fee is None else fee
    _write(meeting, fee=due, reason=reason, now=now)
    reservations.give_back([meeting.id])
    calendar_entries.refresh(meeting)
    _record(meeting, by=by, now=now)
    mails.cancelled(meeting, was_confirmed=was_confirmed, now=now)
    return meeting


def _write(meeting: Meeting, *, fee: Decimal, reason: str, now: dt.datetime) -> None:
    meeting.status = MeetingStatus.CANCELLED
    meeting.cancellation_fee = fee
    meeting.cancel_reason = reason[:500]
    meeting.cancelled_at = meeting.revised_at = now
    meeting.sequence += 1
    meeting.save(
        update_fields=[
            "status",
            "cancellation_fee",
            "cancel_reason",
            "cancelled_at",
            "revised_at",
            "sequence",
        ]
    )


def _record(meeting: Meeting, *, by: User | None, now: dt.datetime) -> None:
    events.record(
        type="meeting.cancelled",
        kind="meeting",
        object_id=meeting.id,
        organization_id=meeting.organization_id,
        people=meetings.people_of(meeting),
        data={"roomId": meeting.room_id, "fee": str(meeting.cancellation_fee), "by": by and by.id},
        now=now,
    )
