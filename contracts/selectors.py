"""Reads of rates and of what organizations have on contract."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from contracts.models import ContractOption, Rate
from organizations.models import Organization
from sites_app.models import RoomLease, Site, SiteMembership


def site_exists(site_id: str) -> bool:
    """Say whether there is such a site."""
    return Site.objects.filter(pk=site_id).exists()


def rates_at(site_id: str) -> QuerySet[Rate]:
    """List the active rates of a site and the general ones, unless the site has its own of that key."""
    own = Rate.objects.filter(is_active=True, site=site_id, key=OuterRef("key"))
    usable = Rate.objects.filter(Q(site=site_id) | Q(site=None) & ~Exists(own), is_active=True)
    return usable.order_by("key", "name", "id")


def usable_rates(*, site_ids: Iterable[str], rate_ids: Iterable[str]) -> dict[str, Rate]:
    """Return those of the rates that one of the sites offers, by id."""
    wanted = list(rate_ids)
    return {
        rate.pk: rate for site_id in site_ids for rate in rates_at(site_id).filter(pk__in=wanted)
    }


def organization_with_contract(organization_id: str) -> Organization | None:
    """Return an organization with its leases, sites in order, and options, or None."""
    leases = RoomLease.objects.select_related("room__site").order_by("room__name", "pk")
    memberships = SiteMembership.objects.select_related("site").order_by("position", "pk")
    options = ContractOption.objects.order_by("number")
    return (
        Organization.objects.filter(pk=organization_id)
        .prefetch_related(
            Prefetch("leases", leases),
            Prefetch("site_memberships", memberships),
            Prefetch("contract_options", options),
        )
        .first()
    )


def leases_of_rooms(*, organization_id: str, room_ids: Iterable[str]) -> list[RoomLease]:
    """List the leases of an organization, and those of others in these rooms, each with its room."""
    found = RoomLease.objects.select_related("room__site").filter(
        Q(organization=organization_id) | Q(room__in=list(room_ids))
    )
    return list(found.order_by("room_id", "starts_on", "pk"))


def rooms_rented_by(organization_id: str) -> list[str]:
    """List the rooms that an organization has or had."""
    found = RoomLease.objects.filter(organization=organization_id)
    return list(found.values_list("room_id", flat=True).distinct())


def site_ids_of(organization_id: str, *, now: dt.datetime) -> list[str]:
    """List the sites that an organization has access to or rents a room of."""
    leases = RoomLease.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=now.date()), organization=organization_id
    )
    found = Site.objects.filter(
        Q(memberships__organization=organization_id) | Q(rooms__leases__in=leases)
    )
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())
