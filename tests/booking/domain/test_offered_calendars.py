"""An office is booked by the hour but for the local days on which it is let: nobody is offered those."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from booking.domain import alternatives, meeting_lengths, room_search, schedules
from booking.domain import week_calendar as weeks
from booking.domain.availability import SlotState
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
TUESDAY = dt.date(2030, 1, 8)
TUESDAY_NINE = dt.datetime(2030, 1, 8, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office():
    return hourly_office()


def hourly_office(**lease):
    room = RoomFactory(
        site=SiteFactory(time_zone="Europe/Paris"),
        type="publicOffice",
        price_per_hour=Decimal(30),
        min_duration=60,
        slot_week="00:00-24:00",
    )
    RoomLeaseFactory(room=room, **({"starts_on": TUESDAY, "ends_on": TUESDAY} | lease))
    return room


def offered(rooms, *, start, end):
    return schedules.of_rooms(rooms, start=start, end=end, now=NOW, as_offered=True)


def days_with_starts(room):
    """List the days from Monday to Wednesday on which an hour is offered."""
    start = dt.datetime(2030, 1, 6, 23, 0, tzinfo=dt.UTC)
    calendar = offered([room], start=start, end=start + 3 * DAY)[room.id]
    starts = calendar.bookable_starts(duration_minutes=60)
    return sorted({start.astimezone(calendar.tz).day for start in starts})


@pytest.mark.parametrize(
    ("lease", "left"),
    [
        ({}, [7, 9]),
        ({"ends_on": None}, [7]),
        ({"ends_on": dt.date(9999, 12, 31)}, [7]),
        ({"starts_on": None}, [9]),
        ({"starts_on": dt.date(2029, 1, 1), "ends_on": dt.date(2029, 12, 31)}, [7, 8, 9]),
        ({"starts_on": dt.date(1950, 1, 1), "ends_on": dt.date(1960, 1, 1)}, [7, 8, 9]),
    ],
)
def test_the_days_of_a_lease_are_not_offered(lease, left):
    assert days_with_starts(hourly_office(**lease)) == left


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_offices_takes_one_query(django_assert_num_queries, number):
    rooms = [hourly_office() for _ in range(number)]

    with django_assert_num_queries(1):
        offered(rooms, start=NOW, end=NOW + DAY)


def test_what_the_api_offers_it_accepts(client, office):
    token = ApiTokenFactory()
    body = {
        "contactEmail": UserFactory().email,
        "bookedRoom": office.pk,
        "bookedAt": "2030-01-08T09:00:00",
        "duration": 60,
    }
    refused = client.post(
        "/api/meeting-request", body, content_type="application/json", headers=token.header
    )
    asked = {"room": office.pk, "from": "2030-01-08", "to": "2030-01-09"}
    [entry] = client.get("/api/availability", asked).json()["data"]
    window = {"availableFrom": "2030-01-08T09:00", "availableTo": "2030-01-08T10:00"}

    assert refused.json()["message"] == "This room is not available for public booking"
    assert entry["bookable"] == []
    assert [one["kind"] for one in entry["busy"]] == ["block"]
    assert client.get("/api/rooms", window).json()["data"] == []


def test_the_pages_offer_none_of_it(office):
    week = weeks.of_room(
        office, monday=TUESDAY - DAY, duration_minutes=60, is_new_person=False, now=NOW
    )
    lengths = meeting_lengths.states(office, starts_at=TUESDAY_NINE, minutes=[60], now=NOW)
    wish = room_search.Wish(day=TUESDAY, time=dt.time(9), duration_minutes=60, people=1)
    found = room_search.search([office], wish, now=NOW)

    free = {day.date.day for day in week.days if any(slot.is_free for slot in day.slots)}
    assert free == {7, 9, 10, 11}
    assert lengths == {60: SlotState.TAKEN}
    assert found.offers == ()
    assert {offer.starts_at.day for offer in found.alternatives} <= {7, 9}


def test_no_alternative_lies_in_a_lease(office):
    wish = alternatives.Wish(
        room=office,
        starts_at=TUESDAY_NINE,
        duration_minutes=60,
        attendees=1,
        is_new_person=False,
    )

    [nearest] = alternatives.find(wish, now=NOW)

    assert nearest.starts_at == dt.datetime(2030, 1, 7, 22, 0, tzinfo=dt.UTC)
