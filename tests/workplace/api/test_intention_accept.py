"""PUT /workplace/v1/intentions/{intention_id}/accept. Source: Workplace API, sections 2, 8 and 13."""

import datetime as dt

import pytest
import time_machine

from apitokens.models import Event
from booking.models import Meeting, Reservation
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.booking import MeetingFactory
from tests.factories.workplace import IntentionFactory
from tests.workplace.intention_world import (
    SIX,
    details,
    invitation,
    row,
    status_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]


def test_unknown_fields_are_refused(world, meeting):
    assert details(world.answer("accept", invitation(meeting), mood="good"), 400) == [
        ("mood", "unknown_field")
    ]


def test_each_change_is_an_event_and_a_version(world, meeting):
    answer = world.answer("accept", invitation(meeting)).json()

    assert answer["identifier"] == "accept_intention_successful"
    assert answer["data"]["intention"]["version"] == 2
    assert Event.objects.filter(type="intention.updated").count() == 1


def test_what_waits_is_accepted_and_again_is_no_change(world):
    plan = world.made(status="PENDING")

    assert [status_of(world.answer("accept", plan)) for _ in range(2)] == ["ACCEPTED"] * 2
    assert row(plan).version == 2


def test_accepting_with_something_in_the_way_needs_force(world, meeting, guest):
    other = IntentionFactory(person=guest, site=world.site)
    pk = invitation(meeting)

    for query in ("", "?force=false", "?force=FALSE"):
        answer = world.answer("accept", pk, query=query)
        assert details(answer, 409) == [("people_id", "intention_conflict")]
        assert answer.json()["error"]["details"][0]["conflict_id"] == other.pk
    assert status_of(world.answer("accept", pk, query="?force=true")) == "ACCEPTED"
    other.refresh_from_db()
    assert (other.status, other.reason) == ("CANCELLED", f"superseded_by:{pk}")


@pytest.mark.parametrize("force", ["yes", "1"])
def test_force_is_true_or_false(world, meeting, force):
    answer = world.answer("accept", invitation(meeting), query=f"?force={force}")

    assert details(answer, 400) == [("force", "")]


def test_force_needs_an_administrators_key(world, meeting):
    key = WorkplaceKeyFactory(
        owner=world.key.owner,
        organization=world.organization,
        scopes=["workplace:read", "workplace:write"],
    )

    assert (
        world.answer("accept", invitation(meeting), query="?force=true", key=key).status_code == 403
    )
    assert world.answer("accept", invitation(meeting), key=key).status_code == 200


def test_another_invitation_that_waits_is_in_nobodys_way(world, guest):
    first = world.made(invitees=[{"people_id": guest.pk}])
    second = world.made(people_id=world.colleague().pk, invitees=[{"people_id": guest.pk}])

    assert status_of(world.answer("accept", invitation(first))) == "ACCEPTED"
    assert details(world.answer("accept", invitation(second)), 409) == [
        ("people_id", "intention_conflict")
    ]


def test_a_full_location_takes_nobody_more(world, meeting):
    world.site.capacity = 1
    world.site.save()

    assert details(world.answer("accept", invitation(meeting)), 409) == [
        ("location_id", "capacity_exceeded")
    ]


@pytest.mark.parametrize("off", ["cancel", "decline"])
def test_what_is_off_is_joined_again(world, meeting, off):
    pk = invitation(meeting)
    world.answer("accept", pk)
    world.answer(off, pk, reason="Ill")

    assert status_of(world.answer("accept", pk)) == "ACCEPTED"
    assert row(pk).reason == ""


def test_what_is_over_is_not_joined_again(world):
    plan = world.made()
    world.answer("cancel", plan)

    with time_machine.travel("2030-01-07T16:59:59Z", tick=False):
        assert status_of(world.answer("accept", plan)) == "ACCEPTED"
        world.answer("cancel", plan)
    with time_machine.travel(SIX, tick=False):
        assert details(world.answer("accept", plan), 409) == [("", "invalid_state")]


def test_a_deleted_plan_is_not_joined_again(world):
    plan = world.made()
    world.delete(plan)

    assert world.answer("accept", plan).status_code == 404


def test_joining_again_books_the_room_again(world):
    room = world.room()
    plan = world.made(type="ROOM", room_id=room.pk)
    world.answer("cancel", plan)
    assert not Reservation.objects.filter(holds=True).exists()

    assert status_of(world.answer("accept", plan)) == "ACCEPTED"
    assert row(plan).meeting == Meeting.objects.get(status="confirmed")


def test_joining_again_is_refused_when_the_room_is_gone(world):
    room = world.room()
    plan = world.made(type="ROOM", room_id=room.pk)
    world.answer("cancel", plan)
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC))

    for query in ("", "?force=true"):
        assert details(world.answer("accept", plan, query=query), 409) == [
            ("room_id", "room_conflict")
        ]


def test_a_guest_uses_the_room_of_who_invited(world, guest):
    plan = world.made(type="MEETING", room_id=world.room().pk, invitees=[{"people_id": guest.pk}])

    assert status_of(world.answer("accept", invitation(plan))) == "ACCEPTED"
    assert Meeting.objects.count() == 1
