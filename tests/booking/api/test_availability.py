"""GET /api/availability. Source: public-api, sections 5 and 7."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
MONDAY = {"from": "2030-01-07", "to": "2030-01-08"}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2030, 1, 7, hour, minute, tzinfo=dt.UTC)


def asked(client, *, token=None, **query):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get("/api/availability", query, headers=headers)


def entry(client, room, **query):
    response = asked(client, room=room.pk, **{**MONDAY, **query})
    assert response.status_code == 200, response.content
    [found] = response.json()["data"]
    return found


def test_free_and_busy_time_of_a_day(client):
    room = RoomFactory(slot_week="09:00-12:00", step_duration=60, price_per_hour=Decimal(20))
    MeetingFactory(room=room, starts_at=at(9))
    MeetingFactory(room=room, starts_at=at(10), pending=True)

    response = asked(client, room=room.pk, **MONDAY)

    assert response.json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "roomId": room.pk,
                "timeZone": "Europe/Paris",
                "from": "2030-01-06T23:00:00Z",
                "to": "2030-01-07T23:00:00Z",
                "busy": [
                    {
                        "start": "2030-01-06T23:00:00Z",
                        "end": "2030-01-07T08:00:00Z",
                        "kind": "closed",
                    },
                    {
                        "start": "2030-01-07T09:00:00Z",
                        "end": "2030-01-07T10:00:00Z",
                        "kind": "meeting",
                    },
                    {
                        "start": "2030-01-07T10:00:00Z",
                        "end": "2030-01-07T11:00:00Z",
                        "kind": "hold",
                    },
                    {
                        "start": "2030-01-07T11:00:00Z",
                        "end": "2030-01-07T23:00:00Z",
                        "kind": "closed",
                    },
                ],
                "bookable": [{"start": "2030-01-07T08:00:00Z", "end": "2030-01-07T09:00:00Z"}],
            }
        ],
    }


def test_token_shows_prices(client):
    room = RoomFactory(slot_week="09:00-10:00", price_per_hour=Decimal("37.5"))

    response = asked(client, token=ApiTokenFactory().plain, room=room.pk, **MONDAY)

    assert response.json()["data"][0]["bookable"] == [
        {"start": "2030-01-07T08:00:00Z", "end": "2030-01-07T09:00:00Z", "price": 37.5}
    ]


def test_block_is_busy(client):
    room = RoomFactory(slot_week="09:00-10:00")
    BlockFactory(room=room, starts_at=at(8), ends_at=at(9))

    found = entry(client, room)

    assert [busy["kind"] for busy in found["busy"]] == ["closed", "block", "closed"]
    assert found["bookable"] == []


@pytest.mark.parametrize(
    ("duration", "starts"),
    [
        ("60", ["08:00", "08:30", "09:00"]),
        ("90", ["08:00", "08:30"]),
        ("120", ["08:00"]),
        ("150", []),
        ("30", []),
        ("75", []),
    ],
    ids=["hour", "longer", "all of it", "too long", "below minimum", "off step"],
)
def test_bookable_starts_are_those_a_booking_of_that_length_may_have(client, duration, starts):
    room = RoomFactory(slot_week="09:00-11:00", min_duration=60, max_duration=480, step_duration=30)

    found = entry(client, room, duration=duration)

    assert [slot["start"][11:16] for slot in found["bookable"]] == starts


def test_nothing_past_is_bookable(client):
    room = RoomFactory(slot_week="09:00-18:00", step_duration=60)

    found = entry(client, room, **{"from": "2030-01-02", "to": "2030-01-03"})

    assert [slot["start"][11:16] for slot in found["bookable"]] == [
        "12:00",
        "13:00",
        "14:00",
        "15:00",
        "16:00",
    ]


def test_slot_that_leaves_the_window_is_not_listed(client):
    room = RoomFactory(slot_week="09:00-12:00", step_duration=60)

    found = entry(client, room, **{"from": "2030-01-07T08:00:00Z", "to": "2030-01-07T09:30:00Z"})

    assert [slot["start"][11:16] for slot in found["bookable"]] == ["08:00"]


def test_closed_time_is_explained(client):
    site = SiteFactory()
    room = RoomFactory(site=site, slot_week="09:00-12:00", step_duration=60)
    MeetingFactory(room=room, starts_at=at(8))
    ClosureFactory(site=site, starts_at=at(9), ends_at=at(10))

    found = entry(client, room, explain="1")

    told = [
        (closed["start"][11:16], [violation["code"] for violation in closed["violations"]])
        for closed in found["closed"]
    ]
    assert told == [
        ("23:00", ["CLOSED_TIME"]),
        ("08:00", ["SLOT_TAKEN"]),
        ("09:00", ["CLOSED_TIME"]),
        ("11:00", ["CLOSED_TIME"]),
    ]
    assert found["closed"][1]["violations"] == [
        {
            "code": "SLOT_TAKEN",
            "message": "This room is already booked for the requested time",
            "since": "2030-01-07T08:00:00Z",
            "until": "2030-01-07T09:00:00Z",
            "earliestOk": None,
        }
    ]


def test_past_is_explained(client):
    room = RoomFactory(slot_week="00:00-24:00")

    found = entry(client, room, explain="1", **{"from": "2030-01-02", "to": "2030-01-03"})

    assert found["closed"][0]["start"] == "2030-01-01T23:00:00Z"
    assert found["closed"][0]["end"] == "2030-01-02T12:00:00Z"
    assert found["closed"][0]["violations"][0]["code"] == "IN_THE_PAST"


def test_site_lists_its_rooms_by_the_hour_by_name(client):
    site = SiteFactory()
    second = RoomFactory(site=site, name="B")
    first = RoomFactory(site=site, name="A")
    RoomFactory(site=site, name="Office", office=True)
    RoomFactory(name="Elsewhere")

    response = asked(client, site=site.pk, **MONDAY)

    assert [room["roomId"] for room in response.json()["data"]] == [first.pk, second.pk]


def test_site_without_a_room_by_the_hour_is_an_empty_list(client):
    site = SiteFactory()
    RoomFactory(site=site, office=True)

    assert asked(client, site=site.pk, **MONDAY).json()["data"] == []


@pytest.mark.parametrize("hidden", [{"type": "privateMeeting"}, {"site__is_public": False}])
def test_hidden_room_shows_with_a_token_only(client, hidden):
    room = RoomFactory(**hidden)

    without = asked(client, room=room.pk, **MONDAY)
    with_token = asked(client, token=ApiTokenFactory().plain, room=room.pk, **MONDAY)

    assert (without.status_code, without.json()) == (
        404,
        {"retcode": -1, "message": "Room not found"},
    )
    assert with_token.status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ({}, 400, "Missing required parameter: room"),
        ({"room": "nope"}, 400, "Invalid room ID format"),
        ({"site": "nope"}, 400, "Invalid site ID format."),
        ({"room": "5f00000000000000000000ff", **MONDAY}, 404, "Room not found"),
        ({"site": "5f00000000000000000000ff", **MONDAY}, 404, "Site not found"),
    ],
)
def test_bad_room_or_site_is_refused(client, query, status, message):
    response = asked(client, **query)

    assert (response.status_code, response.json()) == (status, {"retcode": -1, "message": message})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"to": "2030-01-08"}, "Missing required parameter: from"),
        ({"from": "2030-01-08"}, "Missing required parameter: to"),
        ({"from": "2030-01-08", "to": "2030-01-08"}, "Invalid to: must be after from"),
        ({"from": "2030-01-07", "to": "2030-02-08"}, "At most 31 days per call"),
        ({**MONDAY, "duration": "1441"}, "Invalid duration: must be at most 1440"),
        (
            {"from": "2030-03-31T02:30:00", "to": "2030-04-01"},
            "Invalid from: this local time does not exist",
        ),
    ],
)
def test_bad_window_is_refused(client, query, message):
    response = asked(client, room=RoomFactory().pk, **query)

    assert (response.status_code, response.json()) == (400, {"retcode": -1, "message": message})


def test_31_days_over_a_clock_change_are_allowed(client):
    response = asked(client, room=RoomFactory().pk, **{"from": "2030-10-10", "to": "2030-11-10"})

    assert response.status_code == 200


def test_more_than_100_rooms_are_refused(client):
    site = SiteFactory()
    for _ in range(101):
        RoomFactory(site=site)

    response = asked(client, site=site.pk, **MONDAY)

    assert (response.status_code, response.json()["message"]) == (400, "At most 100 rooms per call")


@pytest.mark.parametrize("rooms", [1, 3])
def test_any_number_of_rooms_takes_two_queries(client, rooms):
    site = SiteFactory()
    for _ in range(rooms):
        MeetingFactory(room=RoomFactory(site=site), starts_at=at(10))

    with CaptureQueriesContext(connection) as queries:
        asked(client, site=site.pk, **MONDAY)

    assert len(queries) == 2
