"""Reads of allocations: whose they are, which of them a caller asks for, what others take meanwhile."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from workplace.models import Allocation, AllocationSpace, AllocationType
from workplace.selectors_tenants import Tenant

WITH = ("site", "layer", "zone", "team", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationFilter:
    """Which allocations are wanted; None asks for all. The time is inclusive at both ends."""

    allocation_id: str | None = None
    location_id: str | None = None
    layer_id: str | None = None
    room_id: str | None = None
    zone_id: str | None = None
    people_id: str | None = None
    team_id: str | None = None
    external_id: str | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


_FIELDS = {
    "allocation_id": "pk",
    "location_id": "site",
    "layer_id": "layer",
    "room_id": "room",
    "zone_id": "zone",
    "people_id": "person",
    "team_id": "team",
}


def of_tenant(tenant: Tenant) -> QuerySet[Allocation]:
    """Return the tenant's live allocations."""
    live = Allocation.objects.filter(deleted_at=None)
    if tenant.is_operator:
        return live
    return live.filter(organization=tenant.organization_id)


def listed(tenant: Tenant, wanted: AllocationFilter) -> QuerySet[Allocation]:
    """Return the allocations asked for, with all that an answer shows of them.

    Source: Workplace API, GET /allocations.
    """
    found = of_tenant(tenant).filter(
        **{
            field: value
            for name, field in _FIELDS.items()
            if (value := getattr(wanted, name)) is not None
        }
    )
    if wanted.external_id is not None:
        found = found.filter(
            Q(person__external_id=wanted.external_id) | Q(team__external_id=wanted.external_id)
        )
    if wanted.ends_at is not None:
        found = found.filter(starts_at__lte=wanted.ends_at)
    if wanted.starts_at is not None:
        found = found.filter(ends_at__gt=wanted.starts_at)
    return with_details(found)


def with_details(allocations: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Fetch what belongs to the allocations in a constant number of queries."""
    spaces = AllocationSpace.objects.order_by("space_id")
    return allocations.select_related(*WITH).prefetch_related(
        Prefetch("held_spaces", queryset=spaces)
    )


def of_zones(
    zone_ids: Collection[str],
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    besides: Collection[str] = (),
) -> QuerySet[Allocation]:
    """Return every tenant's live rows in these zones that meet the half-open time."""
    return Allocation.objects.filter(
        deleted_at=None, zone__in=zone_ids, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).exclude(pk__in=besides)


def of_people(
    person_ids: Collection[str],
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    besides: Collection[str] = (),
) -> QuerySet[Allocation]:
    """Return the live seats of these people that meet the half-open time."""
    return Allocation.objects.filter(
        deleted_at=None,
        type=AllocationType.SPACE,
        person__in=person_ids,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    ).exclude(pk__in=besides)


def of_spaces(
    space_ids: Collection[str],
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    besides: Collection[str] = (),
) -> QuerySet[AllocationSpace]:
    """Return what holds these spaces in the half-open time, with its allocation."""
    return (
        AllocationSpace.objects.filter(
            holds=True, space__in=space_ids, during__overlap=(starts_at, ends_at)
        )
        .exclude(allocation__in=besides)
        .select_related("allocation")
    )
