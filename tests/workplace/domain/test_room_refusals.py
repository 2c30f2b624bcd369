"""What booking says against a room, as this API tells it."""

import pytest

from booking.domain.bookable_rooms import RoomNotFound
from booking.domain.reservations import SlotTaken
from config.errors import DomainError
from workplace.domain import room_refusals
from workplace.domain.refusals import Conflict, Invalid


class Busy(DomainError):
    code = "BUSY"
    status = 503


@pytest.mark.parametrize(
    ("refusal", "kind", "code"),
    [
        (SlotTaken(), Conflict, "room_conflict"),
        (RoomNotFound(), Invalid, RoomNotFound.code.lower()),
    ],
)
def test_a_refusal_says_where_in_the_call_the_room_stands(refusal, kind, code):
    told = room_refusals.told(refusal, path=lambda name: f"allocations[1].{name}")

    assert isinstance(told, kind)
    assert [(one.path, one.code) for one in told.details] == [("allocations[1].room_id", code)]


def test_what_passes_is_no_mistake_of_the_caller():
    busy = Busy()

    assert room_refusals.told(busy) is busy
