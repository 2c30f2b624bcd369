"""The workplace in a bulk file: what arrives, what the file leaves to us, what is refused.

Source: Workplace API, sections 11 and 13 ("Bulk forms").
"""

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from backoffice.bulk import importing
from backoffice.bulk.problems import BulkError
from booking.models import Meeting, Reservation
from organizations.models import Organization, User
from sites_app.models import Site
from workplace.models import (
    Allocation,
    AllocationSpace,
    Configuration,
    DefaultLocation,
    Intention,
    Layer,
    Occupancy,
    RoomPlacement,
    Space,
    Team,
    TeamMembership,
    Zone,
)

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data"
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
PARIS, DUBLIN = "65a000000000000000000001", "65a000000000000000000002"
CLAIRE, DEV, VISITOR = (f"65d00000000000000000000{number}" for number in (1, 2, 3))
ACME, SLEEPING = "65c000000000000000000001", "65c000000000000000000002"
GROUND, CELLAR, FIRST = (f"66000000000000000000000{number}" for number in (1, 2, 3))
NORTH, SOUTH, QUAY = (f"66010000000000000000000{number}" for number in (1, 2, 3))
N1, N2 = (f"66020000000000000000000{number}" for number in (1, 2))
ACCOUNTING, SALES = (f"66030000000000000000000{number}" for number in (1, 2))
OUTLOOK = "660400000000000000000001"
DESK, ROOM, WHOLE_TEAM, INVITED = (f"66050000000000000000000{number}" for number in (1, 2, 3, 4))
SEATS, SEAT, TEAM_ROOM, GONE = (f"66060000000000000000000{number}" for number in (1, 2, 3, 4))


def utc(*moment: int) -> dt.datetime:
    return dt.datetime(*moment, tzinfo=dt.UTC)


@pytest.fixture
def workplace() -> dict[str, Any]:
    """The file of the workplace, whose operator is there already."""
    importing.load_file(DATA / "operator.json", now=NOW)
    return json.loads((DATA / "workplace.json").read_text(encoding="utf-8"))


@pytest.fixture
def everything() -> dict[str, Any]:
    """Operator and workplace in one file; the operator's entries say all, the workplace's the rest."""
    operator, workplace = (
        json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("operator", "workplace")
    )
    whole = operator | {name: found for name, found in workplace.items() if name not in operator}
    for name in ("sites", "organizations", "users"):
        whole[name][0] |= workplace[name][0]
    return whole


def load(data: dict[str, Any], *, now: dt.datetime = NOW) -> importing.Loaded:
    return importing.load(copy.deepcopy(data), folder=DATA, now=now)


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(BulkError) as refused:
        load(data)
    return refused.value.message


def test_everything_arrives(workplace):
    loaded = load(workplace)

    assert {name: count for name, count in loaded.new.items() if count} == {
        "layers": 3,
        "zones": 3,
        "spaces": 3,
        "roomPlacements": 1,
        "defaultLocations": 1,
        "teams": 3,
        "configurations": 1,
        "meetings": 1,
        "intentions": 4,
        "allocations": 4,
        "attendanceDays": 1,
        "occupancy": 3,
    }
    assert {name: count for name, count in loaded.changed.items() if count} == {
        "sites": 1,
        "organizations": 1,
        "users": 1,
    }
    assert loaded.warnings == ()


def test_loading_again_changes_nothing(workplace):
    load(workplace)

    again = load(workplace, now=NOW + dt.timedelta(hours=1))

    assert set(again.new.values()) | set(again.changed.values()) == {0}
    assert Reservation.objects.filter(kind="workplace").count() == 3
    assert Meeting.objects.count() == 5


def test_sites_people_and_organizations_get_their_fields(workplace):
    load(workplace)

    site, claire = Site.objects.get(pk=PARIS), User.objects.get(pk=CLAIRE)
    assert site.operating_hours == [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "24:00"}]
    assert (site.capacity, site.holiday_country, site.holiday_subdivision) == (40, "FR", "75")
    assert site.workplace_settings == {"INVITES": {"auto_accept": True}, "theirs": 1}
    assert (site.external_id, claire.external_id) == ("PAR-1", "HR-1")
    assert claire.schedule_visibility == "restricted"
    assert Organization.objects.get(pk=ACME).person_forecasts is True
    assert DefaultLocation.objects.get().site == site
    configuration = Configuration.objects.get(pk=OUTLOOK)
    assert (configuration.namespace, configuration.provision_people) == ("outlook", True)


