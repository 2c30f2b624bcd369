"""The planning board's week: what takes the rooms of a site, day by day."""

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.board import weeks
from sites_app.models import Room, Site
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, SiteFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 20, tzinfo=dt.UTC)
MONDAY = dt.date(2030, 1, 7)
WEEK = "/admin/board/week/"


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return SiteFactory(name="Docklands", time_zone="Europe/Dublin")


@pytest.fixture
def room(site: Site) -> Room:
    return RoomFactory(site=site, name="Wilde", slot_week="09:00-12:00", slot_saturday="")


def at(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2030, 1, day, hour, tzinfo=dt.UTC)


def page(client: Client, **asked: object) -> str:
    answer = client.get(WEEK, asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_each_day_holds_what_takes_the_room_in_order(site: Site, room: Room) -> None:
    late = MeetingFactory(room=room, starts_at=at(8, 11), ends_at=at(8, 12))
    early = MeetingFactory(room=room, starts_at=at(8, 9), ends_at=at(8, 10))
    MeetingFactory(room=room, starts_at=at(9, 9), cancelled=True)
    MeetingFactory(room=room, starts_at=at(14, 9))
    BlockFactory(room=room, starts_at=at(10, 20), ends_at=at(11, 8))

    (week,) = weeks.of_site(site, MONDAY, now=NOW)

    held = [[one.meeting_id for one in day.taken] for day in week.days]
    assert held == [[], [early.pk, late.pk], [], [None], [None], [], []]


def test_a_day_is_open_when_the_room_is_for_some_of_it(site: Site, room: Room) -> None:
    ClosureFactory(site=site, starts_at=at(9, 0), ends_at=at(9, 23))
    ClosureFactory(site=site, starts_at=at(10, 8), ends_at=at(10, 10))

    (week,) = weeks.of_site(site, MONDAY, now=NOW)

    assert [day.is_open for day in week.days] == [True, True, False, True, True, False, False]
    assert [f"{day.on}" for day in week.days][:: weeks.DAYS - 1] == ["2030-01-07", "2030-01-13"]


def test_midnight_is_that_of_the_site() -> None:
    site = SiteFactory(time_zone="America/New_York")
    room = RoomFactory(site=site, slot_week="09:00-23:00")
    MeetingFactory(room=room, starts_at=at(9, 2), ends_at=at(9, 3))  # 21:00 on Tuesday there

    (week,) = weeks.of_site(site, MONDAY, now=NOW)

    assert [len(day.taken) for day in week.days] == [0, 1, 0, 0, 0, 0, 0]


def test_rooms_that_never_open_come_last(site: Site, room: Room) -> None:
    RoomFactory(site=site, name="Attic", slot_week="", slot_saturday="")

    assert [week.room.name for week in weeks.of_site(site, MONDAY, now=NOW)] == ["Wilde", "Attic"]


def test_a_date_leads_to_its_day_and_a_meeting_to_its_page(site: Site, room: Room) -> None:
    meeting = MeetingFactory(room=room, starts_at=at(9, 9), ends_at=at(9, 10), name="Retrospective")

    text = page(logged_in(), site=site.pk, day="2030-01-10")

    assert "Docklands, week of 7 January 2030" in text
    assert f'href="/admin/board/?site={site.pk}&day=2030-01-09"' in text
    assert f'href="/admin/booking/meeting/{meeting.pk}/change/"' in text
    assert 'aria-label="Retrospective, 09:00–10:00, Wilde"' in text
    for beside in ("2030-01-03", "2030-01-07", "2030-01-17"):
        assert f'href="{WEEK}?site={site.pk}&day={beside}"' in text


def test_day_and_week_lead_to_each_other(site: Site, room: Room) -> None:
    staff, asked = logged_in(), {"site": site.pk, "day": "2030-01-10"}
    query = f"?site={site.pk}&day=2030-01-10"

    assert f'href="/admin/board/{query}" aria-current' not in page(staff, **asked)
    assert f'href="{WEEK}{query}" aria-current="page"' in page(staff, **asked)
    day = html.unescape(staff.get("/admin/board/", asked).content.decode())
    assert f'href="{WEEK}{query}">' in day


@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31"])
def test_the_ends_of_the_calendar_have_weeks(site: Site, room: Room, day: str) -> None:
    assert "Docklands, week of" in page(logged_in(), site=site.pk, day=day)


def test_without_a_site_the_way_to_one_is_shown() -> None:
    assert 'href="/admin/sites_app/site/add/"' in page(logged_in())


def test_a_week_costs_the_same_for_three_rooms_as_for_one(site: Site) -> None:
    staff = logged_in(staff_member())

    def queries() -> int:
        MeetingFactory(room=RoomFactory(site=site), starts_at=at(9, 10))
        with CaptureQueriesContext(connection) as captured:
            page(staff, site=site.pk, day=MONDAY)
        return len(captured)

    page(staff)
    one, _two, three = queries(), queries(), queries()

    assert one == three == 12


def test_staff_who_may_not_see_meetings_see_no_week(
    site: Site, room: Room, may_only: Callable[..., None]
) -> None:
    may_only("sites_app.view_room")

    assert logged_in().get(WEEK).status_code == 403
