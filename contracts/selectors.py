"""Reads of rates and of what organizations have on contract."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from booking.models import Meeting, MeetingStatus
from contracts.models import ContractOption, LineKind, Rate, Statement, StatementLine
from organizations.models import Organization, Role, User
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
    options = ContractOption.objects.select_related("rate__site").order_by("number")
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


def billed_meetings(
    organization_id: str, *, since: dt.datetime, until: dt.datetime
) -> QuerySet[Meeting]:
    """List the meetings that start in a time and have a price or, when cancelled, a fee."""
    found = Meeting.objects.filter(
        Q(status=MeetingStatus.CONFIRMED, price__gt=0)
        | Q(status=MeetingStatus.CANCELLED, cancellation_fee__gt=0),
        organization=organization_id,
        starts_at__gte=since,
        starts_at__lt=until,
    )
    return found.select_related("room__site").order_by("starts_at", "pk")


def options_prepaid_for(organization_id: str, *, month: dt.date) -> set[tuple[str, str]]:
    """Return id and key of each option that statements of earlier months charged for this month."""
    lines = StatementLine.objects.filter(
        statement__organization=organization_id,
        statement__month__lt=month,
        kind__in=(LineKind.OPTION, LineKind.PROMO),
        last_on__gte=month,
    )
    return set(lines.values_list("reference", "key"))


def unbilled_organizations(*, month: dt.date) -> list[str]:
    """List the organizations in use that have something that may cost, and no statement of that month."""
    own = Statement.objects.filter(organization=OuterRef("pk"), month=month)
    leases = RoomLease.objects.filter(organization=OuterRef("pk"))
    options = ContractOption.objects.filter(organization=OuterRef("pk"))
    since = dt.datetime.combine(month - dt.timedelta(days=1), dt.time(), dt.UTC)
    meetings = Meeting.objects.filter(organization=OuterRef("pk"), starts_at__gte=since)
    found = Organization.objects.filter(
        Q(base_price__gt=0) | Exists(leases) | Exists(options) | Exists(meetings),
        ~Exists(own),
        is_archived=False,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def contracts_ending(*, since: dt.date, until: dt.date) -> list[str]:
    """List the organizations in use whose contract ends within these days, both included."""
    found = Organization.objects.filter(
        is_archived=False, rental_end_on__gte=since, rental_end_on__lte=until
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def contract_readers(organization: Organization) -> list[tuple[str, str]]:
    """Return address and language of the principal administrators, else of the company itself."""
    people = User.objects.filter(
        organization=organization,
        role=Role.PRINCIPAL_ADMIN,
        is_archived=False,
        email_verified_at__isnull=False,
    )
    found = list(people.order_by("pk").values_list("email", "language"))
    if not found and organization.email:
        return [(organization.email, organization.language)]
    return found