def test_places_lie_where_the_file_says(workplace):
    load(workplace)

    assert [(one.name, one.ordinal) for one in Layer.objects.order_by("ordinal", "pk")] == [
        ("Cellar", -1),
        ("Ground floor", 0),
        ("1", 0),
    ]
    north = Zone.objects.get(pk=NORTH)
    assert (north.capacity, north.labels, north.x, north.y) == (12, ["quiet", "window"], 1.5, -2.0)
    assert north.organization_id == ACME
    assert [zone.pk for zone in Zone.objects.get(pk=SOUTH).neighbours.all()] == [NORTH]
    assert not Zone.objects.get(pk=QUAY).is_active
    assert list(Space.objects.order_by("pk").values_list("zone_id", "room_id", "labels")) == [
        (NORTH, None, []),
        (NORTH, None, ["standing"]),
        (None, "65b000000000000000000001", []),
    ]
    assert RoomPlacement.objects.get().layer_id == GROUND


def test_teams_have_members_settings_and_neighbours(workplace):
    load(workplace)

    team = Team.objects.get(pk=ACCOUNTING)
    here = team.settings.locations.get(site=PARIS)
    members = TeamMembership.objects.order_by("team_id", "person_id")
    assert list(members.values_list("team_id", "person_id", "is_primary")) == [
        (ACCOUNTING, CLAIRE, True),
        (ACCOUNTING, DEV, False),
        (SALES, CLAIRE, False),
    ]
    assert (team.color, team.settings.priority) == ("#3366cc", "high")
    assert team.settings.space_type_preference == "ROOM"
    assert team.settings.default_location_id == PARIS
    assert {site.pk for site in team.settings.linked_locations.all()} == {PARIS, DUBLIN}
    assert (here.type, here.min_capacity, here.max_capacity, here.target) == ("FLEX", 4, 20, 6)
    assert (here.contingency, here.fixed_days, here.allow_split) == (10, [2, 4], False)
    assert {zone.pk for zone in here.preferred_zones.all()} == {NORTH, SOUTH}
    assert [layer.pk for layer in here.preferred_layers.all()] == [GROUND]
    assert here.room.name == "B-101"
    there = Team.objects.get(pk=SALES).settings.locations.get()
    assert [one.pk for one in here.adjacent_teams.all()] == [SALES]
    assert [one.pk for one in there.adjacent_teams.all()] == [ACCOUNTING]


def test_plans_have_instants_days_and_owners(workplace):
    load(workplace)

    desk, team = Intention.objects.get(pk=DESK), Intention.objects.get(pk=WHOLE_TEAM)
    assert (desk.starts_at, desk.ends_at) == (utc(2026, 11, 30, 23), utc(2026, 12, 1, 23))
    assert (desk.day, desk.timezone) == (dt.date(2026, 12, 1), "Europe/Paris")
    assert (desk.organization_id, desk.layer_id) == (ACME, GROUND)
    assert (team.organization_id, team.person_id) == (ACME, None)
    child = Intention.objects.get(pk=INVITED)
    assert (child.parent_id, child.invited_by_id, child.organization_id) == (team.pk, CLAIRE, None)
    assert (child.reason, child.source) == ("On holiday", "INVITE")


def test_room_of_an_accepted_plan_is_booked_as_a_meeting(workplace):
    load(workplace)

    meeting = Intention.objects.get(pk=ROOM).meeting
    assert (meeting.starts_at, meeting.ends_at) == (utc(2026, 12, 2, 8), utc(2026, 12, 2, 11))
    assert (meeting.contact_email, meeting.organizer_id) == ("claire@acme.example", CLAIRE)
    assert (meeting.is_private, meeting.status) == (True, "confirmed")
    assert meeting.reservations.get().holds


