"""`GET` and `PUT /workplace/v1/team/settings`.

Source: Workplace API, "team settings"; workplace-api, section 3.
"""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory
from tests.factories.workplace import (
    LayerFactory,
    SpaceFactory,
    TeamFactory,
    TeamLocationSettingsFactory,
    ZoneFactory,
)
from workplace.models import Team, TeamLocationSettings, TeamSettings

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/team/settings"
NOWHERE = "5f00000000000000000000ff"
CREATED = dt.datetime(2025, 6, 1, 8, 0, tzinfo=dt.UTC)
UPDATED = dt.datetime(2025, 6, 20, 8, 0, 0, 999, tzinfo=dt.UTC)


@pytest.fixture
def key() -> Any:
    """A key of the operator."""
    return WorkplaceKeyFactory()


def get(key: Any, **params: Any) -> Any:
    return Client().get(PATH, params, headers=key.header)


def put(key: Any, *changes: Any, **headers: str) -> Any:
    body = json.dumps({"team_settings": list(changes)})
    return Client().put(
        PATH, body, content_type="application/json", headers={**key.header, **headers}
    )


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["data"]["team_settings"]
    return found


def names(answer: Any) -> list[str]:
    return [row["team_name"] for row in rows(answer)]


def problems(answer: Any, *, status: int = 400) -> list[tuple[str, str, str]]:
    assert answer.status_code == status, answer.content
    details = answer.json()["error"]["details"]
    return [(each["path"], each["message"], each.get("code", "")) for each in details]


# --- reading ------------------------------------------------------------------------------------
def test_everything_of_a_team(key: Any) -> None:
    site = SiteFactory(name="Workways Paris")
    zone, room = ZoneFactory(site=site), RoomFactory(site=site)
    people = [UserFactory(), UserFactory(), UserFactory(is_archived=True)]
    team = TeamFactory(name="Accounting", color="#3366cc", external_id="HR-TEAM-12", members=people)
    neighbour = TeamFactory(organization=team.organization)
    team.settings.linked_locations.set([site])
    here = TeamLocationSettingsFactory(
        team=team,
        site=site,
        type="FLEX",
        min_capacity=4,
        max_capacity=20,
        contingency=10,
        fixed_days=[2, 4],
        room=room,
    )
    here.preferred_layers.set([zone.layer])
    here.preferred_zones.set([zone])
    here.adjacent_teams.set([neighbour])
    TeamSettings.objects.filter(team=team).update(
        default_location=site, version=7, created_at=CREATED, updated_at=UPDATED
    )

    answer = get(key, team_id=team.pk)

    assert answer.json() == {
        "success": True,
        "data": {
            "team_settings": [
                {
                    "_id": team.settings.pk,
                    "team_id": team.pk,
                    "external_id": "HR-TEAM-12",
                    "organization_id": team.organization_id,
                    "team_name": "Accounting",
                    "color": "#3366cc",
                    "head_count": 2,
                    "space_type_preference": "AUTO",
                    "priority": "medium",
                    "default_location": {"location_id": site.pk, "name": "Workways Paris"},
                    "linked_locations": [site.pk],
                    "settings": [
                        {
                            "location_id": site.pk,
                            "type": "FLEX",
                            "min_capacity": 4,
                            "max_capacity": 20,
                            "target": None,
                            "contingency": 10,
                            "fixed_days": [2, 4],
                            "preferred_layer_ids": [zone.layer_id],
                            "preferred_zone_ids": [zone.pk],
                            "adjacent_team_ids": [neighbour.pk],
                            "room_id": room.pk,
                            "allow_split": True,
                        }
                    ],
                    "version": 7,
                    "created_at": "2025-06-01T08:00:00Z",
                    "updated_at": "2025-06-20T08:00:00Z",
                }
            ],
            "pagination": {"current_results": {"from": 1, "to": 1}, "total_results": 1},
        },
        "identifier": "get_team_settings_successful",
    }


def test_a_bare_team(key: Any) -> None:
    team = TeamFactory()

    (row,) = rows(get(key))

    empty = {
        name: row[name]
        for name in ("external_id", "color", "default_location", "linked_locations", "settings")
    }
    assert empty == {
        "external_id": None,
        "color": None,
        "default_location": None,
        "linked_locations": [],
        "settings": [],
    }
    assert (row["team_id"], row["head_count"]) == (team.pk, 0)


