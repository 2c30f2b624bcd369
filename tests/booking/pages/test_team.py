"""Who may join a company. Source: public-api, section 6, Joining by company number."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apitokens.models import Event
from booking.domain import approvals
from config import links
from config.links import Purpose
from organizations.domain import joining
from organizations.models import JoinRequest, OutgoingEmail, Role
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND, logged_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
TEAM = "/account/team/"


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def leader():
    return UserFactory(role=Role.PRINCIPAL_ADMIN)


def wish_of(leader, **person):
    facts = {"role": Role.TEMP, "organization": None, "email_verified_at": NOW}
    return JoinRequest.objects.create(
        person=UserFactory(**facts | person),
        organization=leader.organization,
        created_at=NOW,
    )


def browser(person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def link(wish, person) -> str:
    return f"/team/k/{links.key(Purpose.DECIDE_JOINING, f'{wish.pk}-{person.pk}')}/"


def test_administrator_sees_who_waits_and_approves(leader) -> None:
    wish = wish_of(leader, first_name="Grace", last_name="Hopper")
    foreign = wish_of(UserFactory(role=Role.PRINCIPAL_ADMIN), first_name="Zanzibar")
    meeting = MeetingFactory(pending=True, organizer=wish.person, starts_at=NOW + dt.timedelta(3))
    card = AccessCardFactory(holder=wish.person)
    client = browser(leader)

    text = client.get(TEAM).content.decode()
    assert "Grace Hopper" in text
    assert foreign.person.email not in text
    assert 'href="/account/team/"' in text
    answer = client.post(f"{TEAM}{wish.pk}/", {"approve": "1"})

    for row in (wish, wish.person, meeting, card):
        row.refresh_from_db()
    assert answer.status_code == 302
    assert (wish.status, wish.decided_by, wish.settled_at) == ("approved", leader, NOW)
    assert (wish.person.organization, wish.person.role) == (leader.organization, Role.USER)
    assert (meeting.status, meeting.organization) == ("confirmed", leader.organization)
    assert card.status == "active"
    assert sorted(Event.objects.values_list("type", flat=True)) == [
        "access_card.activated",
        "meeting.confirmed",
        "user.joined",
    ]
    assert set(OutgoingEmail.objects.values_list("template", flat=True)) == {
        "join_approved",
        "booking_confirmed",
    }


def test_refused_person_stays_without_company(leader) -> None:
    wish = wish_of(leader)
    meeting = MeetingFactory(pending=True, organizer=wish.person, starts_at=NOW + dt.timedelta(3))

    browser(leader).post(f"{TEAM}{wish.pk}/", {"refuse": "1"})

    for row in (wish, wish.person, meeting):
        row.refresh_from_db()
    assert (wish.status, wish.person.organization, meeting.status) == ("refused", None, "pending")
    assert OutgoingEmail.objects.get().template == "join_refused"


def test_unverified_person_is_let_in_but_books_nothing_yet(leader) -> None:
    wish = wish_of(leader, email_verified_at=None)
    meeting = MeetingFactory(pending=True, organizer=wish.person, starts_at=NOW + dt.timedelta(3))

    approvals.approve(wish.pk, by=leader, now=NOW)

    meeting.refresh_from_db()
    assert meeting.status == "pending"
    assert not Event.objects.filter(type="meeting.confirmed").exists()


@pytest.mark.parametrize(
    "who",
    [
        lambda leader: UserFactory(organization=leader.organization, role=Role.USER),
        lambda leader: UserFactory(organization=leader.organization, role=Role.ADMIN),
        lambda leader: UserFactory(role=Role.PRINCIPAL_ADMIN),
        lambda leader: UserFactory(
            organization=leader.organization, role=Role.PRINCIPAL_ADMIN, email_verified_at=None
        ),
    ],
    ids=["user", "admin", "another company's", "unverified"],
)
def test_nobody_else_decides(leader, who) -> None:
    wish, person = wish_of(leader), who(leader)

    assert browser(person).post(f"{TEAM}{wish.pk}/", {"approve": "1"}).status_code == 404
    assert Client().get(link(wish, person)).status_code == 404
    wish.refresh_from_db()
    assert wish.status == "waiting"


def test_mailed_link_shows_and_its_buttons_decide(leader) -> None:
    wish = wish_of(leader)
    client = Client(enforce_csrf_checks=True)
    url = link(wish, leader)

    page = client.get(url)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
    assert [client.get(url).status_code for _ in range(2)] == [200, 200]
    wish.refresh_from_db()
    assert wish.status == "waiting"

    assert "Approved" in client.post(url, {"approve": "1"}).content.decode()
    wish.refresh_from_db()
    assert wish.status == "approved"
    assert client.post(url, {"refuse": "1"}).status_code == 409


def test_mailed_link_dies_with_the_administrators_role_and_after_thirty_days(leader) -> None:
    wish = wish_of(leader)
    url = link(wish, leader)
    with time_machine.travel(NOW + dt.timedelta(days=30, seconds=1), tick=False):
        assert Client().get(url).status_code == 404
    leader.role = Role.USER
    leader.save()

    assert Client().get(url).status_code == 404
    assert Client().get(link(wish, wish.person)).status_code == 404


def test_staff_decide_in_the_back_office(leader) -> None:
    wishes = [wish_of(leader), wish_of(leader)]
    client = logged_in()
    url = "/admin/organizations/joinrequest/"

    client.post(url, {"action": "approve", "_selected_action": [wishes[0].pk]})
    client.post(
        url,
        {"action": "refuse", "_selected_action": [wishes[0].pk, wishes[1].pk], "confirmed": "yes"},
    )

    assert [JoinRequest.objects.get(pk=wish.pk).status for wish in wishes] == [
        "approved",
        "refused",
    ]


def test_who_found_another_company_meanwhile_is_not_moved(leader) -> None:
    wish = wish_of(leader, organization=OrganizationFactory())

    with pytest.raises(joining.AlreadyDecided):
        approvals.approve(wish.pk, by=leader, now=NOW)


def test_sweep_confirms_what_a_crash_left(leader) -> None:
    wish = wish_of(leader)
    meeting = MeetingFactory(pending=True, organizer=wish.person, starts_at=NOW + dt.timedelta(3))
    approvals.approve(wish.pk, by=leader, now=NOW)
    MeetingFactory._meta.model.objects.filter(pk=meeting.pk).update(
        status="pending", hold_expires_at=NOW + dt.timedelta(1)
    )
    JoinRequest.objects.update(settled_at=None)

    assert approvals.settle_what_was_left(now=NOW + dt.timedelta(minutes=1)) == 0
    assert approvals.settle_what_was_left(now=NOW + dt.timedelta(minutes=2)) == 1
    meeting.refresh_from_db()
    assert meeting.status == "confirmed"


def test_administrator_sees_the_people_of_the_company(leader) -> None:
    mates = {"organization": leader.organization}
    UserFactory(first_name="Grace", last_name="Hopper", email="grace@acme.example", **mates)
    UserFactory(first_name="Alan", last_name="Turing", email_verified_at=None, **mates)
    UserFactory(first_name="Gone", is_archived=True, **mates)
    UserFactory(first_name="Zanzibar")

    text = browser(leader).get(TEAM).content.decode()

    assert text.index("Grace Hopper") < text.index("Alan Turing")
    assert "grace@acme.example" in text
    assert text.count("address not confirmed yet") == 1
    assert "Gone" not in text
    assert "Zanzibar" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_team_is_shown_in_a_fixed_number_of_queries(leader, count: int) -> None:
    UserFactory.create_batch(count, organization=leader.organization)
    for _ in range(count):
        wish_of(leader)
    client = browser(leader)
    client.get(TEAM)

    with CaptureQueriesContext(connection) as made:
        client.get(TEAM)

    assert len(made) == 7, [query["sql"][:90] for query in made]
