"""GET /workplace/v1/intentions. Source: Workplace API, section 8."""

import datetime as dt

import pytest

from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import (
    AllocationFactory,
    ConfigurationFactory,
    IntentionFactory,
    LayerFactory,
    TeamFactory,
    ZoneFactory,
)
from tests.workplace.intention_world import INTENTIONS, World, details

pytestmark = pytest.mark.django_db
UNKNOWN = "5f0000000000000000000001"


@pytest.fixture
def world():
    world = World(external_id="SITE-1")
    world.system = world.configuration(default_timezone="Asia/Tokyo")
    return world


def listed(world, query="", *, key=None, configuration=...):
    chosen = world.system.pk if configuration is ... else configuration
    headers = {} if chosen is None else {"x-configuration-id": chosen}
    return world.call("get", f"{INTENTIONS}{query}", key=key, headers=headers)


def ids(answer):
    assert answer.status_code == 200, answer.json()
    return [one["_id"] for one in answer.json()["data"]["intentions"]]


def plan(world, person=None, **fields):
    return IntentionFactory(person=person or world.person, **{"site": world.site, **fields})


def at(day, hour, month=1):
    return dt.datetime(2030, month, day, hour, tzinfo=dt.UTC)


def test_the_configuration_is_required(world):
    answer = listed(world, configuration=None)

    assert details(answer, 400) == [("x-configuration-id", "configuration_required")]
    assert answer.json()["identifier"] == "get_intentions_failed"


def test_a_foreign_or_unknown_configuration_is_not_found(world):
    answers = [
        listed(world, configuration=pk).json() for pk in (ConfigurationFactory().pk, UNKNOWN)
    ]

    for answer in answers:
        answer["error"].pop("request_id")
    assert answers[0] == answers[1]
    assert answers[0]["error"]["code"] == "resource_not_found"
    assert details(listed(world, configuration="x"), 400) == [("x-configuration-id", "")]


def test_the_page_and_its_counts(world):
    plan(world)

    body = listed(world).json()

    assert body["identifier"] == "get_intentions_successful"
    assert body["data"]["pagination"] == {
        "current_results": {"from": 1, "to": 1},
        "total_results": 1,
    }
    assert body["data"]["intentions"][0]["external_location_id"] == "SITE-1"


def test_only_the_tenants_plans(world):
    own, foreign = plan(world), plan(world, UserFactory())

    assert ids(listed(world)) == [own.pk]
    assert ids(listed(world, key=world.operator)) == [own.pk]  # the configuration's organization
    everything = ConfigurationFactory(organization=None).pk
    assert set(ids(listed(world, key=world.operator, configuration=everything))) == {
        own.pk,
        foreign.pk,
    }


def test_sorted_by_name_unless_said(world):
    people = [
        world.colleague(first_name=first, last_name=last)
        for first, last in (("Grace", "Hopper"), ("Ada", "Byron"), ("Bea", "Byron"))
    ]
    hopper, ada, bea = (plan(world, person).pk for person in people)

    assert ids(listed(world)) == [ada, bea, hopper]
    assert ids(listed(world, "?order=DESC")) == [hopper, bea, ada]
    assert ids(listed(world, "?sort=created_at")) == sorted([hopper, ada, bea])


@pytest.mark.parametrize("sort", ["name", "starts_at", "created_at", "status", "type"])
def test_pages_show_each_row_once_under_ties(world, sort):
    made = {plan(world, starts_at=at(day, 8)).pk for day in (7, 7, 7, 8, 8)}

    pages = [ids(listed(world, f"?sort={sort}&limit=2&skip={skip}")) for skip in (0, 2, 4)]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert set().union(*pages) == made


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?skip=-1", "skip"),
        ("?sort=people_id", "sort"),
        ("?order=up", "order"),
        ("?type=DESK", "type"),
        ("?external_type=SPACE", "external_type"),
        ("?location_id=x", "location_id"),
        ("?team_id=x", "team_id"),
        ("?starts_at=2030-01-07T09:00:00Z", "starts_at"),
        ("?ends_at=soon", "ends_at"),
        ("?starts_at=2030-01-08&ends_at=2030-01-07", "starts_at"),
        ("?location_timezone=Mars", "location_timezone"),
        ("?external_location_timezone=Mars", "external_location_timezone"),
        (f"?location_id={UNKNOWN}&external_location_id=SITE-1", "external_location_id"),
    ],
)
def test_a_parameter_that_cannot_be_read(world, query, path):
    assert details(listed(world, query), 400) == [(path, "")]


def test_an_unknown_parameter_is_ignored(world):
    assert ids(listed(world, "?mood=good")) == []


def test_each_filter_narrows(world):
    layer = LayerFactory(site=world.site)
    zone, room = ZoneFactory(layer=layer), world.room()
    team = TeamFactory(organization=world.organization)
    wanted = plan(
        world,
        layer=layer,
        zone=zone,
        room=room,
        team=team,
        type="MEETING",
        external_type="CALENDAR_MEETING",
        external_id="1",
        configuration=world.system,
    )
    plan(world, world.colleague(), site=SiteFactory(), starts_at=at(9, 8))

    for query in (
        f"location_id={world.site.pk}",
        f"layer_id={layer.pk}",
        f"room_id={room.pk}",
        f"zone_id={zone.pk}",
        f"people_id={world.person.pk}",
        f"team_id={team.pk}",
        "external_location_id=SITE-1",
        "external_type=CALENDAR_MEETING",
        "type=MEETING",
        "ends_at=2030-01-08",
    ):
        assert ids(listed(world, f"?{query}")) == [wanted.pk], query
    for name in ("location_id", "layer_id", "room_id", "zone_id", "people_id", "team_id"):
        assert ids(listed(world, f"?{name}={UNKNOWN}")) == []


def test_dates_are_inclusive_days_of_the_location(world):
    monday = plan(world, starts_at=at(6, 23), ends_at=at(7, 23))

    def found(first, last):
        query = f"?location_id={world.site.pk}&starts_at=2030-01-{first}&ends_at=2030-01-{last}"
        return ids(listed(world, query))

    assert found("07", "07") == [monday.pk]
    assert found("05", "06") == found("08", "09") == []
    assert found("01", "31") == [monday.pk]


def test_days_are_those_of_the_zone_that_is_named(world):
    late = plan(world, starts_at=at(7, 22), ends_at=at(7, 22) + dt.timedelta(minutes=30))
    site = f"location_id={world.site.pk}"
    theirs = "external_location_id=SITE-1"

    def found(query, day):
        return ids(listed(world, f"?{query}&starts_at=2030-01-0{day}&ends_at=2030-01-0{day}"))

    assert found(site, 7) == [late.pk]
    assert found(f"{site}&location_timezone=Asia/Tokyo", 8) == [late.pk]
    assert found(f"{site}&location_timezone=Asia/Tokyo", 7) == []
    assert found(theirs, 8) == [late.pk]  # the configuration's own zone
    assert found(f"{theirs}&external_location_timezone=Europe/Paris", 7) == [late.pk]


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_row_as_for_three(world, rows, django_assert_num_queries):
    for number in range(rows):
        parent = plan(world, starts_at=at(7 + number, 8))
        plan(world, world.colleague(), parent=parent, starts_at=parent.starts_at)
        AllocationFactory(
            intention=parent,
            person=world.person,
            team=None,
            starts_at=parent.starts_at,
            ends_at=parent.ends_at,
        )
    listed(world)

    with django_assert_num_queries(8):
        assert len(ids(listed(world))) == 2 * rows
