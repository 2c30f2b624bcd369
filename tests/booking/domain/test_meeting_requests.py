"""Booking through every door: what each may do, what it may learn, and what it costs the database.

Monday 2025-11-03, 10:00 in Paris is 09:00 UTC.
"""

import datetime as dt

import pytest
from django.db import OperationalError

from apitokens.models import Event
from booking.domain import (
    booking_plans,
    booking_writes,
    meeting_requests,
    recurrence,
    reservations,
    series_requests,
)
from booking.domain.bookable_rooms import ContractRequired, RoomNotPublic
from booking.domain.meeting_requests import (
    MeetingRequest,
    OutcomeStatus,
    RulesBroken,
    SlotTaken,
    Source,
    TooManyOpenRequests,
)
from booking.domain.series_requests import SeriesWish
from booking.models import Meeting, Reservation
from organizations.models import OutgoingEmail, User
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteMembershipFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
WEDNESDAY = dt.datetime(2025, 11, 5, 14, 0)
DAY = dt.timedelta(days=1)


def wanted(room, **kwargs):
    facts = {
        "room_id": room.id,
        "contact_email": "jean@acme.com",
        "starts_at": WEDNESDAY,
        "duration_minutes": 60,
    }
    return MeetingRequest(**facts | kwargs)


def book(room, *, now=NOW, **kwargs):
    return meeting_requests.request_meeting(wanted(room, **kwargs), now=now)


# --- the website, not logged in -----------------------------------------------------------------


def test_a_stranger_on_the_website_learns_nothing_about_an_address():
    UserFactory(email="known@acme.com")
    UserFactory(email="archived@acme.com", archived=True)
    answers = [
        book(RoomFactory(name="Salon", site__name="Paris"), contact_email=email, source=Source.WEB)
        for email in ("unknown@acme.com", "known@acme.com", "archived@acme.com")
    ]

    for answer in answers:
        assert answer.status == OutcomeStatus.REQUEST_ACCEPTED
        assert (answer.meeting_id, answer.person_id) == (None, None)
        assert (answer.room_name, answer.site_name) == ("Salon", "Paris")
        assert (answer.starts_at.isoformat(), answer.duration_minutes) == (
            "2025-11-05T14:00:00+01:00",
            60,
        )
    mails = OutgoingEmail.objects.values_list("to_address", "template")
    assert sorted(mails) == [
        ("archived@acme.com", "account_archived"),
        ("known@acme.com", "confirm_booking"),
        ("unknown@acme.com", "request_received"),
    ]
    holds = dict(Meeting.objects.values_list("contact_email", "hold_expires_at"))
    assert holds == {
        "archived@acme.com": NOW + dt.timedelta(minutes=30),
        "known@acme.com": NOW + dt.timedelta(minutes=30),
        "unknown@acme.com": NOW + DAY,
    }


def test_a_strangers_whole_answer_is_the_same_for_every_address():
    UserFactory(email="known@acme.com")
    UserFactory(email="archived@acme.com", archived=True)
    rooms = [RoomFactory(name="Salon", site__name="Paris") for _ in range(3)]
    emails = ["unknown@acme.com", "known@acme.com", "archived@acme.com"]

    answers = {
        book(room, contact_email=email, source=Source.WEB)
        for room, email in zip(rooms, emails, strict=True)
    }

    assert len(answers) == 1


@pytest.mark.parametrize("person", [None, {}, {"new": True}, {"archived": True}])
def test_calendar_and_cap_tell_a_stranger_nothing_about_an_address(person):
    if person is not None:
        UserFactory(email="any@acme.com", **person)
    rooms = [RoomFactory() for _ in range(4)]

    for room in rooms[:3]:
        book(room, contact_email="any@acme.com", source=Source.WEB)

    assert Reservation.objects.filter(room__in=rooms, holds=True).count() == 3
    with pytest.raises(TooManyOpenRequests):
        book(rooms[3], contact_email="any@acme.com", source=Source.WEB)


def test_visitors_cannot_squat_a_rooms_calendar(settings):
    settings.MAX_OPEN_REQUESTS_PER_ROOM = 2
    room, member = RoomFactory(), UserFactory()
    for number in range(2):
        starts_at = WEDNESDAY + number * DAY
        book(room, contact_email=f"v{number}@acme.com", source=Source.WEB, starts_at=starts_at)
    third = WEDNESDAY + dt.timedelta(hours=3)

    with pytest.raises(TooManyOpenRequests, match="for this room"):
        book(room, contact_email="v2@acme.com", source=Source.WEB, starts_at=third)

    assert book(room, member=member, source=Source.WEB, starts_at=third).status == "ACCEPTED"
    assert book(RoomFactory(), contact_email="v2@acme.com", source=Source.WEB, starts_at=third)


