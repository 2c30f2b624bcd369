"""What an invitation's link opens. Source: experience, "A company"; safety, S-27."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from apitokens.models import Event
from config import links
from config.links import Purpose
from organizations.models import Invitation, JoinRequest, OutgoingEmail, Role, User
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PASSWORD = "a sentence that is long"
NEWCOMER = {
    "first_name": "Grace",
    "last_name": "Hopper",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture(autouse=True)
def clock_():
    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def invitation():
    leader = UserFactory(role=Role.PRINCIPAL_ADMIN, first_name="Ada", last_name="Byron")
    return Invitation.objects.create(
        organization=leader.organization,
        email="grace@acme.example",
        role=Role.ADMIN,
        language="fr",
        invited_by=leader,
        created_at=NOW,
        sent_at=NOW,
        expires_at=NOW + 14 * DAY,
    )


def link(invitation) -> str:
    return f"/invitation/k/{links.key(Purpose.ACCEPT_INVITATION, invitation.pk)}/"


def accept(invitation, form=None):
    return Client(enforce_csrf_checks=True).post(link(invitation), form or {})


def reader(**values):
    return UserFactory(email="grace@acme.example", **values)


def test_newcomer_sees_who_asks_and_gets_an_account(invitation) -> None:
    url = link(invitation)
    pages = [Client().get(url) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert pages[0]["Referrer-Policy"] == "no-referrer"
    assert "Ada Byron asks you to join the company" in pages[0].content.decode()
    assert not User.objects.filter(email=invitation.email).exists()

    answer = accept(invitation, NEWCOMER)

    person = User.objects.get(email=invitation.email)
    invitation.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert (person.organization, person.role, person.full_name, person.language) == (
        invitation.organization,
        Role.ADMIN,
        "Grace Hopper",
        "fr",
    )
    assert person.check_password(PASSWORD)
    assert person.is_existing
    assert (invitation.status, invitation.decided_at) == ("accepted", NOW)
    assert [event.type for event in Event.objects.all()] == ["user.joined"]


def test_who_invited_is_told_once_that_somebody_came(invitation) -> None:
    for _ in range(2):
        accept(invitation, NEWCOMER)

    told = OutgoingEmail.objects.get(template="team_joined")
    leader = invitation.invited_by
    assert (told.to_address, told.language) == (leader.email, leader.language)
    assert told.context == {
        "person": "Grace Hopper",
        "email": "grace@acme.example",
        "company": invitation.organization.name,
    }


def test_link_works_once(invitation) -> None:
    assert accept(invitation, NEWCOMER).status_code == 302

    assert accept(invitation, NEWCOMER | {"first_name": "Eve"}).status_code == 404
    page = Client().get(link(invitation))
    assert (page.status_code, "no longer works" in page.content.decode()) == (404, True)


def test_link_dies_after_two_weeks(invitation, clock_) -> None:
    clock_.shift(14 * DAY - dt.timedelta(seconds=1))
    assert Client().get(link(invitation)).status_code == 200
    clock_.shift(dt.timedelta(seconds=1))
    assert Client().get(link(invitation)).status_code == 404
    assert accept(invitation, NEWCOMER).status_code == 404


@pytest.mark.parametrize("change", [{"is_archived": True}])
def test_link_of_a_closed_company_is_dead(invitation, change) -> None:
    type(invitation.organization).objects.update(**change)
    assert accept(invitation, NEWCOMER).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"role": Role.ADMIN}, {"is_archived": True}, {"organization": None, "role": Role.TEMP}],
    ids=["is administrator no more", "is archived", "has left"],
)
def test_link_of_who_no_longer_leads_the_company_is_dead(invitation, change) -> None:
    """Or somebody who is about to lose the role would invite themselves back into it."""
    User.objects.filter(pk=invitation.invited_by_id).update(**change)

    assert Client().get(link(invitation)).status_code == 404
    assert accept(invitation, NEWCOMER).status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


def test_link_for_another_purpose_is_none(invitation) -> None:
    key = links.key(Purpose.VERIFY_EMAIL, invitation.pk)
    assert Client().get(f"/invitation/k/{key}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"password1": "short", "password2": "short"},
        {"password2": "another sentence"},
        {"password1": "", "password2": ""},
        {"first_name": ""},
    ],
)
def test_newcomer_needs_a_name_and_a_good_password(invitation, wrong) -> None:
    answer = accept(invitation, NEWCOMER | wrong)

    assert answer.status_code in (400, 422)
    assert not User.objects.filter(
        email=invitation.email, organization=invitation.organization
    ).exists()


def test_person_without_company_joins_by_one_click_and_what_they_held_is_booked(invitation) -> None:
    person = reader(role=Role.TEMP, organization=None, password=PASSWORD, email_verified_at=None)
    person.join_requests.create(organization=OrganizationFactory(), created_at=NOW)
    meeting = MeetingFactory(pending=True, organizer=person, starts_at=NOW + 3 * DAY)
    card = AccessCardFactory(holder=person)
    page = Client().get(link(invitation)).content.decode()
    assert 'type="password"' not in page

    assert accept(invitation).status_code == 302

    for row in (person, meeting, card):
        row.refresh_from_db()
    assert (person.organization, person.email_verified_at) == (invitation.organization, NOW)
    assert person.check_password(PASSWORD)
    assert (meeting.status, meeting.organization) == ("confirmed", invitation.organization)
    assert card.status == "active"
    assert sorted(JoinRequest.objects.values_list("status", flat=True)) == ["approved", "withdrawn"]
    assert JoinRequest.objects.get(status="approved").settled_at == NOW


def test_member_of_another_company_is_told_to_leave_it_first(invitation) -> None:
    person = reader(password=PASSWORD)

    page, answer = Client().get(link(invitation)), accept(invitation)

    person.refresh_from_db()
    assert (page.status_code, answer.status_code) == (409, 409)
    assert "Your account belongs to another company." in page.content.decode()
    assert person.organization != invitation.organization
    person.organization = None
    person.save()
    assert accept(invitation).status_code == 302


def test_archived_person_is_not_taken_in(invitation) -> None:
    person = reader(role=Role.TEMP, organization=None, archived=True, password=PASSWORD)

    assert accept(invitation).status_code == 403
    person.refresh_from_db()
    assert person.organization is None


def test_who_was_let_in_meanwhile_finds_the_link_dead(invitation) -> None:
    reader(organization=invitation.organization, password=PASSWORD)

    assert Client().get(link(invitation)).status_code == 404
    assert accept(invitation).status_code == 404


def test_a_prepared_companys_first_administrator_activates_it(invitation) -> None:
    type(invitation.organization).objects.update(status="pending")
    invitation.role = Role.PRINCIPAL_ADMIN
    invitation.save()

    accept(invitation, NEWCOMER)

    invitation.organization.refresh_from_db()
    assert invitation.organization.status == "active"
