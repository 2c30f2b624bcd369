"""The workplace manager's pages: what they say, in how many queries, and to whom."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import User
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from tests.factories.staff import BACKEND, logged_in
from workplace import selectors_attendance
from workplace.models import LONGEST_PLAN

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2030, 1, 7)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff() -> Client:
    return logged_in()


@pytest.fixture
def site() -> Site:
    return SiteFactory(name="Paris République")


def address(name: str, *arguments: object) -> str:
    return reverse(f"admin:workplace-{name}", args=arguments)


def text_of(client: Client, url: str) -> str:
    """Load a page; return its words without markup."""
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def forecast(site: Site, day: dt.date, expected: int, **changes: object) -> object:
    start = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=1)
    usual = {
        "job": None,
        "starts_at": start,
        "ends_at": start + DAY,
        "forecast": expected,
        "forecast_inc": expected,
        "low_80": expected - 2,
        "high_80": expected + 2,
        "low_95": expected - 4,
        "high_95": expected + 4,
        "created_at": start,
    }
    return make.LocationForecastFactory(site=site, day=day, **usual | changes)


def seen(site: Site, day: dt.date, people: list[User]) -> None:
    at = dt.datetime.combine(day, dt.time(9), dt.UTC)
    for person in people:
        make.OccupancyFactory(site=site, person=person, seen_at=at)
        make.OccupancyFactory(site=site, person=person, seen_at=at + dt.timedelta(hours=4))


def test_locations_are_sites_with_floors_or_forecasts(staff: Client, site: Site) -> None:
    SiteFactory(name="Meeting rooms only")
    make.ZoneFactory(layer__site=site, capacity=12)
    forecast(site, TODAY, 40)
    forecast(site, TODAY + DAY, 30, quality="closed")

    text = text_of(staff, address("locations"))

    assert "Paris République" in text
    assert "Meeting rooms only" not in text
    assert re.search(r"12 40 38–42 closed", text)


def test_a_location_has_as_many_seats_in_the_list_as_on_its_page(staff: Client, site: Site) -> None:
    zone = make.ZoneFactory(layer__site=site, capacity=12)
    make.SpaceFactory.create_batch(3, zone=zone)

    assert re.search(r"Paris République \w* ?3 ", text_of(staff, address("locations")))
    assert "Seats 3 " in text_of(staff, address("location", site.pk))


def test_no_location_yet_leads_to_the_first_floor(staff: Client) -> None:
    answer = staff.get(address("locations")).content.decode()

    assert reverse("admin:workplace_layer_add") in answer


@pytest.mark.parametrize("count", [1, 3])
def test_locations_are_listed_in_a_fixed_number_of_queries(staff: Client, count: int) -> None:
    for _ in range(count):
        place = SiteFactory()
        make.ZoneFactory(layer__site=place)
        forecast(place, TODAY, 40)
        make.ForecastJobFactory(site=place)
    staff.get(address("locations"))

    with CaptureQueriesContext(
        connection,
    ) as made:
        staff.get(address("locations"))

    assert len(made) == 9, [query["sql"][:90] for query in made]


def test_a_location_tells_who_came_and_who_is_expected(staff: Client, site: Site) -> None:
    people = UserFactory.create_batch(3)
    seen(site, TODAY, people)
    make.IntentionFactory(site=site, person=people[0])
    make.IntentionFactory(site=site, person=people[1], type="REMOTE")
    make.IntentionFactory(site=site, person=people[2], status="CANCELLED")
    forecast(site, TODAY, 40)

    text = text_of(staff, address("location", site.pk))

    assert "Seen today 3" in text
    assert "Expected today 40 38–42" in text
    assert "Said they come 1" in text
    assert "Mon 7 Jan 2030 3 40.0 38–42 1" in text


def test_a_plan_counts_on_each_of_its_days_and_a_person_once(site: Site) -> None:
    person = UserFactory()
    start = dt.datetime(2030, 1, 5, 8, tzinfo=dt.UTC)
    make.IntentionFactory(
        site=site,
        person=person,
        starts_at=start,
        ends_at=dt.datetime(2030, 1, 8, 23, tzinfo=dt.UTC),
    )
    at_ten = dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)
    make.IntentionFactory(site=site, person=person, starts_at=at_ten, ends_at=at_ten + DAY / 24)
    make.IntentionFactory(site=site, starts_at=at_ten, ends_at=at_ten + DAY / 24)

    days = selectors_attendance.location_days(
        site.pk, first_day=TODAY, last_day=TODAY + 2 * DAY, today=TODAY
    )

    assert [day.intentions for day in days] == [1, 2, 0]


def test_the_longest_plan_counts_on_its_last_day(site: Site) -> None:
    ends_at = dt.datetime(2030, 1, 7, 22, 59, tzinfo=dt.UTC)
    make.IntentionFactory(site=site, starts_at=ends_at - LONGEST_PLAN, ends_at=ends_at)

    days = selectors_attendance.location_days(
        site.pk, first_day=TODAY, last_day=TODAY + DAY, today=TODAY
    )

    assert [day.intentions for day in days] == [1, 0]


def test_deleted_presence_is_not_seen(staff: Client, site: Site) -> None:
    make.OccupancyFactory(site=site, deleted_at=NOW)
    make.OccupancyFactory(site=site)

    assert "Seen today 1" in text_of(staff, address("location", site.pk))


def test_a_location_where_nobody_was_ever_seen_shows_no_zeros(staff: Client, site: Site) -> None:
    assert "Seen today –" in text_of(staff, address("location", site.pk))


def test_accuracy_is_measured_on_forecasts_that_stood_in_time(staff: Client, site: Site) -> None:
    people = UserFactory.create_batch(10)
    yesterday = TODAY - DAY
    seen(site, yesterday, people)
    seen(site, yesterday - 7 * DAY, people[:6])
    forecast(site, yesterday, 9)
    seen(site, yesterday - DAY, people)
    forecast(site, yesterday - DAY, 4, created_at=NOW)
    seen(site, yesterday - 2 * DAY, people)
    forecast(site, yesterday - 2 * DAY, 4, quality="closed")

    text = text_of(staff, address("location", site.pk))

    assert "Better than last week's value by 75 %" in text
    assert "Misses, as a share of who came 10 %" in text
    assert "Days within the 80 % band 100 %" in text
    assert "Days measured 1 " in text


def test_worse_than_last_week_is_said(staff: Client, site: Site) -> None:
    people = UserFactory.create_batch(10)
    seen(site, TODAY - DAY, people)
    seen(site, TODAY - 8 * DAY, people[:8])
    forecast(site, TODAY - DAY, 5)

    text = text_of(staff, address("location", site.pk))

    assert "Worse than last week's value by 150 %" in text


def test_nothing_measured_is_said(staff: Client, site: Site) -> None:
    assert "Nothing can be measured yet" in text_of(staff, address("location", site.pk))


def test_what_the_job_measured_is_shown(staff: Client, site: Site) -> None:
    make.ForecastJobFactory(site=site, metrics={"wape_28d": 0.103, "mase_28d": None})

    text = text_of(staff, address("location", site.pk))

    assert "misses 10.3 %" in text
    assert "error in units" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_location_is_shown_in_a_fixed_number_of_queries(
    staff: Client, site: Site, count: int
) -> None:
    for number in range(count):
        zone = make.ZoneFactory(layer__site=site)
        make.SpaceFactory(zone=zone)
        make.TeamLocationSettingsFactory(site=site, team=make.TeamFactory())
        seen(site, TODAY - number * DAY, [UserFactory()])
        make.IntentionFactory(site=site)
        forecast(site, TODAY + number * DAY, 40)
        make.EvolutionFactory(site=site, day=TODAY + number * DAY)
    make.ForecastJobFactory(site=site)
    staff.get(address("location", site.pk))

    with CaptureQueriesContext(connection) as made:
        staff.get(address("location", site.pk))

    assert len(made) == 16, [query["sql"][:90] for query in made]


def test_a_day_shows_its_floors_with_their_teams(staff: Client, site: Site) -> None:
    layer = make.LayerFactory(site=site, name="First floor")
    zone = make.ZoneFactory(layer=layer, name="Garden", capacity=10)
    team = make.TeamFactory(name="Design", color="#3366cc")
    make.AllocationFactory(team=team, zone=zone, seats=4, is_locked=True)
    for _ in range(3):
        make.AllocationFactory(
            team=team, person=UserFactory(organization=team.organization), zone=zone, seats=1
        )
    make.AllocationFactory(zone=zone, seats=9, deleted_at=NOW)
    make.AllocationFactory(zone=zone, seats=9, starts_at=NOW + 2 * DAY, ends_at=NOW + 2.2 * DAY)

    url = address("day", site.pk, "2030-01-07")
    text = text_of(staff, url)

    assert "First floor 4 of 10 seats" in text
    assert "Garden 4/10" in text
    assert re.search(r"Design locked 4 ", text)
    assert 'fill="#3366cc"' in staff.get(url).content.decode()


def test_a_room_is_shown_on_its_floor(staff: Client, site: Site) -> None:
    room = RoomFactory(site=site, name="Board room", max_person=8, nb_seat=0)
    make.RoomPlacementFactory(room=room, layer=make.LayerFactory(site=site))
    make.AllocationFactory(in_room=True, room=room, seats=5)

    assert "Board room room 5/8" in text_of(staff, address("day", site.pk, "2030-01-07"))


def test_a_day_is_the_location_s_own(staff: Client) -> None:
    """Half past eleven at night in UTC is the next day in Paris."""
    site = SiteFactory(time_zone="Europe/Paris")
    late = dt.datetime(2030, 1, 7, 23, 30, tzinfo=dt.UTC)
    zone = make.ZoneFactory(layer__site=site, name="Garden")
    make.AllocationFactory(zone=zone, seats=4, starts_at=late, ends_at=late + dt.timedelta(hours=1))

    counts = [text_of(staff, address("day", site.pk, f"2030-01-0{day}")) for day in (7, 8)]

    assert ["Garden 4/10" in text for text in counts] == [False, True]


@pytest.mark.parametrize("count", [1, 3])
def test_a_day_is_shown_in_a_fixed_number_of_queries(staff: Client, site: Site, count: int) -> None:
    for _ in range(count):
        make.AllocationFactory(zone=make.ZoneFactory(layer__site=site), seats=4)
        room = RoomFactory(site=site)
        make.RoomPlacementFactory(room=room, layer=make.LayerFactory(site=site))
        make.AllocationFactory(in_room=True, room=room, seats=4)
        make.EvolutionFactory(site=site)
    url = address("day", site.pk, "2030-01-07")
    staff.get(url)

    with CaptureQueriesContext(connection) as made:
        staff.get(url)

    assert len(made) == 17, [query["sql"][:90] for query in made]


@pytest.mark.parametrize(
    "arguments",
    [
        ("x",),
        ("5f0000000000000000000009",),
        ("{site}", "tomorrow"),
        ("{site}", "2030-02-30"),
        ("{site}", "0001-01-01"),
        ("{site}", "9999-12-31"),
    ],
)
def test_what_is_not_there_is_not_found(
    staff: Client, site: Site, arguments: tuple[str, ...]
) -> None:
    given = [one.format(site=site.pk) for one in arguments]

    assert staff.get(address("location" if len(given) == 1 else "day", *given)).status_code == 404


def test_only_staff_see_these_pages(site: Site) -> None:
    client = Client()
    client.force_login(UserFactory(), backend=BACKEND)

    for url in (
        address("locations"),
        address("location", site.pk),
        address("day", site.pk, "2030-01-07"),
    ):
        assert client.get(url).status_code in (302, 403)
        assert Client().get(url).status_code == 302
        assert logged_in().post(url).status_code == 405


def test_pages_speak_the_language_of_who_reads_them(site: Site) -> None:
    from tests.factories.staff import staff_member

    french = logged_in(staff_member(language="fr"))
    forecast(site, TODAY, 40)

    assert "lundi 7 " in text_of(french, address("location", site.pk)).lower()


def test_the_band_is_that_of_the_expected_people_not_of_the_wishes(
    staff: Client, site: Site
) -> None:
    forecast(site, TODAY, 40, forecast_inc=55)

    location = text_of(staff, address("location", site.pk))
    day = text_of(staff, address("day", site.pk, "2030-01-07"))

    assert "Expected today 40 38–42" in location
    assert "Monday 7 January 40 38–42 55 0 " in location
    assert "Expected 40 38–42 With wishes 55" in day