@pytest.mark.parametrize(
    "fields",
    [{"status": "PENDING"}, {"starts_at": "2026-11-01T09:00", "ends_at": "2026-11-01T10:00"}],
)
def test_plan_that_waits_or_is_over_takes_no_room(workplace, fields):
    workplace["intentions"][1] |= fields

    load(workplace)

    assert Intention.objects.get(pk=ROOM).meeting is None


def test_room_of_a_team_is_held_with_its_parts(workplace):
    load(workplace)

    room = Allocation.objects.get(pk=TEAM_ROOM)
    held = Reservation.objects.filter(kind="workplace", holds=True)
    assert room.reservation.room_id == room.room_id
    assert sorted(held.values_list("room__name", flat=True)) == ["B-100 (both)", "B-101", "B-102"]
    assert {one.blocked.lower for one in held} == {utc(2026, 12, 4, 8)}
    assert room.layer_id is None


def test_team_room_that_moves_or_goes_gives_its_room_back(workplace):
    load(workplace)
    workplace["allocations"][2] |= {"ends_at": "2026-12-04T13:00"}
    load(workplace)
    held = Reservation.objects.filter(kind="workplace", holds=True)

    assert {one.blocked.upper for one in held} == {utc(2026, 12, 4, 12)}

    workplace["allocations"][2] |= {"deleted_at": "2026-11-21T10:00:00Z"}
    load(workplace)

    assert not Reservation.objects.filter(kind="workplace", holds=True).exists()


def test_seats_have_spaces_for_their_time(workplace):
    load(workplace)

    held = AllocationSpace.objects.order_by("allocation_id")
    assert list(held.values_list("allocation_id", "space_id", "holds", "of_person")) == [
        (SEAT, N1, True, True),
        (GONE, N1, False, True),
    ]
    assert held[0].during.lower == utc(2026, 12, 1, 6)
    assert Allocation.objects.get(pk=SEATS).ends_at == utc(2026, 12, 1, 23)

    load({"allocations": [{"_id": SEAT, "starts_at": "2026-12-01T08:00"}]})

    assert AllocationSpace.objects.get(allocation=SEAT).during.lower == utc(2026, 12, 1, 7)

    load({"allocations": [{"_id": SEAT, "spaces": [N2]}]})

    assert AllocationSpace.objects.get(allocation=SEAT).space_id == N2


def test_presence_is_folded_by_person_place_and_second(workplace):
    load(workplace)

    seen = Occupancy.objects.order_by("seen_at", "person_id")
    facts = seen.values_list("person_id", "seen_at", "day", "first_seen_at", "last_seen_at")
    assert list(facts) == [
        (CLAIRE, utc(2026, 11, 2, 9), dt.date(2026, 11, 2), None, utc(2026, 11, 2, 17)),
        (DEV, utc(2026, 11, 2, 9), dt.date(2026, 11, 2), None, None),
        (
            CLAIRE,
            utc(2026, 11, 2, 23, 30),
            dt.date(2026, 11, 3),
            utc(2026, 11, 2, 23, 10),
            utc(2026, 11, 2, 23, 45),
        ),
    ]
    assert [one.deleted_at for one in seen] == [None, utc(2026, 11, 4, 10), None]
    assert (seen[2].pk, seen[2].team_id) == ("660800000000000000000002", ACCOUNTING)
    assert seen[1].created_at == utc(2026, 11, 2, 10)


def test_presence_that_comes_again_is_widened_and_brought_back(workplace):
    load(workplace)

    loaded = load(
        {
            "occupancy": [
                {"people": DEV, "location": PARIS, "seen_at": "2026-11-02T09:00:00Z"},
                {
                    "people": CLAIRE,
                    "location": PARIS,
                    "seen_at": "2026-11-02T09:00:00Z",
                    "first_seen_at": "2026-11-02T08:00:00Z",
                    "last_seen_at": "2026-11-02T16:00:00Z",
                },
            ]
        }
    )

    assert (loaded.new["occupancy"], loaded.changed["occupancy"]) == (0, 2)
    dev, claire = (Occupancy.objects.get(person=one, day="2026-11-02") for one in (DEV, CLAIRE))
    assert dev.deleted_at is None
    assert (claire.first_seen_at, claire.last_seen_at) == (
        utc(2026, 11, 2, 8),
        utc(2026, 11, 2, 17),
    )


