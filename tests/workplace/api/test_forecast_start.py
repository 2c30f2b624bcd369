"""POST /forecast/start. Source: Workplace API, "Trigger forecasting"; workplace-api, sections 5, 12, 13."""

import datetime as dt
import json
import socket

import pytest
import time_machine

from config import health
from organizations.models import Organization
from sites_app.models import Site, SiteMembership
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.sites_app import SiteFactory
from tests.workplace.forecast_world import DAY, NOW, TODAY, world
from workplace.models import ForecastJob, JobState, LocationForecast

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/forecast/start"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


@pytest.fixture
def site() -> Site:
    return SiteFactory()


def post(client, key, **body):
    return client.post(PATH, json.dumps(body), content_type="application/json", headers=key.header)


def started(response) -> dict:
    assert response.status_code == 200, response.content
    return response.json()["data"]


def problems(response, *, status: int = 400) -> list[tuple[str, str]]:
    assert response.status_code == status, response.content
    return [(each["path"], each["message"]) for each in response.json()["error"]["details"]]


def completed(site: Site, **facts) -> ForecastJob:
    return make.ForecastJobFactory(
        **{
            "site": site,
            "starts_on": TODAY,
            "created_at": NOW - HOUR,
            "finished_at": NOW - HOUR,
        }
        | facts
    )


def test_a_job_is_queued_for_today_and_the_27_days_after_it(client, key, site):
    response = post(client, key, location_id=site.pk)

    job = ForecastJob.objects.get()
    assert response.json() == {
        "success": True,
        "data": {
            "job_id": job.pk,
            "location_id": site.pk,
            "state": "queued",
            "reused": False,
            "starts_at": "2030-01-07",
            "ends_at": "2030-02-03",
            "created_at": "2030-01-07T06:00:00Z",
        },
        "identifier": "start_forecast_successful",
    }
    assert (job.organization_id, job.force_rebuild) == (None, False)


def test_today_is_the_locations(client, key):
    there = SiteFactory(time_zone="Pacific/Auckland")
    with time_machine.travel(dt.datetime(2030, 1, 7, 22, tzinfo=dt.UTC), tick=False):
        assert started(post(client, key, location_id=there.pk))["starts_at"] == "2030-01-08"


@pytest.mark.parametrize(
    ("sent", "days"),
    [
        ({"starts_at": "2030-01-10"}, ("2030-01-10", "2030-02-06")),
        ({"ends_at": "2030-01-08"}, ("2030-01-07", "2030-01-08")),
        ({"starts_at": "2030-01-06", "ends_at": "2030-01-06"}, ("2030-01-06", "2030-01-06")),
        ({"starts_at": "2030-01-07", "ends_at": "2030-04-08"}, ("2030-01-07", "2030-04-08")),
        ({"starts_at": "2030-04-09", "ends_at": None}, ("2030-04-09", "2030-05-06")),
        ({"force_rebuild": None}, ("2030-01-07", "2030-02-03")),
    ],
)
def test_days_that_may_be_asked_for(client, key, site, sent, days):
    data = started(post(client, key, location_id=site.pk, **sent))

    assert (data["starts_at"], data["ends_at"]) == days


@pytest.mark.parametrize(
    ("sent", "path", "message"),
    [
        ({"starts_at": "2030-01-05"}, "starts_at", "must not be before yesterday"),
        ({"starts_at": "2030-04-10"}, "starts_at", "must be at most 92 days ahead"),
        (
            {"starts_at": "2030-01-09", "ends_at": "2030-01-08"},
            "starts_at",
            "must not be after ends_at",
        ),
        (
            {"starts_at": "2030-01-07", "ends_at": "2030-04-09"},
            "ends_at",
            "must make at most 92 days",
        ),
        ({"starts_at": "2030-01-07T00:00:00Z"}, "starts_at", "must be a date, YYYY-MM-DD"),
        ({"ends_at": 5}, "ends_at", "must be a date, YYYY-MM-DD"),
        ({"force_rebuild": "yes"}, "force_rebuild", "must be true or false"),
        ({"colour": "red"}, "colour", "is not known"),
    ],
)
def test_what_is_refused(client, key, site, sent, path, message):
    response = post(client, key, location_id=site.pk, **sent)

    assert problems(response) == [(path, message)]
    assert response.json()["identifier"] == "start_forecast_failed"
    assert not ForecastJob.objects.exists()


def test_a_location_is_required_and_must_be_an_id(client, key):
    assert problems(post(client, key)) == [("location_id", "is required")]
    assert problems(post(client, key, location_id="x")) == [
        ("location_id", "must be an id of 24 hexadecimal characters")
    ]


def test_an_unknown_location_is_not_found(client, key):
    response = post(client, key, location_id="0" * 24)

    assert problems(response, status=404) == [("location_id", "Location not found")]


