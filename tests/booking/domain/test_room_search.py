"""Search: what is near is read first, and nothing that is further away is missed for it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.domain import room_search
from booking.domain.room_search import Wish
from booking.selectors_pages import bookable_rooms
from tests.factories.booking import BlockFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)  # a Monday, 9:00 in Paris
DAY = dt.timedelta(days=1)
HOUR = Wish(duration_minutes=60, is_new_person=False)


def starts(wish, *, now=NOW):
    found = room_search.search(bookable_rooms(), wish, now=now)
    return {offer.room.id: offer.starts_at for offer in found.offers}


def taken(room, *, days):
    BlockFactory(room=room, starts_at=NOW - DAY, ends_at=NOW + days * DAY)
    return room


@pytest.mark.parametrize("days", [1, 3, 4, 7, 9, 11])
def test_a_room_taken_for_days_is_offered_when_it_is_free_again_beside_those_free_now(days):
    site = SiteFactory(time_zone="Europe/Paris")
    free = RoomFactory(site=site, slot_week="00:00-24:00")
    later = taken(RoomFactory(site=site, slot_week="00:00-24:00"), days=days)

    assert starts(HOUR) == {free.id: NOW, later.id: NOW + days * DAY}


def test_a_room_taken_for_two_weeks_is_not_offered():
    taken(RoomFactory(slot_week="00:00-24:00"), days=15)

    assert starts(HOUR) == {}


def test_nobody_is_asked_twice_when_every_room_is_free(django_assert_num_queries):
    rooms = [RoomFactory(slot_week="00:00-24:00") for _ in range(3)]
    fetched = bookable_rooms()

    with django_assert_num_queries(1):
        found = room_search.search(fetched, HOUR, now=NOW)

    assert {offer.room.id for offer in found.offers} == {room.id for room in rooms}


@pytest.mark.parametrize("time", [dt.time(0), dt.time(12), dt.time(23)])
def test_a_day_is_each_sites_own_from_its_first_hour_to_its_last(time):
    day = dt.date(2030, 1, 10)
    zones = ["Pacific/Auckland", "Europe/Paris", "Pacific/Honolulu"]
    rooms = {
        RoomFactory(site=SiteFactory(time_zone=zone), slot_week="00:00-24:00").id: zone
        for zone in zones
    }

    found = starts(Wish(duration_minutes=60, is_new_person=False, day=day, time=time))

    assert found == {
        room: dt.datetime.combine(day, time, tzinfo=ZoneInfo(zone)) for room, zone in rooms.items()
    }


def test_a_day_without_a_room_leads_to_the_nearest_other_one():
    room = RoomFactory(site=SiteFactory(time_zone="Europe/Paris"), slot_week="00:00-24:00")
    BlockFactory(room=room, starts_at=NOW + DAY, ends_at=NOW + 4 * DAY)
    wish = Wish(duration_minutes=60, is_new_person=False, day=dt.date(2030, 1, 10))

    found = room_search.search(bookable_rooms(), wish, now=NOW)

    assert found.offers == ()
    assert [offer.starts_at for offer in found.alternatives] == [NOW + 4 * DAY]
