"""What goes on in a room, and when that changes next."""

import datetime as dt

import pytest

from booking.domain import catalogue
from booking.selectors_catalogue import RunRow
from tests.factories.sites_app import RoomFactory

NOW = dt.datetime(2030, 1, 7, 12, tzinfo=dt.UTC)
HORIZON = NOW + dt.timedelta(minutes=10)
HOUR = dt.timedelta(hours=1)


def _state(**facts) -> str:
    usual = {"room_type": "publicMeeting", "default_state": "bookable"}
    return catalogue.actual_state(**usual | {"is_running": False, "is_let": False} | facts)


@pytest.mark.parametrize(
    "room_type",
    ["publicMeeting", "meeting", "privateMeeting", "sharedMeeting", "conference"],
)
def test_a_meeting_occupies_every_kind_of_meeting_room(room_type):
    assert _state(room_type=room_type, is_running=True) == "occupied"
    assert _state(room_type=room_type) == "bookable"


@pytest.mark.parametrize("room_type", ["publicOffice", "office", "privateOffice", "sharedOffice"])
def test_a_tenant_makes_every_kind_of_office_rented(room_type):
    assert _state(room_type=room_type, default_state="forrent", is_let=True) == "rented"
    assert _state(room_type=room_type, default_state="forrent", is_running=True) == "forrent"


@pytest.mark.parametrize("room_type", ["privateAccess", "other", "meeting"])
def test_a_tenant_does_not_make_other_rooms_rented(room_type):
    assert _state(room_type=room_type, default_state="free", is_let=True) == "free"


@pytest.mark.parametrize("state", ["toclean", "maintenance", "closed"])
def test_what_staff_set_wins_until_cleared(state):
    assert _state(default_state=state, is_running=True) == state
    assert _state(room_type="office", default_state=state, is_let=True) == state


def _next(*runs: RunRow) -> dt.datetime:
    return catalogue.next_change(runs, now=NOW, horizon=HORIZON)


def test_the_next_change_is_the_first_edge_that_is_not_over():
    running = RunRow("a", NOW - HOUR, NOW + HOUR)
    soon = RunRow("b", NOW + HOUR / 2, NOW + 2 * HOUR)
    beginning = RunRow("c", NOW, NOW + 3 * HOUR)

    assert _next(running) == NOW + HOUR
    assert _next(running, soon) == NOW + HOUR / 2
    assert _next(beginning) == NOW + 3 * HOUR
    assert _next() == HORIZON


@pytest.mark.django_db
def test_days_begin_by_each_zones_clock():
    RoomFactory(site__time_zone="Europe/Paris")

    assert _stock_ends_at() == dt.datetime(2030, 1, 7, 23, tzinfo=dt.UTC)
    RoomFactory(site__time_zone="Asia/Tokyo")
    assert _stock_ends_at() == dt.datetime(2030, 1, 7, 15, tzinfo=dt.UTC)


def _stock_ends_at() -> dt.datetime:
    return catalogue.take_stock(catalogue.Filter(with_hidden=True), now=NOW).next_change_at
