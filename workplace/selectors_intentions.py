"""Reads of intentions, for lists and single answers. Source: Workplace API, section 8, GET /intentions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from workplace.models import Allocation, Configuration, Intention
from workplace.selectors_tenants import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; `starts_at` and `ends_at` are both inclusive, None is no bound."""

    site_id: str | None = None
    external_site_id: str | None = None
    layer_id: str | None = None
    room_id: str | None = None
    zone_id: str | None = None
    people_id: str | None = None
    team_id: str | None = None
    type: str | None = None
    external_type: str | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None

    def conditions(self) -> dict[str, Any]:
        """Return what a row has to meet, as lookups."""
        wanted = {
            "site": self.site_id,
            "site__external_id": self.external_site_id,
            "layer": self.layer_id,
            "room": self.room_id,
            "zone": self.zone_id,
            "person": self.people_id,
            "team": self.team_id,
            "type": self.type,
            "external_type": self.external_type,
            "starts_at__lte": self.ends_at,
            "ends_at__gt": self.starts_at,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def configurations(tenant: Tenant) -> QuerySet[Configuration]:
    """Select the configurations of a tenant: an organization's own, for the operator all."""
    if tenant.is_operator:
        return Configuration.objects.all()
    return Configuration.objects.filter(organization=tenant.organization_id)


def listed(tenant: Tenant, configuration: Configuration, filters: Filters) -> QuerySet[Intention]:
    """Select the tenant's plans; the operator's by the configuration's organization, if it has one."""
    organization_id = tenant.organization_id or configuration.organization_id
    found = Intention.objects.filter(**filters.conditions())
    if organization_id is not None:
        found = found.filter(organization=organization_id)
    return with_parts(found)


def one(intention_id: str) -> Intention:
    """Return a plan with all that its answer shows."""
    return with_parts(Intention.objects.filter(pk=intention_id)).get()


def with_parts(found: QuerySet[Intention]) -> QuerySet[Intention]:
    """Fetch beside plans what their answers show: in a constant number of queries."""
    live = Allocation.objects.filter(deleted_at=None).order_by("pk")
    children = Intention.objects.order_by("pk")
    return found.select_related("site", "person", "team").prefetch_related(
        Prefetch("allocations", queryset=live, to_attr="live_allocations"),
        Prefetch("children", queryset=children, to_attr="invitations"),
    )
