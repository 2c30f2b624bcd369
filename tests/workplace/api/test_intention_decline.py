"""PUT /workplace/v1/intentions/{intention_id}/decline. Source: Workplace API, sections 2, 8 and 13."""

import pytest

from organizations.models import OutgoingEmail
from tests.factories.workplace import TeamFactory
from tests.workplace.intention_world import (
    details,
    invitation,
    status_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]


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


def test_a_member_of_a_team_declines_though_nobody_invited(world):
    team = TeamFactory(organization=world.organization, members=[world.colleague()])
    plan = world.made(people_id=..., team_id=team.pk)

    assert status_of(world.answer("decline", invitation(plan))) == "DECLINED"
