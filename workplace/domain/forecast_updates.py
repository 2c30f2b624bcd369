"""The forecast with wishes of one day follows what people declare after the run.

Source: workplace-api, section 8, "Flow": on commit, update `_inc` forecasts of that day.
"""

import datetime as dt
from collections import defaultdict

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from sites_app.models import Site
from workplace import selectors_forecast_inputs
from workplace.domain import forecast_wishes
from workplace.domain.forecast_wishes import (
    USUAL_RATES,
    Expected,
    PersonDay,
    Plan,
    ShowRates,
    TeamWishes,
)
from workplace.models import (
    Intention,
    LocationForecast,
    PersonForecast,
    Quality,
    TeamForecast,
    TeamLocationSettings,
)

SWEPT = dt.timedelta(minutes=10)
MOST_SWEPT = 200

log = structlog.get_logger(__name__)


def plan_changed(site_id: str, day: dt.date, person_id: str | None) -> None:
    """Count a plan that was made, changed or removed, wherever it changes what is expected of its person.

    What fails, as where a run is just publishing, is left to the sweep.
    """
    elsewhere = PersonForecast.objects.filter(person=person_id, day=day).exclude(site=site_id)
    for each in [site_id, *elsewhere.order_by("site").values_list("site", flat=True)]:
        _updated(each, day)


def sweep(*, now: dt.datetime) -> int:
    """Count the plans of the last minutes again, on all their days, which a dead broker may have missed.

    The nightly run makes up for what is older; a day that fails holds up no other.
    """
    changed = selectors_forecast_inputs.with_last_days(
        Intention.objects.filter(person__isnull=False, updated_at__gt=now - SWEPT, ends_at__gt=now)
    )
    touched = changed.filter(
        person=OuterRef("person"), day__lte=OuterRef("day"), last_day__gte=OuterRef("day")
    )
    rows = PersonForecast.objects.filter(
        Exists(touched), person__in=changed.values("person"), ends_at__gt=now
    )
    days = rows.order_by("site", "day").values_list("site", "day").distinct()[:MOST_SWEPT]
    return sum(_updated(site_id, day) for site_id, day in list(days))


def _updated(site_id: str, day: dt.date) -> int:
    try:
        return update_day(site_id, day)
    except DatabaseError:
        log.exception("workplace.forecast_update_failed", site=site_id, day=day.isoformat())
        return 0


def update_day(site_id: str, day: dt.date) -> int:
    """Count the plans of a location's day anew; return how many people's chances changed.

    Only days that were forecast change, and closed ones never. Repeating it changes nothing more.
    """
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).filter(pk=site_id).first()
        rows = list(
            PersonForecast.objects.filter(site=site_id, day=day)
            .select_related("person")
            .order_by("pk")
        )
        locations = list(LocationForecast.objects.filter(site=site_id, day=day).order_by("pk"))
        if not locations or locations[0].quality == Quality.CLOSED:
            return 0
        people = _with_plans(site_id, day, rows)
        changed = _update_people(rows, people)
        teams = _update_teams(site_id, day, people)
        _update_locations(locations, people, teams)
    return changed


def _with_plans(site_id: str, day: dt.date, rows: list[PersonForecast]) -> list[PersonDay]:
    plans = _plans(site_id, day, [row.person_id for row in rows])
    rates = _rates(site_id)
    return [
        forecast_wishes.with_plans(
            person_id=row.person_id,
            organization_id=row.person.organization_id,
            team_id=row.team_id,
            probability=row.probability,
            plans=plans[row.person_id],
            rates=rates,
        )
        for row in rows
    ]


def _plans(site_id: str, day: dt.date, people: list[str]) -> dict[str, list[Plan]]:
    found: dict[str, list[Plan]] = defaultdict(list)
    rows = selectors_forecast_inputs.intentions(people, first_day=day, last_day=day)
    for person_id, plan_id, status, kind, where in rows.values_list(
        "person_id", "pk", "status", "type", "site_id"
    ):
        plan = Plan(id=plan_id, status=status, type=kind, is_here=where == site_id)
        found[str(person_id)].append(plan)
    return found


def _rates(site_id: str) -> ShowRates:
    """Return the show rates that the last run measured."""
    job = selectors_forecast_inputs.last_completed(site_id)
    if job is None:
        return USUAL_RATES
    return ShowRates(
        here=job.metrics.get("show_rate_here", USUAL_RATES.here),
        away=job.metrics.get("show_rate_away", USUAL_RATES.away),
    )


def _update_people(rows: list[PersonForecast], people: list[PersonDay]) -> int:
    changed = []
    for row, person in zip(rows, people, strict=True):
        if (row.probability_inc, row.intention_id) != (
            person.probability_inc,
            person.intention_id,
        ):
            row.probability_inc = person.probability_inc
            row.intention_id = person.intention_id
            changed.append(row)
    PersonForecast.objects.bulk_update(changed, ["probability_inc", "intention"], batch_size=1000)
    return len(changed)


def _update_teams(
    site_id: str, day: dt.date, people: list[PersonDay]
) -> dict[str, tuple[str, Expected]]:
    """Sum the teams anew; give each with its organization."""
    by_team: dict[str | None, list[PersonDay]] = defaultdict(list)
    for person in people:
        by_team[person.team_id].append(person)
    wishes = _wishes(site_id)
    found: dict[str, tuple[str, Expected]] = {}
    rows = list(TeamForecast.objects.filter(site=site_id, day=day).select_related("team"))
    for row in rows:
        limits = wishes.get(row.team_id, TeamWishes())
        expected = forecast_wishes.of_team(by_team[row.team_id], limits, day=day)
        row.forecast_inc, row.intentions = expected.forecast_inc, expected.intentions
        found[row.team_id] = (row.team.organization_id, expected)
    TeamForecast.objects.bulk_update(rows, ["forecast_inc", "intentions"], batch_size=1000)
    return found


def _wishes(site_id: str) -> dict[str, TeamWishes]:
    rows = TeamLocationSettings.objects.filter(site=site_id).select_related("settings")
    return {row.settings.team_id: forecast_wishes.limits_of(row) for row in rows}


def _update_locations(
    rows: list[LocationForecast],
    people: list[PersonDay],
    teams: dict[str, tuple[str, Expected]],
) -> None:
    """Sum the locations anew; those whom nobody knows are what the forecast has beyond its people."""
    for row in rows:
        own = row.organization_id
        sums = [expected for company, expected in teams.values() if own in (None, company)]
        teamless = [
            person
            for person in people
            if person.team_id not in teams and own in (None, person.organization_id)
        ]
        known = forecast_wishes.of_place(sums, teamless, others=0.0)
        others = max(float(row.forecast) - known.forecast, 0.0)
        whole = forecast_wishes.of_place(sums, teamless, others=others)
        row.forecast_inc, row.intentions = whole.forecast_inc, whole.intentions
    LocationForecast.objects.bulk_update(rows, ["forecast_inc", "intentions"])
