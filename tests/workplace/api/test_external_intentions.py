"""POST /workplace/v1/intentions/external. Source: Workplace API, section 8; section 13, "Intentions"."""

import dataclasses

import pytest
import time_machine

from apitokens.domain import abuse_limits
from organizations.models import User
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import (
    AllocationFactory,
    ConfigurationFactory,
    IntentionFactory,
    TeamFactory,
)
from tests.workplace.intention_world import EXTERNAL, MONDAY, NINE, SIX, World, details
from workplace.models import Intention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]
UNKNOWN = "5f0000000000000000000001"


@pytest.fixture
def world():
    world = World(external_id="SITE-1")
    world.system = world.configuration()
    return world


def item(world, **fields):
    usual = {
        "external_id": "cal-1",
        "external_type": "DESK_BOOKING",
        "location_id": world.site.pk,
        "people_id": world.person.pk,
        "starts_at": NINE,
        "ends_at": SIX,
    }
    return {name: value for name, value in (usual | fields).items() if value is not ...}


def send(world, *items, headers=None, key=None):
    return world.call("post", EXTERNAL, key=key, body={"intentions": list(items)}, headers=headers)


def results(answer):
    assert answer.status_code == 200, answer.json()
    return answer.json()["data"]["results"]


def refused(world, **fields):
    """Return path and code of what is wrong with an item beside a good one, which is taken over."""
    good = item(world, external_id="good", people_id=world.colleague().pk)
    first, second = results(send(world, item(world, **fields), good))
    assert (first["result"], first["_id"], second["result"]) == ("failed", None, "created")
    return first["error"]["path"], first["error"]["code"]


# --- the answer -----------------------------------------------------------------------------------


def test_an_item_is_taken_over(world):
    answer = send(world, item(world, metadata={"color": "red"}))

    plan = Intention.objects.get()
    assert answer.json() == {
        "success": True,
        "data": {
            "results": [
                {
                    "index": 0,
                    "_id": plan.pk,
                    "external_id": "cal-1",
                    "result": "created",
                    "error": None,
                }
            ],
            "summary": {"received": 1, "created": 1, "updated": 0, "unchanged": 0, "failed": 0},
        },
        "identifier": "create_external_intentions_successful",
    }
    assert (plan.status, plan.type, plan.source) == ("ACCEPTED", "SPACE", "EXTERNAL")
    assert (plan.configuration, plan.external_id) == (world.system, "cal-1")
    assert plan.metadata == {"color": "red"}


def test_one_bare_object_will_do(world):
    answer = world.call("post", EXTERNAL, body=item(world))

    assert results(answer)[0]["result"] == "created"


@pytest.mark.parametrize(
    ("external_type", "type_"),
    [
        ("DESK_BOOKING", "SPACE"),
        ("ROOM_BOOKING", "ROOM"),
        ("CALENDAR_MEETING", "MEETING"),
        ("REMOTE_WORK", "REMOTE"),
        ("LEAVE", "ABSENT"),
    ],
)
def test_each_external_type_has_its_own(world, external_type, type_):
    send(world, item(world, external_type=external_type))

    plan = Intention.objects.get()
    assert (plan.type, plan.external_type, plan.meeting) == (type_, external_type, None)


# --- again ----------------------------------------------------------------------------------------


def test_said_again_it_is_unchanged_and_said_differently_updated(world):
    (first,) = results(send(world, item(world)))
    (again,) = results(send(world, item(world)))
    (other,) = results(send(world, item(world, external_type="REMOTE_WORK")))

    assert [first["result"], again["result"], other["result"]] == [
        "created",
        "unchanged",
        "updated",
    ]
    assert {first["_id"], again["_id"], other["_id"]} == {Intention.objects.get().pk}
    plan = Intention.objects.get()
    assert (plan.type, plan.version) == ("REMOTE", 2)


def test_the_same_id_of_another_system_is_another_plan(world):
    other = world.configuration()
    for system, person in ((world.system, world.person), (other, world.colleague())):
        headers = {"x-configuration-id": system.pk}
        answer = send(world, item(world, people_id=person.pk), headers=headers)
        assert results(answer)[0]["result"] == "created"

    assert Intention.objects.count() == 2


def test_what_is_cancelled_there_is_cancelled_here(world):
    send(world, item(world))

    assert results(send(world, item(world, status="CANCELLED")))[0]["result"] == "updated"
    assert Intention.objects.get().status == "CANCELLED"


def test_what_has_begun_may_be_said_again(world):
    send(world, item(world))

    with time_machine.travel("2030-01-09T09:00:00Z", tick=False):
        (again,) = results(send(world, item(world, status="CANCELLED")))
    assert again["result"] == "updated"


def test_an_item_twice_in_one_call_counts_once(world):
    answer = send(world, item(world), item(world))

    assert [one["result"] for one in results(answer)] == ["created", "unchanged"]


# --- the configuration ----------------------------------------------------------------------------