def test_progress_is_told_of_every_collection(workplace):
    told: dict[str, int] = {}

    importing.load(
        workplace,
        folder=DATA,
        now=NOW,
        progress=lambda name, count: told.update({name: told.get(name, 0) + count}),
    )

    assert (told["zones"], told["occupancy"], told["intentions"]) == (3, 4, 4)


# --- members and lists --------------------------------------------------------------------------


def test_a_list_replaces_the_stored_one(workplace):
    load(workplace)

    load(
        {
            "zones": [{"_id": SOUTH, "neighbours": []}],
            "teams": [
                {"_id": ACCOUNTING, "members": [VISITOR], "linkedLocations": [], "settings": []}
            ],
        }
    )

    assert not Zone.neighbours.through.objects.exists()
    team = Team.objects.get(pk=ACCOUNTING)
    assert [one.pk for one in team.members.all()] == [VISITOR]
    assert not team.settings.linked_locations.exists()
    assert not team.settings.locations.exists()
    assert team.settings.priority == "high"


def test_primary_team_is_the_first_unless_told(workplace):
    workplace["teams"][1]["members"] = [{"user": CLAIRE, "isPrimary": True}]

    load(workplace)

    primary = TeamMembership.objects.filter(person=CLAIRE, is_primary=True)
    assert [one.team_id for one in primary] == [SALES]


def test_primary_team_changes_sides(workplace):
    load(workplace)

    load(
        {
            "teams": [
                {"_id": ACCOUNTING, "members": [{"user": CLAIRE, "isPrimary": False}]},
                {"_id": SALES, "members": [{"user": CLAIRE, "isPrimary": True}]},
            ]
        }
    )

    primary = TeamMembership.objects.filter(person=CLAIRE, is_primary=True)
    assert [one.team_id for one in primary] == [SALES]


def test_member_who_has_a_primary_team_elsewhere_gets_no_second(workplace):
    load(workplace)

    load({"teams": [{"_id": SALES, "members": [CLAIRE, DEV]}]})

    of_sales = TeamMembership.objects.filter(team=SALES).order_by("person_id")
    assert list(of_sales.values_list("person_id", "is_primary")) == [(CLAIRE, False), (DEV, True)]


# --- refusals -----------------------------------------------------------------------------------

UNKNOWN = "6a0000000000000000000000"


