"""PUT /workplace/v1/intentions/{id}/accept, …/decline, …/cancel. Source: Workplace API, sections 2, 8, 13."""

import datetime as dt

import pytest
import time_machine

from apitokens.models import Event
from booking.models import Meeting, Reservation
from organizations.models import OutgoingEmail
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.workplace import AllocationFactory, IntentionFactory, TeamFactory, ZoneFactory
from tests.workplace.intention_world import NINE, NOW, SIX, TODAY, World, details
from workplace.models import Allocation, Intention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]

UNKNOWN = "5f0000000000000000000001"
LATE = "2030-01-07T19:00:00Z"


@pytest.fixture
def _on_a_wednesday():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def world():
    return World()


@pytest.fixture
def guest(world):
    return world.colleague(first_name="Grace", last_name="Hopper")


@pytest.fixture
def meeting(world, guest):
    """A plan with an invitation."""
    return world.made(invitees=[{"people_id": guest.pk}])


def invitation(plan):
    return plan["invitees"][0]["intention_id"]


def status_of(answer):
    assert answer.status_code == 200, answer.json()
    return answer.json()["data"]["intention"]["status"]


def row(pk):
    return Intention.objects.get(pk=pk["_id"] if isinstance(pk, dict) else pk)


# --- all three ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["accept", "decline", "cancel"])
def test_unknown_malformed_and_foreign_ids(world, verb):
    theirs = IntentionFactory()

    assert details(world.answer(verb, "x"), 400) == [("intention_id", "")]
    unknown, foreign = (world.answer(verb, pk).json() for pk in (UNKNOWN, theirs.pk))
    for answer in (unknown, foreign):
        answer["error"].pop("request_id")
    assert unknown == foreign
    assert unknown["error"]["code"] == "resource_not_found"
    assert unknown["identifier"] == f"{verb}_intention_failed"


@pytest.mark.parametrize("verb", ["accept", "decline", "cancel"])
def test_a_writer_who_read_an_older_version_is_refused(world, meeting, verb):
    pk = invitation(meeting)

    assert details(world.answer(verb, pk, version=2), 409) == [("", "stale_version")]
    assert world.answer(verb, pk, version=1).status_code == 200


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_unknown_fields_are_refused(world, meeting, verb):
    assert details(world.answer(verb, invitation(meeting), mood="good"), 400) == [
        ("mood", "unknown_field")
    ]


def test_each_change_is_an_event_and_a_version(world, meeting):
    answer = world.answer("accept", invitation(meeting)).json()

    assert answer["identifier"] == "accept_intention_successful"
    assert answer["data"]["intention"]["version"] == 2
    assert Event.objects.filter(type="intention.updated").count() == 1


# --- accept ---------------------------------------------------------------------------------------


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


# --- decline --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["PENDING", "ACCEPTED"])
def test_an_invitation_is_declined_and_the_inviter_told(world, meeting, guest, before):
    pk = invitation(meeting)
    if before == "ACCEPTED":
        world.answer("accept", pk)
    OutgoingEmail.objects.all().delete()

    answer = world.answer("decline", pk, reason="On holiday")

    assert status_of(answer) == "DECLINED"
    assert answer.json()["identifier"] == "decline_intention_successful"
    assert answer.json()["data"]["intention"]["reason"] == "On holiday"
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == ("intention_declined", world.person.email)
    assert (mail.context["guest"], mail.context["reason"]) == ("Grace Hopper", "On holiday")
    assert status_of(world.answer("decline", pk)) == "DECLINED"
    assert OutgoingEmail.objects.count() == 1


def test_only_who_was_invited_declines(world):
    assert details(world.answer("decline", world.made()), 409) == [("", "not_an_invitation")]


def test_what_is_cancelled_is_not_declined(world, meeting):
    world.answer("cancel", invitation(meeting))

    assert details(world.answer("decline", invitation(meeting)), 409) == [("", "invalid_state")]


@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
@pytest.mark.parametrize("verb", ["decline", "cancel"])
def test_reasons_have_at_most_500_characters(world, meeting, verb, length, status):
    answer = world.answer(verb, invitation(meeting), reason="x" * length)

    assert answer.status_code == status


def test_a_member_of_a_team_declines_though_nobody_invited(world):
    team = TeamFactory(organization=world.organization, members=[world.colleague()])
    plan = world.made(people_id=..., team_id=team.pk)

    assert status_of(world.answer("decline", invitation(plan))) == "DECLINED"


# --- cancel ---------------------------------------------------------------------------------------


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


# --- delete ---------------------------------------------------------------------------------------


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

    assert world.made(starts_at=NINE, ends_at=LATE)["status"] == "ACCEPTED"
