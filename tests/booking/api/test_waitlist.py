"""POST and DELETE /api/waitlist. Source: public-api, section 5."""

import datetime as dt

import pytest
import time_machine

from booking.models import WaitlistEntry
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
URL = "/api/waitlist"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def token():
    return ApiTokenFactory()


@pytest.fixture
def room():
    return RoomFactory(name="Salon", site__time_zone="Europe/Paris")


@pytest.fixture
def body(room):
    return {
        "room": room.id,
        "from": "2030-01-07T09:00:00",
        "to": "2030-01-07T18:00:00",
        "duration": 120,
        "people": 4,
        "contactEmail": "Jean@Acme.example",
    }


@pytest.fixture
def post(client, token):
    def _post(body, headers=token.header):
        return client.post(URL, body, content_type="application/json", headers=headers)

    return _post


def refused(answer, status, message):
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_joining_answers_with_a_place(post, body, room, token):
    answer = post(body)

    entry = WaitlistEntry.objects.get()
    assert answer.json() == {
        "retcode": 200,
        "status": "WAITING",
        "message": "You are on the waiting list. We write as soon as a fitting slot frees.",
        "data": {"waitlistId": entry.id, "position": 1},
    }
    assert (entry.room, entry.site, entry.contact_email) == (room, room.site, "jean@acme.example")
    assert entry.starts_at == dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
    assert (entry.duration_minutes, entry.attendees, entry.language) == (120, 4, "fr")
    assert (entry.status, entry.api_token) == ("waiting", token)
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == ("waitlist_joined", "jean@acme.example")
    assert mail.context["link"] == {"purpose": "leave-waitlist", "subject": entry.id}


def test_the_position_counts_those_who_may_take_the_same_slot(post, body, room, clock):
    minute = dt.timedelta(minutes=1)
    site = room.site
    WaitlistEntryFactory(room=room, starts_at=NOW, ends_at=NOW + dt.timedelta(hours=1))
    WaitlistEntryFactory(room=RoomFactory(site=site))
    WaitlistEntryFactory(room=room, status="left")
    assert post(body).json()["data"]["position"] == 1

    WaitlistEntryFactory(room=None, site=site, created_at=NOW + minute)
    clock.shift(2 * minute)
    other = post(body | {"contactEmail": "other@acme.example"})
    clock.shift(minute)
    anywhere = post(body | {"room": None, "site": site.id, "contactEmail": "c@acme.example"})

    assert other.json()["data"]["position"] == 3
    assert anywhere.json()["data"]["position"] == 5


def test_the_same_wish_has_one_place(post, body):
    first, second = post(body).json(), post(body).json()

    assert first == second
    assert WaitlistEntry.objects.count() == OutgoingEmail.objects.count() == 1
    assert post(body | {"duration": 60}).json()["data"]["waitlistId"] != first["data"]["waitlistId"]


def test_a_dry_run_leaves_nothing(post, body):
    answer = post(body | {"dryRun": True}).json()

    assert answer["data"] == {"waitlistId": None, "position": 1}
    assert answer["dryRun"] is True
    assert WaitlistEntry.objects.count() == OutgoingEmail.objects.count() == 0


def test_archived_accounts_are_told(post, body):
    UserFactory(email="jean@acme.example", archived=True)

    answer = post(body).json()

    assert (answer["retcode"], answer["status"], answer["data"]) == (200, "ARCHIVED", None)
    assert WaitlistEntry.objects.count() == 0


def test_missing_and_malformed(post, body):
    refused(post(body | {"room": None}), 400, "Missing required parameter: room")
    for name in ("from", "to", "duration", "contactEmail"):
        refused(post(body | {name: None}), 400, f"Missing required parameter: {name}")
    refused(post(body | {"room": "x"}), 400, "Room not found")
    refused(post(body | {"room": "0" * 24}), 404, "Room not found")
    refused(post(body | {"room": None, "site": "x"}), 400, "Invalid site ID format.")
    refused(post(body | {"room": None, "site": "0" * 24}), 404, "Site not found")
    refused(post(body | {"contactEmail": "x"}), 400, "Invalid email format")
    refused(post(body | {"duration": "60"}), 400, "Invalid duration: must be a number")
    refused(post(body | {"duration": 1441}), 400, "Invalid duration: must be at most 1440")
    refused(post(body | {"people": 0}), 400, "Invalid people: must be at least 1")


