"""PUT /allocations. Source: Workplace API; workplace-api, sections 0, 7 and 13."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from booking.models import Meeting, Reservation
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from workplace.models import Allocation, AllocationSpace

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/allocations"
NOW = "2030-01-03T10:00:00Z"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


@pytest.fixture
def row() -> Allocation:
    return make.AllocationFactory(seats=4, external_id="A-1", is_locked=True)


def put(client: Client, key, *items: object, **headers: str):
    body = {"allocations": list(items)}
    return client.put(
        PATH, body, content_type="application/json", headers={**key.header, **headers}
    )


def problems(response) -> list[tuple[str, str]]:
    return [(each["path"], each["message"]) for each in response.json()["error"]["details"]]


def codes(response) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in response.json()["error"]["details"]]


def test_what_is_not_named_stays(client, key, row):
    response = put(client, key, {"_id": row.id, "seats": 6})

    assert response.status_code == 200
    assert response.json()["identifier"] == "update_allocations_successful"
    (shown,) = response.json()["data"]["allocations"]
    assert (shown["seats"], shown["external_id"], shown["zone_id"]) == (6, "A-1", row.zone_id)
    assert (shown["version"], shown["updated_at"]) == (2, NOW)
    assert (shown["source"], shown["locked"]) == ("API", True)


def test_null_resets(client, key, row):
    make.TeamForecastFactory(team=row.team, site=row.site, forecast_inc=7)

    response = put(
        client, key, {"_id": row.id, "seats": None, "external_id": None, "zone_id": None}
    )

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["seats"], shown["external_id"], shown["zone_id"]) == (7, None, None)


@pytest.mark.parametrize("name", ["location_id", "starts_at", "ends_at", "type", "locked"])
def test_what_every_allocation_has_is_not_reset(client, key, row, name):
    response = put(client, key, {"_id": row.id, name: None})

    assert problems(response) == [(f"allocations[0].{name}", "must not be null")]


def test_a_hand_on_an_evolutions_row_keeps_it_from_the_next_one(client, key):
    row = make.AllocationFactory(seats=4, source="EVOLUTION")

    response = put(client, key, {"_id": row.id, "seats": 5})

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["source"], shown["locked"]) == ("MANUAL", True)


def test_locking_alone_is_a_hand_on_it_too(client, key):
    row = make.AllocationFactory(seats=4, source="EVOLUTION")

    put(client, key, {"_id": row.id, "locked": True})

    row.refresh_from_db()
    assert (row.source, row.is_locked) == ("MANUAL", True)


def test_a_patch_that_changes_nothing_leaves_the_row(client, key):
    row = make.AllocationFactory(seats=4, source="EVOLUTION")

    response = put(client, key, {"_id": row.id, "seats": 4, "zone_id": row.zone_id})

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["source"], shown["locked"], shown["version"]) == ("EVOLUTION", False, 1)


def test_the_layer_follows_the_zone(client, key, row):
    zone = make.ZoneFactory(site=row.site)

    response = put(client, key, {"_id": row.id, "zone_id": zone.id})

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["zone_id"], shown["layer_id"]) == (zone.id, zone.layer_id)


def test_spaces_are_exchanged_and_their_number_is_the_seats(client, key, row):
    old, new = (make.SpaceFactory(zone=row.zone) for _ in range(2))
    make.AllocationSpaceFactory(allocation=row, space=old)

    response = put(client, key, {"_id": row.id, "spaces": [new.id]})

    (shown,) = response.json()["data"]["allocations"]
    assert (shown["spaces"], shown["seats"]) == ([new.id], 1)
    assert [held.space for held in AllocationSpace.objects.filter(holds=True)] == [new]


def test_a_moved_time_takes_its_spaces_along(client, key, row):
    make.AllocationSpaceFactory(allocation=row, space=make.SpaceFactory(zone=row.zone))
    Allocation.objects.update(seats=1)

    response = put(client, key, {"_id": row.id, "starts_at": "2030-01-07T10:00:00Z"})

    assert response.status_code == 200
    held = AllocationSpace.objects.get()
    assert held.during.lower == dt.datetime(2030, 1, 7, 10, tzinfo=dt.UTC)


def test_an_end_before_the_stored_start_is_refused(client, key, row):
    response = put(client, key, {"_id": row.id, "ends_at": "2030-01-07T08:00:00Z"})

    assert problems(response) == [("allocations[0].ends_at", "must be after starts_at")]


def test_what_is_only_shown_is_ignored_while_it_is_the_same(client, key, row):
    shown = client.get(PATH, headers=key.header).json()["data"]["allocations"][0]

    same = put(client, key, {**shown, "seats": 5})
    other = put(client, key, {"_id": row.id, "zone_name": "Elsewhere", "source": "MANUAL"})

    assert same.status_code == 200
    assert sorted(problems(other)) == [
        ("allocations[0].source", "cannot be written"),
        ("allocations[0].zone_name", "cannot be written"),
    ]


def test_a_header_that_cannot_be_read_is_told_once(client, key, row):
    items = [{"_id": row.id, "seats": 1}, {"_id": make.AllocationFactory().id, "seats": 1}]

    response = put(client, key, *items, **{"If-Unmodified-Since": "yesterday"})

    assert [path for path, _message in problems(response)] == ["If-Unmodified-Since"]


def test_what_was_read_and_sent_back_is_no_change(client, key):
    row = make.AllocationFactory(source="EVOLUTION", seats=2)
    for _ in range(2):
        make.AllocationSpaceFactory(allocation=row, space=make.SpaceFactory(zone=row.zone))
    shown = client.get(PATH, headers=key.header).json()["data"]["allocations"][0]

    (same,) = put(client, key, shown).json()["data"]["allocations"]

    assert same == shown
    assert (same["source"], same["version"]) == ("EVOLUTION", 1)


def test_a_change_beside_what_was_read_moves_nothing_else(client, key, row):
    shown = client.get(PATH, headers=key.header).json()["data"]["allocations"][0]
    assert shown["timezone"] == "Europe/Paris"

    (changed,) = put(client, key, {**shown, "seats": 5}).json()["data"]["allocations"]

    other = {"seats": 5, "version": 2, "updated_at": NOW}
    assert changed == {**shown, **other}


def test_ids_are_needed_known_and_named_once(client, key, row):
    assert problems(put(client, key, {"seats": 1})) == [("allocations[0]._id", "is required")]
    unknown = put(client, key, {"_id": "0" * 24, "seats": 1}, {"_id": "1" * 24, "seats": 1})
    assert unknown.status_code == 404
    assert problems(unknown) == [
        ("allocations[0]._id", "Allocation not found"),
        ("allocations[1]._id", "Allocation not found"),
    ]
    twice = put(client, key, {"_id": row.id, "seats": 1}, {"_id": row.id, "seats": 2})
    assert problems(twice) == [("allocations[1]._id", "stands here twice")]


def test_another_tenants_and_deleted_rows_are_not_found(client, key, row):
    other = WorkplaceKeyFactory(for_organization=True)
    deleted = make.AllocationFactory(deleted_at=make.MADE_AT)

    assert put(client, other, {"_id": row.id, "seats": 1}).status_code == 404
    assert put(client, key, {"_id": deleted.id, "seats": 1}).status_code == 404


@pytest.mark.parametrize(
    ("known", "header", "status"),
    [
        ({"version": 1}, {}, 200),
        ({"version": 2}, {}, 409),
        ({}, {"If-Unmodified-Since": "2030-01-02T09:00:00Z"}, 200),
        ({}, {"If-Unmodified-Since": "2030-01-02T08:59:59Z"}, 409),
        ({}, {"If-Unmodified-Since": "Wed, 02 Jan 2030 09:00:00 GMT"}, 200),
    ],
)
def test_a_row_that_was_changed_since_it_was_read_is_left(client, key, row, known, header, status):
    response = put(client, key, {"_id": row.id, "seats": 5, **known}, **header)

    assert response.status_code == status
    if status == 409:
        assert codes(response) == [("allocations[0]", "stale_version")]
        row.refresh_from_db()
        assert row.seats == 4


def test_a_row_is_no_conflict_with_itself_but_with_others(client, key, row):
    make.AllocationFactory(zone=row.zone, seats=5)

    fits = put(client, key, {"_id": row.id, "seats": 5})
    beyond = put(client, key, {"_id": row.id, "seats": 6})

    assert fits.status_code == 200
    assert codes(beyond) == [("allocations[0].zone_id", "zone_over_capacity")]


def test_one_failing_item_stops_all(client, key, row):
    other = make.AllocationFactory(seats=1)

    put(client, key, {"_id": other.id, "seats": 2}, {"_id": row.id, "seats": 11})

    other.refresh_from_db()
    assert other.seats == 1


# --- rooms ------------------------------------------------------------------------------------


def make_room_row(client: Client, key, **who: str) -> dict:
    room = RoomFactory()
    item = {
        "location_id": room.site_id,
        "room_id": room.id,
        "type": "ROOM",
        "starts_at": "2030-01-07T09:00:00Z",
        "ends_at": "2030-01-07T10:00:00Z",
        **who,
    }
    response = client.post(
        PATH, {"allocations": [item]}, content_type="application/json", headers=key.header
    )
    return response.json()["data"]["allocations"][0]


def test_a_booked_room_moves_with_its_allocation(client, key):
    row = make_room_row(client, key, people_id=UserFactory().id)

    response = put(client, key, {"_id": row["_id"], "ends_at": "2030-01-07T11:00:00Z"})

    assert response.status_code == 200, response.content
    meeting = Meeting.objects.get()
    assert (meeting.duration_minutes, meeting.status) == (120, "confirmed")


def test_a_teams_room_moves_and_gives_the_old_time_back(client, key):
    row = make_room_row(client, key, team_id=make.TeamFactory().id)

    put(client, key, {"_id": row["_id"], "ends_at": "2030-01-07T11:00:00Z"})

    held = Reservation.objects.get(holds=True)
    assert held.blocked.upper == dt.datetime(2030, 1, 7, 11, tzinfo=dt.UTC)
    assert Reservation.objects.filter(holds=False).count() == 1


def test_a_room_that_becomes_seats_is_given_back(client, key):
    row = make_room_row(client, key, people_id=UserFactory().id)

    response = put(client, key, {"_id": row["_id"], "type": "SPACE", "room_id": None, "seats": 1})

    assert response.status_code == 200, response.content
    assert Meeting.objects.get().status == "cancelled"
    assert Allocation.objects.get().meeting is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    client, key, count, django_assert_num_queries
):
    rows = make.AllocationFactory.create_batch(count, zone=make.ZoneFactory(capacity=100), seats=1)
    items = [{"_id": row.id, "seats": 2} for row in rows]
    client.get(PATH, headers=key.header)

    with django_assert_num_queries(QUERIES):
        assert put(client, key, *items).status_code == 200


QUERIES = 24
