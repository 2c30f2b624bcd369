"""Reads for evolutions: runs as a tenant sees them, and all of a day in a constant number of queries."""

import datetime as dt
from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from booking.models import Reservation
from config.intervals import Interval
from sites_app.models import RoomLease, Site
from workplace.models import (
    Allocation,
    AllocationSource,
    AllocationSpace,
    AllocationType,
    Evolution,
    Intention,
    IntentionStatus,
    PersonForecast,
    Space,
    Team,
    TeamForecast,
    TeamLocationSettings,
    TeamMembership,
    Zone,
)
from workplace.selectors_tenants import Tenant

LOOK_BACK_DAYS = 28
Span = Interval[dt.datetime]


def of_tenant(tenant: Tenant) -> QuerySet[Evolution]:
    """Return the runs that a caller may see."""
    if tenant.is_operator:
        return Evolution.objects.all()
    return Evolution.objects.filter(organization=tenant.organization_id)


def zones(site_id: str, *, organization_id: str | None) -> list[Zone]:
    """List the zones in use, with their neighbours: all for the operator, an organization's own for it."""
    found = Zone.objects.filter(layer__site=site_id, is_active=True)
    if organization_id is not None:
        found = found.filter(organization=organization_id)
    return list(found.select_related("layer").prefetch_related("neighbours").order_by("pk"))


def leases(site_id: str, *, day: dt.date, organization_id: str | None) -> list[RoomLease]:
    """List what is let on a day at the site, with the rooms and their layers."""
    found = RoomLease.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day),
        Q(ends_on=None) | Q(ends_on__gte=day),
        room__site=site_id,
    )
    if organization_id is not None:
        found = found.filter(organization=organization_id)
    return list(found.select_related("room__placement").order_by("room_id", "pk"))


def spaces(zone_ids: Collection[str], room_ids: Collection[str]) -> list[Space]:
    found = Space.objects.filter(Q(zone__in=zone_ids) | Q(room__in=room_ids), is_active=True)
    return list(found.order_by("pk"))


def reservations_of(room_ids: Collection[str], span: Span) -> list[tuple[str, str]]:
    """List what holds these rooms in the time, as (room, reservation)."""
    held = Reservation.objects.filter(
        room__in=room_ids, holds=True, blocked__overlap=(span.start, span.end)
    )
    return list(held.values_list("room_id", "pk"))


def allocations(site_id: str, span: Span) -> list[Allocation]:
    """List every live allocation at the site that meets the time, with what it holds."""
    rows = Allocation.objects.filter(
        site=site_id, deleted_at=None, starts_at__lt=span.end, ends_at__gt=span.start
    )
    held = AllocationSpace.objects.filter(holds=True).order_by("space_id")
    return list(rows.order_by("pk").prefetch_related(Prefetch("held_spaces", queryset=held)))


def replaceable(
    rows: Iterable[Allocation], *, organization_id: str | None, spot_ids: Collection[str]
) -> list[Allocation]:
    """Pick the rows that an evolution of this tenant may replace.

    Source: workplace-api, section 6, "Publishing is atomic"; section 13, "Tenancy".
    """
    return [
        row
        for row in rows
        if row.source == AllocationSource.EVOLUTION
        and not row.is_locked
        and (organization_id is None or row.organization_id == organization_id)
        and (organization_id is None or (row.zone_id or row.room_id) in {*spot_ids, None})
    ]


def team_settings(site_id: str, *, organization_id: str | None) -> list[TeamLocationSettings]:
    """List the teams' settings at the site, with their wishes."""
    found = TeamLocationSettings.objects.filter(site=site_id)
    if organization_id is not None:
        found = found.filter(settings__team__organization=organization_id)
    return list(
        found.select_related("settings__team").prefetch_related(
            "preferred_layers", "preferred_zones", "adjacent_teams"
        )
    )


def teams(site_id: str, *, team_ids: Collection[str], organization_id: str | None) -> list[Team]:
    """List these teams and those whose default location the site is, with their settings."""
    found = Team.objects.filter(Q(pk__in=team_ids) | Q(settings__default_location=site_id))
    if organization_id is not None:
        found = found.filter(organization=organization_id)
    return list(found.select_related("settings").distinct().order_by("pk"))


def team_forecasts(site_id: str, *, day: dt.date, organization_id: str | None) -> dict[str, int]:
    """Return `forecast_inc` by team."""
    found = TeamForecast.objects.filter(site=site_id, day=day)
    if organization_id is not None:
        found = found.filter(team__organization=organization_id)
    return dict(found.values_list("team_id", "forecast_inc"))


def members(team_ids: Collection[str]) -> list[tuple[str, str]]:
    """List (person, team) of the living primary members, by person."""
    found = TeamMembership.objects.filter(
        team__in=team_ids, is_primary=True, person__is_archived=False
    )
    return list(found.order_by("person_id").values_list("person_id", "team_id"))


def likelihoods(site_id: str, *, day: dt.date) -> dict[str, float]:
    """Return `probability_inc` by person."""
    found = PersonForecast.objects.filter(site=site_id, day=day)
    return dict(found.values_list("person_id", "probability_inc"))


def plans(span: Span, *, organization_id: str | None) -> list[Intention]:
    """List the accepted plans of single people that meet the time, at every location."""
    found = Intention.objects.filter(
        status=IntentionStatus.ACCEPTED,
        person__isnull=False,
        starts_at__lt=span.end,
        ends_at__gt=span.start,
    )
    if organization_id is not None:
        found = found.filter(organization=organization_id)
    return list(
        found.only("person_id", "organization_id", "site_id", "type", "preferences").order_by("pk")
    )


def primary_teams(person_ids: Collection[str]) -> dict[str, str]:
    """Return the team in which each of these people counts, of those who have one."""
    found = TeamMembership.objects.filter(person__in=person_ids, is_primary=True)
    return dict(found.values_list("person_id", "team_id"))


def seated_elsewhere(site_id: str, span: Span) -> set[str]:
    """Name the people who have a seat at another location in that time."""
    rows = Allocation.objects.filter(
        type=AllocationType.SPACE,
        person__isnull=False,
        deleted_at=None,
        starts_at__lt=span.end,
        ends_at__gt=span.start,
    ).exclude(site=site_id)
    return {str(person_id) for person_id in rows.values_list("person_id", flat=True)}


def previous_rows(site: Site, day: dt.date) -> list[Allocation]:
    """List the allocations of the last day with the same weekday, else of the last day that had any."""
    tz = ZoneInfo(site.time_zone)
    live = Allocation.objects.filter(
        site=site,
        deleted_at=None,
        starts_at__gte=dt.datetime.combine(day - dt.timedelta(days=LOOK_BACK_DAYS), dt.time(), tz),
        starts_at__lt=dt.datetime.combine(day, dt.time(), tz),
    ).annotate(on=TruncDate("starts_at", tzinfo=tz))
    days = sorted(live.order_by().values_list("on", flat=True).distinct(), reverse=True)
    chosen = next(
        (one for one in days if one.weekday() == day.weekday()), days[0] if days else None
    )
    if chosen is None:
        return []
    return list(live.filter(on=chosen).order_by("pk").prefetch_related("held_spaces"))