def test_rooms_that_cannot_be_booked_cannot_be_waited_for(post, body):
    private = RoomFactory(type="privateMeeting")
    hidden = RoomFactory(site=SiteFactory(hidden=True))
    office = RoomFactory(office=True)
    message = "This room is not available for public booking"

    refused(post(body | {"room": private.id}), 400, message)
    refused(post(body | {"room": hidden.id}), 400, message)
    refused(post(body | {"room": office.id}), 400,
            "Office spaces require a rental contract. Please register.")  # fmt: skip
    refused(post(body | {"room": None, "site": hidden.site_id}), 404, "Site not found")


def test_the_time_waited_for_has_its_borders(post, body):
    enough = post(body | {"to": "2030-01-07T11:00:00"})
    short = post(body | {"to": "2030-01-07T10:59:00"})

    assert enough.status_code == 200
    refused(short, 400, "Invalid to: must be at least the duration after from")
    assert post(body | {"to": "2030-02-07T09:00:00"}).status_code == 200
    refused(post(body | {"to": "2030-02-08"}), 400, "At most 31 days per call")
    refused(
        post(body | {"from": "2030-01-02T09:00:00Z", "to": "2030-01-02T14:00:00Z"}),
        400,
        "Cannot book meetings for past dates",
    )
    assert (
        post(body | {"from": "2030-01-02T09:00:00Z", "to": "2030-01-02T14:01:00Z"}).status_code
        == 200
    )


def test_broken_rules_are_told(post, body):
    answer = post(body | {"duration": 45, "people": 9})

    refused(answer, 400, "Duration must be between 60 and 480 minutes")
    assert [one["code"] for one in answer.json()["data"]["violations"]] == [
        "DURATION_OUT_OF_RANGE",
        "DURATION_STEP",
        "TOO_MANY_PEOPLE",
    ]


def test_nobody_waits_in_vain_at_a_site(post, body, room):
    anywhere = body | {"room": None, "site": room.site_id}
    message = "No room of this site takes a meeting of that size and duration"

    assert post(anywhere | {"people": 8, "duration": 480}).status_code == 200
    refused(post(anywhere | {"people": 9}), 400, message)
    refused(post(anywhere | {"duration": 510}), 400, message)


def test_an_address_has_ten_places_at_most(post, body):
    for day in range(7, 17):
        values = {"from": f"2030-01-{day:02d}T09:00", "to": f"2030-01-{day:02d}T12:00"}
        assert post(body | values).status_code == 200

    answer = post(body | {"from": "2030-01-20T09:00", "to": "2030-01-20T12:00"})

    refused(answer, 409, "Too many waiting-list places for this e-mail")


def test_leaving(client, post, body, token):
    place = post(body).json()["data"]["waitlistId"]

    for _ in range(2):
        answer = client.delete(f"{URL}?waitlistId={place.upper()}", headers=token.header)
        assert answer.json() == {
            "retcode": 200,
            "status": "LEFT",
            "message": "You have left the waiting list.",
            "data": {"waitlistId": place},
        }
    assert WaitlistEntry.objects.get().status == "left"
    assert post(body).json()["data"]["waitlistId"] != place


def test_leaving_by_a_body(client, post, body, token):
    place = post(body).json()["data"]["waitlistId"]

    answer = client.delete(
        URL, {"waitlistId": place}, content_type="application/json", headers=token.header
    )

    assert answer.json()["status"] == "LEFT"


def test_another_ones_place_is_like_none(client, post, body):
    company = OrganizationFactory()
    UserFactory(email="jean@acme.example", organization=company)
    place = post(body).json()["data"]["waitlistId"]
    own = ApiTokenFactory(owner=UserFactory(organization=company, api_role="api-developer"))
    staff = ApiTokenFactory(owner__app_admin=True)

    def leave(token, id_=place):
        return client.delete(f"{URL}?waitlistId={id_}", headers=token.header)

    for stranger in (
        ApiTokenFactory(),
        ApiTokenFactory(owner=UserFactory(api_role="api-developer")),
    ):
        refused(leave(stranger), 404, "Waiting-list entry not found")
        refused(leave(stranger, "0" * 24), 404, "Waiting-list entry not found")
    refused(leave(own, "x"), 400, "Invalid waitlistId format")
    refused(leave(own, ""), 400, "Missing required parameter: waitlistId")
    assert leave(own).status_code == 200
    assert leave(staff).status_code == 200


def test_the_token_needs_its_scope(client, post, body):
    reader = ApiTokenFactory(scopes=["read"])

    refused(
        post(body, headers=reader.header),
        403,
        "Forbidden: this token lacks the scope bookings:write",
    )
    answer = client.delete(f"{URL}?waitlistId={'0' * 24}", headers=reader.header)
    assert answer.status_code == 403
    assert post(body, headers={}).status_code == 401