def test_a_location_of_others_is_as_unknown_as_none(client, site):
    own = WorkplaceKeyFactory(for_organization=True)

    foreign, unknown = (post(client, own, location_id=each) for each in (site.pk, "0" * 24))

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["error"]["details"] == unknown.json()["error"]["details"]


def test_the_scope_write_is_needed(client, site):
    assert (
        post(
            client, WorkplaceKeyFactory(scopes=["workplace:read"]), location_id=site.pk
        ).status_code
        == 403
    )


# --- one job at a time --------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["queued", "running"])
def test_an_active_job_is_answered_again(client, key, site, state):
    active = make.ForecastJobFactory(site=site, starts_on=TODAY, **{state: True})

    data = started(post(client, key, location_id=site.pk))

    assert (data["job_id"], data["state"], data["reused"]) == (active.pk, state, True)
    active.refresh_from_db()
    assert (active.reused_count, active.rerun_wanted) == (1, False)


@pytest.mark.parametrize(("state", "reruns"), [("queued", False), ("running", True)])
def test_force_rebuild_never_starts_a_second_job_beside_an_active_one(
    client, key, site, state, reruns
):
    active = make.ForecastJobFactory(site=site, starts_on=TODAY, **{state: True})

    data = started(post(client, key, location_id=site.pk, force_rebuild=True))

    active.refresh_from_db()
    assert (data["job_id"], data["reused"]) == (active.pk, True)
    assert (active.rerun_wanted, active.force_rebuild) == (reruns, True)
    assert ForecastJob.objects.count() == 1


def test_an_active_job_takes_over_days_that_it_did_not_have(client, key, site):
    active = make.ForecastJobFactory(site=site, starts_on=TODAY, running=True)

    data = started(post(client, key, location_id=site.pk, ends_at="2030-03-01"))

    active.refresh_from_db()
    assert (data["job_id"], data["ends_at"]) == (active.pk, "2030-03-01")
    assert active.rerun_wanted


def test_a_fresh_job_is_answered_again(client, key, site):
    done = completed(site)

    data = started(post(client, key, location_id=site.pk))

    assert (data["job_id"], data["state"], data["reused"]) == (done.pk, "completed", True)


@pytest.mark.parametrize(
    ("age", "is_reused"), [(dt.timedelta(hours=5, minutes=59), True), (6 * HOUR, False)]
)
def test_a_job_is_fresh_for_six_hours(client, key, site, age, is_reused):
    completed(site, finished_at=NOW - age)

    assert started(post(client, key, location_id=site.pk))["reused"] is is_reused


def test_a_fresh_job_must_have_all_the_days(client, key, site):
    completed(site, ends_on=TODAY + 26 * DAY)

    assert not started(post(client, key, location_id=site.pk))["reused"]


def test_force_rebuild_makes_a_fresh_job_anew(client, key, site):
    completed(site)

    assert not started(post(client, key, location_id=site.pk, force_rebuild=True))["reused"]


@pytest.mark.parametrize(("after", "is_reused"), [(-1, True), (1, False)])
@pytest.mark.parametrize("factory", [make.OccupancyFactory, make.IntentionFactory])
def test_a_job_is_stale_once_presence_or_plans_changed(
    client, key, site, factory, after, is_reused
):
    completed(site)
    factory(site=site, updated_at=NOW - HOUR + dt.timedelta(seconds=after))
    factory(updated_at=NOW)  # elsewhere

    assert started(post(client, key, location_id=site.pk))["reused"] is is_reused


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_came_to_nothing_is_not_reused(client, key, site, state):
    completed(site, state=state)

    assert not started(post(client, key, location_id=site.pk))["reused"]


def test_an_organizations_key_has_jobs_of_its_own(client, key, site):
    own = WorkplaceKeyFactory(for_organization=True)
    SiteMembership.objects.create(site=site, organization=own.organization)
    operators = started(post(client, key, location_id=site.pk))

    first, second = (started(post(client, own, location_id=site.pk)) for _ in range(2))

    assert operators["job_id"] != first["job_id"] == second["job_id"]
    assert [first["reused"], second["reused"]] == [False, True]
    assert ForecastJob.objects.get(pk=first["job_id"]).organization == own.organization


# --- the queue ----------------------------------------------------------------------------------


@pytest.mark.by_itself
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_job(client, key):
    here = world(people=3, weeks=8)

    data = started(post(client, key, location_id=here.site.pk))

    job = ForecastJob.objects.get(pk=data["job_id"])
    assert job.state == JobState.COMPLETED
    assert LocationForecast.objects.filter(job=job, organization=None).count() == 28
    assert Organization.objects.filter(pk=here.organization.pk).exists()


def test_without_a_queue_nothing_is_started(client, key, site, settings, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(health._memory, "broker_asked_at", float("-inf"))

    response = post(client, key, location_id=site.pk)

    monkeypatch.setattr(health._memory, "broker_asked_at", float("-inf"))
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "queue_unavailable"
    assert response["Retry-After"] == "5"
    assert not ForecastJob.objects.exists()
