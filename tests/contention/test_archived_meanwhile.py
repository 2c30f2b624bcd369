"""Somebody is archived while a booking for them is being written: there is none."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from booking.domain import meeting_requests
from booking.domain.meeting_requests import MeetingRequest
from booking.models import Meeting
from organizations.domain import archiving
from organizations.models import Organization, User
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def until_somebody_waits():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def book(room, answers):
    request = MeetingRequest(
        room_id=room.id,
        contact_email="jean@acme.com",
        starts_at=dt.datetime(2025, 11, 5, 14, 0),
        duration_minutes=60,
    )
    try:
        answers.append(meeting_requests.request_meeting(request, now=NOW).status)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
        answers.append(repr(error))
    finally:
        connection.close()


@pytest.mark.parametrize("model", [User, Organization])
def test_a_booking_waits_for_who_archives_its_person_and_is_none(model):
    UserFactory(email="jean@acme.com", organization=OrganizationFactory())
    answers = []
    booker = threading.Thread(target=book, args=(RoomFactory(), answers))

    with transaction.atomic():
        archiving.archive(model.objects.all())
        booker.start()
        until_somebody_waits()
    booker.join()

    assert answers == ["ARCHIVED"]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("model", [User, Organization])
def test_a_booking_stands_when_its_person_was_archived_in_vain(model):
    UserFactory(email="jean@acme.com", organization=OrganizationFactory())
    answers = []
    booker = threading.Thread(target=book, args=(RoomFactory(), answers))

    with transaction.atomic():
        archiving.archive(model.objects.all())
        booker.start()
        until_somebody_waits()
        transaction.set_rollback(True)
    booker.join()

    assert answers == ["ACCEPTED"]
