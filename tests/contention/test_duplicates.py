"""Work that is done twice at the same time has its effect once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from booking.domain import confirmations, holds, meeting_requests
from booking.domain.meeting_requests import MeetingRequest
from booking.models import Meeting
from config.errors import DomainError
from organizations.domain import outbox
from organizations.models import OutgoingEmail, User
from sites_app.models import Room
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC)
TOGETHER = 6


@pytest.fixture(autouse=True)
def _mail_waits(monkeypatch):
    """Nothing is sent after the commits: what races here is asked for in so many words."""
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)
    monkeypatch.setattr("config.background.after_commit_together", lambda *_args: None)


def together(*works):
    """Run the works at the same moment, each in a connection of its own; give what they came to."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            barrier.wait(timeout=10)
            return work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_many_workers_and_sweeps_send_each_mail_once(settings, tmp_path):
    settings.EMAIL_FILE_DIR = str(tmp_path)
    settings.EMAIL_BACKEND = "organizations.mail_backends.FileBackend"
    for number in range(20):
        outbox.enqueue(
            template="account_archived",
            to=f"person{number}@acme.com",
            language="en",
            context={},
            now=NOW,
        )

    sent = together(*[lambda: outbox.sweep(now=NOW)] * TOGETHER)

    assert sum(sent) == 20
    assert len(list(tmp_path.iterdir())) == 20
    assert OutgoingEmail.objects.filter(status="sent", attempts=1).count() == 20


def test_two_schedulers_release_a_hold_once():
    MeetingFactory(pending=True, starts_at=START, hold_expires_at=NOW)

    released = together(*[lambda: holds.release_stale(now=NOW)] * TOGETHER)

    assert sum(released) == 1
    assert OutgoingEmail.objects.filter(template="hold_released").count() == 1


def test_a_link_followed_twice_at_once_confirms_once():
    meeting = MeetingFactory(pending=True, starts_at=START, hold_expires_at=NOW)

    outcomes = together(
        *[lambda: confirmations.confirm_by_link(meeting.id, now=NOW).status] * TOGETHER
    )

    assert outcomes == ["ACCEPTED"] * TOGETHER
    assert OutgoingEmail.objects.filter(template="booking_confirmed").count() == 1


def test_a_late_link_and_a_new_booking_race_for_one_slot():
    meeting = MeetingFactory(pending=True, starts_at=START, hold_expires_at=NOW)
    person = UserFactory()

    results = together(
        lambda: confirmations.confirm_by_link(meeting.id, now=NOW).status,
        lambda: book(meeting.room, person.email).status,
        lambda: str(holds.release_stale(now=NOW)),
    )

    assert sorted(results[:2]) == ["ACCEPTED", "SLOT_TAKEN"]
    assert Meeting.objects.filter(status="confirmed").count() == 1


def test_first_bookings_at_once_make_one_person_and_three_requests():
    rooms = [RoomFactory() for _ in range(TOGETHER)]

    results = together(*[lambda room=room: book(room, "new@acme.com").status for room in rooms])

    assert sorted(results) == ["REQUEST_ACCEPTED"] * 3 + ["TOO_MANY_OPEN_REQUESTS"] * 3
    assert User.objects.filter(email="new@acme.com").count() == 1


def book(room, email):
    request = MeetingRequest(
        room_id=room.id, contact_email=email, starts_at=START, duration_minutes=60
    )
    return meeting_requests.request_meeting(request, now=NOW)


def test_a_room_locked_for_long_is_reported_and_nothing_is_booked():
    room, person = RoomFactory(), UserFactory()

    def impatient():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        try:
            return book(room, person.email).status
        except OperationalError as error:
            return error.__cause__.sqlstate

    with transaction.atomic():
        Room.objects.select_for_update().get(id=room.id)
        results = together(impatient)

    assert results == ["55P03"]
    assert not Meeting.objects.exists()