def test_a_person_counts_in_the_primary_team_alone(key: Any) -> None:
    person = UserFactory()
    TeamFactory(name="A", members=[person])
    second = TeamFactory(name="B")
    second.memberships.create(person=person, is_primary=False)

    assert [row["head_count"] for row in rows(get(key))] == [1, 0]


def test_location_id_keeps_teams_that_have_settings_there_or_are_linked_and_that_location(
    key: Any,
) -> None:
    here, elsewhere = SiteFactory(), SiteFactory()
    both, linked, other = (TeamFactory(name=name) for name in ("Both", "Linked", "Other"))
    for site in (here, elsewhere):
        TeamLocationSettingsFactory(team=both, site=site)
    TeamLocationSettingsFactory(team=other, site=elsewhere)
    linked.settings.linked_locations.set([here])

    answer = get(key, location_id=here.pk)

    assert [(r["team_name"], [s["location_id"] for s in r["settings"]]) for r in rows(answer)] == [
        ("Both", [here.pk]),
        ("Linked", []),
    ]
    assert rows(get(key, location_id=NOWHERE)) == []


def test_filters_by_team_and_external_id(key: Any) -> None:
    wanted = TeamFactory(name="Wanted", external_id="HR-1")
    TeamFactory(name="Other", external_id="HR-2")

    assert names(get(key, team_id=wanted.pk.upper())) == ["Wanted"]
    assert names(get(key, external_id="HR-1")) == ["Wanted"]
    assert names(get(key, external_id="HR-1", team_id=NOWHERE)) == []
    assert names(get(key, external_id="hr-1")) == []
    assert names(get(key, something_else="x")) == ["Other", "Wanted"]


def test_malformed_filters_are_told_at_once(key: Any) -> None:
    answer = get(key, location_id="x", team_id="y", sort="color", order="up", limit=0, skip=-1)

    assert [path for path, _, _ in problems(answer)] == [
        "skip",
        "limit",
        "sort",
        "order",
        "location_id",
        "team_id",
    ]


def test_sorting(key: Any) -> None:
    for name, heads, day in (("B", 2, 3), ("A", 1, 2), ("C", 3, 1)):
        team = TeamFactory(name=name, members=UserFactory.create_batch(heads))
        moment = CREATED + dt.timedelta(days=day)
        TeamSettings.objects.filter(team=team).update(created_at=moment, updated_at=moment)

    def order(**params: str) -> str:
        return "".join(names(get(key, **params)))

    assert order() == order(sort="team_name", order="ASC") == "ABC"
    assert order(order="desc") == "CBA"
    assert order(sort="head_count") == "ABC"
    assert order(sort="created_at") == order(sort="updated_at") == "CAB"


def test_pages(key: Any) -> None:
    for name in "ABC":
        TeamFactory(name=name)

    def page(**params: int) -> tuple[list[str], dict[str, int]]:
        answer = get(key, **params)
        return names(answer), answer.json()["data"]["pagination"]["current_results"]

    assert page(limit=2) == (["A", "B"], {"from": 1, "to": 2})
    assert page(limit=2, skip=2) == (["C"], {"from": 3, "to": 3})
    assert page(skip=3) == ([], {"from": 0, "to": 0})


def test_twenty_five_are_returned_by_default(key: Any) -> None:
    TeamFactory.create_batch(26)

    assert len(rows(get(key))) == 25


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_the_same_queries_for_one_and_for_three(key: Any, count: int) -> None:
    for _ in range(count):
        TeamLocationSettingsFactory().adjacent_teams.set([TeamFactory()])
    TeamFactory()
    get(key)

    with CaptureQueriesContext(connection) as queries:
        get(key)

    assert len(queries) == 10, [query["sql"][:90] for query in queries]


# --- whose ----------------------------------------------------------------------------------------
def test_an_organization_sees_and_changes_its_own_alone() -> None:
    key = WorkplaceKeyFactory(for_organization=True)
    own = TeamFactory(name="Own", organization=key.organization, external_id="HR-1")
    foreign = TeamFactory(name="Foreign", external_id="HR-2")

    assert names(get(key)) == ["Own"]
    assert names(get(key, team_id=foreign.pk)) == []
    for named in (
        {"_id": foreign.settings.pk},
        {"team_id": foreign.pk},
        {"external_id": "HR-2"},
        {"_id": NOWHERE},
    ):
        answer = put(key, {"team_id": own.pk, "priority": "high"}, named | {"priority": "high"})
        assert problems(answer, status=404) == [("team_settings[1]", "Team not found", "")]
    assert set(TeamSettings.objects.values_list("priority", flat=True)) == {"medium"}
    assert put(key, {"external_id": "HR-1", "priority": "high"}).status_code == 200


