"""POST /workplace/v1/intentions. Source: Workplace API, section 8; section 13, "Intentions"."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apitokens.domain import abuse_limits
from apitokens.models import Enquiry, Event
from booking.models import Meeting, Reservation
from organizations.models import OutgoingEmail, User
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, RoomLeaseFactory, SiteFactory
from tests.factories.workplace import (
    IntentionFactory,
    LayerFactory,
    RoomPlacementFactory,
    SpaceFactory,
    TeamFactory,
    ZoneFactory,
)
from tests.workplace.intention_world import MONDAY, NINE, SIX, TODAY, details
from workplace.models import Intention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]

UNKNOWN = "5f0000000000000000000001"


def stored(answer):
    return Intention.objects.get(pk=answer["_id"])


# --- the answer -----------------------------------------------------------------------------------


def test_a_plan_is_declared_and_shown(world):
    answer = world.declare()

    body = answer.json()
    assert answer.status_code == 200
    assert body["identifier"] == "create_intention_successful"
    plan = body["data"]["intention"]
    assert plan == {
        "_id": plan["_id"],
        "status": "ACCEPTED",
        "type": "SPACE",
        "location_id": world.site.pk,
        "external_location_id": None,
        "layer_id": None,
        "zone_id": None,
        "room_id": None,
        "space_id": None,
        "people_id": world.person.pk,
        "people_first_name": "Ada",
        "people_last_name": "Lovelace",
        "people_email": world.person.email,
        "team_id": None,
        "team_name": None,
        "starts_at": NINE,
        "ends_at": SIX,
        "timezone": "Europe/Paris",
        "date": MONDAY,
        "preferences": [],
        "invited_by": None,
        "parent_intention_id": None,
        "invitees": [],
        "external_id": None,
        "external_type": None,
        "source": "API",
        "allocation_id": None,
        "reason": None,
        "version": 1,
        "created_at": TODAY,
        "updated_at": TODAY,
    }
    assert stored(plan).organization == world.organization


def test_a_declared_plan_is_an_event_without_a_name(world):
    plan = world.made()

    event = Event.objects.get(object_kind="intention")
    assert (event.type, event.object_id) == ("intention.created", plan["_id"])
    assert event.organization == world.organization
    assert event.people == [world.person.pk]
    assert event.data == {
        "status": "ACCEPTED",
        "type": "SPACE",
        "siteId": world.site.pk,
        "date": MONDAY,
    }


# --- fields ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["status", "type", "location_id"])
@pytest.mark.parametrize("value", [..., None])
def test_status_type_and_location_are_required(world, field, value):
    answer = world.declare(**{field: value})

    assert details(answer, 400) == [(field, "required")]
    assert answer.json()["error"]["code"] == "validation_failed"
    assert answer.json()["identifier"] == "create_intention_failed"


@pytest.mark.parametrize("status", ["DECLINED", "CANCELLED", "accepted", 1])
def test_only_pending_and_accepted_are_statuses_of_a_new_plan(world, status):
    assert details(world.declare(status=status), 400) == [("status", "")]


@pytest.mark.parametrize("type_", ["SPACE", "REMOTE", "ABSENT"])
@pytest.mark.parametrize("status", ["PENDING", "ACCEPTED"])
def test_each_type_and_status(world, type_, status):
    plan = world.made(type=type_, status=status)

    assert (plan["type"], plan["status"]) == (type_, status)


@pytest.mark.parametrize("type_", ["DESK", "", "space"])
def test_an_unknown_type_is_refused(world, type_):
    assert details(world.declare(type=type_), 400) == [("type", "")]


@pytest.mark.parametrize("type_", ["ROOM", "MEETING"])
def test_a_plan_for_a_room_names_it(world, type_):
    assert details(world.declare(type=type_), 400) == [("room_id", "required")]


def test_an_unknown_field_is_refused(world):
    assert details(world.declare(mood="good"), 400) == [("mood", "unknown_field")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("location_id", "x"),
        ("people_id", "x"),
        ("team_id", 1),
        ("people_email", "nobody"),
        ("people_email", 5),
        ("people_first_name", "x" * 201),
        ("team_name", "x" * 201),
        ("skip_auto_accept", "yes"),
        ("starts_at", "tomorrow"),
        ("timezone", "Mars/Olympus"),
        ("preferences", "window"),
        ("preferences", ["x" * 61]),
        ("invitees", [{"people_id": "x"}]),
        ("invitees", [{}]),
        ("invitees", [{"name": "x"}]),
        ("invitees", ["x"]),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(world, field, value):
    fields = {"people_id": ...} if field == "people_email" else {}

    answer = world.declare(**(fields | {field: value}))

    assert answer.status_code == 400
    assert all(path.startswith(field) for path, _ in details(answer, 400))
    assert not Intention.objects.exists()


def test_null_is_absent(world):
    nothing = dict.fromkeys(
        ["people_first_name", "people_last_name", "people_email", "team_id", "team_name"]
    )

    assert world.made(**nothing)["people_id"] == world.person.pk


def test_what_is_asked_for_is_kept(world):
    assert world.made(preferences=["window", "quiet"])["preferences"] == ["window", "quiet"]


# --- who ------------------------------------------------------------------------------------------


def test_somebody_has_to_be_named(world):
    assert details(world.declare(people_id=...), 400) == [("people_id", "required")]


def test_an_address_is_compared_without_case(world):
    plan = world.made(people_id=..., people_email=f" {world.person.email.upper()} ")

    assert plan["people_id"] == world.person.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("people_id", UNKNOWN),
        ("people_email", "nobody@company.example"),
        ("team_id", UNKNOWN),
        ("team_name", "Nobody's"),
    ],
)
def test_who_is_not_known_is_not_found(world, field, value):
    answer = world.declare(**({"people_id": ...} | {field: value}))

    assert details(answer, 404)[0][0] == field
    assert answer.json()["error"]["code"] == "resource_not_found"


def test_another_organizations_people_and_teams_are_not_found(world):
    stranger, team = UserFactory(), TeamFactory()

    for fields in (
        {"people_id": stranger.pk},
        {"people_id": ..., "people_email": stranger.email},
        {"people_id": ..., "team_id": team.pk},
        {"people_id": ..., "team_name": team.name},
        {"team_id": team.pk},
    ):
        assert world.declare(**fields).status_code == 404


def test_who_is_archived_is_not_found(world):
    person = world.colleague(archived=True)

    assert world.declare(people_id=person.pk).status_code == 404


def test_a_configuration_makes_unknown_people_known(world):
    world.configuration(provision_people=True)

    plan = world.made(
        people_id=...,
        people_email="Grace@Navy.example",
        people_first_name="Grace",
        people_last_name="Hopper",
    )

    person = User.objects.get(email="grace@navy.example")
    assert plan["people_id"] == person.pk
    assert (plan["people_first_name"], plan["people_last_name"]) == ("Grace", "Hopper")
    assert (person.organization, person.role) == (world.organization, "user")
    assert person.email_verified_at is None
    assert not person.has_usable_password()


def test_nobody_is_made_known_without_the_configuration_wanting_it(world):
    world.configuration(provision_people=False)
    assert world.declare(people_id=..., people_email="new@navy.example").status_code == 404
    world.configuration(provision_people=True)  # two of them: which one is not said

    assert world.declare(people_id=..., people_email="new@navy.example").status_code == 404
    assert not User.objects.filter(email="new@navy.example").exists()


def test_one_of_several_configurations_is_named_by_the_header(world):
    world.configuration()
    wanted = world.configuration(provision_people=True)

    answer = world.declare(
        people_id=..., people_email="new@navy.example", headers={"x-configuration-id": wanted.pk}
    )

    assert answer.status_code == 200


def test_who_is_known_elsewhere_is_not_made_known_again(world):
    world.configuration(provision_people=True)
    stranger = UserFactory()

    assert world.declare(people_id=..., people_email=stranger.email).status_code == 404
    assert User.objects.get(pk=stranger.pk).organization == stranger.organization


def test_each_unknown_address_is_an_enquiry_of_the_key_whatever_becomes_of_it(world):
    world.configuration(provision_people=True)
    stranger = UserFactory()

    world.declare(people_id=..., people_email=stranger.email)
    world.declare(people_id=..., people_email="new@navy.example")
    world.declare(people_id=..., people_email="closed@navy.example", type="ROOM", room_id="5f" * 12)
    assert not User.objects.filter(email="closed@navy.example").exists()

    found = Enquiry.objects.order_by("pk").values_list("token", "endpoint", "was_known")
    assert list(found) == [
        (world.key.pk, "intentions", False),
        (world.key.pk, "intentions", True),
        (world.key.pk, "intentions", True),
    ]


def test_own_people_and_addresses_that_nobody_makes_known_are_no_enquiry(world):
    world.declare(people_id=..., people_email="new@navy.example")
    world.configuration(provision_people=True)
    world.declare(people_id=..., people_email=world.person.email.upper())

    assert not Enquiry.objects.exists()


def test_a_list_of_addresses_is_cut_off(world, settings, monkeypatch):
    """Whether an address is known elsewhere is told so many times a minute, guests counted too."""
    settings.API_THROTTLE = True
    few = dataclasses.replace(abuse_limits.ENQUIRIES, most=3)
    monkeypatch.setattr(abuse_limits, "ENQUIRIES", few)
    world.configuration(provision_people=True)
    guests = [{"people_email": f"guest{number}@navy.example"} for number in range(2)]
    assert world.declare(invitees=guests).status_code == 200
    stranger = {"people_id": ..., "people_email": UserFactory().email}

    assert world.declare(**stranger).status_code == 404
    over = world.declare(**stranger)
    new = world.declare(people_id=..., people_email="new@navy.example")

    assert (over.status_code, new.status_code) == (429, 429)
    assert over.json()["error"]["code"] == "rate_limited"
    assert int(over["Retry-After"]) > 0
    assert over.json()["error"]["message"] == new.json()["error"]["message"]
    assert world.declare(starts_at="2030-01-08T08:00:00Z", ends_at=...).status_code == 200


def test_nobody_stays_known_by_a_refused_plan(world):
    world.configuration(provision_people=True)
    room = world.room()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC))

    answer = world.declare(
        type="ROOM", room_id=room.pk, people_id=..., people_email="new@navy.example"
    )

    assert answer.status_code in (400, 409)
    assert not User.objects.filter(email="new@navy.example").exists()


def test_a_person_plans_for_a_team(world):
    team = TeamFactory(organization=world.organization, name="Engines")

    for fields in ({"team_id": team.pk}, {"team_name": "ENGINES"}):
        plan = world.made(**fields)
        assert (plan["people_id"], plan["team_id"], plan["team_name"]) == (
            world.person.pk,
            team.pk,
            "Engines",
        )
        assert plan["invitees"] == []
        world.delete(plan)


def test_a_name_of_two_teams_names_none(world):
    for _ in range(2):
        TeamFactory(organization=world.organization, name="Engines")

    assert details(world.declare(team_name="Engines"), 400) == [("team_name", "")]


# --- a whole team ---------------------------------------------------------------------------------


def test_a_team_alone_is_the_whole_team(world):
    members = [world.colleague() for _ in range(3)]
    left = world.colleague(archived=True)
    team = TeamFactory(organization=world.organization, members=[*members, left])

    plan = world.made(people_id=..., team_id=team.pk)

    children = Intention.objects.filter(parent=plan["_id"])
    assert plan["people_id"] is None
    assert plan["status"] == "ACCEPTED"
    assert {child["people_id"] for child in plan["invitees"]} == {one.pk for one in members}
    assert {child["status"] for child in plan["invitees"]} == {"PENDING"}
    assert {child["intention_id"] for child in plan["invitees"]} == {one.pk for one in children}
    assert {(one.source, one.invited_by, one.team, one.day.isoformat()) for one in children} == {
        ("INVITE", None, team, MONDAY)
    }


# --- invitations ----------------------------------------------------------------------------------


def test_people_are_invited_by_id_and_address(world):
    first, second = world.colleague(), world.colleague()

    plan = world.made(
        invitees=[{"people_id": first.pk}, {"people_email": second.email}, {"people_id": first.pk}]
    )

    children = Intention.objects.filter(parent=plan["_id"])
    assert {child["people_id"] for child in plan["invitees"]} == {first.pk, second.pk}
    assert {(one.status, one.source, one.invited_by) for one in children} == {
        ("PENDING", "INVITE", world.person)
    }
    assert set(OutgoingEmail.objects.values_list("template", "to_address")) == {
        ("intention_invited", first.email),
        ("intention_invited", second.email),
    }


def test_nobody_invites_themselves_or_strangers(world):
    assert world.made(invitees=[{"people_id": world.person.pk}])["invitees"] == []
    world.person = world.colleague()
    answer = world.declare(invitees=[{"people_id": UserFactory().pk}])

    assert details(answer, 404) == [("invitees[0].people_id", "")]


def test_an_invitation_that_waits_is_in_nobodys_way(world):
    guest = world.colleague()
    IntentionFactory(person=guest, site=world.site)

    plan = world.made(invitees=[{"people_id": guest.pk}])
    assert plan["invitees"][0]["status"] == "PENDING"

    late = world.made(people_id=guest.pk, starts_at=SIX, ends_at="2030-01-07T19:00:00Z")
    assert late["status"] == "ACCEPTED"


def test_a_hidden_schedule_is_not_open_to_invitation(world):
    hidden = world.colleague(schedule_visibility="hidden")

    answer = world.declare(invitees=[{"people_id": hidden.pk}])

    assert details(answer, 400) == [("invitees", "not_open_to_invitation")]


def test_a_restricted_schedule_is_open_to_the_peoples_teams(world):
    restricted = world.colleague(schedule_visibility="restricted")
    invitees = [{"people_id": restricted.pk}]
    assert details(world.declare(invitees=invitees), 400) == [
        ("invitees", "not_open_to_invitation")
    ]

    TeamFactory(organization=world.organization, members=[world.person, restricted])
    assert len(world.made(invitees=invitees)["invitees"]) == 1


# --- auto-accept ----------------------------------------------------------------------------------

AUTO = {"INVITES": {"auto_accept": True}}


def test_what_waits_is_accepted_at_once_where_the_location_does(world):
    guest = world.colleague()
    world.site.workplace_settings = AUTO
    world.site.save()

    plan = world.made(status="PENDING", invitees=[{"people_id": guest.pk}])

    assert plan["status"] == "ACCEPTED"
    assert plan["invitees"][0]["status"] == "ACCEPTED"
    assert not OutgoingEmail.objects.exists()


def test_unless_the_call_says_not_to(world):
    guest = world.colleague()
    world.site.workplace_settings = AUTO
    world.site.save()

    plan = world.made(status="PENDING", invitees=[{"people_id": guest.pk}], skip_auto_accept=True)

    assert (plan["status"], plan["invitees"][0]["status"]) == ("PENDING", "PENDING")


def test_auto_accept_is_off_by_default(world):
    assert world.made(status="PENDING")["status"] == "PENDING"


def test_an_invitation_with_something_in_the_way_waits_all_the_same(world):
    guest = world.colleague()
    IntentionFactory(person=guest, site=world.site)
    world.site.workplace_settings = AUTO
    world.site.save()

    plan = world.made(invitees=[{"people_id": guest.pk}])

    assert plan["invitees"][0]["status"] == "PENDING"


# --- when -----------------------------------------------------------------------------------------


def test_without_times_it_is_today_until_closing(world):
    world.site.operating_hours = [{"days": [3], "open": "07:00", "close": "21:00"}]
    world.site.save()

    plan = world.made(starts_at=..., ends_at=...)

    assert (plan["starts_at"], plan["ends_at"], plan["date"]) == (
        "2030-01-01T23:00:00Z",
        "2030-01-02T20:00:00Z",
        "2030-01-02",
    )


def test_a_date_is_the_locations_day(world):
    plan = world.made(starts_at=MONDAY, ends_at=...)

    assert (plan["starts_at"], plan["ends_at"], plan["date"]) == (
        "2030-01-06T23:00:00Z",
        "2030-01-07T23:00:00Z",
        MONDAY,
    )


def test_a_date_as_an_end_is_its_last_moment(world):
    plan = world.made(starts_at=MONDAY, ends_at=MONDAY)

    assert plan["ends_at"] == "2030-01-07T22:59:59Z"


def test_times_are_read_in_the_zone_of_the_call(world):
    plan = world.made(
        starts_at="2030-01-07T09:00:00", ends_at="2030-01-07T18:00:00Z", timezone="Europe/London"
    )

    assert (plan["starts_at"], plan["ends_at"]) == ("2030-01-07T09:00:00Z", "2030-01-07T18:00:00Z")
    assert plan["timezone"] == "Europe/London"


def test_a_time_says_its_zone(world):
    assert details(world.declare(starts_at="2030-01-07T09:00:00"), 400) == [
        ("starts_at", "naive_time")
    ]
    ambiguous = world.declare(starts_at="2030-01-07T09:00:00+01:00", timezone="Europe/Paris")
    assert details(ambiguous, 400) == [("starts_at", "ambiguous_timezone")]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "path"),
    [
        ("2030-01-01", ..., "starts_at"),
        ("2030-01-01T23:00:00Z", "2030-01-02T09:00:00Z", "ends_at"),
        ("2030-04-03", ..., "starts_at"),
        (SIX, NINE, "ends_at"),
        (NINE, NINE, "ends_at"),
        (NINE, "2031-01-09T08:00:01Z", "ends_at"),
    ],
)
def test_neither_past_nor_too_far_nor_backwards(world, starts_at, ends_at, path):
    assert details(world.declare(starts_at=starts_at, ends_at=ends_at), 400) == [(path, "")]


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2030-01-01T23:00:00Z", "2030-01-02T09:00:01Z"),
        ("2030-04-02", ...),
        (NINE, "2030-01-07T08:00:01Z"),
    ],
)
def test_the_borders_are_inside(world, starts_at, ends_at):
    assert world.declare(starts_at=starts_at, ends_at=ends_at).status_code == 200


# --- where ----------------------------------------------------------------------------------------


def test_a_location_without_access_is_not_found(world):
    for site_id in (UNKNOWN, SiteFactory().pk):
        assert details(world.declare(location_id=site_id), 404) == [("location_id", "")]


def test_a_location_where_the_organization_rents_is_its_own(world):
    site = SiteFactory()
    RoomLeaseFactory(
        room=RoomFactory(site=site, private_office=True), organization=world.organization
    )

    assert world.made(location_id=site.pk)["location_id"] == site.pk


def test_a_desk_brings_its_zone_and_layer(world):
    desk = SpaceFactory(zone__layer__site=world.site)

    plan = world.made(space_id=desk.pk)

    assert (plan["space_id"], plan["zone_id"], plan["layer_id"]) == (
        desk.pk,
        desk.zone_id,
        desk.layer_id,
    )


def test_parts_of_a_place_fit_together(world):
    zone = ZoneFactory(layer__site=world.site)
    desk = SpaceFactory(zone__layer__site=world.site)
    layer = LayerFactory(site=world.site)
    elsewhere = ZoneFactory()

    assert details(world.declare(zone_id=zone.pk, layer_id=layer.pk), 400) == [("layer_id", "")]
    assert details(world.declare(space_id=desk.pk, zone_id=zone.pk), 400) == [("space_id", "")]
    assert details(world.declare(zone_id=elsewhere.pk), 404) == [("zone_id", "")]
    assert details(world.declare(layer_id=elsewhere.layer_id), 404) == [("layer_id", "")]
    assert details(world.declare(space_id=UNKNOWN), 404) == [("space_id", "")]
    assert details(world.declare(room_id=RoomFactory().pk), 404) == [("room_id", "")]


def test_places_that_are_not_in_use_are_refused(world):
    zone = ZoneFactory(layer__site=world.site, is_active=False)
    desk = SpaceFactory(zone__layer__site=world.site, is_active=False)

    assert details(world.declare(zone_id=zone.pk), 400) == [("zone_id", "")]
    assert details(world.declare(space_id=desk.pk), 400) == [("space_id", "")]


def test_another_organizations_own_zone_is_not_found(world):
    theirs = ZoneFactory(layer__site=world.site, organization=UserFactory().organization)
    ours = ZoneFactory(layer__site=world.site, organization=world.organization)

    assert world.declare(zone_id=theirs.pk).status_code == 404
    assert world.declare(zone_id=ours.pk).status_code == 200


# --- what is in the way ---------------------------------------------------------------------------


def test_two_plans_of_a_person_do_not_overlap(world):
    first = world.made(status="PENDING")

    answer = world.declare(starts_at="2030-01-07T16:59:59Z", ends_at="2030-01-07T19:00:00Z")

    assert details(answer, 409) == [("people_id", "intention_conflict")]
    assert answer.json()["error"]["code"] == "conflict"
    assert answer.json()["error"]["details"][0]["conflict_id"] == first["_id"]


def test_back_to_back_is_no_conflict(world):
    world.made()

    assert world.declare(starts_at=SIX, ends_at="2030-01-07T19:00:00Z").status_code == 200


@pytest.mark.parametrize("status", ["CANCELLED", "DECLINED"])
def test_what_is_off_is_in_nobodys_way(world, status):
    IntentionFactory(person=world.person, site=world.site, status=status)

    assert world.declare().status_code == 200


def test_forced_the_other_plan_is_cancelled(world):
    first = world.made()

    plan = world.made(query="?force=TRUE", type="REMOTE")

    other = stored(first)
    assert (other.status, other.reason) == ("CANCELLED", f"superseded_by:{plan['_id']}")
    assert other.version == 2


def test_force_needs_an_administrators_key(world):
    key = WorkplaceKeyFactory(
        owner=world.key.owner,
        organization=world.organization,
        scopes=["workplace:read", "workplace:write"],
    )

    answer = world.declare(key=key, query="?force=true")

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert world.declare(key=key, query="?force=false").status_code == 200


@pytest.mark.parametrize("force", ["yes", "1"])
def test_force_is_true_or_false(world, force):
    assert details(world.declare(query=f"?force={force}"), 400) == [("force", "")]


def test_a_full_location_takes_nobody_more(world):
    world.site.capacity = 1
    world.site.save()
    world.made(people_id=world.colleague().pk)

    answer = world.declare(starts_at=SIX, ends_at="2030-01-07T19:00:00Z")

    assert details(answer, 409) == [("location_id", "capacity_exceeded")]
    assert world.declare(query="?force=true").status_code == 200


def test_a_plan_of_a_year_asks_as_often_as_one_of_a_day(world):
    world.site.capacity = 1
    world.site.save()
    counted = []
    for ends_at in ("2030-01-08", "2030-01-08", "2030-12-31"):
        person = world.colleague()
        with CaptureQueriesContext(connection) as queries:
            answer = world.declare(people_id=person.pk, starts_at="2030-01-08", ends_at=ends_at)
        counted.append(len(queries))
        Intention.objects.all().delete()
        assert answer.status_code == 200

    assert counted[1] == counted[2]  # the key's first call notes that it is used


def test_the_first_full_day_of_many_is_named(world):
    world.site.capacity = 1
    world.site.save()
    for day in ("2030-01-12", "2030-01-10"):
        world.made(people_id=world.colleague().pk, starts_at=day, ends_at=...)

    answer = world.declare(starts_at="2030-01-08", ends_at="2030-01-20")

    assert details(answer, 409) == [("location_id", "capacity_exceeded")]
    assert "2030-01-10" in answer.json()["error"]["details"][0]["message"]


def test_who_stays_away_needs_no_seat(world):
    world.site.capacity = 0
    world.site.save()

    assert world.declare(type="REMOTE").status_code == 200
    assert (
        world.declare(type="ABSENT", starts_at=SIX, ends_at="2030-01-07T19:00:00Z").status_code
        == 200
    )


def test_only_accepted_heads_of_that_day_count_each_once(world):
    world.site.capacity = 2
    world.site.save()
    colleague = world.colleague()
    world.made(people_id=colleague.pk, ends_at="2030-01-07T12:00:00Z")
    world.made(people_id=colleague.pk, starts_at="2030-01-07T12:00:00Z")
    world.made(people_id=world.colleague().pk, status="PENDING")
    world.made(people_id=world.colleague().pk, type="REMOTE")
    world.made(people_id=world.colleague().pk, starts_at="2030-01-08", ends_at=...)

    assert world.declare().status_code == 200
    assert details(world.declare(people_id=world.colleague().pk), 409) == [
        ("location_id", "capacity_exceeded")
    ]


def test_a_zone_that_is_named_is_the_one_that_counts(world):
    zone = ZoneFactory(layer__site=world.site, capacity=1)
    ZoneFactory(layer__site=world.site, capacity=10)
    world.made(people_id=world.colleague().pk, zone_id=zone.pk)

    assert details(world.declare(zone_id=zone.pk), 409) == [("zone_id", "capacity_exceeded")]
    assert world.declare().status_code == 200


def test_without_a_number_the_desks_are_the_capacity(world):
    SpaceFactory(zone__layer__site=world.site)
    SpaceFactory(zone__layer__site=world.site, is_active=False)
    world.made(people_id=world.colleague().pk)

    assert details(world.declare(), 409) == [("location_id", "capacity_exceeded")]


def test_a_closed_location_takes_nobody(world):
    ClosureFactory(
        site=world.site,
        starts_at=dt.datetime(2030, 1, 7, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 8, tzinfo=dt.UTC),
    )

    assert details(world.declare(), 409) == [("starts_at", "location_closed")]
    assert world.declare(type="REMOTE").status_code == 200
    assert world.declare(query="?force=true").status_code == 200


def test_every_reason_is_told(world):
    world.site.capacity, world.site.closed_dates = 0, [dt.date(2030, 1, 7)]
    world.site.save()
    IntentionFactory(person=world.person, site=world.site)

    assert [code for _, code in details(world.declare(), 409)] == [
        "intention_conflict",
        "capacity_exceeded",
        "location_closed",
    ]


def test_the_operator_is_told_that_an_organization_has_no_access(world):
    stranger = UserFactory()

    for query in ("", "?force=true"):
        answer = world.declare(key=world.operator, people_id=stranger.pk, query=query)
        assert details(answer, 409) == [("location_id", "contract_expired")]
    assert world.declare(key=world.operator).status_code == 200


def test_an_archived_organization_has_no_access_whatever_is_left_of_it(world):
    world.organization.is_archived = True
    world.organization.save()
    team = TeamFactory(organization=world.organization)

    for whose in ({}, {"people_id": ..., "team_id": team.pk}):
        answer = world.declare(key=world.operator, **whose)
        assert details(answer, 409) == [("location_id", "contract_expired")]


# --- rooms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["ROOM", "MEETING"])
@pytest.mark.parametrize("status", ["PENDING", "ACCEPTED"])
def test_a_room_is_booked_as_by_a_meeting_request(world, type_, status):
    room, guest = world.room(), world.colleague()
    placement = RoomPlacementFactory(room=room, layer__site=world.site)

    plan = world.made(
        type=type_, status=status, room_id=room.pk, invitees=[{"people_id": guest.pk}]
    )

    meeting = Meeting.objects.get()
    assert stored(plan).meeting == meeting
    assert (plan["room_id"], plan["layer_id"]) == (room.pk, placement.layer_id)
    assert (meeting.status, meeting.organizer, meeting.attendees) == ("confirmed", world.person, 2)
    assert (meeting.room, meeting.is_private, meeting.api_token_id) == (room, True, world.key.pk)
    assert meeting.contact_email == world.person.email
    assert Reservation.objects.get(meeting=meeting).holds
    assert Intention.objects.get(person=guest).meeting is None


def test_a_taken_room_is_a_conflict_that_nobody_overrides(world):
    room = world.room()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 16, 0, tzinfo=dt.UTC))

    for query in ("", "?force=true"):
        answer = world.declare(type="ROOM", room_id=room.pk, query=query)
        assert details(answer, 409) == [("room_id", "room_conflict")]
    assert not Intention.objects.exists()


def test_the_rooms_rules_hold(world):
    room = world.room(min_person=1, max_person=1)

    answer = world.declare(
        type="MEETING",
        room_id=room.pk,
        ends_at="2030-01-07T08:20:00Z",
        invitees=[{"people_id": world.colleague().pk}],
    )

    assert details(answer, 400) == [
        ("starts_at", "duration_too_short"),
        ("starts_at", "duration_out_of_range"),
        ("starts_at", "duration_step"),
        ("starts_at", "too_many_people"),
    ]


def test_members_book_the_rooms_of_their_sites_and_tenants_their_own(world):
    members, theirs = world.room(type="meeting"), world.room(type="privateMeeting")

    assert world.declare(type="MEETING", room_id=members.pk).status_code == 200
    world.person = world.colleague()
    answer = world.declare(type="MEETING", room_id=theirs.pk)
    assert details(answer, 400) == [("room_id", "room_not_public")]
    RoomLeaseFactory(room=theirs, organization=world.organization)
    assert world.declare(type="MEETING", room_id=theirs.pk).status_code == 200


def test_a_teams_room_is_booked_in_the_name_of_the_keys_owner(world):
    room = world.room()
    team = TeamFactory(organization=world.organization, members=[world.person, world.colleague()])

    plan = world.made(people_id=..., team_id=team.pk, type="ROOM", room_id=room.pk)

    meeting = stored(plan).meeting
    assert (meeting.organizer, meeting.attendees) == (world.key.owner, 2)


def test_a_forced_plan_frees_the_room_of_the_other(world):
    room = world.room()
    world.made(type="ROOM", room_id=room.pk)

    world.made(query="?force=true", type="REMOTE")

    assert Meeting.objects.get().status == "cancelled"
    assert not Reservation.objects.filter(room=room, holds=True).exists()


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_is_needed_and_the_scope_to_write(world):
    assert world.call("post", "/workplace/v1/intentions", key=_Nobody, body={}).status_code == 401
    reader = WorkplaceKeyFactory(
        owner=world.key.owner, organization=world.organization, scopes=["workplace:read"]
    )
    assert world.declare(key=reader).status_code == 403


class _Nobody:
    header: dict[str, str] = {}


def test_the_same_call_under_the_same_idempotency_key_has_its_effect_once(world):
    headers = {"Idempotency-Key": "once"}

    first, again = (world.declare(headers=headers) for _ in range(2))

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Intention.objects.count() == 1
