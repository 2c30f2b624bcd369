"""Rooms made of rooms, wherever free time is looked for. Source: booking rule R7.

A building holds a hall, the hall two halves; a meeting in any of them blocks what it touches.
"""

import datetime as dt

import pytest

from booking.domain import (
    alternatives,
    catalogue,
    room_search,
    schedules,
    week_calendar,
)
from booking.domain.alternatives import Wish
from booking.domain.week_calendar import SlotReason
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
NINE = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NAMES = ("building", "hall", "left", "right")


@pytest.fixture
def rooms():
    site = SiteFactory(time_zone="UTC")
    made = {
        name: RoomFactory(site=site, name=name, slot_week="09:00-12:00", step_duration=60)
        for name in NAMES
    }
    made["building"].parts.set([made["hall"]])
    made["hall"].parts.set([made["left"], made["right"]])
    return made


BLOCKED = [
    ("left", {"building", "hall", "left"}),
    ("right", {"building", "hall", "right"}),
    ("hall", {"building", "hall"}),
    ("building", {"building"}),
]


@pytest.fixture(params=BLOCKED, ids=[name for name, _ in BLOCKED])
def taken(request, rooms):
    """Hold one room itself from nine to ten; booking it would also hold its parts by rows of their own."""
    name, blocked = request.param
    BlockFactory(room=rooms[name], starts_at=NINE, ends_at=NINE + HOUR)
    return blocked


def test_calendars(rooms, taken):
    found = schedules.of_rooms(list(rooms.values()), start=NINE, end=NINE + 3 * HOUR, now=NOW)

    starts = {
        name: next(found[room.id].bookable_starts(duration_minutes=60))
        for name, room in rooms.items()
    }
    assert starts == {name: NINE + HOUR if name in taken else NINE for name in NAMES}


def test_the_week_table(rooms, taken):
    for name, room in rooms.items():
        week = week_calendar.of_room(
            room, monday=NINE.date(), duration_minutes=60, is_new_person=False, now=NOW
        )
        wanted = SlotReason.BLOCKED if name in taken else SlotReason.FREE
        assert (name, week.days[0].slots[0].reason) == (name, wanted)


def test_the_search(rooms, taken):
    wish = room_search.Wish(
        duration_minutes=60, day=NINE.date(), time=dt.time(9), is_new_person=False
    )

    found = room_search.search(list(rooms.values()), wish, now=NOW)

    assert {offer.room.name for offer in found.offers} == set(NAMES) - taken


def test_alternatives(rooms, taken):
    for name in taken:
        wish = Wish(
            room=rooms[name],
            starts_at=NINE,
            duration_minutes=60,
            attendees=2,
            is_new_person=False,
        )
        offered = {(one.room.name, one.starts_at) for one in alternatives.find(wish, now=NOW)}

        assert (name, NINE + HOUR) in offered
        assert {room for room, start in offered if start == NINE} & taken == set()


def test_a_meeting_of_the_whole_is_one_obstacle_for_it(rooms):
    meeting = MeetingFactory(room=rooms["hall"], starts_at=NINE)
    for part in ("left", "right"):
        BlockFactory(
            room=rooms[part],
            kind="meeting",
            meeting=meeting,
            reason="",
            starts_at=NINE,
            ends_at=NINE + HOUR,
        )

    found = schedules.of_rooms([rooms["hall"]], start=NINE, end=NINE + 3 * HOUR, now=NOW)

    assert len(found[rooms["hall"].id].taken) == 1


@pytest.mark.parametrize(
    ("name", "occupied"),
    [
        ("left", {"building", "hall", "left"}),
        ("right", {"building", "hall", "right"}),
        ("hall", {"building", "hall"}),
        ("building", {"building"}),
    ],
)
def test_a_meeting_in_a_part_occupies_the_whole(rooms, name, occupied, django_assert_num_queries):
    MeetingFactory(room=rooms[name], starts_at=NINE)
    MeetingFactory(room=rooms[name], starts_at=NINE + 2 * HOUR)
    with django_assert_num_queries(3):
        found = catalogue.list_rooms(catalogue.Filter(with_hidden=True), now=NINE)
    states = {room.row.name for room in found.rooms if room.actual_state == "occupied"}
    assert states == set(occupied)
    assert found.next_change_at == NINE + HOUR