def test_what_a_stranger_types_is_one_harmless_line_in_the_mail():
    typed = "Jean\r\nBcc: all@acme.com\x07\u202e https://evil.example " + "x" * 100

    book(RoomFactory(), contact_email="v@acme.com", contact_name=typed, source=Source.WEB)

    name = OutgoingEmail.objects.get().context["contact_name"]
    assert name.startswith("Jean Bcc: all@acme.com https evil.example xxx")
    assert (len(name), name[-2:]) == (80, "x…")


def test_a_stranger_on_the_website_needs_two_days_notice_whoever_the_address_is():
    UserFactory(email="known@acme.com")

    for email in ("known@acme.com", "unknown@acme.com"):
        with pytest.raises(RulesBroken, match="at least 2 days"):
            book(
                RoomFactory(),
                contact_email=email,
                source=Source.WEB,
                starts_at=WEDNESDAY - DAY,
            )


def test_a_stranger_gets_no_member_price():
    person = UserFactory(email="known@acme.com", organization__is_member=True)
    room = RoomFactory(member_discount_percent=50)

    book(room, contact_email=person.email, source=Source.WEB)

    assert Meeting.objects.get().price == 20


# --- the website, logged in -----------------------------------------------------------------------


def test_a_logged_in_person_books_at_once_for_their_own_address():
    person = UserFactory()

    answer = book(RoomFactory(), member=person, contact_email="other@acme.com", source=Source.WEB)

    assert (answer.status, answer.person_id) == (OutcomeStatus.ACCEPTED, person.id)
    assert Meeting.objects.get().contact_email == person.email


@pytest.mark.parametrize("door", [Source.WEB, Source.WORKPLACE])
def test_members_book_the_rooms_of_their_sites(door):
    person, room = UserFactory(), RoomFactory(type="meeting")
    with pytest.raises(RoomNotPublic):
        book(room, member=person, source=door)

    SiteMembershipFactory(site=room.site, organization=person.organization)
    assert book(room, member=person, source=door).status == OutcomeStatus.ACCEPTED
    with pytest.raises(RoomNotPublic):
        book(room, contact_email=person.email)


@pytest.mark.parametrize("door", [Source.WEB, Source.WORKPLACE])
@pytest.mark.parametrize("kind", ["privateMeeting", "meeting"])
def test_private_and_leased_rooms_are_the_tenants(kind, door):
    tenant, neighbour = UserFactory(), UserFactory()
    room = RoomFactory(type=kind)
    RoomLeaseFactory(room=room, organization=tenant.organization)
    for person in (tenant, neighbour):
        SiteMembershipFactory(site=room.site, organization=person.organization)

    with pytest.raises(RoomNotPublic):
        book(room, member=neighbour, source=door)
    assert book(room, member=tenant, source=door).status == OutcomeStatus.ACCEPTED


def test_an_office_needs_a_contract_even_when_logged_in():
    with pytest.raises(ContractRequired):
        book(RoomFactory(office=True), member=UserFactory(), source=Source.WEB)


# --- staff ----------------------------------------------------------------------------------------


def test_staff_override_soft_rules_with_a_reason_and_never_the_capacity():
    UserFactory(email="jean@acme.com")
    sunday = {"starts_at": WEDNESDAY + 4 * DAY, "source": Source.STAFF}
    with pytest.raises(RulesBroken):
        book(RoomFactory(), **sunday)
    with pytest.raises(RulesBroken, match="at most 8"):
        book(RoomFactory(), **sunday, attendees=9, override_reason="Open day")

    book(RoomFactory(), **sunday, override_reason="Open day")

    assert Event.objects.get().data["overrideReason"] == "Open day"


def test_staff_never_override_an_overlap():
    UserFactory(email="jean@acme.com")
    room = RoomFactory()
    book(room)

    with pytest.raises(SlotTaken):
        book(room, source=Source.STAFF, override_reason="VIP")


# --- what stands in the booking ---------------------------------------------------------------------


def test_facts_are_kept():
    UserFactory(email="jean@acme.com")
    room = RoomFactory(setup_minutes=15, cleaning_minutes=30)

    book(room, is_private=True, terms_accepted_at=NOW, name="Review")

    meeting = Meeting.objects.get()
    assert (meeting.is_private, meeting.terms_accepted_at, meeting.name) == (True, NOW, "Review")
    assert meeting.cancellation_terms == room.cancellation_terms
    blocked = Reservation.objects.get().blocked
    assert (meeting.starts_at - blocked.lower, blocked.upper - meeting.ends_at) == (
        dt.timedelta(minutes=15),
        dt.timedelta(minutes=30),
    )


