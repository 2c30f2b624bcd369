"""Reads of refused demand, for reports."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from booking.models import RefusedDemand


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDay:
    """How many wishes of a kind were refused on one day (UTC), and what they would have brought, net."""

    day: dt.date
    kind: str
    site_id: str | None
    room_type: str
    currency: str
    wishes: int
    price: Decimal | None


def refused_by_day(*, start: dt.datetime, end: dt.datetime) -> Sequence[RefusedDay]:
    """Count the refusals of `[start, end)` by day, kind, site and room type, in one query."""
    keys = ("day", "kind", "site_id", "room_type", "currency")
    rows = (
        RefusedDemand.objects.filter(at__gte=start, at__lt=end)
        .annotate(day=TruncDate("at", tzinfo=dt.UTC))
        .values(*keys)
        .annotate(wishes=Count("id"), total=Sum("price"))
        .order_by(*keys)
    )
    return [
        RefusedDay(**{key: row[key] for key in keys}, wishes=row["wishes"], price=row["total"])
        for row in rows
    ]
