"""GET /forecast/status. Source: Workplace API; workplace-api, section 5."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites_app.models import SiteMembership
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/forecast/status"
NOON = dt.datetime(2030, 1, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def get(client, key, **params):
    return client.get(PATH, params, headers=key.header)


def ids(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [each["job_id"] for each in response.json()["data"]["jobs"]]


def test_everything_of_a_job(client, key):
    job = make.ForecastJobFactory(
        progress=100,
        reused_count=2,
        location_rows=56,
        team_rows=28,
        people_rows=280,
        quality="ok",
        metrics={
            "wape_28d": 0.12,
            "mase_28d": 0.9,
            "coverage80_28d": 0.82,
            "brier_28d": 0.16,
            "band_factor": 1.05,
        },
    )

    assert get(client, key).json() == {
        "success": True,
        "data": {
            "jobs": [
                {
                    "job_id": job.pk,
                    "location_id": job.site_id,
                    "state": "completed",
                    "progress": 100,
                    "starts_at": "2030-01-07",
                    "ends_at": "2030-02-03",
                    "force_rebuild": False,
                    "reused_count": 2,
                    "rows": {"locations": 56, "teams": 28, "people": 280},
                    "quality": "ok",
                    "metrics": {
                        "wape_28d": 0.12,
                        "mase_28d": 0.9,
                        "coverage80_28d": 0.82,
                        "brier_28d": 0.16,
                    },
                    "error": None,
                    "created_at": "2030-01-02T09:00:00Z",
                    "started_at": "2030-01-02T09:00:00Z",
                    "finished_at": "2030-01-02T09:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_forecast_status_successful",
    }


def test_a_waiting_and_a_failed_job(client, key):
    make.ForecastJobFactory(queued=True, created_at=NOON)
    make.ForecastJobFactory(state="failed", error_code="worker_lost", error_message="Lost")

    failed, waiting = get(client, key).json()["data"]["jobs"]

    assert failed["error"] == {"code": "worker_lost", "message": "Lost"}
    assert (waiting["state"], waiting["started_at"], waiting["finished_at"]) == (
        "queued",
        None,
        None,
    )
    assert (waiting["quality"], set(waiting["metrics"].values())) == (None, {None})


def test_with_a_job_its_state_stands_beside_the_list(client, key):
    job = make.ForecastJobFactory(running=True)
    make.ForecastJobFactory()

    data = get(client, key, job_id=job.pk).json()["data"]

    assert (data["state"], [each["job_id"] for each in data["jobs"]]) == ("running", [job.pk])
    assert "state" not in get(client, key).json()["data"]
    unknown = get(client, key, job_id="0" * 24).json()["data"]
    assert (unknown["state"], unknown["jobs"]) == (None, [])


def test_jobs_of_a_location(client, key):
    job, _other = make.ForecastJobFactory(), make.ForecastJobFactory()

    assert ids(get(client, key, location_id=job.site_id)) == [job.pk]
    assert ids(get(client, key, location_id="0" * 24)) == []


def test_days_of_creation_are_utc_and_both_included(client, key):
    first, last = (
        make.ForecastJobFactory(created_at=moment).pk
        for moment in (
            dt.datetime(2030, 1, 2, tzinfo=dt.UTC),
            dt.datetime(2030, 1, 3, 23, 59, 59, tzinfo=dt.UTC),
        )
    )

    assert ids(get(client, key, date_from="2030-01-02", date_to="2030-01-03")) == [first, last]
    assert ids(get(client, key, date_from="2030-01-03")) == [last]
    assert ids(get(client, key, date_to="2030-01-02")) == [first]
    assert ids(get(client, key, date_from="2030-01-04")) == []


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"job_id": "x"}, "job_id"),
        ({"location_id": "x"}, "location_id"),
        ({"date_from": "yesterday"}, "date_from"),
        ({"date_from": "2030-01-03", "date_to": "2030-01-02"}, "date_from"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"skip": "-1"}, "skip"),
        ({"sort": "progress"}, "sort"),
        ({"order": "up"}, "order"),
    ],
)
def test_what_is_refused(client, key, sent, path):
    response = get(client, key, **sent)

    assert response.status_code == 400
    assert [each["path"] for each in response.json()["error"]["details"]] == [path]
    assert response.json()["identifier"] == "get_forecast_status_failed"


@pytest.mark.parametrize("sort", ["created_at", "started_at", "finished_at", "starts_at", "state"])
def test_sorting(client, key, sort):
    early = make.ForecastJobFactory(state="completed")
    later = make.ForecastJobFactory(
        state="failed",
        created_at=NOON,
        starts_on=dt.date(2030, 1, 8),
    )

    assert ids(get(client, key, sort=sort)) == [early.pk, later.pk]
    assert ids(get(client, key, sort=sort, order="DESC")) == [later.pk, early.pk]


def test_pages_of_jobs_created_at_once_have_each_once(client, key):
    jobs = {make.ForecastJobFactory().pk for _ in range(5)}

    pages = [ids(get(client, key, skip=skip, limit=2)) for skip in (0, 2, 4)]

    assert sorted(each for page in pages for each in page) == sorted(jobs)


def test_an_organization_sees_its_own_jobs(client, key):
    own = WorkplaceKeyFactory(for_organization=True)
    site = SiteFactory()
    SiteMembership.objects.create(site=site, organization=own.organization)
    mine = make.ForecastJobFactory(site=site, organization=own.organization)
    operators = make.ForecastJobFactory(site=site)
    others = make.ForecastJobFactory(site=site, organization=make.TeamFactory().organization)

    assert ids(get(client, own)) == [mine.pk]
    assert ids(get(client, own, job_id=operators.pk)) == []
    assert set(ids(get(client, key))) == {mine.pk, operators.pk, others.pk}


def test_queries_do_not_grow_with_rows(client, key):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make.ForecastJobFactory()
        get(client, key)
        with CaptureQueriesContext(connection) as queries:
            get(client, key)
        counts.append(len(queries))

    assert counts[0] == counts[1]