def test_an_organization_may_name_only_what_it_sees() -> None:
    key = WorkplaceKeyFactory(for_organization=True)
    team = TeamFactory(organization=key.organization)
    site, hidden = SiteFactory(), SiteFactory()
    site.members.add(key.organization)
    let = RoomLeaseFactory(room__site=site, room__office=True).room
    own_zone = ZoneFactory(site=site, organization=key.organization)
    foreign_zone = ZoneFactory(site=site, organization=OrganizationFactory())

    def at(**values: Any) -> list[tuple[str, str, str]] | int:
        entry = {"location_id": site.pk} | values
        answer = put(key, {"team_id": team.pk, "settings": [entry]})
        return 200 if answer.status_code == 200 else problems(answer, status=404)

    def lacks(name: str) -> list[tuple[str, str, str]]:
        return [(f"team_settings[0].settings[0].{name}", "not found", "")]

    assert at(location_id=hidden.pk) == at(location_id=NOWHERE) == lacks("location_id")
    assert at(room_id=let.pk) == at(room_id=NOWHERE) == lacks("room_id")
    unknown = lacks("preferred_zone_ids")
    assert at(preferred_zone_ids=[foreign_zone.pk]) == at(preferred_zone_ids=[NOWHERE]) == unknown
    assert at(preferred_zone_ids=[own_zone.pk]) == 200
    layer = LayerFactory(site=hidden)
    assert at(preferred_layer_ids=[layer.pk]) == lacks("preferred_layer_ids")
    assert at(adjacent_team_ids=[TeamFactory().pk]) == lacks("adjacent_team_ids")
    for values in (
        {"default_location": {"location_id": hidden.pk}},
        {"linked_locations": [NOWHERE]},
    ):
        assert put(key, {"team_id": team.pk} | values).status_code == 404


# --- changing --------------------------------------------------------------------------------------
def test_absent_stays_null_resets_and_the_whole_object_is_answered(key: Any) -> None:
    site = SiteFactory(name="Paris")
    team = TeamFactory(color="#3366cc", with_settings__priority="high")
    TeamLocationSettingsFactory(team=team, site=site, min_capacity=4, max_capacity=9, target=6)

    answer = put(
        key,
        {
            "team_id": team.pk,
            "space_type_preference": "ROOM",
            "color": None,
            "default_location": {"location_id": site.pk},
            "linked_locations": [site.pk],
            "settings": [
                {"location_id": site.pk, "target": None, "fixed_days": [4, 2, 4], "type": "FIX"}
            ],
        },
    )

    (row,) = rows(answer)
    assert answer.json()["identifier"] == "update_team_settings_successful"
    assert list(answer.json()["data"]) == ["team_settings"]
    assert (row["space_type_preference"], row["priority"], row["color"]) == ("ROOM", "high", None)
    assert row["default_location"] == {"location_id": site.pk, "name": "Paris"}
    assert row["linked_locations"] == [site.pk]
    (here,) = row["settings"]
    assert (here["min_capacity"], here["max_capacity"], here["target"]) == (4, 9, None)
    assert (here["fixed_days"], here["type"]) == ([2, 4], "FIX")
    assert rows(get(key)) == [row]


