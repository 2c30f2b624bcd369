"""The planning board: what takes the rooms of a site on a day, and what is free."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.board import days
from booking.models import Meeting
from sites_app.models import Room, Site
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, SiteFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 20, tzinfo=dt.UTC)
DAY = dt.date(2030, 1, 8)
"""A Tuesday."""


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory(name="Docklands", time_zone="Europe/Dublin")


@pytest.fixture
def room(site: Site) -> Room:
    return RoomFactory(site=site, name="Wilde", slot_week="09:00-12:00")


def at(hour: int, minute: int = 0, *, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), dt.UTC)


def cells(site: Site) -> list[tuple[str, int, bool, bool]]:
    """Each cell of the first room: when it begins, its quarters, whether it is free, whether taken."""
    row = days.of_site(site, DAY, now=NOW).rows[0]
    return [
        (f"{one.starts_at:%H:%M}", one.columns, one.is_free, one.reservation is not None)
        for one in row.cells
        if one.is_free or one.reservation
    ]


def page(client: Client, **asked: object) -> str:
    answer = client.get("/admin/board/", asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_an_empty_day_is_free_by_the_hour_while_it_is_open(site: Site, room: Room) -> None:
    assert cells(site) == [
        ("09:00", 4, True, False),
        ("10:00", 4, True, False),
        ("11:00", 4, True, False),
    ]


def test_what_is_taken_stands_between_what_is_free(site: Site, room: Room) -> None:
    MeetingFactory(room=room, starts_at=at(9, 30), ends_at=at(10, 30))
    MeetingFactory(room=room, starts_at=at(11), cancelled=True)

    assert cells(site) == [
        ("09:00", 2, True, False),
        ("09:30", 4, False, True),
        ("10:30", 2, True, False),
        ("11:00", 4, True, False),
    ]


@pytest.mark.parametrize(
    ("end", "start", "expected"),
    [
        (at(9, 15), at(9, 15), [("09:00", 1), ("09:15", 3)]),
        (at(9, 20), at(9, 20), [("09:00", 2), ("09:30", 2)]),
        (at(9, 16), at(9, 29), [("09:00", 2), ("09:30", 2)]),
    ],
)
def test_what_touches_a_quarter_fills_it_once(
    site: Site, room: Room, end: dt.datetime, start: dt.datetime, expected: list
) -> None:
    MeetingFactory(room=room, starts_at=at(9), ends_at=end)
    MeetingFactory(room=room, starts_at=start, ends_at=at(10))

    taken = [(begin, columns) for begin, columns, _free, is_taken in cells(site) if is_taken]

    assert taken == expected


def test_every_room_fills_the_whole_width(site: Site, room: Room) -> None:
    RoomFactory(site=site, name="Beckett", slot_week="06:30-22:15")
    BlockFactory(room=room, starts_at=at(20), ends_at=at(23, 30) + dt.timedelta(hours=12))

    board = days.of_site(site, DAY, now=NOW)

    assert (board.hours[0], board.hours[-1]) == (6, 23)
    for row in board.rows:
        assert sum(cell.columns for cell in row.cells) == len(board.hours) * days.HOUR


def test_a_closed_site_has_nothing_free(site: Site, room: Room) -> None:
    ClosureFactory(site=site, starts_at=at(0), ends_at=at(23))

    assert cells(site) == []


def test_rooms_of_which_nothing_can_be_had_come_last(site: Site, room: Room) -> None:
    RoomFactory(site=site, name="Attic", slot_week="")

    rows = days.of_site(site, DAY, now=NOW).rows

    assert [row.room.name for row in rows] == ["Wilde", "Attic"]


def test_a_free_hour_leads_to_the_form_filled_in(site: Site, room: Room) -> None:
    staff = logged_in(staff_member(language="fr"))
    text = page(staff, site=site.pk, day=DAY)

    address = re.search(r'href="(/admin/booking/meeting/add/\?[^"]+)"', text)[1]  # type: ignore[index]  # it is there

    assert parse_qs(urlsplit(address).query) == {
        "room": [room.pk],
        "on": ["2030-01-08"],
        "at": ["09:00"],
    }
    filled = staff.get(address).content.decode()
    assert f'value="{room.pk}" selected' in filled
    assert 'name="on" value="08/01/2030"' in filled
    assert 'name="at" value="09:00"' in filled


@pytest.mark.parametrize("day", ["", "x", "2030-13-40", "\x00"])
def test_a_form_that_is_asked_for_without_a_day_opens(site: Site, day: str) -> None:
    assert logged_in().get("/admin/booking/meeting/add/", {"on": day}).status_code == 200


def test_a_meeting_leads_to_its_page_and_back(site: Site, room: Room) -> None:
    meeting = MeetingFactory(room=room, starts_at=at(9, 30), name="Retrospective")
    pending = MeetingFactory(
        room=room, starts_at=at(11), pending=True, hold_expires_at=NOW + dt.timedelta(hours=1)
    )
    staff = logged_in()

    text = page(staff, site=site.pk, day=DAY)

    assert f'href="/admin/booking/meeting/{meeting.pk}/change/"' in text
    assert 'aria-label="Retrospective, 09:30–10:30, Wilde"' in text
    assert f'href="/admin/booking/meeting/{pending.pk}/change/"' in text
    assert "Wilde (on hold)" in text
    assert "Clock of Dublin" in text
    record = staff.get(f"/admin/booking/meeting/{meeting.pk}/change/").content.decode()
    assert f"/admin/board/?site={site.pk}&day=2030-01-08" in html.unescape(record)


def test_what_is_over_is_not_offered(site: Site, room: Room) -> None:
    text = page(logged_in(), site=site.pk, day=NOW.date())

    offered = re.findall(r'aria-label="Book Wilde at ([\d:]+)"', text)
    assert offered == ["09:00", "10:00", "11:00"]


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_today(site: Site, room: Room, day: str) -> None:
    assert "Docklands, Monday 7 January 2030" in page(logged_in(), site=site.pk, day=day)


def test_an_unknown_site_is_the_first(site: Site, room: Room) -> None:
    RoomFactory(site__name="Zoo")

    assert "Docklands, Monday" in page(logged_in(), site="0" * 24)


def test_without_a_site_the_way_to_one_is_shown() -> None:
    assert 'href="/admin/sites_app/site/add/"' in page(logged_in())


def test_a_board_costs_the_same_for_three_rooms_as_for_one(site: Site) -> None:
    staff = logged_in()

    def queries() -> int:
        MeetingFactory(room=RoomFactory(site=site), starts_at=at(10))
        with CaptureQueriesContext(connection) as captured:
            page(staff, site=site.pk, day=DAY)
        return len(captured)

    page(staff)
    one, _two, three = queries(), queries(), queries()

    assert Meeting.objects.count() == 3
    assert one == three == 12


def test_others_see_no_board(client: Client, site: Site) -> None:
    assert client.get("/admin/board/").status_code == 302
    assert logged_in().post("/admin/board/").status_code == 405


def test_staff_who_may_not_see_meetings_see_no_board(
    site: Site, room: Room, may_only: Callable[..., None]
) -> None:
    may_only("booking.add_meeting", "sites_app.view_room")

    assert logged_in().get("/admin/board/").status_code == 403


@pytest.mark.parametrize(
    ("permissions", "offered"),
    [
        (["booking.view_meeting"], []),
        (["booking.change_meeting"], []),
        (["booking.view_meeting", "booking.add_meeting"], ["09:00", "10:00", "11:00"]),
    ],
)
def test_only_who_may_add_meetings_is_led_to_a_booking(
    site: Site,
    room: Room,
    may_only: Callable[..., None],
    permissions: list[str],
    offered: list[str],
) -> None:
    may_only(*permissions)

    text = page(logged_in(), site=site.pk, day=DAY)

    assert re.findall(r'aria-label="Book Wilde at ([\d:]+)"', text) == offered
    assert ("A free hour leads" in text) == bool(offered)


def test_a_meeting_is_added_only_by_who_may(
    site: Site, room: Room, may_only: Callable[..., None]
) -> None:
    may_only("booking.view_meeting")

    assert logged_in().get("/admin/booking/meeting/add/").status_code == 403


def test_a_meeting_is_moved_and_cancelled_only_by_who_may_change_it(
    site: Site, room: Room, may_only: Callable[..., None]
) -> None:
    meeting = MeetingFactory(room=room, starts_at=at(9))
    staff = logged_in()
    record = f"/admin/booking/meeting/{meeting.pk}/change/"
    cancelling = f"/admin/booking/meeting/{meeting.pk}/cancel"
    assert cancelling in staff.get(record).content.decode()
    may_only("booking.view_meeting")

    assert cancelling not in staff.get(record).content.decode()
    assert staff.get(f"{cancelling}/").status_code == 403
    may_only("booking.view_meeting", "booking.change_meeting")
    assert cancelling in staff.get(record).content.decode()