def test_one_of_several_configurations_is_named(world):
    other = world.configuration()

    assert details(send(world, item(world)), 400) == [
        ("x-configuration-id", "configuration_required")
    ]
    send(world, item(world), headers={"x-configuration-id": other.pk})
    assert Intention.objects.get().configuration == other


def test_without_any_configuration_nothing_is_taken_over(world):
    world.system.delete()

    assert details(send(world, item(world)), 400) == [
        ("x-configuration-id", "configuration_required")
    ]


def test_a_foreign_configuration_is_not_found(world):
    for pk in (ConfigurationFactory().pk, UNKNOWN):
        answer = send(world, item(world), headers={"x-configuration-id": pk})
        assert answer.status_code == 404


# --- items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"external_id": ...}, ("external_id", "required")),
        ({"external_type": ...}, ("external_type", "required")),
        ({"starts_at": ...}, ("starts_at", "required")),
        ({"people_id": ...}, ("people_id", "required")),
        ({"location_id": ...}, ("external_location_id", "required")),
        ({"external_location_id": "SITE-1"}, ("external_location_id", "validation_failed")),
        ({"external_id": "x" * 201}, ("external_id", "validation_failed")),
        ({"external_id": 5}, ("external_id", "validation_failed")),
        ({"external_type": "SPACE"}, ("external_type", "validation_failed")),
        ({"status": "MAYBE"}, ("status", "validation_failed")),
        ({"starts_at": "soon"}, ("starts_at", "validation_failed")),
        ({"starts_at": "2030-01-07T09:00:00"}, ("starts_at", "naive_time")),
        ({"starts_at": SIX, "ends_at": NINE}, ("ends_at", "validation_failed")),
        ({"starts_at": "2030-01-01"}, ("starts_at", "validation_failed")),
        ({"metadata": []}, ("metadata", "validation_failed")),
        ({"metadata": {"a": "\x00"}}, ("metadata", "validation_failed")),
        ({"metadata": {"a": [{"b": "\ud800"}]}}, ("metadata", "validation_failed")),
        ({"metadata": {"a": "x" * 9_993}}, ("metadata", "validation_failed")),
        ({"mood": "good"}, ("mood", "unknown_field")),
        ({"people_id": UNKNOWN}, ("people_id", "resource_not_found")),
        ({"location_id": UNKNOWN}, ("location_id", "resource_not_found")),
        ({"external_team_id": "T"}, ("external_team_id", "resource_not_found")),
        ({"people_id": ..., "people_email": "x"}, ("people_email", "validation_failed")),
    ],
)
def test_an_item_that_cannot_be_fails_alone(world, fields, expected):
    assert refused(world, **fields) == expected


def test_metadata_may_be_long(world):
    assert results(send(world, item(world, metadata={"a": "x" * 9_991})))[0]["result"] == "created"


def test_an_id_that_is_no_text_is_not_said_again(world):
    answer = send(world, item(world, external_id="\ud800"), item(world))

    assert [(one["result"], one["external_id"]) for one in results(answer)] == [
        ("failed", None),
        ("created", "cal-1"),
    ]


def test_an_item_that_is_no_object_fails_alone(world):
    first, second = results(send(world, "x", item(world)))

    assert (first["result"], second["result"]) == ("failed", "created")


def test_when_every_item_fails_the_call_does(world):
    answer = send(world, item(world, people_id=UNKNOWN), "x")

    assert details(answer, 400) == [("intentions[0].people_id", ""), ("intentions[1]", "")]
    assert answer.json()["identifier"] == "create_external_intentions_failed"


@pytest.mark.parametrize("body", [{"intentions": []}, {"intentions": "x"}])
def test_at_least_one_item(world, body):
    assert details(world.call("post", EXTERNAL, body=body), 400) == [("intentions", "")]


def test_at_most_a_thousand_items(world):
    answer = world.call("post", EXTERNAL, body={"intentions": [{}] * 1001})

    assert details(answer, 400) == [("", "")]


# --- external ids ---------------------------------------------------------------------------------


def test_external_ids_of_location_and_team(world):
    team = TeamFactory(organization=world.organization, external_id="TEAM-1")
    TeamFactory(external_id="TEAM-1")

    send(
        world,
        item(
            world,
            location_id=...,
            external_location_id="SITE-1",
            external_team_id="TEAM-1",
        ),
    )

    plan = Intention.objects.get()
    assert (plan.site, plan.team) == (world.site, team)


def test_a_location_without_access_is_not_found(world):
    SiteFactory(external_id="SITE-2")

    assert refused(world, location_id=..., external_location_id="SITE-2") == (
        "external_location_id",
        "resource_not_found",
    )


def test_times_without_a_zone_are_the_systems(world):
    world.system.default_timezone = "Asia/Tokyo"
    world.system.save()

    def start(**fields):
        times = {"starts_at": "2030-01-07T09:00:00", "ends_at": "2030-01-07T18:00:00"}
        send(world, item(world, **(times | fields)))
        return Intention.objects.get().starts_at.hour

    theirs = {"location_id": ..., "external_location_id": "SITE-1"}
    assert start(**theirs) == 0
    assert start(**theirs, external_location_timezone="Europe/Paris") == 8