def test_null_resets_everything_to_its_default(key: Any) -> None:
    site = SiteFactory()
    zone = ZoneFactory(site=site)
    team = TeamFactory(
        with_settings__priority="high",
        with_settings__space_type_preference="ROOM",
        with_settings__default_location=site,
    )
    team.settings.linked_locations.set([site])
    here = TeamLocationSettingsFactory(
        team=team,
        site=site,
        type="FIX",
        min_capacity=1,
        max_capacity=2,
        target=2,
        contingency=5,
        fixed_days=[1],
        room=RoomFactory(site=site),
        allow_split=False,
    )
    here.preferred_zones.set([zone])
    here.preferred_layers.set([zone.layer])
    here.adjacent_teams.set([TeamFactory(organization=team.organization)])
    entry = dict.fromkeys(rows(get(key, team_id=team.pk))[0]["settings"][0])
    at_team = ("space_type_preference", "priority", "default_location", "linked_locations")

    (row,) = rows(
        put(
            key,
            dict.fromkeys(at_team)
            | {"team_id": team.pk, "settings": [entry | {"location_id": site.pk}]},
        )
    )

    assert [row[name] for name in at_team] == ["AUTO", "medium", None, []]
    assert row["settings"] == [
        {
            "location_id": site.pk,
            "type": "FREE",
            "min_capacity": 0,
            "max_capacity": None,
            "target": None,
            "contingency": 0,
            "fixed_days": [],
            "preferred_layer_ids": [],
            "preferred_zone_ids": [],
            "adjacent_team_ids": [],
            "room_id": None,
            "allow_split": True,
        }
    ]


def test_locations_are_added_kept_and_removed(key: Any) -> None:
    team, kept, dropped, added = TeamFactory(), SiteFactory(), SiteFactory(), SiteFactory()
    for site in (kept, dropped):
        TeamLocationSettingsFactory(team=team, site=site)

    (row,) = rows(
        put(
            key,
            {
                "team_id": team.pk,
                "settings": [
                    {"location_id": added.pk, "min_capacity": 1},
                    {"location_id": dropped.pk, "_remove": True},
                    {"location_id": kept.pk, "_remove": False},
                ],
            },
        )
    )

    assert {entry["location_id"] for entry in row["settings"]} == {kept.pk, added.pk}
    assert rows(put(key, {"team_id": team.pk, "settings": None}))[0]["settings"] == []


def test_a_location_that_is_not_there_may_be_removed(key: Any) -> None:
    team, site = TeamFactory(), SiteFactory()

    answer = put(key, {"team_id": team.pk, "settings": [{"location_id": site.pk, "_remove": True}]})

    assert rows(answer)[0]["settings"] == []


def test_neighbours_are_neighbours_of_each_other(key: Any) -> None:
    site, organization = SiteFactory(), OrganizationFactory()
    one, two, three = (TeamFactory(organization=organization, name=name) for name in "ABC")

    def neighbours() -> dict[str, set[str]]:
        return {
            each.settings.team.name: {team.name for team in each.adjacent_teams.all()}
            for each in TeamLocationSettings.objects.all()
        }

    def set_neighbours(team: Team, *others: Team, **values: Any) -> None:
        entry = {"location_id": site.pk, "adjacent_team_ids": [each.pk for each in others]}
        rows(put(key, {"team_id": team.pk, "settings": [entry | values]}))

    set_neighbours(one, two, three)
    assert neighbours() == {"A": {"B", "C"}, "B": {"A"}, "C": {"A"}}
    set_neighbours(two, three)
    assert neighbours() == {"A": {"C"}, "B": {"C"}, "C": {"A", "B"}}
    set_neighbours(three, _remove=True)
    assert neighbours() == {"A": set(), "B": set()}
    versions = TeamSettings.objects.order_by("team__name").values_list("version", flat=True)
    assert list(versions) == [4, 4, 4]  # each change of a neighbour counts as one of one's own


def test_two_new_neighbours_in_one_call(key: Any) -> None:
    site, organization = SiteFactory(), OrganizationFactory()
    one, two = TeamFactory(organization=organization), TeamFactory(organization=organization)

    def entry(other: Team) -> dict[str, Any]:
        return {"location_id": site.pk, "adjacent_team_ids": [other.pk], "min_capacity": 1}

    answer = put(
        key,
        {"team_id": one.pk, "settings": [entry(two)]},
        {"team_id": two.pk, "settings": [entry(one)]},
    )

    told = [row["settings"][0] for row in rows(answer)]
    assert [(each["adjacent_team_ids"], each["min_capacity"]) for each in told] == [
        ([two.pk], 1),
        ([one.pk], 1),
    ]


def test_teams_are_named_in_three_ways_and_answered_in_the_order_of_the_body(key: Any) -> None:
    teams = [TeamFactory(external_id=f"HR-{number}") for number in range(3)]

    answer = put(
        key,
        {"external_id": "HR-2"},
        {"_id": teams[0].settings.pk.upper()},
        {"team_id": teams[1].pk},
    )

    assert [row["external_id"] for row in rows(answer)] == ["HR-2", "HR-0", "HR-1"]


