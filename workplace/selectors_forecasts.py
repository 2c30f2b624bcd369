"""Forecasts and their jobs, as far as a tenant may see them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from organizations.models import Organization, ScheduleVisibility
from workplace.models import ForecastJob, LocationForecast, PersonForecast, TeamForecast
from workplace.selectors_tenants import Tenant

_HOURS = """
FROM workplace_locationforecast AS day
JOIN sites_app_site AS site ON site.id = day.site_id
CROSS JOIN LATERAL jsonb_array_elements(day.hourly) AS slot
CROSS JOIN LATERAL (SELECT (day.day + make_interval(hours => (slot->>'hour')::int))
    AT TIME ZONE site.time_zone) AS begun(starts_at)
WHERE day.id IN ({ids})"""


@dataclass(frozen=True, slots=True)
class Between:
    """A range of time with both ends inclusive; None is without bound."""

    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


def jobs(tenant: Tenant) -> QuerySet[ForecastJob]:
    """Return the tenant's jobs; the operator sees all."""
    if tenant.is_operator:
        return ForecastJob.objects.all()
    return ForecastJob.objects.filter(organization=tenant.organization_id, site__in=tenant.sites())


def locations(tenant: Tenant) -> QuerySet[LocationForecast]:
    """Return the whole sites' forecasts for the operator, an organization's own people's for its key."""
    rows = LocationForecast.objects.filter(organization=tenant.organization_id)
    if not tenant.is_operator:
        rows = rows.filter(site__in=tenant.sites())
    return rows.select_related("site", "job")


def teams(tenant: Tenant) -> QuerySet[TeamForecast]:
    """Return the forecasts of the tenant's teams at its sites."""
    rows = TeamForecast.objects.all()
    if not tenant.is_operator:
        rows = rows.filter(team__organization=tenant.organization_id, site__in=tenant.sites())
    return rows.select_related("site", "team", "job")


def people(tenant: Tenant) -> QuerySet[PersonForecast]:
    """Return the forecasts of people whose company has them on and who do not hide their schedule.

    Source: workplace-api, section 5; section 13, Person forecasts.
    """
    rows = PersonForecast.objects.filter(person__organization__person_forecasts=True).exclude(
        person__schedule_visibility=ScheduleVisibility.HIDDEN
    )
    if not tenant.is_operator:
        rows = rows.filter(person__organization=tenant.organization_id, site__in=tenant.sites())
    return rows.select_related("site", "person", "job")


def has_person_forecasts(organization_id: str) -> bool:
    """Say whether a company has forecasts of its people on."""
    return Organization.objects.filter(pk=organization_id, person_forecasts=True).exists()


def within(rows: QuerySet[Any], span: Between) -> QuerySet[Any]:
    """Keep the rows whose time meets the span.

    Source: workplace-api, section 0, Range semantics.
    """
    meets = Q()
    if span.ends_at is not None:
        meets &= Q(starts_at__lte=span.ends_at)
    if span.starts_at is not None:
        meets &= Q(ends_at__gt=span.starts_at)
    return rows.filter(meets)


def hours(
    rows: QuerySet[LocationForecast],
    span: Between,
    *,
    order_by: Sequence[tuple[str, bool]],
    skip: int,
    limit: int,
) -> tuple[int, list[tuple[str, int, dt.datetime, float]]]:
    """Return how many open hours of these days meet the span, and a page of them.

    An hour is its day's id, its number on the wall, its start and how many arrive in it.
    `order_by` names `starts_at`, `location_id` or `forecast`, and whether it falls.
    """
    ids, named = rows.order_by().values("pk").query.sql_with_params()
    met, bounds = _met(span)
    source = _HOURS.format(ids=ids) + met
    parameters = [*named, *bounds]
    columns = {
        "starts_at": "begun.starts_at",
        "location_id": "day.site_id",
        "forecast": "(slot->>'forecast')::float",
    }
    order = ", ".join(f"{columns[name]}{' DESC' if falls else ''}" for name, falls in order_by)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {source}", parameters)
        total = cursor.fetchone()[0]
        cursor.execute(
            "SELECT day.id, (slot->>'hour')::int, begun.starts_at, (slot->>'forecast')::float"
            f"{source} ORDER BY {order}, day.id, begun.starts_at LIMIT %s OFFSET %s",
            [*parameters, limit, skip],
        )
        return total, list(cursor.fetchall())


def _met(span: Between) -> tuple[str, list[dt.datetime]]:
    clauses, bounds = "", []
    if span.ends_at is not None:
        clauses += " AND begun.starts_at <= %s"
        bounds.append(span.ends_at)
    if span.starts_at is not None:
        clauses += " AND begun.starts_at + interval '1 hour' > %s"
        bounds.append(span.starts_at)
    return clauses, bounds