@pytest.mark.parametrize(
    ("collection", "position", "field", "value", "sentence"),
    [
        (
            "sites",
            0,
            "operating_hours",
            [{"days": [8], "open": "07:00", "close": "21:00"}],
            "is no weekday",
        ),
        ("sites", 0, "workplace_settings", {"INVITES": 1}, "INVITES must be an object"),
        ("sites", 0, "holiday_country", "Atlantis", "must be a country"),
        ("users", 0, "scheduleVisibility", "secret", "must be one of open, restricted, hidden"),
        ("layers", 0, "site", UNKNOWN, "no site has the id"),
        ("zones", 0, "capacity", -1, "must be at least 0"),
        ("zones", 0, "labels", ["a", "a"], "must not name one twice"),
        ("zones", 0, "x", "1", "must be a number"),
        ("zones", 0, "y", None, "zones[0] (_id 660100000000000000000001): x: goes with y"),
        ("zones", 0, "neighbours", [UNKNOWN], "neighbours[0]: no zone has the id"),
        ("zones", 1, "name", "North", "name: is that of another zone of the layer"),
        ("spaces", 0, "layer", CELLAR, "zone: lies on another layer"),
        ("spaces", 2, "layer", FIRST, "room: is at another site"),
        ("roomPlacements", 0, "room", UNKNOWN, "room: no room has the id"),
        ("roomPlacements", 0, "room", "", "room: is missing"),
        ("roomPlacements", 0, "layer", FIRST, "layer: is at another site"),
        ("teams", 0, "color", "blue", "must be a colour"),
        ("teams", 0, "priority", "top", "must be one of low, medium, high"),
        ("teams", 0, "members", [UNKNOWN], "members[0]: no person has the id"),
        ("teams", 0, "members", [CLAIRE, CLAIRE], "members: must not name one twice"),
        ("teams", 0, "members", [{}], "members[0].user: is missing"),
        ("teams", 0, "members", [{"user": CLAIRE, "isPrimary": 1}], "must be true or false"),
        ("teams", 0, "settings", [{}], "settings[0].location_id: is missing"),
        (
            "teams",
            0,
            "settings",
            [{"location_id": PARIS, "fixed_days": [0]}],
            "whole numbers from 1 to 7",
        ),
        ("teams", 0, "settings", [{"location_id": PARIS, "contingency": 101}], "between 0 and 100"),
        (
            "teams",
            0,
            "settings",
            [{"location_id": PARIS, "adjacent_team_ids": [UNKNOWN]}],
            "settings[0].adjacent_team_ids: no team has the id",
        ),
        (
            "teams",
            0,
            "settings",
            [{"location_id": PARIS}, {"location_id": PARIS}],
            "settings[1]: stands twice in the list",
        ),
        ("configurations", 0, "default_timezone", "Paris", "must be an IANA time zone"),
        ("intentions", 0, "status", "MAYBE", "must be one of PENDING"),
        ("intentions", 2, "team_id", None, "people_id: or team_id must be given"),
        ("intentions", 0, "zone_id", QUAY, "zone_id: is at another location"),
        ("intentions", 0, "space_id", UNKNOWN, "space_id: no space has the id"),
        ("intentions", 0, "ends_at", "2026-11-30", "ends_at: must be after starts_at"),
        ("intentions", 0, "ends_at", "2028-01-01", "must be at most 366 days after starts_at"),
        ("intentions", 1, "starts_at", "2026-03-29T02:30", "does not exist"),
        ("intentions", 0, "metadata", {"a": [{"\0": 1}]}, "must not contain control characters"),
        ("intentions", 1, "room_id", "65b000000000000000000005", "room_id: is at another location"),
        ("allocations", 0, "layer_id", CELLAR, "layer_id: is not the layer of this place"),
        ("allocations", 0, "team_id", None, "people_id: or team_id must be given"),
        ("allocations", 0, "ends_at", "2026-11-30", "ends_at: must be after starts_at"),
        ("allocations", 0, "type", "ROOM", "room_id: is required for the type ROOM"),
        ("allocations", 3, "deleted_at", None, "has another seat at that time"),
        ("allocations", 1, "spaces", [UNKNOWN], "spaces[0]: no space has the id"),
        ("attendanceDays", 0, "people", -1, "must be at least 0"),
        (
            "occupancy",
            0,
            "people",
            UNKNOWN,
            f"occupancy[0]: people: no person has the id {UNKNOWN}",
        ),
        ("occupancy", 0, "people", None, "occupancy[0]: people: is missing"),
        ("occupancy", 0, "people", "x", "must be 24 hexadecimal characters"),
        ("occupancy", 0, "people", [CLAIRE], "people: must be 24 hexadecimal characters"),
        ("occupancy", 0, "location", {}, "location: must be 24 hexadecimal characters"),
        ("occupancy", 0, "location", UNKNOWN, "location: no site has the id"),
        ("occupancy", 0, "team", UNKNOWN, "team: no team has the id"),
        ("occupancy", 0, "seen_at", None, "seen_at: is missing"),
        ("occupancy", 0, "seen_at", "yesterday", "must be an ISO 8601 date-time"),
        ("occupancy", 0, "seen_at", "2026-03-29T02:30", "does not exist"),
        ("occupancy", 0, "seen_at", "2026-11-21T10:05:01Z", "seen_at: must not lie in the future"),
        ("occupancy", 0, "first_seen_at", "2026-11-02T09:00:01Z", "must not be after seen_at"),
        ("occupancy", 0, "last_seen_at", "2026-11-02T08:59:59Z", "must not be before seen_at"),
        ("occupancy", 0, "last_seen_at", "2026-11-03T09:00:01Z", "within 24 hours"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_loaded(
    everything, collection, position, field, value, sentence
):
    everything[collection][position][field] = value

    assert sentence in refusal(everything)
    assert not Site.objects.exists()


@pytest.mark.parametrize("value", [{}, [1]])
def test_presence_is_a_list_of_objects(value):
    assert refusal({"occupancy": value or {"a": 1}}).startswith("occupancy")


def test_room_that_a_plan_wants_and_somebody_has_is_named(workplace):
    workplace["intentions"][1] |= {
        "starts_at": "2026-12-01T14:00:00Z",
        "ends_at": "2026-12-01T16:00:00Z",
    }

    assert refusal(workplace) == (
        f"intentions[1] (_id {ROOM}): starts_at: overlaps the meeting 65f000000000000000000002"
        " in room 65b000000000000000000002"
    )


def test_room_that_a_team_wants_and_staff_keep_is_named(workplace):
    workplace["allocations"][2] |= {"starts_at": "2026-12-03T09:00", "ends_at": "2026-12-03T10:00"}

    assert refusal(workplace) == (
        f"allocations[2] (_id {TEAM_ROOM}): starts_at: overlaps a time that staff keep free"
        " in room 65b000000000000000000002"
    )


# --- what the API would refuse --------------------------------------------------------------------


def plan(number: int, **fields: Any) -> dict[str, Any]:
    """Return a plan of Claire's for a desk on Tuesday the 8th, from nine to six in Paris."""
    usual = {
        "_id": f"6605000000000000000001{number:02}",
        "status": "ACCEPTED",
        "type": "SPACE",
        "location_id": PARIS,
        "people_id": CLAIRE,
        "starts_at": "2026-12-08T09:00",
        "ends_at": "2026-12-08T18:00",
    }
    return usual | fields


def seat(number: int, **fields: Any) -> dict[str, Any]:
    """Return seats of Accounting in the zone South on Tuesday the 8th."""
    usual = {
        "_id": f"6606000000000000000001{number:02}",
        "location_id": PARIS,
        "zone_id": SOUTH,
        "type": "SPACE",
        "team_id": ACCOUNTING,
        "starts_at": "2026-12-08T09:00",
        "ends_at": "2026-12-08T18:00",
    }
    return usual | fields


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ({}, "people_id: this person has another intention at that time"),
        ({"starts_at": "2026-12-08T17:59", "ends_at": "2026-12-08T19:00"}, "another intention"),
        ({"starts_at": "2026-12-08T18:00", "ends_at": "2026-12-08T19:00"}, None),
        ({"type": "REMOTE", "status": "PENDING"}, "another intention"),
        ({"status": "CANCELLED"}, None),
        ({"status": "PENDING", "invited_by": DEV}, None),
        ({"people_id": DEV}, None),
    ],
)
def test_plans_of_a_person_do_not_overlap(workplace, second, sentence):
    load(workplace)
    User.objects.filter(pk=DEV).update(organization=ACME)
    data = {"intentions": [plan(1), plan(2, **second)]}

    if sentence is None:
        assert load(data).new["intentions"] == 2
    else:
        assert sentence in refusal(data)
        assert refusal(data).startswith("intentions[")


def test_a_plan_does_not_meet_a_stored_one(workplace):
    load(workplace)
    load({"intentions": [plan(1)]})

    assert refusal({"intentions": [plan(2)]}) == (
        "intentions[0] (_id 660500000000000000000102): people_id:"
        " this person has another intention at that time"
    )
    assert refusal({"intentions": [{"_id": DESK, "starts_at": "2026-12-08"}]}) == (
        f"intentions[0] (_id {DESK}): ends_at: must be after starts_at"
    )


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({}, "location_id: every seat of this location is planned for on 2026-12-08"),
        ({"zone_id": SOUTH}, "zone_id: every seat of this zone is planned for on 2026-12-08"),
    ],
)
def test_there_are_no_more_plans_than_seats(workplace, place, sentence):
    load(workplace)
    User.objects.filter(pk__in=[DEV, VISITOR]).update(organization=ACME)
    Site.objects.filter(pk=PARIS).update(capacity=1)
    Zone.objects.filter(pk=SOUTH).update(capacity=1)
    first = plan(1, **place)

    said = refusal({"intentions": [first, plan(2, people_id=DEV, **place)]})
    assert said == f"intentions[1] (_id 660500000000000000000102): {sentence}"
    load({"intentions": [first, plan(2, people_id=DEV, type="REMOTE")]})
    assert sentence in refusal({"intentions": [plan(3, people_id=VISITOR, **place)]})


