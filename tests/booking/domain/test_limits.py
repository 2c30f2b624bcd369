"""Booking limits. Source: booking rule R10."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain import confirmations, limits, meeting_requests
from booking.domain.limits import LimitReached
from booking.domain.meeting_requests import MeetingRequest, Source
from booking.models import Meeting
from config.intervals import Interval
from tests.factories.booking import MeetingFactory
from tests.factories.demand import BookingLimitFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2029, 12, 1, 10, 0, tzinfo=dt.UTC)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def site():
    return SiteFactory(time_zone="UTC")


@pytest.fixture
def room(site):
    return RoomFactory(
        site=site, slot_week="00:00-24:00", slot_saturday="00:00-24:00", slot_sunday="00:00-24:00"
    )


@pytest.fixture
def person():
    return UserFactory()


def at(day, hour=9, month=1):
    return dt.datetime(2030, month, day, hour, tzinfo=dt.UTC)


def book(room, person, starts_at, **values):
    request = MeetingRequest(
        room_id=room.id,
        contact_email=person.email,
        starts_at=starts_at,
        **{"duration_minutes": 60} | values,
    )
    return meeting_requests.request_meeting(request, now=NOW)


def refusal(*args, **values):
    with pytest.raises(LimitReached) as caught:
        book(*args, **values)
    return caught.value


def test_without_a_limit_anything_goes_for_one_query(room, person):
    booking = limits.Booking(
        room=room,
        starts_at=at(7),
        duration_minutes=60,
        person_id=person.id,
        organization_id=person.organization_id,
    )

    with CaptureQueriesContext(connection) as made:
        limits.check(booking, now=NOW)

    assert len(made) == 1


def test_a_person_books_up_to_the_limit(room, person):
    BookingLimitFactory(count=2)
    book(room, person, at(7, 9))
    book(room, person, at(7, 10))

    found = refusal(room, person, at(7, 11))

    assert (found.status, found.code) == (409, "LIMIT_REACHED")
    assert found.message == "Booking limit reached: at most 2 bookings per day and person"
    assert [(one.code, one.since, one.until) for one in found.violations] == [
        ("LIMIT_REACHED", at(7, 0), at(8, 0))
    ]
    assert (
        found.violations[0].message_fr
        == "Limite de réservation atteinte : au plus 2 réservations par jour et par personne"
    )
    assert Meeting.objects.count() == 2
    book(room, person, at(8, 11))
    book(room, UserFactory(organization=person.organization), at(7, 11))


def test_a_company_books_up_to_the_limit_whoever_books(room):
    BookingLimitFactory(scope="organization", period="week")
    company = OrganizationFactory()
    book(room, UserFactory(organization=company), at(7))

    found = refusal(room, UserFactory(organization=company), at(13))

    assert found.message == "Booking limit reached: at most 1 booking per week and organization"
    book(room, UserFactory(organization=company), at(14))
    book(room, UserFactory(), at(8))


def test_minutes_have_both_borders(room, person):
    BookingLimitFactory(count=None, minutes=120, period="month")
    book(room, person, at(1), duration_minutes=60)

    found = refusal(room, person, at(31), duration_minutes=90)
    book(room, person, at(31), duration_minutes=60)

    assert found.message == "Booking limit reached: at most 120 minutes per month and person"
    book(room, person, at(1, month=2), duration_minutes=120)


def test_a_limit_for_one_type_of_room_leaves_the_others_alone(site, person, room):
    BookingLimitFactory(room_type="publicOffice")
    office = RoomFactory(site=site, type="publicOffice", slot_week="00:00-24:00")
    book(room, person, at(7, 9))
    book(room, person, at(7, 10))
    book(office, person, at(7, 11))

    refusal(office, person, at(7, 13))


def test_all_limits_in_the_way_are_told(room, person):
    BookingLimitFactory(count=1, minutes=60)
    BookingLimitFactory(scope="organization", count=1)
    book(room, person, at(7))

    found = refusal(room, person, at(7, 11))

    assert [one.message.removeprefix("Booking limit reached: ") for one in found.violations] == [
        "at most 1 booking per day and person",
        "at most 60 minutes per day and person",
        "at most 1 booking per day and organization",
    ]


def test_only_what_is_booked_or_held_counts(room, person):
    BookingLimitFactory()
    values = {"room": room, "organizer": person, "starts_at": at(7)}
    MeetingFactory(**values, cancelled=True)
    MeetingFactory(**values, expired=True)
    MeetingFactory(**values, pending=True, hold_expires_at=NOW)
    held = MeetingFactory(**values | {"starts_at": at(7, 12)}, pending=True)

    refusal(room, person, at(7, 15))
    Meeting.objects.filter(id=held.id).update(hold_expires_at=NOW)
    book(room, person, at(7, 15))


def test_staff_override_with_a_reason_alone(room, person):
    BookingLimitFactory()
    book(room, person, at(7))

    refusal(room, person, at(7, 11), source=Source.STAFF)
    book(room, person, at(7, 11), source=Source.STAFF, override_reason="A good customer")

    assert Meeting.objects.count() == 2


def test_a_change_does_not_count_the_meeting_itself(room, person):
    BookingLimitFactory()
    meeting_id = book(room, person, at(7)).meeting_id
    facts = {
        "room": room,
        "starts_at": at(7, 15),
        "duration_minutes": 60,
        "person_id": person.id,
        "organization_id": person.organization_id,
    }

    limits.check(limits.Booking(**facts, meeting_id=meeting_id), now=NOW)
    with pytest.raises(LimitReached):
        limits.check(limits.Booking(**facts), now=NOW)


def test_a_stranger_is_not_told_and_the_link_is_refused(room, person):
    BookingLimitFactory()
    book(room, person, at(7))
    book(room, person, at(7, 11), source=Source.WEB)
    held = Meeting.objects.get(status="pending")

    with pytest.raises(LimitReached):
        confirmations.confirm_by_link(held.id, now=NOW)

    assert confirmations.confirm_requests_of(person.id, now=NOW).confirmed == ()
    assert Meeting.objects.get(id=held.id).status == "pending"


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("day", dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC)),
        ("week", dt.datetime(2026, 3, 22, 23, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 22, tzinfo=dt.UTC)),
        ("month", dt.datetime(2026, 2, 28, 23, tzinfo=dt.UTC), dt.datetime(2026, 3, 31, 22, tzinfo=dt.UTC)),
    ],
)  # fmt: skip
def test_periods_are_those_of_the_site_on_the_night_of_a_clock_change(period, start, end):
    noon = dt.datetime(2026, 3, 29, 10, tzinfo=dt.UTC)

    assert limits.span_of(period, noon, tz=PARIS) == Interval(start, end)


def test_december_ends_with_the_year():
    found = limits.span_of("month", at(31, 12, month=12), tz=ZoneInfo("UTC"))

    assert found == Interval(at(1, 0, month=12), dt.datetime(2031, 1, 1, tzinfo=dt.UTC))
