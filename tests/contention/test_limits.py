"""Several processes book for one person in several rooms: a limit holds exactly."""

import pytest

from booking.models import Meeting
from tests.contention.test_one_slot import overlaps, race, world
from tests.factories.demand import BookingLimitFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]


def test_a_limit_is_never_passed():
    rooms, people = world(rooms=4)
    BookingLimitFactory(period="month", count=3)
    BookingLimitFactory(scope="organization", period="month", count=2)

    total, slowest = race(
        {
            "rooms": [room.id for room in rooms],
            "people": people[:1],
            "rounds": 4,
            "seconds_a_round": 0.6,
        }
    )

    assert total["ACCEPTED"] == Meeting.objects.count() == 2
    assert set(total) <= {"ACCEPTED", "SLOT_TAKEN", "LIMIT_REACHED"}
    assert total["LIMIT_REACHED"] > 10
    assert overlaps() == 0
    assert slowest < 10
