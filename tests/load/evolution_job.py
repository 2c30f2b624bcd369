"""How long a whole evolution takes at 5,000 people and 200 zones, from the facts to the published rows.

Part of `make bench-evolution`; run by pytest for its database. Prints seconds, asserts only the plan.
"""

import datetime as dt
import random
import time

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from organizations.models import User
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import SiteFactory
from workplace.domain import evolution_runs, evolutions
from workplace.domain.evolutions import Wish
from workplace.models import (
    Allocation,
    AllocationSpace,
    Evolution,
    Layer,
    PersonForecast,
    Space,
    Team,
    TeamForecast,
    TeamMembership,
    TeamSettings,
    Zone,
)
from workplace.selectors_tenants import Tenant

PEOPLE, ZONES, ZONES_A_LAYER, TEAM_SIZE = 5_000, 200, 8, 9
NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
WEEK = dt.timedelta(days=7)


@pytest.mark.django_db
def test_a_day_of_a_large_location(capsys: pytest.CaptureFixture[str]) -> None:
    site = make_location()
    first = evolve(site.id, make.DAY)
    last = {"starts_at": make.NINE - WEEK, "ends_at": make.SIX - WEEK}
    Allocation.objects.update(**last)
    AllocationSpace.objects.update(during=DateTimeTZRange(*last.values()))
    Evolution.objects.update(published_at=None)

    second = evolve(site.id, make.DAY)

    with capsys.disabled():
        print()
        for name, (run, seconds, cpu) in {"first": first, "a week later": second}.items():
            counts = run.result["allocations"]
            print(
                f"{PEOPLE} people x {ZONES} zones, {name:>12}: {seconds:5.1f} s ({cpu:5.1f} s CPU of"
                f" the worker), {counts['created']} rows made, {run.result['people_moved']} people moved"
            )
    assert [run.result["unseated"] for run, *_ in (first, second)] == [0, 0]


def evolve(site_id: str, day: dt.date) -> tuple[Evolution, float, float]:
    tenant = Tenant(organization_id=None, now=NOW)
    started = evolutions.start(site_id, day, Wish(), tenant=tenant, now=NOW)
    began, cpu = time.perf_counter(), time.process_time()
    evolution_runs.run(str(started.evolution.pk), clock=lambda: NOW)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    run = Evolution.objects.get(pk=started.evolution.pk)
    assert run.status == "successful", run.error_message
    return run, seconds, cpu


def make_location():
    chance = random.Random(1)
    site = SiteFactory()
    make.ForecastJobFactory(site=site, starts_on=make.DAY, created_at=NOW)
    layers = Layer.objects.bulk_create(
        Layer(site=site, name=f"Layer {number}") for number in range(ZONES // ZONES_A_LAYER)
    )
    zones = Zone.objects.bulk_create(
        Zone(
            layer=layers[number // ZONES_A_LAYER],
            name=f"Zone {number}",
            capacity=chance.randint(15, 45),
        )
        for number in range(ZONES)
    )
    Space.objects.bulk_create(
        Space(layer=zone.layer, zone=zone) for zone in zones for _ in range(zone.capacity)
    )
    organization = OrganizationFactory()
    people = User.objects.bulk_create(
        User(email=f"{number}@example.com", organization=organization) for number in range(PEOPLE)
    )
    teams = Team.objects.bulk_create(
        Team(organization=organization, name=f"Team {number}")
        for number in range(PEOPLE // TEAM_SIZE + 1)
    )
    TeamSettings.objects.bulk_create(TeamSettings(team=team) for team in teams)
    TeamMembership.objects.bulk_create(
        TeamMembership(team=teams[number // TEAM_SIZE], person=person)
        for number, person in enumerate(people)
    )
    PersonForecast.objects.bulk_create(
        make.PersonForecastFactory.build(person=person, site=site, job=None, probability_inc=0.9)
        for person in people
    )
    TeamForecast.objects.bulk_create(
        make.TeamForecastFactory.build(
            team=team, site=site, job=None, forecast_inc=min(TEAM_SIZE, PEOPLE - number * TEAM_SIZE)
        )
        for number, team in enumerate(teams)
    )
    return site
