"""Giving a meeting back: the fee on both sides of each step, and what follows."""

import datetime as dt
from decimal import Decimal

import pytest

from apitokens.models import Event
from booking.domain import cancellations
from booking.domain.cancellations import NotCancellable
from booking.domain.meetings import MeetingNotFound
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory

pytestmark = pytest.mark.django_db

START = dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def before(hours):
    return START - dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("now", "fee"),
    [
        (before(24), "0"),
        (before(24) + SECOND, "10"),
        (before(2), "10"),
        (before(2) + SECOND, "20"),
        (START - SECOND, "20"),
    ],
)
def test_the_fee_grows_as_the_start_comes_near(now, fee):
    meeting = MeetingFactory(starts_at=START, price=Decimal(20))

    assert cancellations.preview(meeting, now=now).fee == Decimal(fee)
    cancelled = cancellations.cancel(meeting.id, reason="Ill", by=None, now=now)
    assert cancelled.cancellation_fee == Decimal(fee)


def test_free_until_is_told():
    meeting = MeetingFactory(starts_at=START, price=Decimal(20))

    assert cancellations.preview(meeting, now=before(48)).free_until == before(24)


def test_a_request_costs_nothing():
    meeting = MeetingFactory(pending=True, starts_at=START, price=Decimal(20))

    assert cancellations.preview(meeting, now=START - SECOND).fee == 0
    cancellations.cancel(meeting.id, reason="", by=None, now=START - SECOND)
    assert calendar_of(OutgoingEmail.objects.get()) is None


def test_a_cancelled_meeting_frees_its_room_and_is_told():
    meeting = MeetingFactory(starts_at=START, price=Decimal(20))

    cancellations.cancel(meeting.id, reason="Ill", by=meeting.organizer, now=before(48))

    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason, meeting.sequence) == ("cancelled", "Ill", 1)
    assert meeting.cancelled_at == before(48)
    assert not meeting.reservations.get().holds
    mail, event = OutgoingEmail.objects.get(), Event.objects.get()
    assert (mail.template, mail.calendar_method) == ("booking_cancelled", "CANCEL")
    assert b"SEQUENCE:1" in calendar_of(mail)
    assert (event.type, event.data["by"]) == ("meeting.cancelled", meeting.organizer_id)


def test_twice_changes_nothing():
    meeting = MeetingFactory(starts_at=START, price=Decimal(20))

    cancellations.cancel(meeting.id, reason="", by=None, now=before(48))
    again = cancellations.cancel(meeting.id, reason="", by=None, now=before(1))

    assert again.cancellation_fee == 0
    assert OutgoingEmail.objects.count() == 1


def test_what_can_no_longer_be_cancelled():
    with pytest.raises(NotCancellable):
        cancellations.cancel(MeetingFactory(starts_at=START).id, reason="", by=None, now=START)
    expired = MeetingFactory(expired=True, starts_at=START)
    with pytest.raises(NotCancellable):
        cancellations.cancel(expired.id, reason="", by=None, now=before(48))
    with pytest.raises(MeetingNotFound):
        cancellations.cancel("f" * 24, reason="", by=None, now=before(48))
