"""POST /evolve/start. Source: Workplace API; workplace-api, sections 0, 6, 12 and 13."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from config import health
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from workplace.domain import evolutions
from workplace.models import Evolution

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/evolve/start"
NOW = "2030-01-03T10:00:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory(time_zone="Europe/Paris")


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def post(client: Client, key, **body: object):
    return client.post(PATH, body, content_type="application/json", headers=key.header)


def problems(response) -> list[tuple[str, str]]:
    return [(each["path"], each["message"]) for each in response.json()["error"]["details"]]


def test_a_run_is_started(client, key, site):
    response = post(client, key, location_id=site.id, date="2030-01-07")

    run = Evolution.objects.get()
    assert response.status_code == 200
    assert response.json() == {
        "success": True,
        "data": {"evolution_id": str(run.pk), "status": "created", "reused": False},
        "identifier": "start_evolution_successful",
    }
    assert (run.site, run.day, run.organization) == (site, dt.date(2030, 1, 7), None)
    assert (run.disruption, run.run_by_zone, run.waits_for_acceptance) == ("MIN", False, False)


def test_settings_are_kept(client, key, site):
    settings = {"disruption": "MAX", "run_by_zone": True}

    post(client, key, location_id=site.id, date="2030-01-07", settings=settings)

    run = Evolution.objects.get()
    assert (run.disruption, run.run_by_zone) == ("MAX", True)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"date": "2030-01-07"}, ("location_id", "is required")),
        ({"location_id": "0" * 24}, ("date", "is required")),
        (
            {"location_id": "x", "date": "2030-01-07"},
            ("location_id", "must be an id of 24 hexadecimal characters"),
        ),
        ({"location_id": "0" * 24, "date": "7 January"}, ("date", "must be a date, YYYY-MM-DD")),
        (
            {"location_id": "0" * 24, "date": "2030-01-07", "settings": {"disruption": "SOME"}},
            ("settings.disruption", "must be one of MIN, MAX"),
        ),
        (
            {"location_id": "0" * 24, "date": "2030-01-07", "settings": {"x": 1}},
            ("settings.x", "is not known"),
        ),
        (
            {"location_id": "0" * 24, "date": "2030-01-07", "settings": 1},
            ("settings", "must be an object"),
        ),
        ({"location_id": "0" * 24, "date": "2030-01-07", "x": 1}, ("x", "is not known")),
    ],
)
def test_what_cannot_be_read_is_refused(client, key, body, found):
    response = post(client, key, **body)

    assert response.status_code == 400
    assert problems(response) == [found]


@pytest.mark.parametrize(
    ("date", "status"),
    [("2030-01-02", 400), ("2030-01-03", 200), ("2030-04-03", 200), ("2030-04-04", 400)],
)
def test_a_day_is_from_today_to_90_days_ahead(client, key, site, date, status):
    response = post(client, key, location_id=site.id, date=date)

    assert response.status_code == status
    if status == 400:
        assert response.json()["error"]["details"][0]["code"] == "date_out_of_range"


def test_today_is_the_locations_today(client, key):
    there = SiteFactory(time_zone="Pacific/Auckland")

    with time_machine.travel("2030-01-03T12:00:00Z", tick=False):
        assert post(client, key, location_id=there.id, date="2030-01-03").status_code == 400
        assert post(client, key, location_id=there.id, date="2030-01-04").status_code == 200


@pytest.mark.parametrize(("minute", "status"), [(1, 200), (0, 400)])
def test_today_ends_when_evolutions_stop(client, key, site, minute, status):
    stop = {"hour": 11, "minute": minute}  # it is 11:00 in Paris
    Site.objects.update(workplace_settings={"evolution_settings": {"evolution_stops_at": stop}})

    today = post(client, key, location_id=site.id, date="2030-01-03")
    tomorrow = post(client, key, location_id=site.id, date="2030-01-04")

    assert (today.status_code, tomorrow.status_code) == (status, 200)


def test_a_run_under_way_is_answered_again(client, key, site):
    first = post(client, key, location_id=site.id, date="2030-01-07").json()["data"]
    again = post(client, key, location_id=site.id, date="2030-01-07").json()["data"]
    other = post(client, key, location_id=site.id, date="2030-01-08").json()["data"]

    assert again == {**first, "reused": True}
    assert other["evolution_id"] != first["evolution_id"]


def test_a_caller_whom_others_outrun_again_and_again_may_try_again(client, key, site, monkeypatch):
    make.EvolutionFactory(site=site, created=True)
    monkeypatch.setattr(
        evolutions, "_active", lambda *_whose: None
    )  # gone whenever it is looked for

    response = post(client, key, location_id=site.id, date="2030-01-07")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json()["error"]["code"] == "queue_unavailable"
    assert Evolution.objects.count() == 1


def test_a_finished_run_is_not_reused(client, key, site):
    done = make.EvolutionFactory(site=site, day=dt.date(2030, 1, 7))

    response = post(client, key, location_id=site.id, date="2030-01-07").json()["data"]

    assert response["reused"] is False
    assert response["evolution_id"] != str(done.pk)


def test_tenants_have_runs_of_their_own(client, key, site):
    own = WorkplaceKeyFactory(for_organization=True)
    SiteMembershipFactory(site=site, organization=own.organization)

    operators = post(client, key, location_id=site.id, date="2030-01-07").json()["data"]
    theirs = post(client, own, location_id=site.id, date="2030-01-07").json()["data"]

    assert theirs["reused"] is False
    assert theirs["evolution_id"] != operators["evolution_id"]


def test_a_location_that_is_not_the_tenants_is_not_found(client, site):
    own = WorkplaceKeyFactory(for_organization=True)

    for location_id in (site.id, "0" * 24):
        response = post(client, own, location_id=location_id, date="2030-01-07")
        assert response.status_code == 404
        assert problems(response) == [("location_id", "Location not found")]


def test_without_a_broker_nothing_is_started(client, key, site, monkeypatch):
    monkeypatch.setattr(health, "broker_answers", lambda: False)

    response = post(client, key, location_id=site.id, date="2030-01-07")

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "queue_unavailable"
    assert "Retry-After" in response.headers
    assert not Evolution.objects.exists()


def test_reading_keys_start_nothing(client, site):
    key = WorkplaceKeyFactory(scopes=["workplace:read"])

    assert post(client, key, location_id=site.id, date="2030-01-07").status_code == 403


@pytest.mark.by_itself
@pytest.mark.django_db(transaction=True)
def test_the_run_is_done_in_the_background(client, key, site):
    zone = make.ZoneFactory(site=site)
    team = make.TeamFactory()
    make.TeamForecastFactory(team=team, site=site, day=dt.date(2030, 1, 7), forecast_inc=3)

    post(client, key, location_id=site.id, date="2030-01-07")

    run = Evolution.objects.get()
    assert run.status == "successful", run.error_message
    assert team.allocations.get().zone == zone