def test_an_external_id_of_two_organizations_names_none_for_the_operator(key: Any) -> None:
    TeamFactory(external_id="HR-1")
    TeamFactory(external_id="HR-1")

    answer = put(key, {"external_id": "HR-1"})

    assert problems(answer) == [
        ("team_settings[0]", "external_id names teams of several tenants", "")
    ]


def test_what_was_read_may_be_sent_back_as_it_is(key: Any) -> None:
    team = TeamFactory(external_id="HR-1", color="#00ff00", members=[UserFactory()])
    entry = TeamLocationSettingsFactory(team=team)
    entry.adjacent_teams.set([])
    (row,) = rows(get(key))

    (told,) = rows(put(key, row))

    changed = {"version": row["version"] + 1, "updated_at": told["updated_at"]}
    assert told == row | changed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("team_id", NOWHERE),
        ("external_id", "HR-2"),
        ("organization_id", NOWHERE),
        ("team_name", "Other"),
        ("head_count", 3),
        ("created_at", "2025-01-01T00:00:00Z"),
        ("updated_at", "2025-01-01T00:00:00Z"),
        ("organization_id", None),
    ],
)
def test_what_cannot_be_changed_is_refused_with_another_value(
    key: Any, name: str, value: Any
) -> None:
    team = TeamFactory(external_id="HR-1")

    answer = put(key, {"_id": team.settings.pk, name: value, "priority": "high"})

    assert problems(answer) == [(f"team_settings[0].{name}", "cannot be changed", "read_only")]
    assert TeamSettings.objects.get().priority == "medium"


AT = "team_settings[0].settings[0]"


@pytest.mark.parametrize(
    ("entry", "path", "message"),
    [
        (
            {"min_capacity": 5, "max_capacity": 4},
            f"{AT}.min_capacity",
            "must not be above max_capacity",
        ),
        ({"min_capacity": -1}, f"{AT}.min_capacity", "must be at least 0"),
        ({"min_capacity": "4"}, f"{AT}.min_capacity", "must be a whole number"),
        ({"target": 2.5}, f"{AT}.target", "must be a whole number"),
        ({"contingency": 101}, f"{AT}.contingency", "must be at most 100"),
        ({"contingency": -1}, f"{AT}.contingency", "must be at least 0"),
        ({"type": "flex"}, f"{AT}.type", "must be one of FREE, FLEX, FIX"),
        (
            {"fixed_days": [0]},
            f"{AT}.fixed_days",
            "must list ISO weekdays, 1 (Monday) to 7 (Sunday)",
        ),
        (
            {"fixed_days": [8]},
            f"{AT}.fixed_days",
            "must list ISO weekdays, 1 (Monday) to 7 (Sunday)",
        ),
        (
            {"fixed_days": [True]},
            f"{AT}.fixed_days",
            "must list ISO weekdays, 1 (Monday) to 7 (Sunday)",
        ),
        (
            {"fixed_days": ["Mon"]},
            f"{AT}.fixed_days",
            "must list ISO weekdays, 1 (Monday) to 7 (Sunday)",
        ),
        ({"allow_split": 1}, f"{AT}.allow_split", "must be true or false"),
        ({"room_id": "x"}, f"{AT}.room_id", "must be an id of 24 hexadecimal characters"),
        ({"preferred_zone_ids": "x"}, f"{AT}.preferred_zone_ids", "must be an array"),
        ({"colour": 1}, f"{AT}.colour", "is not known"),
        ({"location_id": None}, f"{AT}.location_id", "is required"),
    ],
)
def test_wrong_wishes_at_a_location(
    key: Any, entry: dict[str, Any], path: str, message: str
) -> None:
    team, site = TeamFactory(), SiteFactory()

    answer = put(key, {"team_id": team.pk, "settings": [{"location_id": site.pk} | entry]})

    assert [(p, m) for p, m, _ in problems(answer)] == [(path, message)]
    assert not TeamLocationSettings.objects.exists()


def test_borders_of_numbers(key: Any) -> None:
    team, site = TeamFactory(), SiteFactory(capacity=4)
    entry = {"location_id": site.pk, "min_capacity": 4, "max_capacity": 4}

    for values in ({"contingency": 0}, {"contingency": 100}, {"fixed_days": [1, 7]}):
        assert put(key, {"team_id": team.pk, "settings": [entry | values]}).status_code == 200


