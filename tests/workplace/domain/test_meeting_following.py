"""Plans follow their meetings. Source: Workplace API, section 12, "One truth both ways"."""

import datetime as dt

import pytest
import time_machine

from apitokens.domain import publishing
from apitokens.models import Event
from booking.domain import cancellations, changes
from booking.domain.change_plans import MeetingChange
from booking.domain.series_scopes import Scope
from booking.models import Meeting
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory
from tests.factories.workplace import AllocationFactory, RoomPlacementFactory
from tests.workplace.intention_world import NOW, TODAY
from workplace.domain import meeting_following
from workplace.models import Allocation, Intention

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def plan(world):
    """A meeting with a guest who has accepted."""
    guest = world.colleague()
    made = world.made(type="MEETING", room_id=world.room().pk, invitees=[{"people_id": guest.pk}])
    world.answer("accept", made["invitees"][0]["intention_id"])
    OutgoingEmail.objects.all().delete()
    return Intention.objects.get(pk=made["_id"])


def follow(meeting):
    return meeting_following.follow([meeting.pk], now=NOW)


def seat_at(meeting):
    return AllocationFactory(
        in_room=True,
        room=meeting.room,
        person=meeting.organizer,
        team=None,
        meeting=meeting,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def states():
    return set(Intention.objects.values_list("status", "reason"))


def test_a_meeting_cancelled_elsewhere_calls_its_plan_off_for_all(world, plan):
    cancellations.cancel(plan.meeting.pk, reason="Flood", by=world.person, now=NOW)

    assert follow(plan.meeting) == 2
    assert states() == {("CANCELLED", "Flood")}
    templates = set(OutgoingEmail.objects.values_list("template", flat=True))
    assert templates == {"booking_cancelled", "intention_cancelled"}
    assert follow(plan.meeting) == 0


def test_a_hold_that_ran_out_says_so(plan):
    Meeting.objects.filter(pk=plan.meeting.pk).update(status="expired")

    follow(plan.meeting)

    assert states() == {("CANCELLED", "meeting_expired")}


def test_a_meeting_moved_elsewhere_moves_its_plan_and_its_guests(world, plan):
    room = world.room()
    placement = RoomPlacementFactory(room=room)
    start = plan.starts_at + dt.timedelta(days=1)
    wanted = MeetingChange(starts_at=start, duration_minutes=120, room_id=room.pk)
    changes.change(plan.meeting.pk, wanted, by=None, now=NOW)

    assert follow(plan.meeting) == 2
    for row in Intention.objects.all():
        assert (row.starts_at, row.ends_at, row.room) == (start, start + 2 * HOUR, room)
        assert (row.day, row.layer) == (dt.date(2030, 1, 8), placement.layer)
    plan.refresh_from_db()
    assert (plan.status, plan.version) == ("ACCEPTED", 2)
    assert follow(plan.meeting) == 0


def test_guests_of_a_plan_that_was_given_up_keep_theirs(world, plan):
    world.answer("cancel", plan.pk)

    assert follow(plan.meeting) == 0
    assert states() == {("CANCELLED", ""), ("ACCEPTED", "")}


def test_allocations_follow_too(world):
    meeting = MeetingFactory(room=world.room(), organizer=world.person)
    seat = seat_at(meeting)
    assert follow(meeting) == 0
    Meeting.objects.filter(pk=meeting.pk).update(ends_at=meeting.ends_at + HOUR)

    assert follow(meeting) == 1
    seat.refresh_from_db()
    assert (seat.ends_at, seat.version) == (meeting.ends_at + HOUR, 2)

    cancellations.cancel(meeting.pk, reason="", by=None, now=NOW)
    assert follow(meeting) == 1
    assert Allocation.objects.get().deleted_at == NOW


def test_meetings_without_a_plan_are_nothing_to_us(world):
    assert follow(MeetingFactory()) == 0
    assert meeting_following.follow(["5f0000000000000000000001"], now=NOW) == 0


def test_one_that_goes_wrong_holds_up_no_other(world, plan, monkeypatch):
    broken = MeetingFactory()
    followed = meeting_following._follow

    def fail(meeting_id, *, now):
        if meeting_id == broken.pk:
            raise RuntimeError
        return followed(meeting_id, now=now)

    monkeypatch.setattr(meeting_following, "_follow", fail)
    cancellations.cancel(plan.meeting.pk, reason="", by=None, now=NOW)

    assert meeting_following.follow([broken.pk, plan.meeting.pk], now=NOW) == 2


def test_the_sweep_finds_what_was_missed_and_nothing_else(plan):
    assert meeting_following.sweep(now=NOW) == 0
    cancellations.cancel(plan.meeting.pk, reason="", by=None, now=NOW)

    assert meeting_following.sweep(now=NOW) == 2
    assert meeting_following.sweep(now=NOW) == 0


def test_plans_without_a_meeting_do_not_stop_the_sweep(world, plan):
    """They differ from every meeting, but follow none."""
    world.made(people_id=world.colleague().pk)
    AllocationFactory(starts_at=plan.starts_at, ends_at=plan.ends_at)
    assert meeting_following.sweep(now=NOW) == 0
    cancellations.cancel(plan.meeting.pk, reason="", by=None, now=NOW)

    assert meeting_following.sweep(now=NOW) == 2


def test_the_sweep_goes_past_meetings_that_cannot_be_followed(monkeypatch):
    monkeypatch.setattr(meeting_following, "BATCH", 2)
    seats = [seat_at(MeetingFactory()) for _ in range(5)]
    Meeting.objects.update(status="cancelled", cancel_reason="Flood")
    broken, call_off = {seat.meeting_id for seat in seats[:3]}, meeting_following._call_off

    def fails_for_the_first(meeting, plans, seats, *, now):
        if meeting.pk in broken:
            raise ArithmeticError("broken data")
        return call_off(meeting, plans, seats, now=now)

    monkeypatch.setattr(meeting_following, "_call_off", fails_for_the_first)

    assert meeting_following.sweep(now=NOW) == 2
    assert {*Allocation.objects.filter(deleted_at=None)} == {*seats[:3]}


def test_published_events_of_meetings_are_followed(
    plan, django_capture_on_commit_callbacks, monkeypatch
):
    publishing.publish(now=NOW)
    cancellations.cancel_in_scope(plan.meeting.pk, scope=Scope.THIS, reason="", by=None, now=NOW)
    assert Event.objects.filter(position=None, object_kind="meeting").count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        publishing.publish(now=NOW)

    assert states() == {("CANCELLED", "meeting_cancelled")}
