"""GET /api/changes. Source: public-api, sections 5 and 7, `changes`; safety, S-11."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apitokens.domain import publishing
from tests.factories.apitokens import ApiTokenFactory, EventFactory
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def ask(token, **params):
    return Client().get("/api/changes", params, headers=token.header)


def seen(token, **params):
    body = ask(token, **params).json()
    assert body["retcode"] == 1, body
    return [entry["id"] for entry in body["data"]], body["nextCursor"]


def happened(minutes=0, **values):
    return EventFactory(at=NOW - dt.timedelta(days=1) + minutes * MINUTE, **values)


def test_an_event_as_it_is_told():
    event = happened(data={"roomId": "5f", "fee": "0"})

    body = ask(ApiTokenFactory()).json()

    assert body == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "id": event.pk,
                "type": "meeting.confirmed",
                "at": "2030-01-06T09:00:00Z",
                "object": {"kind": "meeting", "id": "5f0000000000000000000001"},
                "data": {"roomId": "5f", "fee": "0"},
            }
        ],
        "nextCursor": body["nextCursor"],
    }


def test_one_after_the_other_until_there_is_nothing():
    events = [happened(number).pk for number in range(5)]
    token, read, cursor = ApiTokenFactory(), [], ""

    for size in (2, 2, 1, 0, 0):
        found, cursor = seen(token, cursor=cursor, limit=2)
        assert len(found) == size
        read += found
    assert read == events

    late = happened(-60).pk
    assert seen(token, cursor=cursor)[0] == [late]


def test_latest_begins_at_the_end():
    happened()
    token = ApiTokenFactory()

    found, cursor = seen(token, cursor="latest")
    new = happened()

    assert found == []
    assert seen(token, cursor=cursor)[0] == [new.pk]


def test_an_empty_feed_has_a_cursor_too():
    token = ApiTokenFactory()
    found, cursor = seen(token)
    event = happened()

    assert found == []
    assert seen(token, cursor=cursor)[0] == [event.pk]


@pytest.mark.parametrize(
    "cursor", ["x", "1", "-", "1-", "g-1", "1-" + "f" * 10, "1" * 16 + "-70db0000", "1-2-3"]
)
def test_cursor_that_is_none(cursor):
    response = ask(ApiTokenFactory(), cursor=cursor)

    assert (response.status_code, response.json()["message"]) == (400, "Invalid cursor")


def test_cursor_is_good_for_30_days(clock):
    happened()
    token = ApiTokenFactory()
    _, cursor = seen(token)

    clock.move_to(NOW + dt.timedelta(days=30))
    assert seen(token, cursor=cursor)[0] == []
    clock.shift(1)
    response = ask(token, cursor=cursor)

    assert response.status_code == 400
    assert response.json()["message"] == (
        "Invalid cursor: older than 30 days, begin again without it"
    )


def test_events_are_told_for_30_days(clock):
    event = happened()
    token = ApiTokenFactory()

    clock.move_to(event.at + dt.timedelta(days=30) - dt.timedelta(seconds=1))
    assert seen(token)[0] == [event.pk]
    clock.shift(1)
    assert seen(token)[0] == []


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("0", "Invalid limit: must be at least 1"),
        ("501", "Invalid limit: must be at most 500"),
        ("x", "Invalid limit: must be a number"),
        ("1.5", "Invalid limit: must be a whole number"),
    ],
)
def test_limit_out_of_bounds(limit, message):
    response = ask(ApiTokenFactory(), limit=limit)

    assert (response.status_code, response.json()["message"]) == (400, message)


def test_a_token_sees_what_its_owner_may_see():
    company, other = OrganizationFactory(), OrganizationFactory()
    developer = UserFactory(organization=company, api_role="api-developer")
    own, foreign, mine, room, nobodys = (
        happened(number, **values)
        for number, values in enumerate(
            [
                {"organization": company},
                {"organization": other},
                {"organization": other, "people": [developer.pk]},
                {"type": "room.changed", "object_kind": "room"},
                {},
            ]
        )
    )
    everything = [event.pk for event in (own, foreign, mine, room, nobodys)]
    staff = UserFactory(organization=company, api_role="app-admin")

    assert seen(ApiTokenFactory(owner=developer))[0] == [own.pk, mine.pk, room.pk]
    assert seen(ApiTokenFactory())[0] == everything
    assert seen(ApiTokenFactory(owner=staff))[0] == everything


def test_cursor_moves_past_what_may_not_be_seen():
    developer = UserFactory(api_role="api-developer")
    token = ApiTokenFactory(owner=developer)
    _, before = seen(token)
    happened(organization=OrganizationFactory())

    _, after = seen(token, cursor=before)

    assert after != before


def test_needs_a_token_with_read():
    response = Client().get("/api/changes")
    assert response.status_code == 401

    response = ask(ApiTokenFactory(scopes=["bookings:write"]))
    assert (response.status_code, response.json()["message"]) == (
        403,
        "Forbidden: this token lacks the scope read",
    )


def test_questions_to_the_database_do_not_grow():
    token = ApiTokenFactory()

    def queries():
        publishing.publish(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            ask(token)
        return [query["sql"] for query in captured.captured_queries if "event" in query["sql"]]

    ask(token)
    happened()
    one = queries()
    happened()
    happened()

    assert len(queries()) == len(one) == 3
