"""Meetings as the other rules need them: by their id, and what giving one back costs."""

import datetime as dt
from decimal import Decimal

from django.db.models import Q, QuerySet

from booking.domain import cancellation_fees
from booking.domain.cancellation_fees import CancellationFee
from booking.models import Meeting, MeetingStatus
from config.errors import DomainError

ZERO = Decimal(0)
WITH = ("room__site", "organizer__organization", "organization", "series", "api_token")
"""What is fetched with a meeting that a rule looks at."""


class MeetingNotFound(DomainError):
    """No meeting has that id."""

    code = "MEETING_NOT_FOUND"
    status = 404
    message = "Meeting not found"


class ChangedMeanwhile(DomainError):
    """Somebody else has moved the meeting between two looks at it."""

    code = "CHANGED_MEANWHILE"
    status = 409
    message = "This meeting has just been changed, please retry"


class PriceChanged(DomainError):
    """It costs something else by now than who asks was shown; rates are others, for one."""

    code = "PRICE_CHANGED"
    status = 409
    message = "The price has just changed, please look at it once more"


def by_id(meeting_id: str, *, locked: bool = False) -> Meeting:
    """Return the meeting with its room, site and person; locked it stays as it is until the commit.

    :raises MeetingNotFound: when there is none.
    """
    if locked:
        lock(Meeting.objects.filter(id=meeting_id))
    meeting = Meeting.objects.select_related(*WITH).filter(id=meeting_id).first()
    if meeting is None:
        raise MeetingNotFound
    return meeting


def lock(chosen: QuerySet[Meeting]) -> list[str]:
    """Lock these meetings, in id order, until the commit; return their ids.

    They are read afterwards, not with it: PostgreSQL leaves out a row that no longer fits the room it
    was joined to, because somebody has moved the meeting while its lock was waited for.
    """
    alone = chosen.select_related(None).order_by("id").select_for_update(no_key=True)
    return list(alone.values_list("id", flat=True))


def live(*, now: dt.datetime) -> Q:
    """Return the condition for the meetings that take a slot: confirmed, or held for somebody."""
    is_held = Q(status=MeetingStatus.PENDING, hold_expires_at__gt=now)
    return Q(status=MeetingStatus.CONFIRMED) | is_held


def cancellation_fee(meeting: Meeting, *, now: dt.datetime) -> CancellationFee:
    """Tell what cancelling costs now by the terms frozen in the meeting; a mere request costs nothing."""
    terms = meeting.cancellation_terms if meeting.is_confirmed else []
    return cancellation_fees.fee(
        terms=cancellation_fees.parse_terms(terms),
        price=meeting.price or ZERO,
        starts_at=meeting.starts_at,
        now=now,
    )
