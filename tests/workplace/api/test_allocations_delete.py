"""DELETE /allocations. Source: Workplace API; workplace-api, sections 0 and 7."""

import pytest
import time_machine
from django.test import Client

from booking.models import Meeting, Reservation
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from workplace.models import Allocation, AllocationSpace

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/allocations"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2030-01-03T10:00:00Z", tick=False):
        yield


@pytest.fixture
def key():
    return WorkplaceKeyFactory()


def delete(client: Client, key, **body: object):
    return client.delete(PATH, body, content_type="application/json", headers=key.header)


def test_allocations_are_hidden_and_their_spaces_free(client, key):
    held = make.AllocationSpaceFactory()
    row = held.allocation

    response = delete(client, key, allocation_ids=[row.id, row.id, "0" * 24])

    assert response.json() == {
        "success": True,
        "data": {"deleted": 1, "not_found": ["0" * 24]},
        "identifier": "delete_allocations_successful",
    }
    row.refresh_from_db()
    assert (str(row.deleted_at), row.deleted_by, row.version) == (
        "2030-01-03 10:00:00+00:00",
        key,
        2,
    )
    assert not AllocationSpace.objects.get().holds


def test_they_may_be_named_as_objects(client, key):
    row = make.AllocationFactory()

    response = delete(client, key, allocations=[{"_id": row.id}])

    assert response.json()["data"] == {"deleted": 1, "not_found": []}


def test_a_second_time_they_are_not_found(client, key):
    row = make.AllocationFactory(deleted_at=make.MADE_AT)

    response = delete(client, key, allocation_ids=[row.id])

    assert response.json()["data"] == {"deleted": 0, "not_found": [row.id]}


def test_another_tenants_are_not_found(client):
    row = make.AllocationFactory()

    response = delete(client, WorkplaceKeyFactory(for_organization=True), allocation_ids=[row.id])

    assert response.json()["data"] == {"deleted": 0, "not_found": [row.id]}
    assert Allocation.objects.get().deleted_at is None


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "allocation_ids"),
        ({"allocation_ids": "x"}, "allocation_ids"),
        ({"allocation_ids": ["x"]}, "allocation_ids[0]"),
        ({"allocations": [{}]}, "allocations[0]._id"),
        ({"allocation_ids": [], "ids": []}, "ids"),
    ],
)
def test_what_cannot_be_read_is_refused(client, key, body, path):
    response = delete(client, key, **body)

    assert response.status_code == 400
    assert response.json()["error"]["details"][0]["path"] == path


@pytest.mark.parametrize("who", ["people_id", "team_id"])
def test_rooms_are_given_back(client, key, who):
    room = RoomFactory()
    room.parts.add(RoomFactory(site=room.site))
    whose = {"people_id": UserFactory().id, "team_id": make.TeamFactory().id}[who]
    item = {
        "location_id": room.site_id,
        "room_id": room.id,
        "type": "ROOM",
        "starts_at": "2030-01-07T09:00:00Z",
        "ends_at": "2030-01-07T10:00:00Z",
        who: whose,
    }
    made = client.post(
        PATH, {"allocations": [item]}, content_type="application/json", headers=key.header
    ).json()["data"]["allocations"]

    delete(client, key, allocation_ids=[made[0]["_id"]])

    assert Reservation.objects.filter(holds=False).count() == 2
    assert not Reservation.objects.filter(holds=True).exists()
    assert [meeting.status for meeting in Meeting.objects.all()] == (
        ["cancelled"] if who == "people_id" else []
    )


def test_a_meeting_that_has_begun_goes_on(client, key):
    meeting_row = make.AllocationFactory(
        type="ROOM", zone=None, layer=None, room=RoomFactory(), site=make.SiteFactory()
    )
    meeting = MeetingFactory(
        room=meeting_row.room, starts_at=make.NINE, ends_at=make.SIX, status="confirmed"
    )
    Allocation.objects.update(meeting=meeting)

    with time_machine.travel(make.NINE, tick=False):
        response = delete(client, key, allocation_ids=[meeting_row.id])

    assert response.json()["data"]["deleted"] == 1
    meeting.refresh_from_db()
    assert meeting.status == "confirmed"


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    client, key, count, django_assert_num_queries
):
    rows = make.AllocationFactory.create_batch(count)
    client.get(PATH, headers=key.header)

    with django_assert_num_queries(QUERIES):
        delete(client, key, allocation_ids=[row.id for row in rows])


QUERIES = 10
