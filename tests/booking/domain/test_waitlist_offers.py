"""Waiting-list offers. Source: booking rule R17."""

import datetime as dt
from decimal import Decimal

import pytest

from booking.domain import (
    cancellations,
    confirmations,
    holds,
    reservations,
    waitlist_offers,
)
from booking.models import Meeting, Reservation, WaitlistEntry
from config import background
from organizations.models import OutgoingEmail
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.demand import BookingLimitFactory, WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
NINE = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def site():
    return SiteFactory(time_zone="UTC")


@pytest.fixture
def room(site):
    return RoomFactory(site=site, name="Salon")


def waiting(room, *, person=None, **values):
    person = person or UserFactory()
    entry = WaitlistEntryFactory(room=room, contact_email=person.email, **values)
    entry.person = person
    return entry


def offers():
    return [
        (meeting.contact_email, meeting.room_id, meeting.starts_at)
        for meeting in Meeting.objects.filter(status="pending").order_by("starts_at", "id")
    ]


def status(entry):
    return WaitlistEntry.objects.get(id=entry.id).status


def test_the_first_in_the_queue_gets_it_held_for_half_an_hour(room):
    taken = MeetingFactory(room=room, starts_at=NINE)
    first, second = waiting(room), waiting(room)
    assert waitlist_offers.sweep(now=NOW) == 0

    cancellations.cancel(taken.id, reason="", by=None, now=NOW)
    made = waitlist_offers.slot_freed([taken.id], now=NOW)

    meeting = Meeting.objects.get(status="pending")
    assert (made, offers()) == (1, [(first.contact_email, room.id, NINE)])
    assert meeting.hold_expires_at == NOW + dt.timedelta(minutes=30)
    assert (meeting.organizer, meeting.organization) == (first.person, first.person.organization)
    assert (meeting.price, meeting.duration_minutes) == (Decimal(20), 60)
    assert Reservation.objects.get(meeting=meeting).holds
    assert (status(first), status(second)) == ("offered", "waiting")
    assert WaitlistEntry.objects.get(id=first.id).meeting == meeting
    mail = OutgoingEmail.objects.get(template="waitlist_offer")
    assert (mail.to_address, mail.context["link"]) == (
        first.contact_email,
        {"purpose": "confirm-booking", "subject": meeting.id},
    )


def test_then_the_next(room):
    first, second, third = (waiting(room) for _ in range(3))
    waitlist_offers.sweep(now=NOW)

    holds.release_stale(now=NOW + dt.timedelta(minutes=29))
    assert waitlist_offers.sweep(now=NOW + dt.timedelta(minutes=29)) == 0
    holds.release_stale(now=NOW + dt.timedelta(minutes=30))
    assert waitlist_offers.sweep(now=NOW + dt.timedelta(minutes=30)) == 1

    assert [status(entry) for entry in (first, second, third)] == ["offered", "offered", "waiting"]
    assert offers() == [(second.contact_email, room.id, NINE)]


def test_who_confirms_has_the_room_and_nobody_is_next(room):
    waiting(room)
    waiting(room)
    waitlist_offers.sweep(now=NOW)

    confirmations.confirm_by_link(Meeting.objects.get().id, now=NOW + dt.timedelta(minutes=5))

    assert waitlist_offers.sweep(now=NOW + HOUR) == 0
    assert Meeting.objects.get().status == "confirmed"


@pytest.mark.parametrize(
    ("before", "minutes"),
    [(dt.timedelta(hours=4, minutes=1), 30), (4 * HOUR, 10), (dt.timedelta(minutes=6), 6)],
)
def test_offers_for_soon_are_shorter_and_end_at_the_start(before, minutes):
    now = NINE - before

    assert holds.expiry_for_offer(starts_at=NINE, now=now) == now + dt.timedelta(minutes=minutes)


def test_who_left_or_came_too_late_is_passed_over(room):
    left = waiting(room, status="left")
    over = waiting(room, starts_at=NOW - 2 * HOUR, ends_at=NOW)
    next_ = waiting(room)

    waitlist_offers.sweep(now=NOW)

    assert [status(entry) for entry in (left, over, next_)] == ["left", "over", "offered"]


def test_any_room_of_the_site_that_holds_the_people(site, room):
    big = RoomFactory(site=site, max_person=20)
    MeetingFactory(room=room, starts_at=NINE)
    many = waiting(room, attendees=12)
    WaitlistEntry.objects.filter(id=many.id).update(room=None)
    other = RoomFactory(site=SiteFactory(time_zone="UTC"), max_person=20)

    waitlist_offers.sweep(now=NOW)

    assert offers() == [(many.contact_email, big.id, NINE)]
    assert other.reservations.count() == 0


def test_the_earliest_start_of_the_time_waited_for(room):
    MeetingFactory(room=room, starts_at=NINE, duration=120)
    entry = waiting(room, ends_at=NINE + 9 * HOUR, duration_minutes=90)

    waitlist_offers.sweep(now=NOW)

    assert offers() == [(entry.contact_email, room.id, NINE + 2 * HOUR)]