def test_nobody_plans_to_be_where_it_is_closed_or_without_access(workplace):
    load(workplace)
    sunday = {"starts_at": "2026-12-06T09:00", "ends_at": "2026-12-06T18:00"}

    assert "starts_at: the location is closed" in refusal({"intentions": [plan(1, **sunday)]})
    load({"intentions": [plan(1, type="REMOTE", **sunday)]})
    Organization.objects.get(pk=ACME).site_memberships.all().delete()
    Organization.objects.get(pk=ACME).leases.all().delete()
    assert "location_id: the organization has no live access" in refusal({"intentions": [plan(2)]})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seats": 9}, "zone_id: this zone has too few seats then"),
        ({"seats": 8}, None),
        ({"starts_at": "2026-12-06T09:00", "ends_at": "2026-12-06T18:00"}, "outside the operating"),
        ({"starts_at": "2026-12-06", "ends_at": "2026-12-06"}, "a day on which the location is"),
        ({"starts_at": "2026-12-08T06:00"}, "starts_at: is outside the operating hours"),
        ({"zone_id": NORTH, "spaces": [N1, N2], "seats": 3}, "seats: must be the number of spaces"),
        ({"spaces": [N1]}, "spaces[0]: does not stand in this zone"),
        ({"team_id": None, "people_id": VISITOR, "zone_id": NORTH}, "another organization's own"),
        ({"people_id": VISITOR}, "people_id: is not of the team's organization"),
    ],
)
def test_seats_keep_the_rules_of_the_api(workplace, fields, sentence):
    load(workplace)
    data = {"allocations": [seat(1, **fields)]}

    if sentence is None:
        assert load(data).new["allocations"] == 1
    else:
        assert sentence in refusal(data)
        assert not Allocation.objects.filter(pk=seat(1)["_id"]).exists()


