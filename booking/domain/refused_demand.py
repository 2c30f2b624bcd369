"""Refused demand: what people wanted and could not have, counted without a word about who they are.

Written after the refusal's own transaction is over; a failure to write is logged and never
changes the answer. Source: booking rule R19.
"""

import datetime as dt
from decimal import Decimal

import structlog
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, transaction

from booking.domain.booking_plans import Plan
from booking.models import RefusalKind, RefusedDemand

KEPT_MONTHS = 13
"""How long a refused wish stays: a year and the month it is compared with."""

log = structlog.get_logger(__name__)


def note_booking(plan: Plan, *, reason: str, now: dt.datetime) -> None:
    """Note a booking that met another one, or a limit, and what it would have cost."""
    quote = plan.quote()
    _write(
        RefusedDemand(
            at=now,
            kind=RefusalKind.BOOKING,
            reason=reason,
            site_id=plan.room.site_id,
            room=plan.room,
            room_type=plan.room.type,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            duration_minutes=plan.request.duration_minutes,
            attendees=plan.request.attendees,
            price=quote.net if quote else None,
            currency=plan.room.site.currency,
        )
    )


def note_search(
    *,
    start: dt.datetime | None,
    end: dt.datetime | None,
    duration_minutes: int,
    people: int,
    site_id: str | None,
    price: Decimal | None,
    currency: str,
    now: dt.datetime,
) -> None:
    """Note a search without result; `price` is the least that a room of that size would have cost."""
    _write(
        RefusedDemand(
            at=now,
            kind=RefusalKind.SEARCH,
            reason="NOTHING_FREE",
            site_id=site_id,
            starts_at=start,
            ends_at=end,
            duration_minutes=duration_minutes,
            attendees=people,
            price=price,
            currency=currency,
        )
    )


def forget_old(*, now: dt.datetime) -> int:
    """Remove the wishes that are older than thirteen months; return how many."""
    removed, _ = RefusedDemand.objects.filter(
        at__lt=now - relativedelta(months=KEPT_MONTHS)
    ).delete()
    return removed


def _write(row: RefusedDemand) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError as error:
        log.warning("booking.refused_demand_not_noted", error=repr(error))
