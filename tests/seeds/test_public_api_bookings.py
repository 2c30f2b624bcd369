"""Every example of POST /api/meeting-request in the Public API's document, word for word.

It is the morning of 2025-11-03 in Dublin, two days before the document's meeting.
Source: Public API, POST /api/meeting-request.
"""

import datetime as dt

import pytest
import time_machine

from booking.models import Meeting
from organizations.models import User
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db

ROOM_A = "507f191e810c19729de860ea"
EXAMPLE = {
    "contactEmail": "jean.dupont@acme.com",
    "contactName": "Jean Dupont",
    "bookedRoom": "507f191e810c19729de860ea",
    "bookedAt": "2025-11-05T14:00:00Z",
    "duration": 60,
    "bookedUser": 4,
    "name": "Quarterly Review",
    "description": "Q4 2025 team meeting",
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(dt.datetime(2025, 11, 3, 10, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def post(client):
    RoomFactory(
        id=ROOM_A, name="Meeting Room A", site__country="IE", site__time_zone="Europe/Dublin"
    )
    header = ApiTokenFactory().header

    def _post(**changes):
        return client.post(
            "/api/meeting-request",
            EXAMPLE | changes,
            content_type="application/json",
            headers=header,
        )

    return _post


def test_an_existing_user_is_accepted(post):
    UserFactory(email="jean.dupont@acme.com")

    answer = post()

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "retcode": 200,
            "status": "ACCEPTED",
            "message": "Your booking has been confirmed.",
            "data": {
                "meetingId": Meeting.objects.get().id,
                "roomName": "Meeting Room A",
                "bookedDate": "2025-11-05",
                "bookedTime": "14:00-15:00",
                "duration": 60,
            },
        },
    )


def test_a_new_user_has_to_register(post):
    answer = post()

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "retcode": 200,
            "status": "REQUEST_ACCEPTED",
            "message": (
                "Your meeting request has been received. "
                "Please complete your registration to confirm the booking."
            ),
            "data": {
                "meetingRequestId": Meeting.objects.get().id,
                "userId": User.objects.get(email="jean.dupont@acme.com").id,
                "roomName": "Meeting Room A",
                "requestedDate": "2025-11-05",
                "requestedTime": "14:00-15:00",
                "duration": 60,
            },
        },
    )


def test_an_archived_user_has_to_contact_an_administrator(post):
    UserFactory(email="jean.dupont@acme.com", archived=True)

    answer = post()

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "retcode": 200,
            "status": "ARCHIVED",
            "message": (
                "Your account is no longer valid. Please contact an administrator to restore it."
            ),
            "data": None,
        },
    )
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("booked_at", "message"),
    [
        ("2025-11-03T14:00:00Z", "Cannot book meetings for today or past dates"),
        ("2025-10-31T14:00:00Z", "Cannot book meetings for today or past dates"),
        ("2025-11-04T14:00:00Z", "Meetings must be booked at least 2 days in advance"),
    ],
)
def test_too_soon_for_a_new_user(post, booked_at, message):
    answer = post(bookedAt=booked_at)

    told = answer.json()
    assert (answer.status_code, told["retcode"], told["message"]) == (400, -1, message)
    assert not Meeting.objects.exists()


def test_past_dates_for_an_existing_user(post):
    UserFactory(email="jean.dupont@acme.com")

    answer = post(bookedAt="2025-10-31T14:00:00Z")

    told = answer.json()
    assert (answer.status_code, told["retcode"]) == (400, -1)
    assert told["message"] == "Cannot book meetings for past dates"
    assert not Meeting.objects.exists()


def test_an_existing_user_may_book_for_today(post):
    UserFactory(email="jean.dupont@acme.com")

    assert post(bookedAt="2025-11-03T14:00:00Z").json()["status"] == "ACCEPTED"


def test_a_room_that_is_not_public(post):
    room = RoomFactory(type="privateMeeting")

    answer = post(bookedRoom=room.id)

    assert (answer.status_code, answer.json()) == (
        400,
        {"retcode": -1, "message": "This room is not available for public booking"},
    )


@pytest.mark.parametrize(("room", "status"), [("0" * 24, 404), ("nonsense", 400)])
def test_an_invalid_room(post, room, status):
    answer = post(bookedRoom=room)

    assert (answer.status_code, answer.json()) == (
        status,
        {"retcode": -1, "message": "Room not found"},
    )
