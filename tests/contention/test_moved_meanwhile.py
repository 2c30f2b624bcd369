"""A booking goes to another room while something else is done with it: that is done all the same."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from booking.domain import (
    booking_locks,
    calendar_entries,
    cancellations,
    confirmations,
    handovers,
    reservations,
)
from booking.models import Meeting, Reservation
from tests.contention.lock_waits import until_waited_for
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _mail_waits(monkeypatch):
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)
    monkeypatch.setattr("config.background.after_commit_together", lambda *_args: None)


def while_moved(meeting, *, to, work):
    """Do the work in a connection of its own while the meeting moves; return what came of it."""

    def run():
        try:
            with transaction.atomic():
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            reservations.lock_rooms(meeting.room_id, to.id)
            Meeting.objects.filter(id=meeting.id).update(room=to)
            Reservation.objects.filter(meeting=meeting).update(room=to)
            answer = other.submit(run)
            until_waited_for(answer)
        return answer.result()


def test_a_request_is_confirmed_under_the_lock_of_the_room_that_it_is_in_by_now(monkeypatch):
    left, entered = RoomFactory.create_batch(2)
    meeting = MeetingFactory(room=left, pending=True, starts_at=START, hold_expires_at=NOW + MINUTE)
    locked, lock = [], booking_locks.lock
    monkeypatch.setattr(
        booking_locks,
        "lock",
        lambda room_id, **known: locked.append(room_id) or lock(room_id, **known),
    )

    while_moved(
        meeting, to=entered, work=lambda: confirmations.confirm_by_link(meeting.id, now=NOW)
    )

    assert locked == [left.id, entered.id]
    meeting.refresh_from_db()
    assert (meeting.status, meeting.room_id) == ("confirmed", entered.id)


def test_it_is_cancelled():
    meeting, entered = MeetingFactory(starts_at=START), RoomFactory()

    cancelled = while_moved(
        meeting,
        to=entered,
        work=lambda: cancellations.cancel(meeting.id, reason="", by=None, now=NOW),
    )

    assert (cancelled.status, cancelled.room) == ("cancelled", entered)
    assert not Reservation.objects.filter(holds=True).exists()


def test_it_is_handed_over_with_the_others():
    person = UserFactory()
    meeting = MeetingFactory(organizer=person, organization=person.organization, starts_at=START)

    found = while_moved(meeting, to=RoomFactory(), work=lambda: handovers.locked(person, now=NOW))

    assert found == [meeting]


def test_its_calendar_entry_is_made():
    meeting, entered = MeetingFactory(starts_at=START), RoomFactory(public_name="Entered")

    made = while_moved(meeting, to=entered, work=lambda: calendar_entries.build([meeting.id]))

    assert b"Entered" in made[meeting.id].detailed