def test_a_zone_is_filled_by_the_rows_of_a_file_and_the_stored_ones_together(workplace):
    load(workplace)
    load({"allocations": [seat(1, seats=5)]})

    said = refusal({"allocations": [seat(2, team_id=SALES, seats=4)]})
    assert said == (
        "allocations[0] (_id 660600000000000000000102): zone_id: this zone has too few seats then"
    )
    load({"allocations": [seat(2, team_id=SALES, seats=3)]})
    assert "too few seats" in refusal({"allocations": [{"_id": seat(1)["_id"], "seats": 6}]})


def test_people_of_a_team_do_not_count_beside_its_row(workplace):
    load(workplace)
    Zone.objects.filter(pk=SOUTH).update(capacity=1)

    load({"allocations": [seat(1, seats=1), seat(2, people_id=CLAIRE)]})

    assert Allocation.objects.filter(zone=SOUTH, deleted_at=None).count() == 2


def test_seats_that_nobody_counted_are_counted(workplace):
    load(workplace)

    load(
        {
            "allocations": [
                seat(1),
                seat(2, people_id=CLAIRE),
                seat(3, zone_id=None, team_id=SALES, spaces=[N1, N2]),
            ]
        }
    )

    made = Allocation.objects.filter(pk__gte=seat(1)["_id"]).order_by("pk")
    assert list(made.values_list("seats", "zone_id", "layer_id")) == [
        (1, SOUTH, GROUND),  # Claire is Accounting's only primary member
        (1, SOUTH, GROUND),
        (2, NORTH, GROUND),
    ]


def test_what_is_over_is_history_and_kept_as_it_was(workplace):
    load(workplace)
    over = {"starts_at": "2026-11-08T03:00", "ends_at": "2026-11-08T04:00"}

    load(
        {
            "intentions": [plan(1, **over), plan(2, **over)],
            "allocations": [seat(1, seats=99, **over)],
        }
    )

    assert Allocation.objects.get(pk=seat(1)["_id"]).seats == 99


def test_rows_that_an_installation_had_come_back_as_they_were(workplace):
    """An export of a house whose zone was made smaller since can be loaded again."""
    load(workplace)

    load(
        {
            "intentions": [plan(1, version=2), plan(2, version=1)],
            "allocations": [seat(1, seats=99, version=1)],
        }
    )

    assert Allocation.objects.get(pk=seat(1)["_id"]).seats == 99


