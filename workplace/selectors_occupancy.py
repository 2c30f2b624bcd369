"""Reads of presence: whose it is, and which of it a caller asks for."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from workplace.models import Occupancy
from workplace.selectors_tenants import Tenant

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupancyFilter:
    """Which records are wanted; None asks for all. The time is inclusive at both ends."""

    occupancy_id: str | None = None
    location_id: str | None = None
    people_id: str | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


def listed(tenant: Tenant, wanted: OccupancyFilter) -> QuerySet[Occupancy]:
    """Return the tenant's live records that were asked for. Source: Workplace API, GET /occupancy."""
    found = Occupancy.objects.filter(deleted_at=None)
    if not tenant.is_operator:
        found = found.filter(
            person__organization=tenant.organization_id, site__in=tenant.sites().values("pk")
        )
    for field, value in (
        ("pk", wanted.occupancy_id),
        ("site", wanted.location_id),
        ("person", wanted.people_id),
    ):
        if value is not None:
            found = found.filter(**{field: value})
    return _within(found, wanted.starts_at, wanted.ends_at)


def _within(
    found: QuerySet[Occupancy], first: dt.datetime | None, last: dt.datetime | None
) -> QuerySet[Occupancy]:
    """Narrow down to a time; the days around it let the index of days find it, whatever the zone."""
    if first is not None:
        found = found.filter(seen_at__gte=first, day__gte=first.date() - _DAY)
    if last is not None:
        found = found.filter(seen_at__lte=last, day__lte=last.date() + _DAY)
    return found
