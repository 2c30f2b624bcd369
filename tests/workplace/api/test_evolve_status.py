"""GET /evolve/status. Source: Workplace API; workplace-api, sections 0, 6 and 13."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from workplace.models import Evolution

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/evolve/status"
RESULT = {
    "allocations": {"created": 41, "updated": 6, "deleted": 3, "kept_locked": 4},
    "seated": 868,
    "unseated": 2,
    "teams_split": 7,
    "layers_split": 1,
    "people_moved": 63,
    "objective": 1840.5,
    "lower_bound": None,
    "gap": None,
    "solver": "lns",
    "elapsed_ms": 8120,
    "unseated_teams": [{"team_id": "0" * 24, "people_id": None, "unseated": 2}],
}


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def get(client: Client, key, **params: object):
    return client.get(PATH, params, headers=key.header)


def test_a_finished_run_tells_what_came_of_it(client, key):
    run = make.EvolutionFactory(
        result=RESULT, progress=100, finished_at=make.MADE_AT + dt.timedelta(seconds=8)
    )

    assert get(client, key, evolution_id=run.pk).json() == {
        "success": True,
        "data": {
            "evolution_id": str(run.pk),
            "status": "successful",
            "progress": 100,
            "location_id": run.site_id,
            "date": "2030-01-07",
            "settings": {"disruption": "MIN", "run_by_zone": False},
            "result": RESULT,
            "error": None,
            "created_at": "2030-01-02T09:00:00Z",
            "started_at": "2030-01-02T09:00:00Z",
            "finished_at": "2030-01-02T09:00:08Z",
        },
        "identifier": "get_evolution_status_successful",
    }


def test_a_run_under_way_tells_how_far_it_is(client, key):
    run = make.EvolutionFactory(processing=True, progress=20)

    data = get(client, key, evolution_id=run.pk).json()["data"]

    assert (data["status"], data["progress"]) == ("processing", 20)
    assert (data["result"], data["finished_at"]) == (None, None)


def test_a_failed_run_tells_why(client, key):
    run = make.EvolutionFactory(status="failed", error_code="gave_up", error_message="Too often")

    data = get(client, key, evolution_id=run.pk).json()["data"]

    assert data["error"] == {"code": "gave_up", "message": "Too often"}


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "is required"),
        ({"evolution_id": ""}, "is required"),
        ({"evolution_id": "x"}, "must be a UUID"),
    ],
)
def test_the_id_is_needed(client, key, params, message):
    response = get(client, key, **params)

    assert response.status_code == 400
    (detail,) = response.json()["error"]["details"]
    assert (detail["path"], detail["message"]) == ("evolution_id", message)


def test_unknown_and_other_tenants_runs_are_not_found(client, key):
    run = make.EvolutionFactory()
    own = WorkplaceKeyFactory(for_organization=True)
    theirs = make.EvolutionFactory(organization=own.organization)

    assert get(client, key, evolution_id=uuid.uuid4()).status_code == 404
    assert get(client, own, evolution_id=run.pk).status_code == 404
    assert get(client, own, evolution_id=theirs.pk).status_code == 200
    assert get(client, key, evolution_id=theirs.pk).status_code == 200
    assert Evolution.objects.count() == 2