def test_a_date_is_a_day_until_closing(world):
    send(world, item(world, starts_at=MONDAY, ends_at=...))

    plan = Intention.objects.get()
    assert (plan.starts_at.isoformat(), plan.ends_at.isoformat()) == (
        "2030-01-06T23:00:00+00:00",
        "2030-01-07T23:00:00+00:00",
    )


def test_unknown_people_are_made_known_where_the_configuration_does(world):
    fields = {"people_id": ..., "people_email": "grace@navy.example", "people_last_name": "Hopper"}
    assert refused(world, **fields) == ("people_email", "resource_not_found")
    world.system.provision_people = True
    world.system.save()

    (result,) = results(send(world, item(world, external_id="new", **fields)))

    assert result["result"] == "created"
    person = User.objects.get(email="grace@navy.example")
    assert (person.organization, person.last_name) == (world.organization, "Hopper")


def test_too_many_unknown_addresses_fail_and_the_others_are_taken(world, settings, monkeypatch):
    settings.API_THROTTLE = True
    few = dataclasses.replace(abuse_limits.ENQUIRIES, most=1)
    monkeypatch.setattr(abuse_limits, "ENQUIRIES", few)
    world.system.provision_people = True
    world.system.save()
    said = [
        item(world, external_id=name, people_id=..., people_email=f"{name}@navy.example")
        for name in ("first", "second")
    ]

    first, second, own = results(send(world, *said, item(world, external_id="own")))

    assert (first["result"], own["result"]) == ("created", "created")
    assert (second["result"], second["error"]["code"]) == ("failed", "rate_limited")
    assert not User.objects.filter(email="second@navy.example").exists()


# --- what is in the way ---------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["AUTO_SCHEDULE", "LIKELY_SCHEDULE", "FIXED_DAY"])
def test_what_the_house_put_down_gives_way(world, source):
    status = "PENDING" if source == "LIKELY_SCHEDULE" else "ACCEPTED"
    other = IntentionFactory(person=world.person, site=world.site, source=source, status=status)

    (result,) = results(send(world, item(world)))

    other.refresh_from_db()
    assert (other.status, other.reason) == ("CANCELLED", f"superseded_by:{result['_id']}")


@pytest.mark.parametrize("source", ["USER", "API", "INVITE", "EXTERNAL"])
def test_what_people_and_keys_decided_does_not(world, source):
    other = IntentionFactory(person=world.person, site=world.site, source=source)

    assert refused(world) == ("people_id", "intention_conflict")
    other.refresh_from_db()
    assert other.status == "ACCEPTED"


def test_a_changed_time_meets_other_plans(world):
    send(world, item(world, ends_at="2030-01-07T10:00:00Z"))
    IntentionFactory(
        person=world.person, site=world.site, starts_at=Intention.objects.get().ends_at
    )

    assert refused(world) == ("people_id", "intention_conflict")
    assert Intention.objects.get(external_id="cal-1").ends_at.hour == 10


def test_a_full_or_closed_location_refuses(world):
    world.site.capacity = 1
    world.site.save()
    IntentionFactory(site=world.site)

    assert details(send(world, item(world)), 400) == [
        ("intentions[0].location_id", "capacity_exceeded")
    ]
    assert results(send(world, item(world, external_type="LEAVE")))[0]["result"] == "created"


def test_the_operators_key_is_told_that_access_is_missing(world):
    system = ConfigurationFactory(organization=None)
    stranger = UserFactory()

    answer = send(
        world,
        item(world, people_id=stranger.pk),
        key=world.operator,
        headers={"x-configuration-id": system.pk},
    )

    assert details(answer, 400) == [("intentions[0].location_id", "contract_expired")]


def test_what_is_said_beside_time_and_place_leaves_the_seat(world):
    send(world, item(world))
    plan = Intention.objects.get()
    seat = AllocationFactory(
        person=world.person,
        team=None,
        site=world.site,
        intention=plan,
        source="INTENTION",
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
    )

    answer = send(world, item(world, metadata={"color": "red"}))

    assert results(answer)[0]["result"] == "updated"
    seat.refresh_from_db()
    assert seat.deleted_at is None


@pytest.mark.parametrize(
    "written", ["2030-01-07T08:00:00Z", "2030-01-07 08:00:00Z", "2030-01-07t08:00z"]
)
def test_a_time_that_says_its_zone_is_meant_there(world, written):
    at_theirs = {"location_id": ..., "external_location_id": "SITE-1"}

    until = written.replace("08", "17")
    send(world, item(world, starts_at=written, ends_at=until, **at_theirs))

    assert Intention.objects.get().starts_at.isoformat() == "2030-01-07T08:00:00+00:00"
