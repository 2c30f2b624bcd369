"""DELETE /occupancy. Source: Workplace API; workplace-api, sections 0 and 4."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from workplace.models import Occupancy

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/occupancy"
NOW = "2030-01-08T10:00:00Z"
UNKNOWN = "6a0000000000000000000000"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


@pytest.fixture
def site() -> Site:
    return SiteFactory()


def delete(client: Client, key, body: object = None, query: str = ""):
    return client.delete(
        f"{PATH}{query}", body or {}, content_type="application/json", headers=key.header
    )


def deleted(response) -> int:
    assert response.status_code == 200, response.content
    assert response.json()["identifier"] == "delete_occupancy_successful"
    return response.json()["data"]["deleted"]


def left() -> set[str]:
    return set(Occupancy.objects.filter(deleted_at=None).values_list("pk", flat=True))


def test_records_of_a_person_are_deleted_softly(client, key, site):
    row, other = make.OccupancyFactory(site=site), make.OccupancyFactory(site=site)
    elsewhere = make.OccupancyFactory(person=row.person)

    assert deleted(delete(client, key, {"location_id": site.pk, "people_id": row.person_id})) == 1

    row.refresh_from_db()
    assert left() == {other.pk, elsewhere.pk}
    assert (row.deleted_at, row.deleted_by) == (dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC), key)
    assert row.updated_at == row.deleted_at


@pytest.mark.parametrize(
    ("times", "numbers"),
    [
        ({"starts_at": "2030-01-07T09:00:00Z", "ends_at": "2030-01-07T09:00:00Z"}, [0, 2]),
        ({"starts_at": "2030-01-07T09:00:00Z"}, [0]),
        ({"ends_at": "2030-01-07T09:00:00Z"}, [2]),
        ({"starts_at": "2030-01-07", "ends_at": "2030-01-07"}, []),
        ({"starts_at": "2030-01-08"}, [0, 1, 2]),
    ],
)
def test_times_are_inclusive_at_both_ends(client, key, site, times, numbers):
    rows = [make.OccupancyFactory(site=site, seen_at=make.NINE + n * HOUR) for n in range(3)]

    assert deleted(delete(client, key, {"location_id": site.pk, **times})) == 3 - len(numbers)

    assert left() == {rows[number].pk for number in numbers}


def test_nothing_that_matches_is_nothing_deleted(client, key, site):
    make.OccupancyFactory(site=site, deleted_at=make.NINE)

    assert deleted(delete(client, key, {"location_id": site.pk, "people_id": UNKNOWN})) == 0
    assert deleted(delete(client, key, {"location_id": site.pk})) == 0


def test_an_unknown_parameter_is_passed_over_and_an_unknown_field_refused(client, key, site):
    row = make.OccupancyFactory(site=site)
    place = f"location_id={site.pk}&people_id={row.person_id}"
    fields = {"location_id": site.pk, "people_id": row.person_id}

    assert delete(client, key, fields | {"trace": "1"}).status_code == 400
    assert delete(client, key, query=f"?{place}&trace=1").json()["data"] == {"deleted": 1}


def test_fields_may_stand_in_the_query_string(client, key, site):
    row = make.OccupancyFactory(site=site)

    response = delete(client, key, query=f"?location_id={site.pk}&people_id={row.person_id}")

    assert deleted(response) == 1


def test_whole_location_takes_the_scope_admin(client, key, site):
    row = make.OccupancyFactory(site=site)
    writer = WorkplaceKeyFactory(scopes=["workplace:write"])

    refused = delete(client, writer, {"location_id": site.pk})

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert left() == {row.pk}
    assert deleted(delete(client, writer, {"location_id": site.pk, "starts_at": "2030-01-07"})) == 1
    make.OccupancyFactory(site=site)
    assert deleted(delete(client, key, {"location_id": site.pk})) == 1


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "location_id"),
        ({"location_id": None}, 400, "location_id"),
        ({"location_id": "x"}, 400, "location_id"),
        ({"location_id": UNKNOWN}, 404, "location_id"),
        ({"location_id": "SITE", "people_id": "x"}, 400, "people_id"),
        ({"location_id": "SITE", "starts_at": "yesterday"}, 400, "starts_at"),
        ({"location_id": "SITE", "floor": 1}, 400, "floor"),
    ],
)
def test_wrong_wish_is_refused(client, key, site, body, status, path):
    row = make.OccupancyFactory(site=site)
    wish = {name: site.pk if value == "SITE" else value for name, value in body.items()}

    response = delete(client, key, wish)

    assert response.status_code == status
    assert [one["path"] for one in response.json()["error"]["details"]] == [path]
    assert left() == {row.pk}


def test_key_of_an_organization_deletes_its_own_alone(client, site):
    key = WorkplaceKeyFactory(for_organization=True)
    SiteMembershipFactory(site=site, organization=key.organization)
    own = make.OccupancyFactory(site=site, person=UserFactory(organization=key.organization))
    other = make.OccupancyFactory(site=site)

    assert deleted(delete(client, key, {"location_id": site.pk, "people_id": other.person_id})) == 0
    assert deleted(delete(client, key, {"location_id": site.pk})) == 1
    assert left() == {other.pk}
    assert own.pk not in left()
    assert delete(client, key, {"location_id": SiteFactory().pk}).status_code == 404
