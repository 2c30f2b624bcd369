"""A company's people on its team page. Source: experience, "A company"; safety, S-09, S-11, S-20, S-25."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apitokens.domain import abuse_limits
from apitokens.domain.abuse_limits import Limit
from apitokens.models import ApiToken, WebhookEndpoint
from booking.domain import calendar_links
from booking.models import CalendarLink
from config import links
from config.links import Purpose
from organizations.domain.mail_messages import calendar_of
from organizations.models import Departure, Invitation, OutgoingEmail, Role, User
from tests.factories.apitokens import ApiTokenFactory, WebhookEndpointFactory
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
TEAM = "/account/team/"
DAY = dt.timedelta(days=1)
PASSWORD = "a sentence that is long"


@pytest.fixture(autouse=True)
def clock_():
    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def leader():
    return UserFactory(role=Role.PRINCIPAL_ADMIN, first_name="Ada", last_name="Byron")


def colleague_of(leader, **values):
    return UserFactory(organization=leader.organization, **values)


def browser(person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def invite(client, email="new@acme.example", role="user", language="en"):
    return client.post(
        f"{TEAM}invite/", {"email": email, "role": role, "language": language}, follow=True
    )


def remove(leader, person, **form):
    return browser(leader).post(f"{TEAM}people/{person.pk}/remove/", form)


# --- inviting


def test_invited_address_is_listed_and_written_to(leader) -> None:
    page = invite(browser(leader), " New@Acme.example", role="admin", language="fr")

    invitation = Invitation.objects.get()
    mail = OutgoingEmail.objects.get()
    assert "new@acme.example" in page.content.decode()
    assert (invitation.email, invitation.role, invitation.invited_by) == (
        "new@acme.example",
        Role.ADMIN,
        leader,
    )
    assert invitation.expires_at == NOW + 14 * DAY
    assert (mail.template, mail.to_address, mail.language) == (
        "team_invited",
        "new@acme.example",
        "fr",
    )
    assert mail.context["link"] == {"purpose": "accept-invitation", "subject": invitation.pk}


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"role": Role.PRINCIPAL_ADMIN},
        {"new": True},
        {"archived": True},
        {"organization": None, "is_archived": True},
        {"developer": True},
        {"app_admin": True},
    ],
    ids=["colleague elsewhere", "leader", "booker", "archived", "alone", "developer", "staff"],
)
def test_whoever_has_the_address_elsewhere_the_answer_and_the_work_are_the_same(
    leader, known
) -> None:
    UserFactory(email="known@elsewhere.example", **known)
    client = browser(leader)
    invite(client, "first@acme.example")
    answers = []

    for email in ("unknown@elsewhere.example", "known@elsewhere.example"):
        form = {"email": email, "role": "user", "language": "en"}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post(f"{TEAM}invite/", form)
        page = client.get(TEAM).content.decode().replace(email, "E")
        messages = page[page.index("toast") :][:200] if "toast" in page else ""
        answers.append((answer.status_code, answer["Location"], len(queries), messages))

    assert answers[0] == answers[1]
    mails = OutgoingEmail.objects.filter(to_address__endswith="@elsewhere.example")
    assert {(mail.template, frozenset(mail.context)) for mail in mails} == {
        ("team_invited", frozenset(["company", "inviter", "until_at", "link"]))
    }
    assert mails.count() == 2


def test_own_people_and_who_waits_for_approval_are_not_invited(leader) -> None:
    person = colleague_of(leader)
    asking = UserFactory(role=Role.TEMP, organization=None)
    asking.join_requests.create(organization=leader.organization, created_at=NOW)

    here = invite(browser(leader), person.email)
    waiting = invite(browser(leader), asking.email)

    assert (here.status_code, waiting.status_code) == (409, 409)
    assert "This person belongs to your company already." in here.content.decode()
    assert "This person waits for your approval on this page." in waiting.content.decode()
    assert not Invitation.objects.exists()


def test_archived_colleague_may_be_invited_like_anybody(leader) -> None:
    assert invite(browser(leader), colleague_of(leader, archived=True).email).status_code == 200


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "no address", "role": "user", "language": "en"}, "e-mail"),
        ({"email": "a@b.example", "role": "temp", "language": "en"}, "role"),
        ({"email": "a@b.example", "role": "app-admin", "language": "en"}, "role"),
        ({"email": "a@b.example", "role": "user", "language": "de"}, "language"),
        ({}, "everything"),
    ],
)
def test_what_is_no_invitation_is_refused(leader, form, field) -> None:
    assert browser(leader).post(f"{TEAM}invite/", form).status_code == 422
    assert not Invitation.objects.exists()


def test_invitation_is_sent_again_after_ten_minutes_and_lives_anew(leader, clock_) -> None:
    client = browser(leader)
    invite(client)
    invitation = Invitation.objects.get()
    again = f"{TEAM}invitations/{invitation.pk}/"

    clock_.shift(dt.timedelta(minutes=10) - dt.timedelta(seconds=1))
    early = client.post(again, {"resend": "1"}, follow=True)
    assert "less than ten minutes ago" in early.content.decode()
    assert invite(client).status_code == 409
    assert OutgoingEmail.objects.count() == 1

    clock_.shift(dt.timedelta(seconds=1))
    client.post(again, {"resend": "1"})
    invitation.refresh_from_db()
    assert invitation.expires_at == NOW + dt.timedelta(minutes=10) + 14 * DAY
    assert OutgoingEmail.objects.count() == 2

    clock_.shift(dt.timedelta(minutes=10))
    invite(client, role="admin")
    invitation.refresh_from_db()
    assert (Invitation.objects.count(), invitation.role) == (1, Role.ADMIN)
    assert OutgoingEmail.objects.count() == 3


def test_withdrawn_invitation_is_gone_and_its_link_dead(leader) -> None:
    client = browser(leader)
    invite(client)
    invitation = Invitation.objects.get()
    url = f"/invitation/k/{links.key(Purpose.ACCEPT_INVITATION, invitation.pk)}/"
    assert Client().get(url).status_code == 200

    page = client.post(f"{TEAM}invitations/{invitation.pk}/", {"withdraw": "1"}, follow=True)

    assert "withdrawn" in page.content.decode()
    assert Client().get(url).status_code == 404
    assert client.post(f"{TEAM}invitations/{invitation.pk}/", {"resend": "1"}).status_code == 404


def test_expired_invitation_is_shown_as_such(leader, clock_) -> None:
    client = browser(leader)
    invite(client)
    clock_.shift(14 * DAY)
    assert "The link expired on 21 January 2030." in browser(leader).get(TEAM).content.decode()


def test_another_companys_invitations_and_people_are_unknown(leader) -> None:
    other = UserFactory(role=Role.PRINCIPAL_ADMIN)
    invite(browser(other))
    foreign = Invitation.objects.get()
    client = browser(leader)

    statuses = [
        client.post(f"{TEAM}invitations/{foreign.pk}/", {"withdraw": "1"}).status_code,
        client.post(f"{TEAM}invitations/{'0' * 24}/", {"withdraw": "1"}).status_code,
        client.get(f"{TEAM}people/{other.pk}/").status_code,
        client.post(f"{TEAM}people/{other.pk}/", {"role": "user"}).status_code,
        client.get(f"{TEAM}people/{other.pk}/remove/").status_code,
        client.post(f"{TEAM}people/{other.pk}/remove/").status_code,
        client.get(f"{TEAM}people/\0/").status_code,
    ]

    assert statuses == [404] * 7
    assert "new@acme.example" not in client.get(TEAM).content.decode()
    foreign.refresh_from_db()
    other.refresh_from_db()
    assert (foreign.status, other.role) == ("waiting", Role.PRINCIPAL_ADMIN)


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN, Role.TEMP])
def test_other_roles_have_no_team_page(leader, role) -> None:
    person, client = colleague_of(leader), browser(colleague_of(leader, role=role))

    assert [
        client.get(TEAM).status_code,
        client.post(f"{TEAM}invite/", {"email": "a@b.example"}).status_code,
        client.post(f"{TEAM}people/{person.pk}/", {"role": "admin"}).status_code,
        client.post(f"{TEAM}people/{person.pk}/remove/").status_code,
    ] == [404] * 4


def test_a_company_invites_so_often_a_day_and_is_told(leader, monkeypatch) -> None:
    monkeypatch.setattr(abuse_limits, "INVITATIONS", Limit("invitations", 2, DAY))
    client = browser(leader)

    answers = [invite(client, f"person{number}@acme.example").status_code for number in range(3)]

    assert answers == [200, 200, 429]
    assert Invitation.objects.count() == OutgoingEmail.objects.count() == 2


def test_an_address_is_written_to_so_often_and_nobody_is_told(monkeypatch) -> None:
    monkeypatch.setattr(abuse_limits, "INVITED", Limit("invited", 2, DAY))

    leaders = [UserFactory(role=Role.PRINCIPAL_ADMIN) for _ in range(3)]
    answers = [invite(browser(leader)).status_code for leader in leaders]

    assert answers == [200, 200, 200]
    assert (Invitation.objects.count(), OutgoingEmail.objects.count()) == (3, 2)


@pytest.mark.parametrize("number", [1, 3])
def test_team_page_costs_the_same_for_any_number_of_people(leader, number) -> None:
    for _ in range(number):
        colleague_of(leader)
        Invitation.objects.create(
            organization=leader.organization,
            email=f"{number}-{_}@acme.example",
            created_at=NOW,
            sent_at=NOW,
            expires_at=NOW + DAY,
        )
    client = browser(leader)
    client.get(TEAM)

    with CaptureQueriesContext(connection) as queries:
        client.get(TEAM)

    assert len(queries) == 7


def test_a_large_company_is_paged_and_searched(leader) -> None:
    UserFactory.create_batch(50, organization=leader.organization, last_name="Aalto")
    colleague_of(leader, last_name="Zuse", first_name="Konrad", email="kz@acme.example")
    client = browser(leader)

    def rows(query: str) -> int:
        page = client.get(f"{TEAM}{query}").content.decode()
        return page.partition("<tbody>")[2].partition("</tbody>")[0].count('scope="row"')

    assert [rows(""), rows("?page=2"), rows("?page=99"), rows("?page=x")] == [50, 2, 2, 50]
    assert [rows("?q=zuse+konrad"), rows("?q=KZ@ac"), rows("?q=nobody"), rows("?q=%00")] == [
        1,
        1,
        0,
        50,
    ]
    assert client.get(f"{TEAM}invite/?page=2")["Location"] == TEAM


# --- roles


def test_role_is_changed_and_the_history_names_who(leader) -> None:
    person = colleague_of(leader)

    answer = browser(leader).post(f"{TEAM}people/{person.pk}/", {"role": "principal-admin"})

    person.refresh_from_db()
    assert (answer.status_code, person.role) == (302, Role.PRINCIPAL_ADMIN)
    event = User.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")
    assert (event.role, event.pgh_context.metadata["user"]) == ("principal-admin", leader.pk)


@pytest.mark.parametrize("role", ["temp", "api-developer", "", "app-admin"])
def test_roles_that_are_not_given_are_refused(leader, role) -> None:
    person = colleague_of(leader)

    answer = browser(leader).post(f"{TEAM}people/{person.pk}/", {"role": role})

    person.refresh_from_db()
    assert (answer.status_code, person.role) == (422, Role.USER)


def test_last_administrator_keeps_the_role(leader) -> None:
    colleague_of(leader, role=Role.PRINCIPAL_ADMIN, email_verified_at=None)
    colleague_of(leader, role=Role.PRINCIPAL_ADMIN, archived=True)
    url = f"{TEAM}people/{leader.pk}/"

    refused = browser(leader).post(url, {"role": "user"})
    leader.refresh_from_db()
    assert (refused.status_code, leader.role) == (422, Role.PRINCIPAL_ADMIN)
    assert "A company needs a principal administrator" in refused.content.decode()

    colleague_of(leader, role=Role.PRINCIPAL_ADMIN)
    allowed = browser(leader).post(url, {"role": "user"})
    leader.refresh_from_db()
    assert (allowed["Location"], leader.role) == ("/account/", Role.USER)


# --- leaving


def test_removed_persons_access_ends_at_once(leader) -> None:
    person = colleague_of(
        leader, role=Role.ADMIN, api_role="api-developer", external_id="7", password=PASSWORD
    )
    token = ApiTokenFactory(owner=person)
    WebhookEndpointFactory(owner=person)
    card = AccessCardFactory(holder=person, status="active")
    calendar_links.renew_own(person, now=NOW)
    calendar_links.renew_of_company(person, now=NOW)
    Invitation.objects.create(
        organization=leader.organization,
        email="friend@acme.example",
        invited_by=person,
        created_at=NOW,
        sent_at=NOW,
        expires_at=NOW + DAY,
    )
    session = Client()
    session.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert session.get("/account/").status_code == 200
    assert Client().get("/api/usage", headers=token.header).status_code == 200

    answer = remove(leader, person)

    assert (answer.status_code, answer["Location"]) == (302, TEAM)
    assert session.get("/account/").status_code == 302
    assert Client().get("/api/usage", headers=token.header).status_code == 401
    person.refresh_from_db()
    card.refresh_from_db()
    facts = (person.organization, person.role, person.api_role, person.external_id)
    assert facts == (None, Role.TEMP, "", "")
    assert not person.is_archived
    assert (card.status, card.blocked_from) == ("blocked", "")
    for gone in (ApiToken, WebhookEndpoint, CalendarLink):
        assert not gone.objects.exists()
    assert Invitation.objects.get().status == "withdrawn"
    departure = Departure.objects.get()
    assert (departure.person, departure.organization, departure.decided_by) == (
        person,
        leader.organization,
        leader,
    )
    assert OutgoingEmail.objects.get().template == "team_left"


def test_bookings_to_come_go_to_the_chosen_colleague_and_past_ones_stay(leader) -> None:
    person, heir = colleague_of(leader), colleague_of(leader, first_name="Grace", language="fr")
    mine = {"organizer": person, "organization": leader.organization, "contact_email": person.email}
    coming = MeetingFactory(starts_at=NOW + DAY, price=40, **mine)
    running = MeetingFactory(starts_at=NOW - dt.timedelta(minutes=30), **mine)
    past = MeetingFactory(starts_at=NOW - 3 * DAY, **mine)
    held = MeetingFactory(pending=True, starts_at=NOW + 3 * DAY, **mine)
    private = MeetingFactory(starts_at=NOW + 5 * DAY, **mine | {"organization": None})
    reserved = coming.reservations.get().blocked

    page = browser(leader).get(f"{TEAM}people/{person.pk}/remove/").content.decode()
    assert "2 bookings to come stay with the company" in page
    assert remove(leader, person, heir=heir.pk).status_code == 302

    for meeting in (coming, running, past, held, private):
        meeting.refresh_from_db()
    assert {(one.organizer, one.contact_email, one.language) for one in (coming, running)} == {
        (heir, heir.email, "fr")
    }
    assert {one.organizer for one in (past, held, private)} == {person}
    assert (coming.organization, coming.price, coming.status) == (
        leader.organization,
        40,
        "confirmed",
    )
    assert (coming.sequence, coming.handed_over_at) == (1, NOW)
    assert coming.reservations.get().blocked == reserved
    to_heir, to_person = OutgoingEmail.objects.order_by("template")
    assert (to_heir.template, to_heir.to_address, to_heir.calendar_method) == (
        "bookings_handed_over",
        heir.email,
        "REQUEST",
    )
    assert (to_person.template, to_person.to_address, to_person.calendar_method) == (
        "team_left",
        person.email,
        "CANCEL",
    )
    assert calendar_of(to_person).decode().count("SEQUENCE:1") == 2
    assert f"mailto:{person.email}" in calendar_of(to_person).decode().replace("\r\n ", "")
    assert f"mailto:{heir.email}" in calendar_of(to_heir).decode().replace("\r\n ", "")


def test_mailed_links_of_who_had_the_booking_die_and_new_ones_work(leader, clock_) -> None:
    person = colleague_of(leader)
    series = MeetingSeriesFactory()
    mine = {
        "organizer": person,
        "organization": leader.organization,
        "contact_email": person.email,
        "room": series.room,
        "series": series,
    }
    coming, past = (MeetingFactory(starts_at=NOW + days * DAY, **mine) for days in (2, -5))
    other = MeetingFactory(starts_at=NOW - 9 * DAY, organizer=person)
    old = {one: links.key(Purpose.MANAGE_BOOKING, one.pk) for one in (coming, past, other)}
    confirm = links.key(Purpose.CONFIRM_BOOKING, coming.pk)
    clock_.shift(dt.timedelta(seconds=5))

    remove(leader, person, heir=leader.pk)

    def statuses(key: str) -> set[int]:
        pages = ("", "calendar.ics", "change/")
        found = {Client().get(f"/booking/k/{key}/{page}").status_code for page in pages}
        return found | {Client().post(f"/booking/k/{key}/cancel/", {}).status_code}

    assert statuses(old[coming]) == statuses(old[past]) == {404}
    assert Client().get(f"/booking/confirm/k/{confirm}/").status_code == 404
    assert Client().get(f"/booking/k/{old[other]}/").status_code == 200
    fresh = links.key(Purpose.MANAGE_BOOKING, coming.pk)
    assert Client().get(f"/booking/k/{fresh}/").status_code == 200
    coming.refresh_from_db()
    assert coming.status == "confirmed"


@pytest.mark.parametrize("heir", ["", "stranger", "themselves", "unverified"])
def test_bookings_need_an_heir_of_the_company(leader, heir) -> None:
    person = colleague_of(leader)
    meeting = MeetingFactory(
        organizer=person, organization=leader.organization, starts_at=NOW + DAY
    )
    heirs = {
        "": "",
        "stranger": UserFactory().pk,
        "themselves": person.pk,
        "unverified": colleague_of(leader, email_verified_at=None).pk,
    }

    answer = remove(leader, person, heir=heirs[heir])

    person.refresh_from_db()
    meeting.refresh_from_db()
    assert (answer.status_code, person.organization, meeting.organizer) == (
        422,
        leader.organization,
        person,
    )


def test_staff_of_the_operator_are_not_taken_out(leader) -> None:
    person = colleague_of(leader, api_role="app-admin")
    token = ApiTokenFactory(owner=person)

    answer = remove(leader, person)

    person.refresh_from_db()
    assert (answer.status_code, person.organization) == (422, leader.organization)
    assert ApiToken.objects.get() == token


def test_somebody_leaves_by_themselves_and_stays_logged_in(leader) -> None:
    person = colleague_of(leader)
    meeting = MeetingFactory(
        organizer=person, organization=leader.organization, starts_at=NOW + DAY
    )
    client = browser(person)

    assert "Leave the company" in client.get("/account/profile/").content.decode()
    page = client.get(f"{TEAM}leave/").content.decode()
    assert f"Leave {leader.organization.name}?" in page
    answer = client.post(f"{TEAM}leave/", {"heir": leader.pk}, follow=True)

    person.refresh_from_db()
    meeting.refresh_from_db()
    assert (person.organization, meeting.organizer) == (None, leader)
    assert "You have left the company." in answer.content.decode()
    assert Departure.objects.get().decided_by == person
    assert client.get(f"{TEAM}leave/").status_code == 404


def test_last_administrator_stays(leader) -> None:
    colleague_of(leader)
    client = browser(leader)

    assert client.get(f"{TEAM}people/{leader.pk}/remove/")["Location"] == f"{TEAM}leave/"
    answer = client.post(f"{TEAM}leave/")

    leader.refresh_from_db()
    assert (answer.status_code, leader.organization is None) == (422, False)
    assert "A company needs a principal administrator" in answer.content.decode()


def test_who_left_is_new_again_and_may_join_another_company(leader) -> None:
    person = colleague_of(leader, external_id="7")
    UserFactory(organization=None, external_id="7")
    remove(leader, person)
    other = UserFactory(role=Role.PRINCIPAL_ADMIN, organization=OrganizationFactory())

    assert invite(browser(other), person.email).status_code == 200
    person.refresh_from_db()
    assert not person.is_existing