# --- rooms of people ------------------------------------------------------------------------------

B_102 = "65b000000000000000000002"
ROOM_OF_CLAIRE = {
    "type": "ROOM",
    "zone_id": None,
    "team_id": None,
    "people_id": CLAIRE,
    "room_id": B_102,
}


def test_a_room_of_a_person_is_booked_as_a_meeting(workplace):
    load(workplace)

    load({"allocations": [seat(1, **ROOM_OF_CLAIRE)]})

    row = Allocation.objects.get(pk=seat(1)["_id"])
    assert (row.meeting.room_id, row.reservation) == (B_102, None)
    assert (row.meeting.starts_at, row.meeting.ends_at) == (row.starts_at, row.ends_at)
    assert (row.meeting.organizer_id, row.meeting.status) == (CLAIRE, "confirmed")
    assert row.meeting.reservations.get(room=B_102).holds
    said = refusal({"allocations": [seat(2, **ROOM_OF_CLAIRE | {"people_id": DEV})]})
    assert said == (
        f"allocations[0] (_id 660600000000000000000102): starts_at: overlaps the meeting"
        f" {row.meeting_id} in room {B_102}"
    )


def test_the_room_of_a_plan_is_booked_once_for_it_and_its_allocation(workplace):
    load(workplace)
    room = {"type": "ROOM", "room_id": B_102}
    of_plan = seat(1, **ROOM_OF_CLAIRE, intention_id=plan(1)["_id"])

    load({"intentions": [plan(1, **room)], "allocations": [of_plan]})

    row = Allocation.objects.get(pk=of_plan["_id"])
    assert row.meeting == Intention.objects.get(pk=plan(1)["_id"]).meeting
    assert row.meeting is not None


def test_a_plan_says_no_other_time_than_its_meeting(workplace):
    load(workplace)
    meeting = Intention.objects.get(pk=ROOM).meeting_id

    assert refusal({"intentions": [{"_id": ROOM, "ends_at": "2026-12-02T10:00:00Z"}]}) == (
        f"intentions[0] (_id {ROOM}): ends_at: is not that of its meeting {meeting}"
    )
    load(
        {
            "meetings": [{"_id": meeting, "duration": 120}],
            "intentions": [{"_id": ROOM, "ends_at": "2026-12-02T10:00:00Z"}],
        }
    )
    assert Intention.objects.get(pk=ROOM).ends_at == utc(2026, 12, 2, 10)


@pytest.mark.parametrize("status", ["CANCELLED", "DECLINED"])
def test_a_plan_that_is_off_gives_its_room_back(workplace, status):
    load(workplace)

    loaded = load({"intentions": [{"_id": ROOM, "status": status}]})

    meeting = Intention.objects.get(pk=ROOM).meeting
    assert (meeting.status, meeting.cancelled_at) == ("cancelled", NOW)
    assert not meeting.reservations.filter(holds=True).exists()
    assert (loaded.changed["meetings"], loaded.changed["intentions"]) == (1, 1)


def test_the_meeting_of_a_plan_that_is_off_stays_once_begun_or_where_the_file_says_so(workplace):
    load(workplace)
    meeting = Intention.objects.get(pk=ROOM).meeting
    off = {"intentions": [{"_id": ROOM, "status": "CANCELLED"}]}

    load(off | {"meetings": [{"_id": meeting.pk, "status": "confirmed"}]})
    meeting.refresh_from_db()
    assert meeting.is_confirmed
    load({"intentions": [{"_id": ROOM, "status": "ACCEPTED"}]})
    load(off, now=utc(2026, 12, 2, 9))

    meeting.refresh_from_db()
    assert meeting.is_confirmed


def test_a_teams_room_says_whose_it_is(workplace):
    load(workplace)

    held = Reservation.objects.filter(kind="workplace", holds=True)
    assert set(held.values_list("reason", flat=True)) == {"Accounting"}


def test_unknown_fields_are_told(workplace):
    workplace["occupancy"][0]["floor"] = 1
    workplace["teams"][0]["head_count"] = 3

    assert sorted(load(workplace).warnings) == [
        "occupancy: floor is not a field of this form, left out",
        "teams: head_count is not a field of this form, left out",
    ]
