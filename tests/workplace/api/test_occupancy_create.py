"""POST /occupancy. Source: Workplace API; workplace-api, sections 0, 4, 12 and 13."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import User
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from workplace.models import ForecastJob, Occupancy, OccupancySession

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/occupancy"
NOW = "2030-01-08T10:00:00Z"
UNKNOWN = "6a0000000000000000000000"
NINE = "2030-01-07T09:15:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory(external_id="PAR")


@pytest.fixture
def person() -> User:
    return UserFactory(external_id="ext-001")


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def post(client: Client, key, body: object):
    return client.post(PATH, body, content_type="application/json", headers=key.header)


def batch(client: Client, key, site: Site | None, *items: object, **fields: object):
    body: dict[str, Any] = {"occupancy": list(items), **fields}
    return post(client, key, body | ({"location_id": site.pk} if site else {}))


def told(response) -> dict[str, Any]:
    assert response.status_code == 200, response.content
    return response.json()["data"]


def results(response) -> list[str]:
    return [row["result"] for row in told(response)["occupancy"]]


def errors(response) -> list[tuple[int, str, str]]:
    return [(one["index"], one["path"], one["code"]) for one in told(response)["errors"]]


def details(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    return [(one["path"], one["message"]) for one in response.json()["error"]["details"]]


def test_records_are_stored(client, key, site, person):
    team = make.TeamFactory(organization=person.organization, members=[person])
    other = UserFactory(external_id="ext-002")

    response = batch(
        client,
        key,
        site,
        {
            "people_id": person.pk,
            "seen_at": NINE,
            "team_id": None,
            "first_seen_at": "2030-01-07T09:00:00Z",
            "last_seen_at": "2030-01-07T17:30:00Z",
        },
        {
            "people_external_id": "ext-002",
            "seen_at": "2030-01-07T09:15:00",
            "timezone": "Europe/Paris",
        },
    )

    first, second = Occupancy.objects.get(person=person), Occupancy.objects.get(person=other)
    assert response.json() == {
        "success": True,
        "data": {
            "occupancy": [
                {
                    "_id": first.pk,
                    "people_id": person.pk,
                    "location_id": site.pk,
                    "seen_at": NINE,
                    "team_id": team.pk,
                    "first_seen_at": "2030-01-07T09:00:00Z",
                    "last_seen_at": "2030-01-07T17:30:00Z",
                    "created_at": NOW,
                    "updated_at": NOW,
                    "result": "created",
                },
                {
                    "_id": second.pk,
                    "people_id": other.pk,
                    "location_id": site.pk,
                    "seen_at": "2030-01-07T08:15:00Z",
                    "team_id": None,
                    "first_seen_at": None,
                    "last_seen_at": None,
                    "created_at": NOW,
                    "updated_at": NOW,
                    "result": "created",
                },
            ],
            "summary": {
                "received": 2,
                "created": 2,
                "updated": 0,
                "restored": 0,
                "duplicates": 0,
                "failed": 0,
            },
            "errors": [],
            "session_id": None,
        },
        "identifier": "create_occupancy_successful",
    }
    assert first.day == dt.date(2030, 1, 7)


def test_bare_record_is_stored(client, key, site, person):
    response = post(client, key, {"location_id": site.pk, "people_id": person.pk, "seen_at": NINE})

    assert results(response) == ["created"]
    assert told(response)["summary"]["received"] == 1


# --- idempotent -----------------------------------------------------------------------------


def test_a_thousand_records_again_are_a_thousand_duplicates(client, key, site):
    people = UserFactory.create_batch(4, organization=OrganizationFactory())
    start = dt.datetime(2030, 1, 7, 7, tzinfo=dt.UTC)
    items = [
        {
            "people_id": people[number % 4].pk,
            "seen_at": (start + dt.timedelta(seconds=number)).isoformat(),
        }
        for number in range(1000)
    ]

    first, again = batch(client, key, site, *items), batch(client, key, site, *items)

    assert told(first)["summary"]["created"] == 1000
    assert told(again)["summary"] == {
        "received": 1000,
        "created": 0,
        "updated": 0,
        "restored": 0,
        "duplicates": 1000,
        "failed": 0,
    }
    assert Occupancy.objects.count() == 1000


def test_seen_at_counts_to_the_second(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": "2030-01-07T09:15:00.900Z"}

    response = batch(client, key, site, item, item | {"seen_at": NINE})

    assert results(response) == ["created", "duplicate"]
    assert told(response)["occupancy"][0]["seen_at"] == NINE


def test_new_extras_widen_a_record(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    first, last = (
        {"first_seen_at": "2030-01-07T09:00:00Z"},
        {"last_seen_at": "2030-01-07T17:00:00Z"},
    )
    batch(client, key, site, item)

    assert results(batch(client, key, site, item | first | last)) == ["updated"]
    assert results(batch(client, key, site, item | first | last)) == ["duplicate"]
    assert results(batch(client, key, site, item | {"last_seen_at": "2030-01-07T16:00:00Z"})) == [
        "duplicate"
    ]
    assert results(batch(client, key, site, item | {"last_seen_at": "2030-01-07T18:00:00Z"})) == [
        "updated"
    ]
    row = Occupancy.objects.get()
    assert row.first_seen_at == dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)
    assert row.last_seen_at == dt.datetime(2030, 1, 7, 18, tzinfo=dt.UTC)


def test_item_that_stands_twice_is_stored_as_wide_as_both(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}

    response = batch(
        client,
        key,
        site,
        item | {"first_seen_at": "2030-01-07T09:00:00Z"},
        item | {"last_seen_at": "2030-01-07T17:00:00Z"},
        item,
    )

    assert results(response) == ["created", "updated", "duplicate"]
    assert Occupancy.objects.get().last_seen_at == dt.datetime(2030, 1, 7, 17, tzinfo=dt.UTC)


def test_deleted_record_comes_back(client, key, site, person):
    make.OccupancyFactory(
        person=person,
        site=site,
        seen_at=dt.datetime(2030, 1, 7, 9, 15, tzinfo=dt.UTC),
        deleted_at=make.NINE,
        deleted_by=key,
    )

    response = batch(client, key, site, {"people_id": person.pk, "seen_at": NINE})

    assert results(response) == ["restored"]
    assert told(response)["summary"]["restored"] == 1
    row = Occupancy.objects.get()
    assert (row.deleted_at, row.deleted_by) == (None, None)


def test_same_moment_elsewhere_or_of_somebody_else_is_another_record(client, key, site, person):
    items = [
        {"people_id": person.pk, "seen_at": NINE},
        {"people_id": UserFactory().pk, "seen_at": NINE},
        {"people_id": person.pk, "seen_at": NINE, "location_id": SiteFactory().pk},
    ]

    assert results(batch(client, key, site, *items)) == ["created", "created", "created"]


# --- who and where ---------------------------------------------------------------------------


def test_location_of_an_item_goes_before_that_of_the_call(client, key, site, person):
    dublin = SiteFactory(external_id="DUB")
    seen = {"people_id": person.pk, "seen_at": NINE}

    response = batch(
        client, key, site, seen | {"location_id": dublin.pk}, seen | {"location_external_id": "PAR"}
    )

    assert [row["location_id"] for row in told(response)["occupancy"]] == [dublin.pk, site.pk]


def test_call_needs_a_location_where_an_item_has_none(client, key, site, person):
    seen = {"people_id": person.pk, "seen_at": NINE}

    named = batch(client, key, None, seen | {"location_id": site.pk})
    unnamed = batch(client, key, None, seen | {"location_id": site.pk}, seen)

    assert results(named) == ["created"]
    assert details(unnamed) == [("location_id", "is required")]


def test_day_is_that_of_the_location(client, key, person):
    tokyo = SiteFactory(time_zone="Asia/Tokyo")

    batch(client, key, tokyo, {"people_id": person.pk, "seen_at": "2030-01-06T15:00:00Z"})

    assert Occupancy.objects.get().day == dt.date(2030, 1, 7)


def test_team_is_the_one_told_else_the_primary_one(client, key, site, person):
    primary = make.TeamFactory(organization=person.organization, members=[person])
    second = make.TeamFactory(organization=person.organization)
    seen = {"people_id": person.pk}

    response = batch(
        client,
        key,
        site,
        seen | {"seen_at": NINE},
        seen | {"seen_at": "2030-01-07T09:16:00Z", "team_id": second.pk},
        seen | {"seen_at": "2030-01-07T09:17:00Z", "team_id": make.TeamFactory().pk},
        seen | {"seen_at": "2030-01-07T09:18:00Z", "team_id": UNKNOWN},
    )

    assert [row["team_id"] for row in told(response)["occupancy"]] == [primary.pk, second.pk]
    assert errors(response) == [
        (2, "occupancy[2].team_id", "resource_not_found"),
        (3, "occupancy[3].team_id", "resource_not_found"),
    ]


def test_external_id_of_several_organizations_names_nobody(client, key, site, person):
    UserFactory(external_id="ext-001")
    good = {"people_id": person.pk, "seen_at": NINE}

    response = batch(client, key, site, good, {"people_external_id": "ext-001", "seen_at": NINE})

    assert told(response)["errors"] == [
        {
            "index": 1,
            "path": "occupancy[1].people_external_id",
            "code": "resource_not_found",
            "message": "This names people of several organizations",
        }
    ]


# --- what is wrong with an item fails alone ------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"people_id": UNKNOWN}, "people_id", "Person not found"),
        ({"people_id": "x"}, "people_id", "must be an id of 24 hexadecimal characters"),
        ({"people_id": None}, "people_id", "or people_external_id is required"),
        (
            {"people_external_id": "ext-001"},
            "people_external_id",
            "must not come together with people_id",
        ),
        (
            {"people_id": None, "people_external_id": "nobody"},
            "people_external_id",
            "Person not found",
        ),
        ({"location_id": UNKNOWN}, "location_id", "Location not found"),
        ({"location_external_id": "nowhere"}, "location_external_id", "Location not found"),
        (
            {"location_id": UNKNOWN, "location_external_id": "PAR"},
            "location_external_id",
            "must not come together with location_id",
        ),
        ({"seen_at": None}, "seen_at", "is required"),
        ({"seen_at": 5}, "seen_at", "must be an ISO 8601 date or date-time"),
        (
            {"seen_at": "2030-01-07T09:15:00"},
            "seen_at",
            "must end with Z or an offset, or come with timezone",
        ),
        ({"timezone": "Paris"}, "timezone", "must be an IANA time zone"),
        ({"seen_at": "2030-01-08T10:05:01Z"}, "seen_at", "must not lie in the future"),
        ({"seen_at": "2025-01-08T09:59:59Z"}, "seen_at", "must be at most 5 years ago"),
        ({"first_seen_at": "2030-01-07T09:15:01Z"}, "first_seen_at", "must not be after seen_at"),
        ({"last_seen_at": "2030-01-07T09:14:59Z"}, "last_seen_at", "must not be before seen_at"),
        (
            {"first_seen_at": "2030-01-06T18:00:00Z", "last_seen_at": "2030-01-07T18:00:01Z"},
            "last_seen_at",
            "must be within 24 hours of first_seen_at",
        ),
        ({"floor": 3}, "floor", "is not known"),
    ],
)
def test_wrong_item_fails_alone(client, key, site, person, fields, path, message):
    good = {"people_id": UserFactory().pk, "seen_at": NINE}
    wrong = {"people_id": person.pk, "seen_at": NINE} | fields

    response = batch(client, key, site, good, wrong)

    assert results(response) == ["created"]
    found = [(one["index"], one["path"], one["message"]) for one in told(response)["errors"]]
    assert found == [(1, f"occupancy[1].{path}", message)]
    assert told(response)["summary"]["failed"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"seen_at": "2030-01-08T10:05:00Z"},
        {"seen_at": "2025-01-08T10:00:00Z"},
        {"first_seen_at": NINE, "last_seen_at": NINE},
        {"first_seen_at": "2030-01-06T18:00:00Z", "last_seen_at": "2030-01-07T18:00:00Z"},
        {"seen_at": NINE, "timezone": "Asia/Tokyo"},
    ],
)
def test_item_at_its_border_is_stored(client, key, site, person, fields):
    item = {"people_id": person.pk, "seen_at": NINE} | fields

    assert results(batch(client, key, site, item)) == ["created"]
    if "timezone" in fields:
        assert Occupancy.objects.get().seen_at == dt.datetime(2030, 1, 7, 9, 15, tzinfo=dt.UTC)


def test_date_alone_is_the_locations_midnight(client, key, site, person):
    batch(client, key, site, {"people_id": person.pk, "seen_at": "2030-01-07"})

    assert Occupancy.objects.get().seen_at == make.DAY_START


def test_call_of_which_nothing_is_right_is_refused(client, key, site, person):
    response = batch(client, key, site, {"people_id": UNKNOWN, "seen_at": NINE}, 5)

    assert details(response) == [
        ("occupancy[0].people_id", "Person not found"),
        ("occupancy[1]", "must be an object"),
    ]
    assert response.json()["identifier"] == "create_occupancy_failed"


def test_wrong_bare_record_is_refused(client, key, site):
    response = post(client, key, {"location_id": site.pk, "people_id": UNKNOWN, "seen_at": NINE})

    assert details(response) == [("people_id", "Person not found")]


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ([], "", "The body must be a JSON object"),
        ({"occupancy": []}, "occupancy", "must have at least 1 item"),
        ({"occupancy": {}}, "occupancy", "must be an array"),
        ({"occupancy": [{}] * 1001}, "", "Malformed JSON: more than 1000 items"),
        ({"occupancy": [{}], "floor": 1}, "floor", "is not known"),
        (
            {"occupancy": [{}], "location_id": 5},
            "location_id",
            "must be an id of 24 hexadecimal characters",
        ),
    ],
)
def test_wrong_body_is_refused(client, key, site, body, path, message):
    response = post(
        client, key, {"location_id": site.pk} | body if isinstance(body, dict) else body
    )

    assert (path, message) in details(response)
    assert not Occupancy.objects.exists()


def test_unknown_location_of_the_call_is_not_found(client, key, person):
    body = {"location_id": UNKNOWN, "occupancy": [{"people_id": person.pk, "seen_at": NINE}]}

    response = post(client, key, body)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "resource_not_found"


# --- imports of several calls --------------------------------------------------------------------


def test_import_of_several_calls(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    opened = told(batch(client, key, site, item, session_started=True))["session_id"]

    middle = batch(client, key, site, item, session_id=opened)
    last = batch(client, key, site, item, session_id=opened, session_finished=True)

    assert [told(one)["session_id"] for one in (middle, last)] == [opened, opened]
    session = OccupancySession.objects.get()
    assert (session.pk, session.received, session.site) == (opened, 3, site)
    assert session.finished_at == dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)
    assert (session.organization, session.api_token) == (None, key)


def test_end_of_an_import_has_the_forecast_made_anew_once(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    opened = told(batch(client, key, site, item, session_started=True))["session_id"]
    batch(client, key, site, item, session_id=opened)
    batch(client, key, site, item)
    assert not ForecastJob.objects.exists()

    batch(client, key, site, item, session_id=opened, session_finished=True)

    job = ForecastJob.objects.get()
    assert (job.site, job.organization, job.state) == (site, None, "queued")
    assert (job.starts_on, job.ends_on) == (dt.date(2030, 1, 8), dt.date(2030, 2, 4))


def test_a_call_of_which_nothing_is_right_leaves_its_import_as_it_was(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    opened = told(batch(client, key, site, item, session_started=True))["session_id"]
    wrong = {"people_id": UNKNOWN, "seen_at": NINE}

    last = batch(client, key, site, wrong, session_id=opened, session_finished=True)
    first = batch(client, key, site, wrong, session_started=True)

    assert (last.status_code, first.status_code) == (400, 400)
    session = OccupancySession.objects.get()
    assert (session.pk, session.received, session.finished_at) == (opened, 1, None)
    assert not ForecastJob.objects.exists()


@pytest.mark.parametrize(("hours", "status"), [(23.99, 200), (24, 409)])
def test_import_stays_open_for_a_day(client, key, site, person, hours, status):
    item = {"people_id": person.pk, "seen_at": NINE}
    opened = told(batch(client, key, site, item, session_started=True))["session_id"]

    with time_machine.travel(
        dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC) + dt.timedelta(hours=hours), tick=False
    ):
        response = batch(client, key, site, item, session_id=opened)

    assert response.status_code == status
    if status == 409:
        assert response.json()["error"]["details"][0]["code"] == "session_closed"


def test_finished_import_is_closed(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    both = batch(client, key, site, item, session_started=True, session_finished=True)

    response = batch(client, key, site, item, session_id=told(both)["session_id"])

    assert response.status_code == 409


def test_import_of_another_tenant_or_location_is_not_found(client, key, site, person):
    item = {"people_id": person.pk, "seen_at": NINE}
    theirs = make.OccupancySessionFactory(site=site, organization=OrganizationFactory())
    elsewhere = make.OccupancySessionFactory()

    answers = [
        batch(client, key, site, item, session_id=one) for one in (theirs.pk, elsewhere.pk, UNKNOWN)
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"session_started": 1}, "session_started", "must be true or false"),
        (
            {"session_started": True, "session_id": UNKNOWN},
            "session_id",
            "must not come together with session_started",
        ),
        (
            {"session_finished": True},
            "session_finished",
            "must come with session_id or session_started",
        ),
    ],
)
def test_session_that_makes_no_sense_is_refused(client, key, site, person, fields, path, message):
    item = {"people_id": person.pk, "seen_at": NINE}

    assert (path, message) in details(batch(client, key, site, item, **fields))


# --- whose ----------------------------------------------------------------------------------------


def test_key_of_an_organization_tells_of_its_own_people_at_its_own_locations(client, site, person):
    key = WorkplaceKeyFactory(for_organization=True)
    own = UserFactory(organization=key.organization, external_id="own")
    SiteMembershipFactory(site=site, organization=key.organization)
    foreign = SiteFactory(external_id="FAR")

    response = batch(
        client,
        key,
        site,
        {"people_id": own.pk, "seen_at": NINE},
        {"people_id": person.pk, "seen_at": NINE},
        {"people_external_id": "ext-001", "seen_at": NINE},
        {"people_id": own.pk, "seen_at": NINE, "location_id": foreign.pk},
        {"people_id": own.pk, "seen_at": NINE, "location_external_id": "FAR"},
    )

    assert results(response) == ["created"]
    assert errors(response) == [
        (1, "occupancy[1].people_id", "resource_not_found"),
        (2, "occupancy[2].people_external_id", "resource_not_found"),
        (3, "occupancy[3].location_id", "resource_not_found"),
        (4, "occupancy[4].location_external_id", "resource_not_found"),
    ]
    assert batch(client, key, foreign, {"people_id": own.pk, "seen_at": NINE}).status_code == 404


def test_key_needs_the_scope_write(client, site, person):
    key = WorkplaceKeyFactory(scopes=["workplace:read"])

    response = batch(client, key, site, {"people_id": person.pk, "seen_at": NINE})

    assert response.status_code == 403


def test_many_items_cost_no_more_queries_than_one(client, key, site):
    people = UserFactory.create_batch(3, organization=OrganizationFactory())
    items = [{"people_id": one.pk, "seen_at": NINE} for one in people]

    def queries(*wanted: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            told(batch(client, key, site, *wanted))
        return len(captured)

    queries(items[0])
    assert queries(items[0]) == queries(*items)
