"""POST /api/meeting-change: the rules of a booking, the free window, price, mail and event.

The clock stands on Monday 2025-11-03, 10:00 in Dublin (which is UTC in winter).
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from apitokens.models import Event
from booking.domain import calendar_entries
from booking.models import Meeting, Reservation
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 14, 0, tzinfo=dt.UTC)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
TOO_LATE = "This meeting can no longer be changed free of charge"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room():
    site = SiteFactory(name="Dublin", country="IE", time_zone="Europe/Dublin", city="Dublin")
    return RoomFactory(site=site, name="Room A", price_per_hour=Decimal(20), min_duration=0)


@pytest.fixture
def meeting(room):
    return MeetingFactory(
        room=room,
        starts_at=START,
        price=Decimal(20),
        price_gross=Decimal("24.60"),
        vat_rate=Decimal(23),
        price_lines=[
            {
                "label_code": "hour",
                "quantity": "1",
                "unit": "hour",
                "unit_price": "20",
                "net": "20.00",
                "vat_rate": "23",
            }
        ],
    )


@pytest.fixture
def post(client):
    token = ApiTokenFactory(owner__app_admin=True)

    def _post(meeting, headers=token.header, **body):
        return client.post(
            "/api/meeting-change",
            {"meetingId": getattr(meeting, "id", meeting)} | body,
            content_type="application/json",
            headers=headers,
        )

    _post.owner = token.owner
    return _post


def changed(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def refused(answer, status):
    assert answer.status_code == status
    assert answer.json()["retcode"] == -1
    return answer.json()["message"]


def test_a_move_in_time(post, meeting):
    answer = post(meeting, bookedAt="2025-11-06T10:00:00")

    body = answer.json()
    assert (body["retcode"], body["status"]) == (200, "CHANGED")
    assert body["message"] == "Your meeting has been changed."
    assert {name: body["data"][name] for name in ("meetingId", "status", "fee", "sequence")} == {
        "meetingId": meeting.id,
        "status": "confirmed",
        "fee": 0,
        "sequence": 1,
    }
    assert body["data"]["bookedAt"] == "2025-11-06T10:00:00Z"
    assert (body["data"]["bookedDate"], body["data"]["bookedTime"]) == ("2025-11-06", "10:00-11:00")
    assert body["data"]["cancellation"] == {"freeUntil": "2025-11-05T10:00:00Z", "feeNow": 0}
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence, meeting.revised_at) == (
        dt.datetime(2025, 11, 6, 10, tzinfo=dt.UTC),
        1,
        NOW,
    )
    held = Reservation.objects.get()
    assert (held.blocked.lower, held.blocked.upper) == (meeting.starts_at, meeting.ends_at)


def test_the_mail_keeps_the_uid_and_raises_the_sequence(post, meeting):
    post(meeting, bookedAt="2025-11-06T10:00:00")

    mail = OutgoingEmail.objects.get()
    lines = calendar_of(mail).decode().split("\r\n")
    assert (mail.template, mail.calendar_method) == ("booking_changed", "REQUEST")
    assert "METHOD:REQUEST" in lines
    assert f"UID:{calendar_entries.uid(meeting.id)}" in lines
    assert "SEQUENCE:1" in lines
    assert "DTSTART:20251106T100000Z" in lines


def test_the_event_tells_before_and_after(post, meeting):
    post(meeting, bookedAt="2025-11-06T10:00:00")

    event = Event.objects.get()
    assert (event.type, event.object_id) == ("meeting.changed", meeting.id)
    assert event.organization_id == meeting.organization_id
    assert event.data == {
        "roomId": meeting.room_id,
        "startsAt": "2025-11-06T10:00:00Z",
        "endsAt": "2025-11-06T11:00:00Z",
        "before": {
            "roomId": meeting.room_id,
            "startsAt": "2025-11-05T14:00:00Z",
            "endsAt": "2025-11-05T15:00:00Z",
        },
        "by": post.owner.id,
    }


def test_the_feed_shows_the_new_time_and_sequence(client, post, meeting, room):
    client.get(f"/api/icsfeed?rooms={room.id}")
    post(meeting, bookedAt="2025-11-06T10:00:00")

    feed = client.get(f"/api/icsfeed?rooms={room.id}").content.decode()
    assert "DTSTART:20251106T100000Z" in feed
    assert "SEQUENCE:1" in feed


@pytest.mark.parametrize("minutes", [-30, 30])
def test_the_own_slot_is_no_obstacle(post, meeting, minutes):
    start = START + minutes * MINUTE

    assert changed(post(meeting, bookedAt=start.isoformat()))["duration"] == 60


def test_another_booking_is(post, meeting, room):
    MeetingFactory(room=room, starts_at=START + 2 * HOUR)

    assert changed(post(meeting, bookedAt=(START + HOUR).isoformat()))["duration"] == 60
    answer = post(meeting, bookedAt=(START + HOUR + MINUTE).isoformat())

    assert refused(answer, 409) == "This room is already booked for the requested time"
    data = answer.json()["data"]
    assert data["code"] == "SLOT_TAKEN"
    assert data["alternatives"][0]["bookedAt"] == "2025-11-05T15:00:00+00:00"
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (START + HOUR, 1)


def test_so_is_a_block_and_a_live_hold_but_no_stale_one(post, meeting, room):
    live = START + 3 * HOUR
    stale = dt.datetime(2025, 11, 7, 10, tzinfo=dt.UTC)
    BlockFactory(room=room, starts_at=START - 3 * HOUR, ends_at=START - 2 * HOUR)
    MeetingFactory(room=room, pending=True, starts_at=live, hold_expires_at=NOW + MINUTE)
    over = MeetingFactory(room=room, pending=True, starts_at=stale, hold_expires_at=NOW)

    refused(post(meeting, bookedAt=(START - 3 * HOUR).isoformat()), 409)
    refused(post(meeting, bookedAt=live.isoformat()), 409)
    assert changed(post(meeting, bookedAt=stale.isoformat()))["bookedDate"] == "2025-11-07"
    over.refresh_from_db()
    assert over.status == "expired"


@pytest.mark.parametrize(
    ("starts_at", "status"),
    [(NOW + 24 * HOUR, 200), (NOW + 24 * HOUR - MINUTE, 409)],
)
def test_the_free_window(post, room, starts_at, status):
    meeting = MeetingFactory(room=room, starts_at=starts_at)

    answer = post(meeting, bookedAt="2025-11-10T10:00:00")

    assert answer.status_code == status
    if status == 409:
        assert answer.json() == {"retcode": -1, "message": TOO_LATE}


@pytest.mark.parametrize(
    "body",
    [
        {"bookedAt": "2025-11-04T08:30:00"},
        {"duration": 90},
        {"bookedUser": 2},
        {"bookedAt": "2025-11-04T09:30:00"},
        {"duration": 30, "bookedUser": 2},
    ],
)
def test_after_the_free_window_only_shortening_is_free(post, room, body):
    meeting = MeetingFactory(room=room, starts_at=dt.datetime(2025, 11, 4, 9, 0, tzinfo=dt.UTC))

    assert refused(post(meeting, **body), 409) == TOO_LATE


def test_shortening_is_always_allowed_and_after_the_free_window_costs_what_was_agreed(
    post, meeting
):
    meeting.ends_at = START + 2 * HOUR
    meeting.price = Decimal(40)
    meeting.save()
    Reservation.objects.all().delete()
    BlockFactory(room=meeting.room, starts_at=START + 2 * HOUR, ends_at=START + 3 * HOUR)
    with time_machine.travel(START - HOUR, tick=False):
        data = changed(post(meeting, duration=90))

    assert (data["duration"], data["price"], data["priceDifference"]) == (90, 40, 0)


def test_shortening_from_the_front_keeps_inside_the_slot(post, meeting):
    with time_machine.travel(START - HOUR, tick=False):
        data = changed(post(meeting, bookedAt=(START + HOUR / 2).isoformat(), duration=30))

    assert data["bookedTime"] == "14:30-15:00"


def test_shortening_keeps_the_frozen_cleaning_time(post, meeting, room):
    room.cleaning_minutes = 60
    room.save()
    MeetingFactory(room=room, starts_at=START + HOUR, reservation=False)
    BlockFactory(room=room, starts_at=START + HOUR, ends_at=START + 2 * HOUR)

    assert changed(post(meeting, duration=30))["duration"] == 30
    held = Reservation.objects.get(meeting=meeting)
    assert held.blocked.upper == START + HOUR / 2


def test_texts_may_change_until_the_start_and_leave_the_slot_alone(post, meeting, clock):
    clock.move_to(START - MINUTE)
    before = Reservation.objects.get().id

    data = changed(post(meeting, name="Board", description="", isPrivate=True, contactName="Ann"))

    assert (data["name"], data["description"], data["isPrivate"]) == ("Board", "", True)
    assert (data["contactName"], data["sequence"]) == ("Ann", 1)
    assert Reservation.objects.get().id == before


@pytest.mark.parametrize("body", [{"duration": 60}, {"name": "Team Meeting"}, {"bookedUser": 1}])
def test_what_is_so_already_changes_nothing(post, meeting, body):
    answer = post(meeting, **body)

    assert changed(answer)["sequence"] == 0
    assert answer.json()["message"] == "Your meeting is already as requested."
    assert not OutgoingEmail.objects.exists()
    assert not Event.objects.exists()


def test_a_move_in_time_keeps_the_price_even_when_rates_rose(post, meeting, room):
    room.price_per_hour = Decimal(50)
    room.save()

    data = changed(post(meeting, bookedAt="2025-11-06T10:00:00"))

    assert (data["price"], data["priceGross"], data["priceDifference"]) == (20, 24.6, 0)


def test_another_duration_is_priced_by_todays_rates(post, meeting, room):
    room.price_per_hour = Decimal(40)
    room.save()

    data = changed(post(meeting, duration=90))

    assert (data["price"], data["priceGross"], data["priceDifference"]) == (60, 73.8, 40)
    assert Meeting.objects.get().price_lines[0]["net"] == "60.00"


def test_shortening_in_the_free_window_lowers_the_price(post, meeting):
    assert changed(post(meeting, duration=30))["priceDifference"] == -10


def test_another_room_has_its_price_and_its_terms(post, meeting, room):
    other = RoomFactory(
        site=room.site,
        name="Room B",
        price_per_hour=Decimal(35),
        cancellation_terms=[{"hours": 48, "percent": 100}],
    )

    data = changed(post(meeting, bookedRoom=other.id.upper()))

    assert (data["roomId"], data["roomName"], data["price"]) == (other.id, "Room B", 35)
    assert data["cancellation"]["freeUntil"] == "2025-11-03T14:00:00Z"
    assert [row.room_id for row in Reservation.objects.all()] == [other.id]


def test_a_combined_room_takes_its_parts(post, meeting, room):
    whole = RoomFactory(site=room.site, price_per_hour=Decimal(35))
    parts = [RoomFactory(site=room.site), RoomFactory(site=room.site)]
    whole.parts.set(parts)
    taken = MeetingFactory(room=parts[1], starts_at=START)

    refused(post(meeting, bookedRoom=whole.id), 409)
    taken.reservations.update(holds=False)
    changed(post(meeting, bookedRoom=whole.id))

    rooms = Reservation.objects.filter(meeting=meeting).values_list("room_id", flat=True)
    assert set(rooms) == {whole.id, parts[0].id, parts[1].id}


def test_members_keep_their_discount(post, room):
    room.member_discount_percent = Decimal(10)
    room.save()
    person = UserFactory(organization=OrganizationFactory(is_member=True))
    meeting = MeetingFactory(room=room, starts_at=START, organizer=person, price=Decimal(18))

    assert changed(post(meeting, duration=120))["price"] == 36


def test_vat_follows_the_date(post, meeting):
    meeting.vat_rate = Decimal(21)
    meeting.price_gross = Decimal("24.20")
    meeting.save()

    data = changed(post(meeting, bookedAt="2025-11-06T10:00:00"))

    assert (data["price"], data["priceGross"]) == (20, 24.6)
    assert Meeting.objects.get().vat_rate == 23


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"bookedAt": "2025-11-03T09:59:00"}, "Cannot book meetings for past dates"),
        ({"duration": 29}, "Duration must be at least 30 minutes"),
        ({"duration": -(2**31 - 1)}, "Duration must be at least 30 minutes"),
        ({"duration": 75}, "Duration must be a multiple of 30 minutes"),
        ({"duration": 510}, "Duration must be between 60 and 480 minutes"),
        ({"bookedUser": 9}, "This room holds at most 8 persons"),
        (
            {"bookedAt": "2025-11-05T17:30:00"},
            "The room is closed at the requested time (open 09:00-18:00)",
        ),
        ({"bookedAt": "2025-11-09T10:00:00"}, "The room is closed on that day"),
        ({"duration": 2_000_000_000}, "Duration must be between 60 and 480 minutes"),
    ],
)
def test_the_rules_of_a_booking(post, room, meeting, body, message):
    room.min_duration, room.max_duration, room.step_duration = 60, 480, 30
    room.slot_week, room.slot_saturday, room.slot_sunday = "09:00-18:00", "", ""
    room.save()

    answer = post(meeting, **body)

    assert refused(answer, 400).startswith(message)
    assert answer.json()["data"]["violations"][0]["message"] == answer.json()["message"]
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (START, 0)


def test_a_rule_is_asked_only_about_what_changes(post, meeting, room):
    room.min_person, room.max_person = 1, 1
    room.min_duration, room.slot_week = 120, "15:00-18:00"
    room.save()
    Meeting.objects.update(attendees=4)

    assert changed(post(meeting, name="Board"))["name"] == "Board"
    assert changed(post(meeting, bookedAt=(START + HOUR).isoformat()))["bookedUser"] == 4


def test_all_broken_rules_are_told(post, room, meeting):
    room.slot_sunday = ""
    room.save()

    answer = post(meeting, bookedAt="2025-11-09T10:00:00", bookedUser=9)

    codes = [broken["code"] for broken in answer.json()["data"]["violations"]]
    assert codes == ["TOO_MANY_PEOPLE", "CLOSED_DAY"]


def test_a_local_time_that_the_clocks_skip(post, meeting, room):
    room.slot_sunday = "00:00-24:00"
    room.save()

    answer = post(meeting, bookedAt="2026-03-29T01:30:00")

    assert refused(answer, 400) == "Invalid bookedAt: this local time does not exist at the site"


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda room: RoomFactory(type="privateMeeting"), 400),
        (lambda room: RoomFactory(site__hidden=True), 400),
        (lambda room: RoomLeaseFactory().room, 400),
        (lambda room: RoomFactory(site=room.site), 200),
    ],
)
def test_only_public_rooms_may_be_moved_to(post, meeting, room, make, status):
    answer = post(meeting, bookedRoom=make(room).id)

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["message"] == "This room is not available for public booking"


def test_a_meeting_in_its_tenants_room_moves_there_in_time(post, room):
    lease = RoomLeaseFactory(room=RoomFactory(site=room.site, type="privateMeeting"))
    person = UserFactory(organization=lease.organization)
    meeting = MeetingFactory(room=lease.room, starts_at=START, organizer=person)
    strangers = MeetingFactory(room=lease.room, starts_at=START + 24 * HOUR)

    assert changed(post(meeting, bookedAt="2025-11-05T10:00:00"))["bookedTime"] == "10:00-11:00"
    refused(post(strangers, bookedAt="2025-11-06T10:00:00"), 400)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        ({"cancelled": True}, "This meeting can no longer be changed"),
        ({"expired": True}, "This meeting can no longer be changed"),
        ({"starts_at": NOW}, "This meeting can no longer be changed"),
        ({"pending": True, "hold_expires_at": NOW}, "This meeting can no longer be changed"),
    ],
)
def test_what_is_over_stays(post, room, make, message):
    meeting = MeetingFactory(**{"room": room, "starts_at": START} | make)

    assert refused(post(meeting, name="Board"), 409) == message


def test_a_request_stays_held_no_longer_than_before_and_has_no_invitation(post, room):
    held = NOW + 20 * HOUR
    person = UserFactory(new=True)
    meeting = MeetingFactory(
        room=room, organizer=person, pending=True, starts_at=START, hold_expires_at=held
    )

    notice = post(meeting, bookedAt="2025-11-04T14:00:00")
    assert refused(notice, 400) == "Meetings must be booked at least 2 days in advance"
    changed(post(meeting, bookedAt="2025-11-05T10:00:00"))
    meeting.refresh_from_db()
    assert (meeting.status, meeting.hold_expires_at) == ("pending", held)
    mail = OutgoingEmail.objects.get()
    assert (mail.template, calendar_of(mail)) == ("booking_changed", None)


def test_the_hold_ends_before_an_earlier_start(post, room):
    meeting = MeetingFactory(
        room=room,
        organizer=UserFactory(new=True),
        pending=True,
        starts_at=dt.datetime(2025, 11, 20, 10, tzinfo=dt.UTC),
        hold_expires_at=dt.datetime(2025, 11, 19, 10, tzinfo=dt.UTC),
    )

    changed(post(meeting, bookedAt="2025-11-05T10:00:00"))

    assert Meeting.objects.get().hold_expires_at == NOW + 24 * HOUR


def test_who_is_shut_out_moves_nothing(post, room):
    meeting = MeetingFactory(room=room, starts_at=START, organizer=UserFactory(archived=True))

    assert refused(post(meeting, bookedAt="2025-11-06T10:00:00"), 403) == (
        "Your account is no longer valid. Please contact an administrator to restore it."
    )


def test_a_dry_run_tells_all_and_keeps_nothing(post, meeting):
    answer = post(meeting, duration=120, dryRun=True)

    assert answer.json()["dryRun"] is True
    assert changed(answer)["priceDifference"] == 20
    meeting.refresh_from_db()
    assert (meeting.duration_minutes, meeting.sequence) == (60, 0)
    assert not OutgoingEmail.objects.exists()
    assert not Event.objects.exists()
    assert Reservation.objects.get().blocked.upper == START + HOUR


@pytest.mark.parametrize("body", [{"bookedAt": "2025-11-05T12:00:00"}, {"duration": 29}])
def test_a_dry_run_is_refused_like_the_real_one(post, meeting, room, body):
    MeetingFactory(room=room, starts_at=START - 2 * HOUR)

    answers = [post(meeting, dryRun=dry, **body) for dry in (True, False)]

    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"meetingId": None}, "Missing required parameter: meetingId"),
        (
            {},
            (
                "At least one of bookedAt, duration, bookedRoom, bookedUser, name, description, "
                "isPrivate or contactName must be provided"
            ),
        ),
        ({"meetingId": "42", "name": "x"}, "Meeting not found"),
        ({"bookedAt": 5}, "Invalid bookedAt: must be an ISO 8601 date-time"),
        ({"bookedAt": "2025-11-06T10:00:30"}, "Invalid bookedAt: must be a whole minute"),
        ({"duration": "60"}, "Invalid duration: must be a number"),
        ({"duration": 60.5}, "Invalid duration: must be a whole number"),
        ({"bookedUser": 0}, "Invalid bookedUser: must be at least 1"),
        ({"bookedRoom": "42"}, "Room not found"),
        ({"name": 5}, "Invalid name: must be a string"),
        ({"isPrivate": "yes"}, "Invalid isPrivate: must be true or false"),
        ({"name": "x", "scope": "some"}, "Invalid scope: must be one of this, following, all"),
        ({"name": "x", "onConflict": "so"}, "Invalid onConflict: must be one of skip, fail"),
        ({"name": "x", "dryRun": 1}, "Invalid dryRun: must be true or false"),
    ],
)
def test_wrong_shapes(post, meeting, body, message):
    assert refused(post(body.pop("meetingId", meeting), **body), 400) == message


def test_an_unknown_room_is_not_found(post, meeting):
    assert refused(post(meeting, bookedRoom="f" * 24), 404) == "Room not found"


def test_somebody_elses_meeting_is_unknown(post, meeting):
    token = ApiTokenFactory()

    answers = [
        post(id_, headers=token.header, bookedAt="2025-11-06T10:00:00")
        for id_ in (meeting.id, "f" * 24)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    meeting.refresh_from_db()
    assert meeting.sequence == 0


def test_changing_needs_its_scope(post, meeting):
    token = ApiTokenFactory(owner__app_admin=True, scopes=["read"])

    answer = post(meeting, headers=token.header, name="x")

    assert refused(answer, 403) == "Forbidden: this token lacks the scope bookings:write"
    assert post(meeting, headers={}, name="x").status_code == 401
