"""What a location's forecast is made from, read in a constant number of queries.

People are numbered by their place in `People.ids`; days count from a first day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from organizations.models import User
from sites_app.models import Site
from workplace.models import (
    OPEN_STATUSES,
    DefaultLocation,
    ForecastJob,
    Intention,
    IntentionStatus,
    JobState,
    LocationForecast,
    Occupancy,
    Team,
    TeamLocationSettings,
    TeamMembership,
)

SEEN_LATELY = dt.timedelta(days=90)
_LAST_MOMENT = Func(
    F("site__time_zone"),
    F("ends_at") - Value(dt.timedelta(microseconds=1)),
    function="timezone",
    output_field=DateTimeField(),
)
"""What the wall of a plan's location shows in its last moment."""

_SEEN = """
SELECT person_id, array_agg(DISTINCT day - %(first)s) FROM workplace_occupancy
WHERE site_id = %(site)s AND day >= %(first)s AND day < %(end)s AND deleted_at IS NULL
GROUP BY person_id"""
_ARRIVALS = """
SELECT day - %(first)s, extract(hour FROM came AT TIME ZONE %(zone)s)::int, count(*) FROM (
    SELECT day, person_id, min(coalesce(first_seen_at, seen_at)) AS came FROM workplace_occupancy
    WHERE site_id = %(site)s AND day >= %(first)s AND day < %(end)s AND deleted_at IS NULL
    GROUP BY day, person_id
) AS first_sightings GROUP BY 1, 2"""

_SEEN_ELSEWHERE = """
WITH seen AS (
    SELECT DISTINCT person_id, day FROM workplace_occupancy
    JOIN organizations_user ON organizations_user.id = person_id
    WHERE organization_id = ANY(%(organizations)s) AND day >= %(first)s AND day < %(end)s
    AND deleted_at IS NULL
)
SELECT extract(isodow FROM day)::int, count(*), (SELECT count(DISTINCT person_id) FROM seen)
FROM seen GROUP BY 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who belongs to a location: their company and primary team, if any."""

    id: str
    organization_id: str | None
    team_id: str | None
    created_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team with its head count and its limits at the location."""

    team: Team
    head_count: int
    settings: TeamLocationSettings | None


def members(site: Site, *, today: dt.date) -> list[Member]:
    """List the people whose location it is, or who were seen there in the last 90 days, by id.

    Whose location it is says their own default, else that of their primary team.
    Source: workplace-api, section 13, "Forecasts".
    """
    own = DefaultLocation.objects.filter(person=OuterRef("pk"))
    primary = TeamMembership.objects.filter(person=OuterRef("pk"), is_primary=True)
    seen = Occupancy.objects.filter(
        person=OuterRef("pk"), site=site, deleted_at=None, day__gte=today - SEEN_LATELY
    )
    belongs = (
        Q(default_location__site=site)
        | (~Q(Exists(own)) & Q(Exists(primary.filter(team__settings__default_location=site))))
        | Q(Exists(seen))
    )
    found = (
        User.objects.filter(belongs, is_archived=False)
        .exclude(organization__is_archived=True)
        .order_by("pk")
    )
    teams = dict(
        TeamMembership.objects.filter(is_primary=True, person__in=found.values("pk"))
        .order_by()
        .values_list("person_id", "team_id")
    )
    return [
        Member(
            id=person_id,
            organization_id=organization_id,
            team_id=teams.get(person_id),
            created_on=created_at.date(),
        )
        for person_id, organization_id, created_at in found.values_list(
            "pk", "organization_id", "created_at"
        )
    ]


def days_seen(site: Site, *, first: dt.date, end: dt.date) -> list[tuple[str, list[int]]]:
    """Give for each person the days on which they were seen, as numbers from the first day on."""
    return _rows(_SEEN, {"site": site.pk, "first": first, "end": end})


def arrivals(site: Site, *, first: dt.date, end: dt.date) -> list[tuple[int, int, int]]:
    """Give day, local hour and how many people were first seen in it."""
    named = {"site": site.pk, "first": first, "end": end, "zone": site.time_zone}
    return _rows(_ARRIVALS, named)


def _rows(sql: str, named: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, named)
        return list(cursor.fetchall())


def intentions(people: Sequence[str], *, first_day: dt.date, last_day: dt.date) -> QuerySet[Any]:
    """Return the plans, accepted or not yet, of these people that touch these days, wherever they are.

    Each comes with the `last_day` that it touches where it is.
    """
    found = Intention.objects.filter(person__in=people, day__lte=last_day, status__in=OPEN_STATUSES)
    return with_last_days(found).filter(last_day__gte=first_day).order_by("pk")


def with_last_days(plans: QuerySet[Intention]) -> QuerySet[Any]:
    """Give each of these plans the `last_day` that it touches where it is."""
    return plans.annotate(last_day=Cast(_LAST_MOMENT, DateField()))


def accepted(people: Sequence[str], *, first_day: dt.date, last_day: dt.date) -> list[Any]:
    """Give person, first and last day, when it was told, type and location of every accepted plan."""
    rows = intentions(people, first_day=first_day, last_day=last_day)
    return list(
        rows.filter(status=IntentionStatus.ACCEPTED).values_list(
            "person_id", "day", "last_day", "created_at", "type", "site_id"
        )
    )


def teams(site: Site, member_team_ids: set[str]) -> dict[str, TeamFacts]:
    """Give the teams of these ids and those with settings at the site; the latter with their limits."""
    here = {
        row.settings.team_id: row
        for row in TeamLocationSettings.objects.filter(site=site).select_related("settings")
    }
    wanted = Team.objects.filter(pk__in=member_team_ids | set(here)).annotate(
        heads=Count(
            "memberships",
            filter=Q(memberships__is_primary=True, memberships__person__is_archived=False),
        )
    )
    return {
        team.pk: TeamFacts(team=team, head_count=team.heads, settings=here.get(team.pk))
        for team in wanted.order_by("pk")
    }


def last_completed(site_id: str) -> ForecastJob | None:
    """Return the last job of a site that was completed, whoever asked for it."""
    done = ForecastJob.objects.filter(site=site_id, state=JobState.COMPLETED)
    return done.order_by("-finished_at", "-pk").first()


def published_bands(
    site: Site, *, first_day: dt.date, last_day: dt.date
) -> list[tuple[dt.date, int, int]]:
    """Give day, low and high end of the whole site's 80 % bands."""
    rows = LocationForecast.objects.filter(
        site=site, organization=None, day__range=(first_day, last_day)
    ).exclude(quality="closed")
    return list(rows.order_by("day").values_list("day", "low_80", "high_80"))


def seen_elsewhere(
    organizations: Sequence[str], *, first: dt.date, end: dt.date
) -> tuple[int, list[tuple[int, int]]]:
    """Count these companies' people seen anywhere, and by ISO weekday the days of them all together."""
    named = {"organizations": list(organizations), "first": first, "end": end}
    rows = _rows(_SEEN_ELSEWHERE, named)
    return (rows[0][2] if rows else 0), [(weekday, days) for weekday, days, _people in rows]
