"""Several processes book, move and give back series that cross: no overlap, no deadlock."""

from collections import Counter

import pytest
from django.db.models import Count

from booking.models import Meeting, MeetingSeries, Reservation
from tests.contention import racing
from tests.contention.test_one_slot import overlaps, world

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, CONNECTIONS, TURNS = 3, 3, 4
SAID = {"BOOKED", "MOVED", "GIVEN_BACK", "SLOT_TAKEN"}


def race(rooms, people):
    """Run the processes and count what each step came to."""
    task = {
        "connections": CONNECTIONS,
        "turns": TURNS,
        "now": "2029-12-01T10:00:00+00:00",
        "first_start": "2030-01-07T09:00:00+00:00",
        "rooms": [room.id for room in rooms],
        "people": people,
    }
    tasks = [task | {"process": number} for number in range(PROCESSES)]
    return sum(racing.race("series_booker", tasks), Counter())


def test_crossing_series_never_overlap_and_never_deadlock():
    rooms, people = world(rooms=3)
    for room in rooms:
        room.slot_sunday = "00:00-24:00"
        room.save()
    rooms[0].parts.set(rooms[1:2])  # a room made of another one is locked with it

    total = race(rooms, people)

    assert set(total) <= SAID, total
    assert total["BOOKED"] == MeetingSeries.objects.count() > 0
    assert total["MOVED"] > 0
    assert overlaps() == 0
    assert _without_their_room() == 0


def _without_their_room():
    """Count live meetings that hold no reservation of their own room, or more than one."""
    own = Reservation.objects.filter(holds=True).values("meeting", "room").annotate(n=Count("id"))
    held = {(row["meeting"], row["room"]): row["n"] for row in own}
    live = Meeting.objects.filter(status="confirmed")
    return sum(held.get((one.id, one.room_id)) != 1 for one in live)
