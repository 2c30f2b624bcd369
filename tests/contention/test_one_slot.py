"""Several processes race for the same rooms: exactly one wins each slot, and nothing deadlocks."""

from collections import Counter

import pytest
from django.db import connection

from apitokens.models import Event
from booking.models import Meeting
from organizations.models import OutgoingEmail
from tests.contention import racing
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, CONNECTIONS = 4, 8

OVERLAPS = """
SELECT count(*) FROM booking_reservation a JOIN booking_reservation b
    ON a.room_id = b.room_id AND a.id < b.id AND a.blocked && b.blocked
 WHERE a.holds AND b.holds
"""


def race(task, program="booker"):
    """Run the bookers and return what each attempt came to, and the longest one in seconds."""
    task = task | {
        "connections": CONNECTIONS,
        "now": "2029-12-01T10:00:00+00:00",
        "first_start": "2030-01-07T00:00:00+00:00",
    }
    answers = racing.race(program, [task | {"process": number} for number in range(PROCESSES)])
    total = sum((answer["counts"] for answer in answers), Counter())
    return total, max(answer["slowest"] for answer in answers)


def overlaps():
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def world(rooms=1):
    site = SiteFactory(time_zone="UTC")
    made = [
        RoomFactory(site=site, slot_week="00:00-24:00", slot_saturday="00:00-24:00", max_duration=0)
        for _ in range(rooms)
    ]
    return made, [UserFactory().email for _ in range(8)]


def test_one_slot_has_one_winner_each_round():
    rooms, people = world()
    rounds = 20

    total, slowest = race(
        {"rooms": [rooms[0].id], "people": people, "rounds": rounds, "seconds_a_round": 0.6}
    )

    attempts = PROCESSES * CONNECTIONS * rounds
    assert total == {"ACCEPTED": rounds, "SLOT_TAKEN": attempts - rounds}
    assert Meeting.objects.count() == rounds
    assert OutgoingEmail.objects.count() == Event.objects.count() == rounds
    assert overlaps() == 0
    assert slowest < 10


def test_overlapping_slots_and_combined_rooms_never_overlap():
    rooms, people = world(rooms=3)
    rooms[0].parts.set(rooms[1:])

    total, slowest = race(
        {"rooms": [room.id for room in rooms], "people": people, "starts": 192, "seconds": 6}
    )

    # whoever waits for a room longer than the lock's time-out is told to come again
    assert set(total) <= {"ACCEPTED", "SLOT_TAKEN", "RULES_BROKEN", "OperationalError: 55P03"}
    assert Meeting.objects.count() == total["ACCEPTED"] > 10
    assert overlaps() == 0
    assert slowest < 10
