"""Cancellations: what giving a meeting back costs, and doing so.

Source: booking rule R14; public-api, section 5, `meeting-cancel`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from booking.domain import (
    calendar_entries,
    mails,
    meeting_events,
    meetings,
    reservations,
    series_mails,
    series_scopes,
)
from booking.domain.cancellation_fees import CancellationFee
from booking.domain.series_scopes import Scope
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The meeting asked for, and all that were given back, by start."""

    meeting: Meeting
    meetings: tuple[Meeting, ...]

    @property
    def fee(self) -> Decimal:
        return sum((one.cancellation_fee or Decimal(0) for one in self.meetings), Decimal(0))


def preview_of(meeting_id: str, scope: Scope, *, now: dt.datetime) -> tuple[Meeting, ...]:
    """List, by start, the meetings that a cancellation would give back.

    :raises MeetingNotFound: :raises NotCancellable: when there is none.
    """
    anchor = meetings.by_id(meeting_id)
    found = _cancellable(series_scopes.targets(anchor, scope, now=now), now=now)
    if not found:
        raise NotCancellable
    return found


def cancel(
    meeting_id: str,
    *,
    reason: str,
    by: User | None,
    now: dt.datetime,
    fee: Decimal | None = None,
) -> Meeting:
    """Give one meeting's room back; `fee` is another one than the terms ask for, as staff may grant.

    :raises MeetingNotFound: :raises NotCancellable:
    """
    cancelled = cancel_in_scope(
        meeting_id, scope=Scope.THIS, reason=reason, by=by, now=now, fee=fee
    )
    return cancelled.meeting


@transaction.atomic
def cancel_in_scope(
    meeting_id: str,
    *,
    scope: Scope,
    reason: str,
    by: User | None,
    now: dt.datetime,
    fee: Decimal | None = None,
) -> Cancelled:
    """Give rooms back, fix the fees, and tell the contact once; a second call changes nothing.

    `by` is who asks, None for the bearer of a mailed link. `fee` stands for each meeting's own.

    :raises MeetingNotFound: :raises NotCancellable:
    """
    found = series_scopes.locked(meetings.by_id(meeting_id), scope, now=now)
    anchor = next(meeting for meeting in found if meeting.id == meeting_id)
    given_back = _cancellable(found, now=now)
    if not given_back:
        if anchor.is_cancelled:
            return Cancelled(meeting=anchor, meetings=(anchor,))
        raise NotCancellable
    confirmed = [meeting for meeting in given_back if meeting.is_confirmed]
    for meeting in given_back:
        due = preview(meeting, now=now).fee if fee is None else fee
        _write(meeting, fee=due, reason=reason, now=now)
        calendar_entries.refresh(meeting)
        meeting_events.record("meeting.cancelled", meeting, fee=str(due), by=by and by.id, now=now)
    reservations.give_back([meeting.id for meeting in given_back])
    _tell(given_back, confirmed, now=now)
    return Cancelled(meeting=anchor, meetings=given_back)


def _cancellable(found: Iterable[Meeting], *, now: dt.datetime) -> tuple[Meeting, ...]:
    live = [one for one in found if (one.is_confirmed or one.is_pending) and one.starts_at > now]
    return tuple(sorted(live, key=lambda one: (one.starts_at, one.id)))


def _tell(given_back: Sequence[Meeting], confirmed: Sequence[Meeting], *, now: dt.datetime) -> None:
    if len(given_back) == 1:
        mails.cancelled(given_back[0], was_confirmed=bool(confirmed), now=now)
    else:
        series_mails.cancelled(given_back, confirmed_ones=confirmed, now=now)


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