def test_the_fewest_seats_are_not_above_the_capacity_of_the_location(key: Any) -> None:
    team, given, counted, unknown = (
        TeamFactory(),
        SiteFactory(capacity=3),
        SiteFactory(),
        SiteFactory(),
    )
    zoned = ZoneFactory(capacity=5).layer.site
    zone = ZoneFactory(site=counted)
    SpaceFactory.create_batch(2, zone=zone)
    SpaceFactory(zone=zone, is_active=False)

    def told(site: Any, seats: int) -> Any:
        entry = {"location_id": site.pk, "min_capacity": seats}
        answer = put(key, {"team_id": team.pk, "settings": [entry]})
        return 200 if answer.status_code == 200 else problems(answer)[0][1]

    assert (told(given, 3), told(counted, 2), told(unknown, 1000)) == (200, 200, 200)
    assert told(given, 4) == "must not be above the location's capacity, 3"
    assert told(counted, 3) == "must not be above the location's capacity, 2"
    assert told(zoned, 6) == "must not be above the location's capacity, 5"


def test_min_and_max_are_looked_at_together_with_what_is_stored(key: Any) -> None:
    here = TeamLocationSettingsFactory(min_capacity=4, max_capacity=8)
    team_id = here.settings.team_id

    def told(**values: int) -> int:
        entry = {"location_id": here.site_id} | values
        return put(key, {"team_id": team_id, "settings": [entry]}).status_code

    assert (told(max_capacity=3), told(min_capacity=9)) == (400, 400)
    assert (told(max_capacity=4), told(min_capacity=0)) == (200, 200)


def test_places_and_neighbours_fit_the_location_and_the_organization(key: Any) -> None:
    team, site, other = TeamFactory(), SiteFactory(), SiteFactory()
    zone = ZoneFactory(site=other)
    foreign = ZoneFactory(site=site, organization=OrganizationFactory())
    room, stranger = RoomFactory(site=other), TeamFactory()

    def told(**values: Any) -> list[tuple[str, str]]:
        answer = put(key, {"team_id": team.pk, "settings": [{"location_id": site.pk} | values]})
        return [(path.removeprefix(f"{AT}."), message) for path, message, _ in problems(answer)]

    assert told(
        preferred_layer_ids=[zone.layer_id],
        preferred_zone_ids=[zone.pk, foreign.pk],
        room_id=room.pk,
        adjacent_team_ids=[team.pk, stranger.pk],
    ) == [
        ("preferred_layer_ids", "must name layers of this location"),
        ("preferred_zone_ids", "must name zones of this location"),
        ("preferred_zone_ids", "must not name another organization's zones"),
        ("room_id", "must name a room of this location"),
        ("adjacent_team_ids", "must not name the team itself"),
        ("adjacent_team_ids", "must name teams of the same organization"),
    ]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"priority": "urgent"}, "priority", "must be one of low, medium, high"),
        (
            {"space_type_preference": "DESK"},
            "space_type_preference",
            "must be one of AUTO, SPACE, ROOM",
        ),
        ({"color": "red"}, "color", "must be a colour such as #3366cc"),
        ({"default_location": NOWHERE}, "default_location", "must be an object with location_id"),
        ({"default_location": {}}, "default_location.location_id", "is required"),
        (
            {"linked_locations": ["x"]},
            "linked_locations[0]",
            "must be an id of 24 hexadecimal characters",
        ),
        ({"settings": [1]}, "settings[0]", "must be an object"),
        ({"version": "1"}, "version", "must be a whole number"),
        ({"password": "x"}, "password", "is not known"),
    ],
)
def test_wrong_wishes_of_a_team(key: Any, change: dict[str, Any], path: str, message: str) -> None:
    answer = put(key, {"team_id": TeamFactory().pk} | change)

    assert [(p, m) for p, m, _ in problems(answer)] == [(f"team_settings[0].{path}", message)]


