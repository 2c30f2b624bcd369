"""Nobody books in somebody else's name unseen, nor fills a calendar. Source: safety, S-16 and S-62."""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from booking.models import Meeting
from config import links
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


def book(room, email: str, token, start: dt.datetime) -> int:
    answer = Client().post(
        "/api/meeting-request",
        {
            "contactEmail": email,
            "bookedRoom": room.id,
            "bookedAt": start.isoformat(),
            "duration": 60,
        },
        content_type="application/json",
        headers=token.header,
    )
    return answer.status_code


def test_visitor_who_types_a_members_address_confirms_nothing() -> None:
    director, room = UserFactory(email="director@acme.example"), RoomFactory()
    form = {
        "duration": "60",
        "people": "2",
        "contact_name": "Director",
        "contact_email": director.email,
        "terms": "on",
    }

    Client().post(f"/book/?room={room.id}&start=2030-01-10T10:00&duration=60", form)

    assert Meeting.objects.get().status == "pending"
    assert OutgoingEmail.objects.get().template == "confirm_booking"


def test_member_is_mailed_a_link_to_cancel_and_the_history_names_the_token() -> None:
    director, room, token = UserFactory(), RoomFactory(), ApiTokenFactory()

    assert book(room, director.email, token, NOW + dt.timedelta(days=3, hours=2)) == 200

    meeting, mail = Meeting.objects.get(), OutgoingEmail.objects.get()
    assert (meeting.status, meeting.api_token_id) == ("confirmed", token.pk)
    assert (mail.template, mail.to_address) == ("booking_confirmed", director.email)
    assert mail.context["link"] == {
        "purpose": links.Purpose.MANAGE_BOOKING,
        "subject": meeting.pk,
    }
    history = apps.get_model("booking", "MeetingEvent").objects.get(pgh_label="insert")
    assert history.pgh_context.metadata["token"] == token.pk


def test_two_hundred_requests_of_one_token_do_not_fill_a_room(settings) -> None:
    room = RoomFactory(slot_week="00:00-24:00", slot_saturday="00:00-24:00")
    token, other = ApiTokenFactory(), ApiTokenFactory()
    settings.MAX_OPEN_REQUESTS_PER_ROOM_AND_TOKEN = 20
    settings.API_THROTTLE = False
    first = NOW + dt.timedelta(days=3)

    def nth(number: int, token) -> int:
        return book(room, f"v{number}@list.example", token, first + dt.timedelta(hours=number))

    assert [nth(number, token) for number in range(25)] == [200] * 20 + [409] * 5
    assert nth(30, other) == 200
    with time_machine.travel(NOW + dt.timedelta(hours=24, seconds=1), tick=False):
        assert nth(31, token) == 200
