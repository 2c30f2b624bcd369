"""After a day's cut-off an evolution goes by who has accepted to come.

Source: forecasting, "Evolution", "Formulation"; workplace-api, sections 1 and 6.
"""

import datetime as dt

import pytest

from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from workplace.domain import evolution_cut_off, evolution_runs, evolutions
from workplace.domain.evolutions import Wish
from workplace.models import Allocation, Evolution, ForecastJob, Team
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

DAY = dt.date(2030, 1, 7)  # a Monday
CUT_OFF = dt.datetime(2030, 1, 4, 14, 30, tzinfo=dt.UTC)  # Friday, half past three in Paris
BEFORE = CUT_OFF - dt.timedelta(seconds=1)
SETTINGS = {
    "evolution_settings": {
        "evolution_stops_at": {"hour": 15, "minute": 30},
        "evolution_offset_days": 3,
    }
}


@pytest.fixture
def site() -> Site:
    site = SiteFactory(time_zone="Europe/Paris", workplace_settings=SETTINGS)
    make.ZoneFactory(site=site, capacity=20)
    return site


def team_of(site: Site, people: int, *, expected: int | None = None) -> Team:
    """Make a team of so many people, of whom so many are expected."""
    organization = OrganizationFactory()
    members = UserFactory.create_batch(people, organization=organization)
    team = make.TeamFactory(organization=organization, members=members)
    if expected is not None:
        known = {"forecast_inc": expected, "created_at": BEFORE - dt.timedelta(hours=1)}
        make.TeamForecastFactory(team=team, site=site, day=DAY, **known)
    return team


def run(site: Site, *, at: dt.datetime) -> Evolution:
    tenant = Tenant(organization_id=None, now=at)
    started = evolutions.start(site.pk, DAY, Wish(), tenant=tenant, now=at)
    evolution_runs.run(str(started.evolution.pk), clock=lambda: at)
    return Evolution.objects.get(pk=started.evolution.pk)


def seats() -> dict[str, int]:
    rows = Allocation.objects.filter(deleted_at=None, person=None)
    return dict(rows.values_list("team", "seats"))


def test_it_is_that_time_on_the_locations_clocks_so_many_days_before(site):
    assert evolution_cut_off.of(site, DAY) == CUT_OFF
    assert not evolution_cut_off.is_over(site, DAY, at=BEFORE)
    assert evolution_cut_off.is_over(site, DAY, at=CUT_OFF)


def test_by_default_it_is_on_the_day_itself(site):
    site.workplace_settings = {"evolution_settings": {"evolution_stops_at": {"hour": 9}}}

    assert evolution_cut_off.of(site, DAY) == dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


def test_without_a_time_there_is_none(site):
    site.workplace_settings = {"evolution_settings": {"evolution_offset_days": 3}}

    assert evolution_cut_off.of(site, DAY) is None
    assert not evolution_cut_off.is_over(site, DAY, at=CUT_OFF + dt.timedelta(days=9))


@pytest.mark.parametrize(("at", "expected"), [(BEFORE, 5), (CUT_OFF, 2)])
def test_heads_of_accepted_plans_take_the_forecasts_place(site, at, expected):
    team = team_of(site, 6, expected=5)
    here, too, away, elsewhere, asked, unsaid = team.members.order_by("pk")
    make.IntentionFactory(person=here, site=site)
    make.IntentionFactory(person=too, site=site, type="MEETING")
    make.IntentionFactory(person=away, site=site, type="REMOTE")
    make.IntentionFactory(person=elsewhere)
    make.IntentionFactory(person=asked, site=site, status="PENDING")

    run(site, at=at)

    assert seats() == {team.pk: expected}
    people = Allocation.objects.filter(person__isnull=False).values_list("person", flat=True)
    if at == CUT_OFF:
        assert set(people) == {here.pk, too.pk}
    else:
        assert set(people) == {here.pk, too.pk, asked.pk, unsaid.pk}


def test_a_person_counts_once_in_the_primary_team(site):
    team = team_of(site, 1, expected=0)
    person = team.members.get()
    other = make.TeamFactory(organization=team.organization)
    make.TeamMembershipFactory(team=other, person=person, is_primary=False)
    nine = make.NINE
    for start in (nine, nine + dt.timedelta(hours=5)):
        make.IntentionFactory(
            person=person,
            site=site,
            team=other,
            starts_at=start,
            ends_at=start + dt.timedelta(hours=4),
        )

    run(site, at=CUT_OFF)

    assert seats() == {team.pk: 1}


def test_a_team_that_the_location_does_not_know_is_seated_when_it_has_accepted(site):
    stranger = team_of(site, 2)
    make.IntentionFactory(person=stranger.members.first(), site=site)
    team_of(site, 2, expected=2)

    run(site, at=CUT_OFF)

    assert seats() == {stranger.pk: 1}


def test_who_has_no_team_and_has_accepted_is_seated(site):
    plan = make.IntentionFactory(site=site)

    run(site, at=CUT_OFF)

    assert Allocation.objects.get().person == plan.person


def test_nobody_accepted_is_no_execution_and_no_forecast_is_asked_for(site):
    team_of(site, 3)

    evolution = run(site, at=CUT_OFF)

    assert evolution.status == "no_execution"
    assert not ForecastJob.objects.exists()


def test_what_counts_is_when_the_run_was_asked_for(site):
    """A proposal of before the cut-off can be accepted after it, if nothing else has changed."""
    team = team_of(site, 4, expected=3)
    tenant = Tenant(organization_id=None, now=BEFORE)
    wish = Wish(waits_for_acceptance=True)
    proposed = evolutions.start(site.pk, DAY, wish, tenant=tenant, now=BEFORE).evolution
    evolution_runs.run(str(proposed.pk), clock=lambda: BEFORE)

    evolutions.accept(proposed.pk, tenant=tenant, now=CUT_OFF)

    assert seats() == {team.pk: 3}
