"""PUT /workplace/v1/intentions/{intention_id}/decline. Source: Workplace API, sections 2, 8 and 13."""

import pytest
import time_machine

from organizations.models import OutgoingEmail
from tests.factories.workplace import IntentionFactory, TeamFactory
from tests.workplace.intention_world import (
    TODAY,
    World,
    details,
    invitation,
    status_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]

UNKNOWN = "5f0000000000000000000001"


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


def test_unknown_malformed_and_foreign_ids(world):
    theirs = IntentionFactory()

    assert details(world.answer("decline", "x"), 400) == [("intention_id", "")]
    unknown, foreign = (world.answer("decline", pk).json() for pk in (UNKNOWN, theirs.pk))
    for answer in (unknown, foreign):
        answer["error"].pop("request_id")
    assert unknown == foreign
    assert unknown["error"]["code"] == "resource_not_found"
    assert unknown["identifier"] == "decline_intention_failed"


def test_a_writer_who_read_an_older_version_is_refused(world, meeting):
    pk = invitation(meeting)

    assert details(world.answer("decline", pk, version=2), 409) == [("", "stale_version")]
    assert world.answer("decline", pk, version=1).status_code == 200


def test_unknown_fields_are_refused(world, meeting):
    assert details(world.answer("decline", invitation(meeting), mood="good"), 400) == [
        ("mood", "unknown_field")
    ]


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
def test_reasons_have_at_most_500_characters(world, meeting, length, status):
    answer = world.answer("decline", invitation(meeting), reason="x" * length)

    assert answer.status_code == status


def test_a_member_of_a_team_declines_though_nobody_invited(world):
    team = TeamFactory(organization=world.organization, members=[world.colleague()])
    plan = world.made(people_id=..., team_id=team.pk)

    assert status_of(world.answer("decline", invitation(plan))) == "DECLINED"
