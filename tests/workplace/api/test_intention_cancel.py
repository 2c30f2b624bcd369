"""PUT /workplace/v1/intentions/{intention_id}/cancel. Source: Workplace API, sections 2, 8 and 13."""

import datetime as dt

import pytest
import time_machine

from booking.models import Meeting, Reservation
from organizations.models import OutgoingEmail
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.workplace import AllocationFactory, TeamFactory, ZoneFactory
from tests.workplace.intention_world import (
    World,
    details,
    invitation,
    row,
    status_of,
)
from workplace.models import Allocation, Intention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]


@pytest.mark.parametrize("before", ["PENDING", "ACCEPTED"])
def test_a_plan_is_cancelled_and_again_is_no_change(world, before):
    plan = world.made(status=before)

    answer = world.answer("cancel", plan, reason="Ill")

    assert status_of(answer) == "CANCELLED"
    assert answer.json()["identifier"] == "cancel_intention_successful"
    assert list(answer.json()["data"]) == ["intention"]
    assert answer.json()["data"]["intention"]["reason"] == "Ill"
    assert status_of(world.answer("cancel", plan, reason="Well")) == "CANCELLED"
    assert (row(plan).version, row(plan).reason) == (2, "Ill")


def test_what_is_declined_is_not_cancelled(world, meeting):
    world.answer("decline", invitation(meeting))

    assert details(world.answer("cancel", invitation(meeting)), 409) == [("", "invalid_state")]


def test_cancelling_frees_the_room_and_the_seats_of_the_house(world):
    plan = world.made(type="ROOM", room_id=world.room().pk)
    intention = row(plan)
    seats = {
        name: AllocationFactory(
            person=world.person,
            team=None,
            zone=ZoneFactory(layer__site=world.site),
            intention=intention if name == "own" else None,
            starts_at=dt.datetime.fromisoformat(start),
            ends_at=dt.datetime.fromisoformat(start) + dt.timedelta(hours=1),
            **fields,
        )
        for name, start, fields in (
            ("own", "2030-01-07T08:00:00+00:00", {"source": "INTENTION"}),
            ("planned", "2030-01-07T09:00:00+00:00", {"source": "EVOLUTION"}),
            ("locked", "2030-01-07T10:00:00+00:00", {"source": "EVOLUTION", "is_locked": True}),
            ("by hand", "2030-01-07T11:00:00+00:00", {"source": "MANUAL"}),
            ("later", "2030-01-07T17:00:00+00:00", {"source": "EVOLUTION"}),
        )
    }

    world.answer("cancel", plan)

    assert Meeting.objects.get().status == "cancelled"
    assert not Reservation.objects.filter(holds=True).exists()
    left = set(Allocation.objects.filter(deleted_at=None).values_list("pk", flat=True))
    assert left == {seats[name].pk for name in ("locked", "by hand", "later")}


def test_a_room_in_use_is_not_given_back(world):
    plan = world.made(type="ROOM", room_id=world.room().pk)

    with time_machine.travel("2030-01-07T08:00:00Z", tick=False):
        assert details(world.answer("cancel", plan), 409) == [("", "room_in_use")]
    assert row(plan).status == "ACCEPTED"


def test_cancelling_for_all_tells_everybody(world, guest):
    other = world.colleague()
    plan = world.made(invitees=[{"people_id": guest.pk}, {"people_id": other.pk}])
    declined = Intention.objects.get(person=other)
    world.answer("decline", declined.pk)
    OutgoingEmail.objects.all().delete()

    answer = world.answer("cancel", plan, cancel_for_all=True)

    child = Intention.objects.get(person=guest)
    assert answer.json()["data"]["cancelled_ids"] == sorted([plan["_id"], child.pk])
    assert {child.status, row(plan).status, row(declined.pk).status} == {"CANCELLED", "DECLINED"}
    assert list(OutgoingEmail.objects.values_list("template", "to_address")) == [
        ("intention_cancelled", guest.email)
    ]


def test_without_for_all_the_guests_keep_their_plans(world, meeting):
    world.answer("accept", invitation(meeting))

    world.answer("cancel", meeting)

    assert row(invitation(meeting)).status == "ACCEPTED"


def test_a_cancelled_plan_is_still_cancelled_for_all(world, meeting):
    world.answer("cancel", meeting)

    answer = world.answer("cancel", meeting, cancel_for_all=True)

    assert answer.json()["data"]["cancelled_ids"] == sorted([meeting["_id"], invitation(meeting)])


def test_only_the_inviter_cancels_for_all(world, guest):
    plan = world.made(invitees=[{"people_id": guest.pk}])
    stranger = World()
    guest.organization = stranger.organization
    guest.save()
    Intention.objects.filter(person=guest).update(organization=stranger.organization)
    key = WorkplaceKeyFactory(
        owner=stranger.key.owner,
        organization=stranger.organization,
        scopes=["workplace:read", "workplace:write"],
    )

    answer = stranger.answer("cancel", invitation(plan), key=key, cancel_for_all=True)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert stranger.answer("cancel", invitation(plan), key=key).status_code == 200
    by_admin = stranger.answer("cancel", invitation(plan), key=stranger.key, cancel_for_all=True)
    assert by_admin.status_code == 200
    assert row(plan).status == "CANCELLED"


def test_of_other_properties_the_known_ones_are_taken_over_and_the_rest_ignored(world):
    plan, team = world.made(), TeamFactory(organization=world.organization)

    answer = world.answer(
        "cancel", plan, preferences=["window"], team_id=team.pk, type="REMOTE", mood={"x": 1}
    )

    shown = answer.json()["data"]["intention"]
    assert (shown["preferences"], shown["team_id"], shown["type"]) == (["window"], team.pk, "SPACE")


def test_another_organizations_team_is_not_taken_over(world):
    plan = world.made()

    assert world.answer("cancel", plan, team_id=TeamFactory().pk).status_code == 404
    assert row(plan).status == "ACCEPTED"


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", 5), ("cancel_for_all", "yes"), ("team_id", "x"), ("preferences", 5)],
)
def test_a_value_of_the_wrong_kind_is_refused(world, field, value):
    assert details(world.answer("cancel", world.made(), **{field: value}), 400) == [(field, "")]
