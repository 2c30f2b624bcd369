"""Fees: what cancelling a meeting costs, by the terms frozen in it."""

import datetime as dt
from decimal import Decimal

from booking.domain import cancellation
from booking.domain.cancellation import CancellationFee, FeeStep
from booking.models import Meeting, MeetingStatus

ZERO = Decimal(0)


def of_cancelling(meeting: Meeting, *, now: dt.datetime) -> CancellationFee:
    """Tell the fee that is due now, and until when there is none; a mere request costs nothing."""
    terms = tuple(
        FeeStep(under_hours=step["hours"], percent=Decimal(str(step["percent"])))
        for step in meeting.cancellation_terms
    )
    is_owed = meeting.status == MeetingStatus.CONFIRMED
    return cancellation.cancellation_fee(
        terms=terms if is_owed else (),
        price=meeting.price or ZERO,
        starts_at=meeting.starts_at,
        now=now,
    )