def test_a_room_without_a_price_is_booked_without_one():
    UserFactory(email="jean@acme.com")
    room = RoomFactory(price_per_hour=None, price_per_half_day=None, price_per_day=None)

    outcome = book(room)

    assert (outcome.price, outcome.price_gross) == (None, None)


# --- people who are archived meanwhile --------------------------------------------------------------


def archived_after_the_check(monkeypatch, **change):
    """Change the person between the look and the lock, as another process would."""
    real = booking_plans.Plan.check

    def check(plan, *, now):
        real(plan, now=now)
        User.objects.update(**change)

    monkeypatch.setattr(booking_plans.Plan, "check", check)


@pytest.mark.parametrize("is_new", [False, True])
def test_who_is_archived_between_the_look_and_the_lock_gets_no_booking(monkeypatch, is_new):
    UserFactory(email="jean@acme.com", new=is_new)
    room = RoomFactory()
    archived_after_the_check(monkeypatch, is_archived=True)

    assert book(room).status == OutcomeStatus.ARCHIVED

    assert not Meeting.objects.exists()
    assert not Event.objects.filter(type__startswith="meeting.").exists()


def test_a_member_who_is_archived_meanwhile_gets_no_booking_on_the_website(monkeypatch):
    member, room = UserFactory(), RoomFactory()
    archived_after_the_check(monkeypatch, is_archived=True)

    outcome = book(room, contact_email="", member=member, source=Source.WEB)

    assert outcome.status == OutcomeStatus.ARCHIVED
    assert not Meeting.objects.exists()


def test_who_becomes_known_meanwhile_is_booked_for_at_once(monkeypatch):
    UserFactory(email="jean@acme.com", new=True)
    room = RoomFactory()
    archived_after_the_check(monkeypatch, email_verified_at=NOW, role="user")

    assert book(room).status == OutcomeStatus.ACCEPTED


def test_a_series_is_none_of_whom_is_archived_meanwhile(monkeypatch):
    UserFactory(email="jean@acme.com")
    room, real = RoomFactory(), recurrence.occurrences

    def occurrences(rule, *, first, tz):
        User.objects.update(is_archived=True)
        return real(rule, first=first, tz=tz)

    monkeypatch.setattr(recurrence, "occurrences", occurrences)
    wish = SeriesWish(rule="FREQ=DAILY;COUNT=2")

    outcome = series_requests.request_series(wanted(room), wish, now=NOW)

    assert outcome.first.status == OutcomeStatus.ARCHIVED
    assert not Meeting.objects.exists()


# --- the database -----------------------------------------------------------------------------------


def test_an_accepted_booking_takes_five_queries(django_assert_num_queries):
    # room and person, calendar | lock, look again, all that is written
    UserFactory(email="jean@acme.com")
    room = RoomFactory()
    transaction = 2  # a savepoint and its release, since the test is a transaction itself

    with django_assert_num_queries(5 + transaction):
        book(room)


def test_the_constraint_has_the_last_word(monkeypatch):
    """Whoever slips past both looks is still refused, and leaves nothing behind."""
    UserFactory(email="jean@acme.com")
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC))
    monkeypatch.setattr("booking.domain.booking_plans.Plan.check", lambda self, now: None)
    monkeypatch.setattr(reservations, "conflicts", lambda *args, **kwargs: [])

    with pytest.raises(SlotTaken) as refusal:
        book(room)

    assert refusal.value.alternatives
    assert Meeting.objects.count() == 1
    assert not OutgoingEmail.objects.exists()


def deadlocked():
    error = OperationalError("deadlock detected")
    error.__cause__ = type("DeadlockDetected", (Exception,), {"sqlstate": "40P01"})()
    return error


@pytest.mark.parametrize(("deadlocks", "is_booked"), [(0, True), (2, True), (3, False)])
def test_deadlocks_are_tried_again_twice(monkeypatch, deadlocks, is_booked):
    UserFactory(email="jean@acme.com")
    room, left, real = RoomFactory(), [deadlocked()] * deadlocks, booking_writes.book

    def unlucky(plan, *, now):
        if left:
            raise left.pop()
        return real(plan, now=now)

    monkeypatch.setattr(booking_writes, "book", unlucky)

    if is_booked:
        assert book(room).status == OutcomeStatus.ACCEPTED
    else:
        with pytest.raises(OperationalError):
            book(room)
        assert not Meeting.objects.exists()


def test_one_address_is_one_person_whatever_its_case():
    book(RoomFactory(), contact_email="New@Acme.com")
    book(RoomFactory(), contact_email="new@ACME.com")

    assert User.objects.filter(email="new@acme.com").count() == 1
