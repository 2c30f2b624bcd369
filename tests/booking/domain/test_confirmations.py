"""A held request becomes a booking: in time, late, too late, and twice."""

import datetime as dt
from decimal import Decimal

import pytest

from apitokens.models import Event
from booking.domain import confirmations, holds
from booking.domain.confirmations import NotConfirmable, RegistrationRequired
from booking.domain.meetings import MeetingNotFound
from booking.domain.outcomes import OutcomeStatus
from booking.domain.reservations import SlotTaken
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def held(**kwargs):
    facts = {"pending": True, "starts_at": START, "hold_expires_at": NOW + MINUTE}
    return MeetingFactory(**facts | kwargs)


def confirm(meeting, *, now=NOW):
    return confirmations.confirm_by_link(meeting.id, now=now)


def test_in_time():
    meeting = held()

    outcome = confirm(meeting)

    meeting.refresh_from_db()
    assert (outcome.status, outcome.meeting_id) == (OutcomeStatus.ACCEPTED, meeting.id)
    assert (meeting.status, meeting.hold_expires_at, meeting.sequence) == ("confirmed", None, 1)
    assert meeting.reservations.get().holds
    assert OutgoingEmail.objects.get().template == "booking_confirmed"
    assert Event.objects.get().type == "meeting.confirmed"


@pytest.mark.parametrize(
    ("is_member", "price", "expected"),
    [
        (True, 20, (18, 21.6)),
        (False, 20, (20, 24)),
        (True, 15, (15, 18)),
        (True, None, (None, None)),
    ],
)
def test_who_turns_out_to_be_a_member_pays_the_members_price(is_member, price, expected):
    room = RoomFactory(price_per_hour=Decimal(20), member_discount_percent=10)
    gross = price and Decimal(price) * Decimal("1.2")
    person = UserFactory(organization=OrganizationFactory(is_member=is_member))
    meeting = held(room=room, organizer=person, price=price, price_gross=gross)

    confirm(meeting)

    meeting.refresh_from_db()
    paid = [amount and float(amount) for amount in (meeting.price, meeting.price_gross)]
    assert tuple(paid) == expected


def test_twice_changes_nothing():
    meeting = held()

    assert confirm(meeting) == confirm(meeting)
    assert OutgoingEmail.objects.count() == Event.objects.count() == 1


@pytest.mark.parametrize("is_swept", [True, False])
def test_late_while_the_slot_is_free(is_swept):
    meeting = held(hold_expires_at=NOW)
    if is_swept:
        holds.release_stale(now=NOW)

    assert confirm(meeting).status == OutcomeStatus.ACCEPTED
    assert meeting.reservations.get().holds


def test_late_when_the_slot_is_gone():
    meeting = held(hold_expires_at=NOW)
    holds.release_stale(now=NOW)
    MeetingFactory(room=meeting.room, starts_at=START)

    with pytest.raises(SlotTaken) as refusal:
        confirm(meeting)

    assert refusal.value.alternatives[0].starts_at == START - 60 * MINUTE
    meeting.refresh_from_db()
    assert meeting.status == "expired"


def test_late_takes_the_place_of_another_stale_hold():
    meeting = held(hold_expires_at=NOW)
    holds.release_stale(now=NOW)
    other = held(room=meeting.room, hold_expires_at=NOW)

    confirm(meeting)

    other.refresh_from_db()
    assert other.status == "expired"


def test_cancelled_begun_and_unknown_ones_are_not_confirmed():
    with pytest.raises(NotConfirmable):
        confirm(MeetingFactory(cancelled=True, starts_at=START))
    with pytest.raises(NotConfirmable):
        confirm(held(), now=START)
    with pytest.raises(MeetingNotFound):
        confirmations.confirm_by_link("f" * 24, now=NOW)


@pytest.mark.parametrize("person", [{"new": True}, {"archived": True}])
def test_who_is_not_registered_confirms_nothing(person):
    with pytest.raises(RegistrationRequired):
        confirm(held(organizer=UserFactory(**person)))


def test_all_requests_of_a_person_at_once():
    person = UserFactory()
    first = held(organizer=person)
    second = held(organizer=person, hold_expires_at=NOW)
    gone = held(organizer=person, hold_expires_at=NOW)
    past = held(organizer=person, starts_at=NOW, hold_expires_at=NOW)
    holds.expire([gone.id], now=NOW)
    MeetingFactory(room=gone.room, starts_at=START)

    done = confirmations.confirm_requests_of(person.id, now=NOW)

    assert {outcome.meeting_id for outcome in done.confirmed} == {first.id, second.id}
    assert [outcome.meeting_id for outcome in done.lost] == [gone.id]
    mail = OutgoingEmail.objects.get(template="slot_gone")
    assert mail.context["alternatives"][0]["room"] == gone.room.display_name
    past.refresh_from_db()
    assert past.status == "pending"
