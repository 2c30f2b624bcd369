"""The forecast that an evolution waits for. Source: workplace-api, section 6."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from workplace import tasks
from workplace.domain import evolution_runs, evolution_states, evolutions
from workplace.domain.evolutions import Wish
from workplace.models import Evolution, ForecastJob
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
OPERATOR = Tenant(organization_id=None, now=NOW)


@pytest.fixture
def site() -> Site:
    site = SiteFactory()
    make.ZoneFactory(site=site)
    return site


def started(site: Site, *, now: dt.datetime = NOW, tenant: Tenant = OPERATOR) -> Evolution:
    """Start a run and let a worker look at it."""
    run = evolutions.start(site.id, make.DAY, Wish(), tenant=tenant, now=now).evolution
    evolution_runs.run(str(run.pk), clock=lambda: now)
    run.refresh_from_db()
    return run


def end(job: ForecastJob, state: str) -> None:
    ForecastJob.objects.filter(pk=job.pk).update(state=state, finished_at=NOW)


def test_a_missing_forecast_is_asked_for_and_waited_for(site) -> None:
    run = started(site)

    job = ForecastJob.objects.get()
    assert (job.site, job.state, job.starts_on, job.ends_on) == (site, "queued", make.DAY, make.DAY)
    assert (run.status, run.forecast_job, run.attempts) == ("created", job, 0)


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_the_run_goes_on_when_the_forecast_is_over_however_it_ended(site, state) -> None:
    run = started(site)
    end(run.forecast_job, state)

    assert evolution_states.waiting_for(run.forecast_job_id) == [str(run.pk)]
    evolution_runs.run(str(run.pk), clock=lambda: NOW)

    run.refresh_from_db()
    assert run.status == "no_execution"
    assert ForecastJob.objects.count() == 1


def test_a_run_that_waits_is_not_due_until_its_forecast_is_over(site) -> None:
    run = started(site)
    later = NOW + dt.timedelta(hours=1)

    assert evolution_states.due(now=later) == []
    assert evolution_states.waiting_for(run.forecast_job_id) == []
    end(run.forecast_job, "completed")
    assert evolution_states.due(now=later) == [str(run.pk)]


@pytest.mark.parametrize(("hours", "is_awaited"), [(47, False), (48, True)])
def test_a_forecast_of_two_missed_nights_is_old(site, hours, is_awaited) -> None:
    made_at = NOW - dt.timedelta(hours=hours)
    make.TeamForecastFactory(site=site, forecast_inc=2, created_at=made_at)

    run = started(site)

    assert ForecastJob.objects.filter(state="queued").exists() is is_awaited
    assert run.status == ("created" if is_awaited else "successful")


def test_an_organization_waits_for_a_forecast_of_its_own(site) -> None:
    make.TeamForecastFactory(site=site, created_at=NOW)
    organization = OrganizationFactory()
    site.members.add(organization)

    run = started(site, tenant=Tenant(organization_id=organization.id, now=NOW))

    assert (run.status, run.forecast_job.organization) == ("created", organization)


def test_a_closed_day_needs_no_forecast(site) -> None:
    site.closed_dates = [make.DAY]
    site.save()

    assert started(site).status == "no_execution"
    assert not ForecastJob.objects.exists()


@pytest.mark.by_itself
@pytest.mark.django_db(transaction=True)
def test_in_the_background_the_forecast_is_made_and_then_the_plan(site) -> None:
    people = UserFactory.create_batch(2, organization=OrganizationFactory())
    make.TeamFactory(
        organization=people[0].organization,
        members=people,
        with_settings__default_location=site,
    )
    body = {"location_id": site.id, "date": make.DAY.isoformat()}

    with time_machine.travel(NOW, tick=False):
        Client().post(
            "/workplace/v1/evolve/start",
            body,
            content_type="application/json",
            headers=WorkplaceKeyFactory().header,
        )

    run = Evolution.objects.get()
    assert run.forecast_job.state == "completed"
    assert run.status in ("successful", "no_execution"), run.error_message


def test_one_run_that_fails_does_not_stop_the_sweep(site, monkeypatch) -> None:
    runs = [
        evolutions.start(
            site.id, make.DAY + dt.timedelta(days=number), Wish(), tenant=OPERATOR, now=NOW
        ).evolution
        for number in range(2)
    ]
    done = []

    def run(evolution_id: str, **_kwargs: object) -> None:
        done.append(evolution_id)
        raise OSError

    monkeypatch.setattr(evolution_runs, "run", run)
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        tasks.sweep_evolutions()

    assert sorted(done) == sorted(str(one.pk) for one in runs)
