"""GET /occupancy. Source: Workplace API; workplace-api, sections 0, 4 and 9."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from workplace.models import Occupancy, PersonalRead

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


def get(client: Client, key, **params: object):
    return client.get(PATH, params, headers=key.header)


def found(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["_id"] for row in response.json()["data"]["occupancy"]]


def seen(number: int, **fields) -> Occupancy:
    """Somebody seen so many hours after nine on Monday in Paris."""
    return make.OccupancyFactory(
        seen_at=make.NINE + number * HOUR, created_at=make.MADE_AT + number * HOUR, **fields
    )


def test_records_are_listed(client, key):
    row = seen(0, first_seen_at=make.NINE - HOUR)

    response = get(client, key)

    assert response.json() == {
        "success": True,
        "data": {
            "occupancy": [
                {
                    "_id": row.pk,
                    "people_id": row.person_id,
                    "location_id": row.site_id,
                    "seen_at": "2030-01-07T08:00:00Z",
                    "team_id": None,
                    "first_seen_at": "2030-01-07T07:00:00Z",
                    "last_seen_at": None,
                    "created_at": "2030-01-02T09:00:00Z",
                    "updated_at": "2030-01-02T09:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_occupancy_successful",
    }


def test_records_are_found_by_id_location_and_person(client, key):
    rows = [seen(0), seen(1)]

    for name, value in (
        ("occupancy_id", rows[0].pk),
        ("location_id", rows[0].site_id),
        ("people_id", rows[0].person_id.upper()),
    ):
        assert found(get(client, key, **{name: value})) == [rows[0].pk]
        assert found(get(client, key, **{name: UNKNOWN})) == []
        assert get(client, key, **{name: "x"}).status_code == 400


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "numbers"),
    [
        ("2030-01-07T09:00:00Z", "2030-01-07T10:00:00Z", [1, 2]),
        ("2030-01-07T09:00:01Z", "2030-01-07T09:59:59Z", []),
        ("2030-01-07T10:00:00Z", None, [2, 3]),
        (None, "2030-01-07T08:00:00Z", [0]),
        ("2030-01-07", "2030-01-07", [0, 1, 2]),
        ("2030-01-08", None, [3]),
        (None, None, [0, 1, 2, 3]),
    ],
)
def test_times_are_inclusive_at_both_ends(client, key, starts_at, ends_at, numbers):
    rows = [seen(number) for number in (0, 1, 2, 24)]
    params = {"starts_at": starts_at, "ends_at": ends_at}

    response = get(client, key, **{name: text for name, text in params.items() if text})

    assert found(response) == [rows[number].pk for number in numbers]


def test_day_is_the_locations_where_one_is_named(client, key):
    site = SiteFactory(time_zone="Asia/Tokyo")
    row = make.OccupancyFactory(site=site, seen_at=dt.datetime(2030, 1, 6, 15, tzinfo=dt.UTC))
    day = {"starts_at": "2030-01-07", "ends_at": "2030-01-07"}

    assert found(get(client, key, location_id=site.pk, **day)) == [row.pk]
    assert found(get(client, key, timezone="Asia/Tokyo", **day)) == [row.pk]
    assert found(get(client, key, **day)) == []


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"starts_at": "2030-01-07T09:00:00"}, "starts_at"),
        ({"ends_at": "yesterday"}, "ends_at"),
        ({"starts_at": "2030-01-08", "ends_at": "2030-01-07"}, "starts_at"),
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"skip": -1}, "skip"),
        ({"sort": "name"}, "sort"),
        ({"order": "up"}, "order"),
    ],
)
def test_wrong_parameter_is_named(client, key, params, path):
    response = get(client, key, **params)

    assert response.status_code == 400
    assert [one["path"] for one in response.json()["error"]["details"]] == [path]


def test_records_are_sorted_as_asked(client, key):
    people = sorted(UserFactory.create_batch(3), key=lambda one: one.pk)
    sites = sorted(SiteFactory.create_batch(3), key=lambda one: one.pk)
    rows = [
        make.OccupancyFactory(
            person=people[(number + 1) % 3],
            site=sites[(number + 2) % 3],
            seen_at=make.NINE - number * HOUR,
            created_at=make.MADE_AT + number * HOUR,
        )
        for number in range(3)
    ]

    def order(**params: str) -> list[int]:
        return [[row.pk for row in rows].index(one) for one in found(get(client, key, **params))]

    assert order() == [0, 1, 2]
    assert order(order="DESC") == [2, 1, 0]
    assert order(sort="seen_at") == [2, 1, 0]
    assert order(sort="people_id") == [2, 0, 1]
    assert order(sort="location_id", order="desc") == [0, 2, 1]


def test_pages_hold_every_record_once(client, key):
    for number in range(7):
        seen(number, created_at=make.MADE_AT) if number == 9 else make.OccupancyFactory(
            seen_at=make.NINE + number * HOUR
        )

    pages = [get(client, key, skip=skip, limit=3) for skip in (0, 3, 6, 9)]

    assert len({one for page in pages for one in found(page)}) == 7
    assert [page.json()["data"]["pagination"]["current_results"] for page in pages] == [
        {"from": 1, "to": 3},
        {"from": 4, "to": 6},
        {"from": 7, "to": 7},
        {"from": 0, "to": 0},
    ]


def test_twenty_five_records_are_a_page(client, key):
    person, site = UserFactory(), SiteFactory()
    for number in range(26):
        seen(number, person=person, site=site)

    assert len(found(get(client, key))) == 25


def test_deleted_records_are_hidden(client, key):
    row = seen(0, deleted_at=make.NINE)

    assert found(get(client, key)) == found(get(client, key, occupancy_id=row.pk)) == []


# --- whose ----------------------------------------------------------------------------------------


def test_key_of_an_organization_sees_its_own_people_at_its_own_locations(client):
    key = WorkplaceKeyFactory(for_organization=True)
    site, left = SiteFactory(), SiteFactory()
    SiteMembershipFactory(site=site, organization=key.organization)
    person = UserFactory(organization=key.organization)
    own = seen(0, person=person, site=site)
    other, elsewhere = seen(1, site=site), seen(2, person=person, site=left)

    assert found(get(client, key)) == [own.pk]
    for row in (other, elsewhere):
        assert found(get(client, key, occupancy_id=row.pk)) == []
    assert found(get(client, key, people_id=other.person_id)) == []
    assert found(get(client, key, location_id=left.pk)) == []


def test_key_needs_the_scope_read(client):
    key = WorkplaceKeyFactory(scopes=["workplace:write"])

    assert get(client, key).status_code == 403


def test_reading_about_a_person_is_written_down(client, key):
    row = seen(0)

    get(client, key)
    get(client, key, location_id=row.site_id)
    assert not PersonalRead.objects.exists()
    get(client, key, people_id=row.person_id)
    get(client, key, occupancy_id=row.pk)

    reads = PersonalRead.objects.values_list("kind", "api_token", "people", "rows")
    assert list(reads) == [("occupancy", key.pk, [row.person_id], 1)] * 2
    assert {one.at for one in PersonalRead.objects.all()} == {
        dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)
    }


def test_three_records_cost_no_more_queries_than_one(client, key):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            get(client, key)
        return len(captured)

    seen(0)
    queries()
    one = queries()
    seen(1)
    seen(2)

    assert queries() == one