def test_the_time_asked_for_itself_need_not_be_on_the_grid(room):
    start = NINE + dt.timedelta(minutes=10)
    entry = waiting(room, starts_at=start, ends_at=start + HOUR)

    waitlist_offers.sweep(now=NOW)

    assert offers() == [(entry.contact_email, room.id, start)]


def test_neither_early_nor_outside_the_time_waited_for(room):
    MeetingFactory(room=room, starts_at=NINE + HOUR)
    waiting(room, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)

    assert waitlist_offers.sweep(now=NOW) == 0


def test_two_freed_slots_go_to_two_people(room):
    entries = [waiting(room, ends_at=NINE + 2 * HOUR) for _ in range(3)]

    assert waitlist_offers.sweep(now=NOW) == 2
    assert offers() == [
        (entries[0].contact_email, room.id, NINE),
        (entries[1].contact_email, room.id, NINE + HOUR),
    ]


def test_newcomers_wait_for_their_notice_and_are_asked_to_register(room):
    soon, later = NINE.replace(day=3), NINE.replace(day=4)
    stranger = WaitlistEntryFactory(room=room, starts_at=soon, ends_at=later + HOUR)

    waitlist_offers.sweep(now=NOW)

    assert offers() == [(stranger.contact_email, room.id, later)]
    mail = OutgoingEmail.objects.get(template="waitlist_offer")
    assert mail.context["link"]["purpose"] == "complete-registration"


def test_the_archived_and_those_at_their_limit_are_passed_over(room):
    BookingLimitFactory()
    archived = waiting(room, person=UserFactory(archived=True))
    full = waiting(room)
    MeetingFactory(organizer=full.person, starts_at=NINE + 5 * HOUR, room__site=room.site)
    next_ = waiting(room)

    waitlist_offers.sweep(now=NOW)

    assert [status(entry) for entry in (archived, full, next_)] == ["waiting", "waiting", "offered"]


def test_members_get_their_price(room):
    room.member_discount_percent = Decimal(10)
    room.save()
    waiting(room, person=UserFactory(organization=OrganizationFactory(is_member=True)))

    waitlist_offers.sweep(now=NOW)

    assert Meeting.objects.get().price == 18


def test_a_part_that_frees_frees_the_whole(site):
    whole, part = RoomFactory(site=site, name="Whole"), RoomFactory(site=site, name="Part")
    whole.parts.add(part)
    taken = MeetingFactory(room=part, starts_at=NINE)
    entry = waiting(whole)
    assert waitlist_offers.sweep(now=NOW) == 0

    cancellations.cancel(taken.id, reason="", by=None, now=NOW)
    waitlist_offers.slot_freed([taken.id], now=NOW)

    assert offers() == [(entry.contact_email, whole.id, NINE)]
    assert set(
        Reservation.objects.filter(meeting__status="pending").values_list("room", flat=True)
    ) == {whole.id, part.id}


def test_what_staff_free_is_found_by_the_sweep(room):
    block = BlockFactory(room=room, starts_at=NINE, ends_at=NINE + HOUR)
    waiting(room)
    assert waitlist_offers.sweep(now=NOW) == 0

    block.delete()

    assert waitlist_offers.sweep(now=NOW) == 1


def test_giving_back_asks_for_offers_after_the_commit(
    room, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(background, "_take", lambda wish: sent.append((wish.task_name, wish.args)))
    taken = MeetingFactory(room=room, starts_at=NINE)

    with django_capture_on_commit_callbacks(execute=True):
        cancellations.cancel(taken.id, reason="", by=None, now=NOW)

    assert ("booking.offer_freed_slots", ([taken.id],)) in sent


def test_moving_away_asks_for_offers_after_the_commit(
    room, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(background, "_take", lambda wish: sent.append((wish.task_name, wish.args)))
    taken = MeetingFactory(room=room, starts_at=NINE)

    with django_capture_on_commit_callbacks(execute=True):
        reservations.leave([taken.id])

    assert sent == [("booking.offer_freed_slots", ([taken.id],))]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_queue_that_gets_nothing_costs_the_same(room, rows, django_assert_num_queries):
    MeetingFactory(room=room, starts_at=NINE)
    for _ in range(rows):
        waiting(room)

    with django_assert_num_queries(3):  # queue, rooms, calendars
        waitlist_offers.offer_at(room.site_id, now=NOW)


@pytest.mark.parametrize("names_the_room", [True, False])
def test_an_office_that_is_let_is_offered_to_nobody(site, names_the_room):
    office = RoomFactory(
        site=site, type="publicOffice", price_per_hour=Decimal(30), min_duration=60
    )
    RoomLeaseFactory(room=office, starts_on=NINE.date(), ends_on=NINE.date())
    room = office if names_the_room else None
    on_that_day, later = [
        WaitlistEntryFactory(
            site=site,
            room=room,
            contact_email=UserFactory().email,
            starts_at=NINE + day,
            ends_at=NINE + day + HOUR,
        )
        for day in (dt.timedelta(), dt.timedelta(days=1))
    ]

    waitlist_offers.offer_at(site.id, now=NOW)

    assert (status(on_that_day), status(later)) == ("waiting", "offered")
