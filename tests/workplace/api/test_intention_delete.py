"""DELETE /workplace/v1/intentions/{intention_id}. Source: Workplace API, sections 2, 8 and 13."""

import pytest

from apitokens.models import Event
from booking.models import Reservation
from tests.factories.organizations import UserFactory
from tests.factories.workplace import AllocationFactory, IntentionFactory, ZoneFactory
from tests.workplace.intention_world import (
    NINE,
    NOW,
    details,
    invitation,
    row,
)
from workplace.models import Intention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]

UNKNOWN = "5f0000000000000000000001"


def test_a_plan_is_deleted_for_good(world):
    plan = world.made()

    answer = world.delete(plan)

    assert answer.json() == {
        "success": True,
        "data": {"deleted": 1},
        "identifier": "delete_intention_successful",
    }
    assert world.delete(plan).status_code == 404
    assert Event.objects.filter(type="intention.deleted", object_id=plan["_id"]).count() == 1


def test_the_parts_of_a_plan_go_with_it(world, meeting):
    world.delete(meeting)

    assert not Intention.objects.exists()
    assert Event.objects.filter(type="intention.deleted").count() == 2


def test_a_part_goes_alone(world, meeting):
    world.delete(invitation(meeting))

    assert row(meeting).status == "ACCEPTED"


def test_deleting_frees_the_room_and_the_seat(world):
    plan = world.made(type="ROOM", room_id=world.room().pk)
    seat = AllocationFactory(
        person=world.person,
        team=None,
        intention=row(plan),
        zone=ZoneFactory(layer__site=world.site),
    )

    world.delete(plan)

    assert not Reservation.objects.filter(holds=True).exists()
    seat.refresh_from_db()
    assert seat.deleted_at == NOW


def test_ids_that_are_not_ours_are_not_deleted(world):
    theirs = IntentionFactory(person=UserFactory())

    for pk in (UNKNOWN, theirs.pk):
        assert world.delete(pk).status_code == 404
    assert details(world.delete("x"), 400) == [("intention_id", "")]
    assert Intention.objects.filter(pk=theirs.pk).exists()


def test_the_history_of_a_deleted_plan_names_nobody(world):
    plan = world.made(people_first_name="Ada")
    world.answer("cancel", plan, reason="Ada is ill")
    world.delete(plan)

    model = Intention.pgh_event_models["delete"] if hasattr(Intention, "pgh_event_models") else None
    events = list(model.objects.filter(pgh_obj_id=plan["_id"]).values()) if model else []
    assert events
    assert "Ada" not in str(events)
    assert world.person.email not in str(events)


def test_whoever_planned_may_plan_anew_after_a_deletion(world):
    world.delete(world.made())

    assert world.made(starts_at=NINE, ends_at="2030-01-07T19:00:00Z")["status"] == "ACCEPTED"