def test_all_or_none_and_every_failing_item_is_told(key: Any) -> None:
    good, one, two = TeamFactory(), TeamFactory(), TeamFactory()
    site = SiteFactory(capacity=1)
    entry = {"location_id": site.pk, "min_capacity": 2}

    answer = put(
        key,
        {"team_id": good.pk, "priority": "high"},
        {"team_id": one.pk, "settings": [entry]},
        {"team_id": two.pk, "settings": [entry]},
    )

    assert [path for path, _, _ in problems(answer)] == [
        "team_settings[1].settings[0].min_capacity",
        "team_settings[2].settings[0].min_capacity",
    ]
    assert set(TeamSettings.objects.values_list("priority", "version")) == {("medium", 1)}


def test_a_team_or_a_location_comes_once(key: Any) -> None:
    team, site = TeamFactory(), SiteFactory()
    twice = put(key, {"team_id": team.pk}, {"_id": team.settings.pk})
    entry = {"location_id": site.pk}
    at_once = put(key, {"team_id": team.pk, "settings": [entry, entry]})

    assert problems(twice) == [("team_settings[1]", "This team is there twice", "")]
    assert problems(at_once) == [("team_settings[0].settings[1].location_id", "is there twice", "")]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "team_settings"),
        ({"team_settings": None}, "team_settings"),
        ({"team_settings": []}, "team_settings"),
        ({"team_settings": {}}, "team_settings"),
        ({"team_settings": [{}]}, "team_settings[0].team_id"),
        ({"team_settings": [[]]}, "team_settings[0]"),
    ],
)
def test_bodies_of_another_shape(key: Any, body: dict[str, Any], path: str) -> None:
    answer = Client().put(
        PATH, json.dumps(body), content_type="application/json", headers=key.header
    )

    assert [each[0] for each in problems(answer)] == [path]


def test_a_thousand_teams_and_not_one_more(key: Any) -> None:
    answer = put(key, *({"team_id": f"{number:024x}"} for number in range(1000)))
    over = put(key, *({"team_id": f"{number:024x}"} for number in range(1001)))

    assert len(problems(answer, status=404)) == 1000
    assert over.status_code == 400


# --- somebody else was faster -------------------------------------------------------------------------
def test_what_was_changed_since_it_was_read_is_not_overwritten(key: Any) -> None:
    team, other = TeamFactory(), TeamFactory()
    TeamSettings.objects.filter(team=team).update(version=3, updated_at=UPDATED)
    TeamSettings.objects.filter(team=other).update(updated_at=CREATED)

    def told(sent: dict[str, Any] | None = None, **headers: str) -> Any:
        changes = ({"team_id": other.pk}, {"team_id": team.pk, **(sent or {})})
        with time_machine.travel(UPDATED, tick=False):
            answer = put(key, *changes, **headers)
        return 200 if answer.status_code == 200 else problems(answer, status=409)

    stale = [("team_settings[1]", "This was changed since it was read", "stale_version")]
    assert told({"version": 2}) == told({"version": 4}) == stale
    assert told(**{"If-Unmodified-Since": "2025-06-20T07:59:59Z"}) == stale
    assert told(**{"If-Unmodified-Since": "Fri, 20 Jun 2025 07:59:59 GMT"}) == stale
    assert told({"version": 3}) == 200
    assert told(**{"If-Unmodified-Since": "Fri, 20 Jun 2025 08:00:00 GMT"}) == 200
    assert told(**{"If-Unmodified-Since": "2025-06-20T08:00:00Z"}) == 200
    bad = put(key, {"team_id": team.pk}, **{"If-Unmodified-Since": "yesterday"})
    assert [path for path, _, _ in problems(bad)] == ["If-Unmodified-Since"]


def test_each_change_counts(key: Any) -> None:
    team = TeamFactory()
    TeamSettings.objects.update(updated_at=CREATED)

    with time_machine.travel(UPDATED, tick=False):
        (row,) = rows(put(key, {"team_id": team.pk}))

    assert (row["version"], row["updated_at"]) == (2, "2025-06-20T08:00:00Z")


# --- who may ------------------------------------------------------------------------------------------
def test_scopes() -> None:
    reader = WorkplaceKeyFactory(scopes=["workplace:read"])
    writer = WorkplaceKeyFactory(scopes=["workplace:write"])
    team = TeamFactory()

    assert (get(reader).status_code, get(writer).status_code) == (200, 403)
    change = {"team_id": team.pk}
    assert (put(writer, change).status_code, put(reader, change).status_code) == (200, 403)
    assert Client().get(PATH).json()["identifier"] == "authorise_failed"
    assert Client().post(PATH).status_code == 405
