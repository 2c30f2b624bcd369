"""The waiting list on the website."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from booking.models import RefusedDemand, WaitlistEntry
from config import links
from config.links import Purpose
from organizations.domain import mail_messages
from organizations.models import OutgoingEmail
from tests.factories.booking import BlockFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
TYPED = {
    "day": "2030-01-07",
    "start": "09:00",
    "end": "12:00",
    "duration": "60",
    "people": "2",
    "contact_email": "jean@acme.example",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def room():
    return RoomFactory(name="Salon", site__name="Quay")


def test_the_rooms_page_leads_to_the_form(client, room):
    page = client.get(f"/rooms/{room.id}/").content.decode()

    assert f"/waitlist/?room={room.id}&amp;duration=60" in page
    form = client.get(f"/waitlist/?room={room.id}&duration=90&day=2030-01-07").content.decode()
    assert "Salon, Quay" in form
    assert 'value="2030-01-07"' in form
    assert '<option value="90" selected' in form


def test_a_search_without_result_leads_to_the_form_of_its_site(client, room):
    BlockFactory(
        room=room,
        starts_at=dt.datetime(2030, 1, 7, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 8, tzinfo=dt.UTC),
    )
    asked = f"/find/?where={room.site_id}&day=2030-01-07&duration=60&people=2"

    page = client.get(asked).content.decode()

    link = f"/waitlist/?site={room.site_id}&amp;duration=60&amp;people=2&amp;day=2030-01-07"
    assert link in page
    assert "Any room at Quay" in client.get(link.replace("&amp;", "&")).content.decode()
    assert "/waitlist/" not in client.get("/find/?where=FR&day=2030-01-07").content.decode()
    nothing = client.get(f"/find/?where={room.site_id}&people=99").content.decode()
    assert "/waitlist/" not in nothing
    with_video = client.get(f"{asked}&equipment=video").content.decode()
    assert "/waitlist/" not in with_video


@pytest.mark.parametrize("known", ["unknown", "known", "archived"])
def test_joining_answers_alike_for_every_address(client, room, known):
    if known != "unknown":
        UserFactory(email="jean@acme.example", archived=known == "archived")

    answer = client.post(f"/waitlist/?room={room.id}", TYPED)

    assert (answer.status_code, answer["Location"]) == (302, "/waitlist/joined/")
    assert client.get("/waitlist/joined/").status_code == 200
    assert WaitlistEntry.objects.count() == (known != "archived")


def test_the_place_is_what_was_typed(client, room):
    client.post(f"/fr/waitlist/?room={room.id}", TYPED)

    entry = WaitlistEntry.objects.get()
    assert (entry.room, entry.site) == (room, room.site)
    assert entry.starts_at == dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
    assert entry.ends_at == dt.datetime(2030, 1, 7, 11, 0, tzinfo=dt.UTC)
    assert (entry.language, entry.contact_email) == ("fr", "jean@acme.example")


def test_a_member_gives_no_address(room):
    person = UserFactory()
    client = Client()
    client.force_login(person, backend=BACKEND)

    assert person.email in client.get(f"/waitlist/?room={room.id}").content.decode()
    client.post(f"/waitlist/?room={room.id}", TYPED | {"contact_email": "other@acme.example"})

    assert WaitlistEntry.objects.get().contact_email == person.email


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"end": "09:00"}, "This must be after the beginning."),
        ({"end": "09:30"}, "This time is too short for the meeting, or already over."),
        ({"day": "2030-01-01"}, "This time is too short for the meeting, or already over."),
        ({"day": "9999-12-31"}, "No booking is that far away."),
        ({"people": "9"}, "This room holds at most 8 persons."),
        ({"contact_email": "x"}, "Enter a valid email address."),
        ({"duration": "17"}, "Select a valid choice."),
    ],
)
def test_refusals_stand_at_the_form(client, room, change, sentence):
    answer = client.post(f"/waitlist/?room={room.id}", TYPED | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert WaitlistEntry.objects.count() == 0


def test_nobody_waits_in_vain(client, room):
    answer = client.post(f"/waitlist/?site={room.site_id}", TYPED | {"people": "9"})

    assert answer.status_code == 422
    assert (
        "No room of this site takes a meeting of that size and length." in answer.content.decode()
    )


@pytest.mark.parametrize("query", ["", "?room=x", "?site=x", "?site=" + "0" * 24])
def test_nowhere_is_not_found(client, query):
    assert client.get(f"/waitlist/{query}").status_code == 404


def test_private_rooms_are_not_shown(client):
    room = RoomFactory(type="privateMeeting")

    assert client.get(f"/waitlist/?room={room.id}").status_code == 404


def test_leaving_by_the_link_takes_the_button(client, room):
    entry = WaitlistEntryFactory(room=room)
    path = f"/waitlist/k/{links.key(Purpose.LEAVE_WAITLIST, entry.id)}/"

    page = client.get(path)

    assert page.status_code == 200
    assert "Salon" in page.content.decode()
    assert WaitlistEntry.objects.get().is_waiting
    assert client.post(path).status_code == 302
    assert WaitlistEntry.objects.get().status == "left"
    assert "You are no longer on this waiting list." in client.get(path).content.decode()
    foreign = links.key(Purpose.MANAGE_BOOKING, entry.id)
    assert client.get(f"/waitlist/k/{foreign}/").status_code == 404


def test_the_mail_names_the_place_and_the_link(client, room):
    client.post(f"/waitlist/?room={room.id}", TYPED | {"contact_name": "Jean"})

    message = mail_messages.write(OutgoingEmail.objects.get())

    assert message.subject == "On the waiting list: Salon"
    assert "Salon, Quay" in message.body
    assert "Monday 7 January 2030, 09:00–12:00 (60 minutes)" in message.body
    assert "/waitlist/k/" in message.body


def test_a_search_of_the_website_without_result_is_counted(client, room):
    client.get(f"/find/?where={room.site_id}&day=2030-01-12&duration=60&people=3")
    client.get("/find/?people=99")
    client.get(f"/find/?where={room.site_id}&day=2030-01-07&duration=60&people=3")

    rows = list(RefusedDemand.objects.order_by("id").values())
    assert [(row["site_id"], row["attendees"], row["price"]) for row in rows] == [
        (room.site_id, 3, 20),
        (None, 99, None),
    ]
    assert rows[0]["starts_at"] == dt.datetime(2030, 1, 12, tzinfo=dt.UTC)
