"""Rooms' calendars: what one query reads, put before the engines."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain import room_quotes, schedules
from booking.domain.availability import BusyKind, SlotState
from config.intervals import Interval
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import (
    ClosureFactory,
    OpeningExceptionFactory,
    RoomFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2030, 1, 7, 0, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return MONDAY.replace(hour=hour, minute=minute)


def monday_of(room, *, now=NOW):
    day = dt.timedelta(hours=22)
    return schedules.of_rooms([room], start=at(1), end=MONDAY + day, now=now)[room.id]


def test_open_span_is_the_site_s_local_day():
    schedule = monday_of(RoomFactory(slot_week="09:00-18:00"))

    assert schedule.open_spans == (Interval(at(8), at(17)),)


@pytest.mark.parametrize(
    ("traits", "kind"), [({}, BusyKind.MEETING), ({"pending": True}, BusyKind.HOLD)]
)
def test_meeting_is_taken_with_setup_and_cleaning(traits, kind):
    room = RoomFactory(setup_minutes=15, cleaning_minutes=30)
    MeetingFactory(room=room, starts_at=at(10), **traits)

    [taken] = monday_of(room).taken

    assert (taken.span, taken.kind) == (Interval(at(9, 45), at(11, 30)), kind)


@pytest.mark.parametrize("trait", ["cancelled", "expired"])
def test_ended_meeting_takes_nothing(trait):
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=at(10), **{trait: True})

    assert monday_of(room).taken == ()


def test_hold_takes_until_the_instant_of_its_expiry():
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=at(10), pending=True, hold_expires_at=NOW)

    assert len(monday_of(room, now=NOW - dt.timedelta(microseconds=1)).taken) == 1
    assert monday_of(room, now=NOW).taken == ()


def test_block_is_taken():
    room = RoomFactory()
    BlockFactory(room=room, starts_at=at(10), ends_at=at(12))

    assert [entry.kind for entry in monday_of(room).taken] == [BusyKind.BLOCK]


def test_closure_of_the_site_cuts_every_room_and_of_a_room_only_that_one():
    site = SiteFactory()
    closed, other = RoomFactory(site=site), RoomFactory(site=site)
    ClosureFactory(site=site, starts_at=at(8), ends_at=at(9))
    ClosureFactory(site=site, room=closed, starts_at=at(12), ends_at=at(17), reason="Paint")

    assert monday_of(closed).open_spans == (Interval(at(9), at(12)),)
    assert monday_of(other).open_spans == (Interval(at(9), at(17)),)
    assert [closure.reason for closure in monday_of(closed).closures] == ["Works", "Paint"]


def test_closure_of_another_site_changes_nothing():
    ClosureFactory(starts_at=at(8), ends_at=at(17))

    assert monday_of(RoomFactory()).open_spans == (Interval(at(8), at(17)),)


def test_opening_exception_beats_the_week():
    site = SiteFactory()
    OpeningExceptionFactory(site=site, date=MONDAY.date(), slots="10:00-12:00")

    assert monday_of(RoomFactory(site=site)).open_spans == (Interval(at(9), at(11)),)


@pytest.mark.parametrize(
    "site",
    [{"closed_dates": [MONDAY.date()]}, {"public_holidays": True, "country": "FR"}],
    ids=["closed date", "public holiday"],
)
def test_closed_day_has_no_open_span(site):
    new_year = dt.datetime(2030, 1, 1, 1, 0, tzinfo=dt.UTC)
    room = RoomFactory(site=SiteFactory(**site))
    start = new_year if site.get("public_holidays") else at(1)

    schedule = schedules.of_rooms([room], start=start, end=start + dt.timedelta(hours=20), now=NOW)[
        room.id
    ]

    assert schedule.open_spans == ()


def test_bookable_starts_keep_clear_of_meetings_by_the_setup_of_both():
    room = RoomFactory(slot_week="09:00-13:00", step_duration=60, setup_minutes=30)
    MeetingFactory(room=room, starts_at=at(10))

    starts = list(monday_of(room).bookable_starts(duration_minutes=60))

    assert starts == [at(8)]
    assert monday_of(room).slot_state(starts_at=at(11), duration_minutes=60) == SlotState.TAKEN
    assert monday_of(room).slot_state(starts_at=at(7), duration_minutes=60) == SlotState.CLOSED


@pytest.mark.parametrize("rooms", [1, 3])
def test_any_number_of_rooms_takes_one_query(rooms):
    site = SiteFactory()
    made = [RoomFactory(site=site) for _ in range(rooms)]
    for room in made:
        MeetingFactory(room=room, starts_at=at(10))

    with CaptureQueriesContext(connection) as queries:
        found = schedules.of_rooms(made, start=at(1), end=at(22), now=NOW)

    assert len(queries) == 1
    assert {room_id: len(schedule.taken) for room_id, schedule in found.items()} == {
        room.id: 1 for room in made
    }


def test_violations_name_what_the_room_forbids():
    room = RoomFactory(min_duration=60, max_duration=480, max_person=8)
    schedule = schedules.around(room, starts_at=at(10), duration_minutes=30, now=NOW)

    found = schedules.violations(
        schedule,
        starts_at=at(10),
        duration_minutes=30,
        attendees=9,
        is_new_person=True,
        now=NOW,
    )

    assert [violation.message for violation in found] == [
        "Duration must be between 60 and 480 minutes",
        "This room holds at most 8 persons",
    ]


@pytest.mark.parametrize("year", [1970, 2200])
def test_start_far_from_now_is_read_quickly_and_refused_or_allowed(year):
    starts_at = dt.datetime(year, 3, 2, 10, 0, tzinfo=dt.UTC)

    schedule = schedules.around(RoomFactory(), starts_at=starts_at, duration_minutes=2**31, now=NOW)

    assert len(schedule.open_spans) < 60


def test_quote_uses_the_site_s_vat_and_the_member_s_discount():
    room = RoomFactory(
        price_per_hour=Decimal(20),
        price_per_half_day=None,
        price_per_day=None,
        member_discount_percent=10,
    )

    public = room_quotes.quote(room, starts_at=at(10), duration_minutes=120, attendees=2)
    member = room_quotes.quote(
        room, starts_at=at(10), duration_minutes=120, attendees=2, is_member=True
    )

    assert public is not None
    assert member is not None
    assert (public.net, public.gross, public.vat_rate) == (40, 48, 20)
    assert member.net == 36
