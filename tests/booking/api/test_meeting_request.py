"""POST /api/meeting-request: every scenario and refusal of the document.

The clock stands on Monday 2025-11-03, 10:00 in Dublin (which is UTC in winter).
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from apitokens.models import Event
from booking.models import Meeting, Reservation
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail, User
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.demand import BookingLimitFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)
URL = "/api/meeting-request"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site():
    return SiteFactory(name="Dublin", country="IE", time_zone="Europe/Dublin", city="Dublin")


@pytest.fixture
def room(site):
    return RoomFactory(site=site, name="Meeting Room A", price_per_hour=Decimal(25))


@pytest.fixture
def person():
    return UserFactory(email="jean.dupont@acme.com")


@pytest.fixture
def post(client):
    token = ApiTokenFactory()

    def _post(body, headers=token.header):
        return client.post(URL, body, content_type="application/json", headers=headers)

    _post.token = token
    return _post


@pytest.fixture
def body(room):
    return {
        "contactEmail": "jean.dupont@acme.com",
        "contactName": "Jean Dupont",
        "bookedRoom": room.id,
        "bookedAt": "2025-11-05T14:00:00Z",
        "duration": 60,
        "bookedUser": 4,
        "name": "Quarterly Review",
        "description": "Q4 2025 team meeting",
    }


def refusal(answer, status):
    assert answer.status_code == status
    assert answer.json()["retcode"] == -1
    return answer.json()["message"]


def test_existing_person_is_accepted(post, body, person):
    answer = post(body)

    meeting = Meeting.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 200,
        "status": "ACCEPTED",
        "message": "Your booking has been confirmed.",
        "data": {
            "meetingId": meeting.id,
            "roomName": "Meeting Room A",
            "bookedDate": "2025-11-05",
            "bookedTime": "14:00-15:00",
            "duration": 60,
        },
    }
    assert (meeting.status, meeting.organizer, meeting.organization) == (
        "confirmed",
        person,
        person.organization,
    )
    assert (meeting.name, meeting.description) == ("Quarterly Review", "Q4 2025 team meeting")
    assert (meeting.attendees, meeting.contact_name) == (4, "Jean Dupont")
    assert meeting.api_token == post.token
    assert (meeting.price, meeting.vat_rate, meeting.price_gross) == (
        Decimal(25),
        Decimal(23),
        Decimal("30.75"),
    )
    assert meeting.price_lines[0]["label_code"] == "hour"
    assert Reservation.objects.get().holds


def test_acceptance_is_told_by_mail_and_event(post, body, person):
    post(body)

    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == ("booking_confirmed", person.email)
    assert b"METHOD:REQUEST" in calendar_of(mail)
    assert Event.objects.get().type == "meeting.confirmed"


def test_new_person_must_register(post, body):
    answer = post(body)

    meeting, person = Meeting.objects.get(), User.objects.get(email="jean.dupont@acme.com")
    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 200,
        "status": "REQUEST_ACCEPTED",
        "message": (
            "Your meeting request has been received. "
            "Please complete your registration to confirm the booking."
        ),
        "data": {
            "meetingRequestId": meeting.id,
            "userId": person.id,
            "roomName": "Meeting Room A",
            "requestedDate": "2025-11-05",
            "requestedTime": "14:00-15:00",
            "duration": 60,
        },
    }
    assert (person.role, person.first_name, person.last_name) == ("temp", "Jean", "Dupont")
    assert (person.language, person.has_usable_password()) == ("en", False)
    assert (meeting.status, meeting.hold_expires_at) == ("pending", NOW + dt.timedelta(hours=24))
    assert OutgoingEmail.objects.get().template == "request_received"
    assert Event.objects.get().type == "meeting.requested"


def test_archived_person_is_told_so(post, body):
    UserFactory(email="jean.dupont@acme.com", archived=True)

    answer = post(body)

    assert answer.status_code == 200
    assert answer.json() == {
        "retcode": 200,
        "status": "ARCHIVED",
        "message": "Your account is no longer valid. Please contact an administrator to restore it.",
        "data": None,
    }
    assert not Meeting.objects.exists()


def test_person_of_an_archived_company_counts_as_archived(post, body):
    UserFactory(email="jean.dupont@acme.com", organization=OrganizationFactory(archived=True))

    assert post(body).json()["status"] == "ARCHIVED"


def test_archived_comes_before_dates(post, body):
    UserFactory(email="jean.dupont@acme.com", archived=True)

    assert post(body | {"bookedAt": "2020-01-01T10:00:00Z"}).json()["status"] == "ARCHIVED"
    assert post(body | {"duration": -(2**31 - 1)}).json()["status"] == "ARCHIVED"


@pytest.mark.parametrize(
    "unready", [{"role": "temp"}, {"email_verified_at": None}], ids=["temp", "unverified"]
)
def test_person_who_is_not_ready_gets_a_request(post, body, unready):
    known = UserFactory(email="jean.dupont@acme.com", language="fr", **unready)

    answer = post(body | {"language": "en"})

    assert answer.json()["status"] == "REQUEST_ACCEPTED"
    assert answer.json()["data"]["userId"] == known.id
    known.refresh_from_db()
    assert known.language == "fr"
    assert OutgoingEmail.objects.get().language == "fr"


@pytest.mark.parametrize(
    ("country", "asked", "spoken"),
    [
        ("FR", None, "fr"),
        ("BE", None, "en"),
        ("IE", None, "en"),
        ("FR", "en", "en"),
        ("IE", "fr", "fr"),
    ],
)
def test_language_of_a_new_person(post, body, site, country, asked, spoken):
    site.country = country
    site.save()

    post(body | {"language": asked})

    assert User.objects.get(email="jean.dupont@acme.com").language == spoken


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("booked_at", "message"),
    [
        ("2025-11-02T14:00:00Z", "Cannot book meetings for today or past dates"),
        ("2025-11-03T23:00:00Z", "Cannot book meetings for today or past dates"),
        ("2025-11-04T09:00:00Z", "Meetings must be booked at least 2 days in advance"),
        ("2025-11-04T17:00:00Z", "Meetings must be booked at least 2 days in advance"),
    ],
)
def test_new_person_needs_two_days(post, body, booked_at, message):
    answer = post(body | {"bookedAt": booked_at})

    assert refusal(answer, 400) == message
    first = answer.json()["data"]["violations"][0]
    assert sorted(first) == ["code", "earliestOk", "message", "since", "until"]
    assert first["message"] == message
    assert first["until"] == "2025-11-05T00:00:00Z"


def test_new_person_may_book_on_the_first_minute_of_the_second_day(post, body):
    assert post(body | {"bookedAt": "2025-11-05T09:00"}).json()["status"] == "REQUEST_ACCEPTED"


def test_existing_person_books_the_same_day_but_not_the_past(post, body, person):
    late = post(body | {"bookedAt": "2025-11-03T09:59:00Z"})
    assert refusal(late, 400) == "Cannot book meetings for past dates"

    assert post(body | {"bookedAt": "2025-11-03T10:00:00Z"}).json()["status"] == "ACCEPTED"


def test_a_time_without_zone_is_the_sites(post, body, room, person):
    room.site.time_zone = "Europe/Paris"
    room.site.save()

    answer = post(body | {"bookedAt": "2025-11-05T14:00:00"})

    assert answer.json()["data"]["bookedTime"] == "14:00-15:00"
    assert Meeting.objects.get().starts_at == dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)


def test_midnight_is_written_as_zero(post, body, room, person):
    room.slot_week = "00:00-24:00"
    room.save()

    answer = post(body | {"bookedAt": "2025-11-05T23:00:00Z"})

    assert answer.json()["data"]["bookedTime"] == "23:00-00:00"


@pytest.mark.parametrize(
    ("zone", "skipped", "twice", "first_of_two"),
    [
        ("Europe/Paris", "2026-03-29T02:30", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Brussels", "2026-03-29T02:30", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Dublin", "2026-03-29T01:30", "2026-10-25T01:30", "2026-10-25T00:30"),
    ],
)
def test_nights_of_a_clock_change(post, body, room, person, zone, skipped, twice, first_of_two):
    room.slot_sunday = "00:00-24:00"
    room.save()
    room.site.time_zone = zone
    room.site.save()

    answer = post(body | {"bookedAt": skipped})
    assert refusal(answer, 400) == ("Invalid bookedAt: this local time does not exist at the site")

    assert post(body | {"bookedAt": twice}).json()["status"] == "ACCEPTED"
    expected = dt.datetime.fromisoformat(first_of_two).replace(tzinfo=dt.UTC)
    assert Meeting.objects.get().starts_at == expected


# --- duration, people, opening ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "message"),
    [
        (29, "Duration must be at least 30 minutes"),
        (0, "Duration must be at least 30 minutes"),
        (-60, "Duration must be at least 30 minutes"),
        (-(2**31 - 1), "Duration must be at least 30 minutes"),
        (30, "Duration must be between 60 and 480 minutes"),
        (510, "Duration must be between 60 and 480 minutes"),
        (75, "Duration must be a multiple of 30 minutes"),
    ],
)
def test_refused_durations(post, body, person, minutes, message):
    assert refusal(post(body | {"duration": minutes}), 400) == message


@pytest.mark.parametrize("minutes", [60, 90, 240, 60.0])
def test_accepted_durations(post, body, person, minutes):
    assert post(body | {"duration": minutes}).json()["status"] == "ACCEPTED"


def test_as_many_people_as_the_room_holds(post, body, person):
    assert refusal(post(body | {"bookedUser": 9}), 400) == "This room holds at most 8 persons"
    assert post(body | {"bookedUser": 8}).json()["status"] == "ACCEPTED"


def test_opening_hours(post, body, person):
    early = post(body | {"bookedAt": "2025-11-05T08:59:00Z"})
    assert refusal(early, 400) == "The room is closed at the requested time (open 09:00-18:00)"
    sunday = post(body | {"bookedAt": "2025-11-09T10:00:00Z"})
    assert refusal(sunday, 400) == "The room is closed on that day"

    assert post(body | {"bookedAt": "2025-11-05T17:00:00Z"}).json()["status"] == "ACCEPTED"


def test_all_broken_rules_are_told(post, body):
    answer = post(body | {"bookedAt": "2025-11-04T08:00:00Z", "duration": 45, "bookedUser": 9})

    codes = [violation["code"] for violation in answer.json()["data"]["violations"]]
    assert codes == [
        "NOTICE_TOO_SHORT",
        "DURATION_OUT_OF_RANGE",
        "DURATION_STEP",
        "TOO_MANY_PEOPLE",
        "CLOSED_TIME",
    ]


# --- rooms --------------------------------------------------------------------------------------


def test_unknown_and_malformed_rooms(post, body):
    assert refusal(post(body | {"bookedRoom": "x"}), 400) == "Room not found"
    assert refusal(post(body | {"bookedRoom": "f" * 24}), 404) == "Room not found"


def test_room_id_in_upper_case(post, body, person):
    answer = post(body | {"bookedRoom": body["bookedRoom"].upper()})

    assert answer.json()["status"] == "ACCEPTED"


@pytest.mark.parametrize("kind", ["meeting", "privateMeeting", "office", "conference", "other"])
def test_rooms_that_are_not_public(post, body, room, person, kind):
    room.type = kind
    room.save()

    assert refusal(post(body), 400) == "This room is not available for public booking"


def test_rooms_of_a_site_that_is_not_public(post, body, site, person):
    site.is_public = False
    site.save()

    assert refusal(post(body), 400) == "This room is not available for public booking"


def test_office_is_let_by_contract_unless_priced_by_the_hour(post, body, site, person):
    office = RoomFactory(site=site, office=True)
    assert refusal(post(body | {"bookedRoom": office.id}), 400) == (
        "Office spaces require a rental contract. Please register."
    )

    hourly = RoomFactory(site=site, type="publicOffice")
    assert post(body | {"bookedRoom": hourly.id}).json()["status"] == "ACCEPTED"


def test_office_that_is_let_then(post, body, site, person):
    hourly = RoomFactory(site=site, type="publicOffice")
    RoomLeaseFactory(room=hourly, ends_on=dt.date(2025, 11, 5), own_end_on=dt.date(2025, 11, 5))

    wanted = body | {"bookedRoom": hourly.id}
    assert refusal(post(wanted), 400) == "This room is not available for public booking"
    assert post(wanted | {"bookedAt": "2025-11-06T14:00"}).json()["status"] == "ACCEPTED"


# --- the slot -----------------------------------------------------------------------------------


def at(hour, minute=0):
    return dt.datetime(2025, 11, 5, hour, minute, tzinfo=dt.UTC)


def test_taken_slot_offers_three_alternatives(post, body, room, site, person):
    MeetingFactory(room=room, starts_at=at(14))
    neighbour = RoomFactory(site=site, name="Meeting Room B", max_person=10)
    RoomFactory(site=site, max_person=2)
    other_site = SiteFactory(name="Dublin 2", country="IE", time_zone="Europe/Dublin")
    elsewhere = RoomFactory(site=other_site, name="Salon")
    RoomFactory(name="In France")

    answer = post(body)

    assert refusal(answer, 409) == "This room is already booked for the requested time"
    data = answer.json()["data"]
    assert data["code"] == "SLOT_TAKEN"
    assert data["alternatives"][0] == {
        "roomId": room.id,
        "roomName": "Meeting Room A",
        "siteId": site.id,
        "siteName": "Dublin",
        "bookedAt": "2025-11-05T13:00:00+00:00",
        "duration": 60,
        "price": 25 + 0,
        "priceGross": 30.75,
        "currency": "EUR",
    }
    assert [offer["roomId"] for offer in data["alternatives"]] == [
        room.id,
        neighbour.id,
        elsewhere.id,
    ]
    for offer in data["alternatives"]:
        wanted = body | {"bookedRoom": offer["roomId"], "bookedAt": offer["bookedAt"]}
        assert post(wanted).json()["status"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("start", "minutes", "is_taken"),
    [
        (at(13), 60, False),
        (at(13), 90, True),
        (at(14, 30), 60, True),
        (at(13), 180, True),
        (at(15), 60, False),
    ],
)
def test_back_to_back_is_fine_and_overlap_is_not(
    post, body, room, person, start, minutes, is_taken
):
    MeetingFactory(room=room, starts_at=at(14))

    answer = post(body | {"bookedAt": start.isoformat(), "duration": minutes})

    assert answer.status_code == (409 if is_taken else 200)


def test_setup_and_cleaning_keep_meetings_apart(post, body, room, person):
    room.setup_minutes, room.cleaning_minutes = 15, 30
    room.save()
    MeetingFactory(room=room, starts_at=at(12))

    assert refusal(post(body | {"bookedAt": at(13, 44).isoformat()}), 409)
    assert post(body | {"bookedAt": at(13, 45).isoformat()}).json()["status"] == "ACCEPTED"
    assert post(body | {"bookedAt": at(9).isoformat()}).json()["status"] == "ACCEPTED"


def test_blocks_holds_and_what_no_longer_holds(post, body, room, person):
    BlockFactory(room=room, starts_at=at(9), ends_at=at(10))
    MeetingFactory(
        room=room, starts_at=at(10), pending=True, hold_expires_at=NOW + dt.timedelta(seconds=1)
    )
    MeetingFactory(room=room, starts_at=at(11), cancelled=True)
    stale = MeetingFactory(room=room, starts_at=at(12), pending=True, hold_expires_at=NOW)

    assert post(body | {"bookedAt": at(9).isoformat()}).status_code == 409
    assert post(body | {"bookedAt": at(10).isoformat()}).status_code == 409
    assert post(body | {"bookedAt": at(11).isoformat()}).status_code == 200
    assert post(body | {"bookedAt": at(12).isoformat()}).status_code == 200
    stale.refresh_from_db()
    assert stale.status == "expired"
    assert OutgoingEmail.objects.filter(template="hold_released").count() == 1


def test_parts_and_wholes_exclude_each_other(post, body, site, person):
    left, right, whole = (RoomFactory(site=site) for _ in range(3))
    building = RoomFactory(site=site)
    whole.parts.set([left, right])
    building.parts.set([whole])

    def book(room, hour):
        wanted = body | {"bookedRoom": room.id, "bookedAt": at(hour).isoformat()}
        return post(wanted).status_code

    assert book(left, 9) == 200
    assert book(right, 9) == 200
    assert book(whole, 9) == 409
    assert book(building, 9) == 409
    assert book(whole, 11) == 200
    assert book(left, 11) == 409
    assert book(building, 11) == 409
    assert book(building, 13) == 200
    assert book(right, 13) == 409


def test_three_open_requests_are_enough(post, body):
    for hour in (9, 10, 11):
        assert post(body | {"bookedAt": at(hour).isoformat()}).status_code == 200

    answer = post(body | {"bookedAt": at(12).isoformat(), "contactEmail": "JEAN.dupont@acme.com"})

    assert refusal(answer, 409) == "Too many open requests for this e-mail"
    Meeting.objects.filter(starts_at=at(9)).update(hold_expires_at=NOW)
    assert post(body | {"bookedAt": at(12).isoformat()}).status_code == 200


# --- shape --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["contactEmail", "bookedRoom", "bookedAt", "duration"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_fields(post, body, name, value):
    assert refusal(post(body | {name: value}), 400) == f"Missing required parameter: {name}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"contactEmail": 5}, "Invalid contactEmail: must be a string"),
        ({"contactEmail": "nobody"}, "Invalid email format"),
        ({"contactEmail": "a@b.c\r\nBcc: x@y.z"}, "Invalid email format"),
        ({"bookedRoom": 5}, "Invalid bookedRoom: must be a string"),
        ({"bookedAt": "tomorrow"}, "Invalid bookedAt: must be an ISO 8601 date-time"),
        ({"bookedAt": "2025-11-05T14:00:30Z"}, "Invalid bookedAt: must be a whole minute"),
        ({"duration": "60"}, "Invalid duration: must be a number"),
        ({"duration": 60.5}, "Invalid duration: must be a whole number"),
        ({"duration": True}, "Invalid duration: must be a number"),
        ({"bookedUser": 0}, "Invalid bookedUser: must be at least 1"),
        ({"language": "de"}, "Invalid language: must be one of en, fr"),
        ({"name": "x" * 201}, "Invalid name: must be at most 200 characters"),
        ({"name": "a\u0000b"}, "Invalid name: must not contain control characters"),
        ({"isPrivate": "yes"}, "Invalid isPrivate: must be true or false"),
    ],
)
def test_wrong_types(post, body, change, message):
    assert refusal(post(body | change), 400) == message


def test_checks_come_in_the_documented_order(post, body, room):
    everything_wrong = {"contactEmail": "nobody", "bookedRoom": "x", "bookedAt": "2020-01-01"}

    assert refusal(post(everything_wrong), 400) == "Missing required parameter: duration"
    assert refusal(post(everything_wrong | {"duration": 1}), 400) == "Invalid email format"
    with_address = everything_wrong | {"duration": 1, "contactEmail": "jean@acme.com"}
    assert refusal(post(with_address), 400) == "Room not found"
    room.type = "other"
    room.save()
    with_room = with_address | {"bookedRoom": room.id}
    assert refusal(post(with_room), 400) == "This room is not available for public booking"


def test_null_for_optional_fields_is_absent(post, body, person):
    optional = ["contactName", "bookedUser", "name", "description", "language", "isPrivate"]

    assert post(body | dict.fromkeys(optional)).json()["status"] == "ACCEPTED"
    assert Meeting.objects.get().attendees == 1
    assert Meeting.objects.get().contact_name == "Jean Dupont"


def test_line_breaks_in_one_line_texts_become_spaces(post, body, person):
    post(body | {"name": "Review\r\nBcc: x@y.z"})

    assert Meeting.objects.get().name == "Review Bcc: x@y.z"


@pytest.mark.parametrize("address", ["jean.dupont@acme.com", "new@acme.com"])
def test_dry_run_changes_nothing(post, body, person, address):
    people = User.objects.count()

    answer = post(body | {"contactEmail": address, "dryRun": True})

    assert answer.status_code == 200
    assert answer.json()["dryRun"] is True
    assert answer.json()["data"]["roomName"] == "Meeting Room A"
    assert not Meeting.objects.exists()
    assert not OutgoingEmail.objects.exists()
    assert not Event.objects.exists()
    assert User.objects.count() == people
    assert "dryRun" not in post(body).json()


def test_dry_run_refuses_like_a_real_one(post, body, room, person):
    MeetingFactory(room=room, starts_at=at(14))

    assert refusal(post(body | {"dryRun": True}), 409)


def test_member_prices_are_frozen(post, body, room, person):
    person.organization.is_member = True
    person.organization.save()
    room.member_discount_percent = 10
    room.save()

    post(body)
    room.price_per_hour = 99
    room.save()

    assert Meeting.objects.get().price == Decimal("22.5")


def test_token_and_scope(post, body):
    assert refusal(post(body, headers={}), 401)
    read_only = ApiTokenFactory(scopes=["read"])
    assert "bookings:write" in refusal(post(body, headers=read_only.header), 403)


def test_wrong_method(client):
    assert client.get(URL).status_code == 405


def test_a_booking_beyond_a_limit_is_a_conflict_that_names_it(post, body, person):
    BookingLimitFactory()
    post(body)

    answer = post(body | {"bookedAt": "2025-11-05T16:00:00Z"})

    assert answer.status_code == 409
    assert answer.json() == {
        "retcode": -1,
        "message": "Booking limit reached: at most 1 booking per day and person",
        "data": {
            "code": "LIMIT_REACHED",
            "violations": [
                {
                    "code": "LIMIT_REACHED",
                    "message": "Booking limit reached: at most 1 booking per day and person",
                    "since": "2025-11-05T00:00:00Z",
                    "until": "2025-11-06T00:00:00Z",
                    "earliestOk": None,
                }
            ],
        },
    }
    assert Meeting.objects.count() == 1
