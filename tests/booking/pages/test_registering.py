"""Registering on the website: the form from everywhere, and the same page for every address."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from booking.domain import registration_links, visitor_registrations
from booking.models import Meeting, Registration
from config import links
from config.links import Purpose
from organizations.models import EmailVerification, Organization, OutgoingEmail, User
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
URL = "/register/"


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def site():
    return SiteFactory(name="Paris République")


def typed(site=None, **changes):
    facts = {
        "name": "Acme Corp",
        "country": "FR",
        "company_number": "12345678901234",
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "ada@visitor.example",
        "phone": "06 12 34 56 78",
        "max_resident_users": "3",
        "comments": "A desk by the window",
        "terms": "on",
    }
    return facts | ({"site_id": site.id} if site else {}) | changes


def work() -> None:
    """Do what the background would."""
    for registration in Registration.objects.filter(status="waiting"):
        visitor_registrations.work_on(registration.pk, now=NOW)


def mails() -> list[tuple[str, str]]:
    return list(OutgoingEmail.objects.order_by("id").values_list("template", "to_address"))


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_form_lets_choose_a_public_site(client: Client, site, prefix: str) -> None:
    SiteFactory(hidden=True, name="Hidden place")

    text = client.get(prefix + URL).content.decode()

    assert "Paris République" in text
    assert "Hidden place" not in text


def test_stranger_registers_and_the_terms_are_kept(client: Client, site) -> None:
    response = client.post(URL, typed(site), follow=True)

    kept = Registration.objects.get()
    assert response.redirect_chain[0][1] == 302
    assert "Company number: will be checked later" in response.content.decode()
    assert (kept.status, kept.email, kept.terms_accepted_at) == (
        "waiting",
        "ada@visitor.example",
        NOW,
    )
    assert Organization.objects.count() == 0

    work()

    kept.refresh_from_db()
    organization = Organization.objects.get()
    assert (kept.status, kept.organization, kept.told) == ("CREATED", organization, {})
    assert (organization.name, organization.phone, organization.comments) == (
        "Acme Corp",
        "+33612345678",
        "A desk by the window",
    )
    assert mails() == [("verify_email", "ada@visitor.example")]


def test_work_is_done_once(client: Client, site) -> None:
    client.post(URL, typed(site))
    (kept,) = Registration.objects.all()

    for _ in range(3):
        visitor_registrations.work_on(kept.pk, now=NOW)

    assert mails() == [("verify_email", "ada@visitor.example")]


def test_sweep_does_what_a_dead_broker_missed(client: Client, site) -> None:
    client.post(URL, typed(site))

    assert visitor_registrations.sweep(now=NOW + dt.timedelta(seconds=29)) == 0
    assert visitor_registrations.sweep(now=NOW + dt.timedelta(seconds=30)) == 1
    assert Organization.objects.count() == 1


def test_what_cannot_be_done_any_more_is_refused_once(client: Client, site) -> None:
    client.post(URL, typed(site))
    site.delete()

    work()

    assert Registration.objects.get().status == "refused"
    assert mails() == [("registration_refused", "ada@visitor.example")]


def test_number_of_an_archived_company_is_told_to_the_mailbox_alone(client: Client, site) -> None:
    OrganizationFactory(company_number="73282932000074", archived=True)

    response = client.post(URL, typed(site, company_number="73282932000074"))
    work()

    assert response.status_code == 302
    assert Registration.objects.get().status == "refused"
    assert mails() == [("registration_refused", "ada@visitor.example")]


KNOWN = {
    "unknown": lambda: None,
    "known by a booking": lambda: UserFactory(new=True, email="ada@visitor.example"),
    "member": lambda: UserFactory(email="ada@visitor.example"),
    "unverified member": lambda: UserFactory(email="ada@visitor.example", email_verified_at=None),
    "developer": lambda: UserFactory(developer=True, email="ada@visitor.example"),
    "archived": lambda: UserFactory(archived=True, email="ada@visitor.example"),
}


@pytest.mark.parametrize("kind", KNOWN)
def test_page_and_work_are_the_same_for_every_address(client: Client, site, kind: str) -> None:
    """Source: safety, S-20 and S-21: status, headers, body and queries; nothing is sent inline."""
    client.get(URL)
    expected = _answer_and_queries(Client(), typed(site, email="nobody@visitor.example"))
    KNOWN[kind]()

    assert _answer_and_queries(Client(), typed(site)) == expected
    assert mails() == []


def _answer_and_queries(client: Client, form: dict) -> tuple:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.post(URL, form)
    page = client.get(response["Location"])
    headers = sorted(name for name in response.headers if name != "X-Request-Id")
    return response.status_code, headers, page.content, len(captured)


@pytest.mark.parametrize(
    ("kind", "mail"),
    [
        ("known by a booking", "verify_email"),
        ("member", "already_registered"),
        ("unverified member", "verify_email"),
        ("developer", "already_registered"),
        ("archived", "registration_refused"),
    ],
)
def test_mailbox_alone_is_told(client: Client, site, kind: str, mail: str) -> None:
    KNOWN[kind]()
    companies = Organization.objects.count()

    client.post(URL, typed(site))
    work()

    assert mails() == [(mail, "ada@visitor.example")]
    assert Organization.objects.count() - companies == (1 if kind == "known by a booking" else 0)


def test_stranger_cannot_move_a_person_whose_address_is_proven(client: Client, site) -> None:
    person = UserFactory(developer=True, email="ada@visitor.example")

    client.post(URL, typed(site))
    work()

    person.refresh_from_db()
    assert (person.organization, person.role) == (None, "user")


def test_office_is_the_room_of_interest(client: Client) -> None:
    office = RoomFactory(office=True, name="Bureau Monet")
    text = client.get(f"{URL}?room={office.id}").content.decode()
    assert "Your interest in Bureau Monet" in text

    client.post(f"{URL}?room={office.id}", typed())
    work()

    assert Registration.objects.get().room_of_interest == office
    assert list(Organization.objects.get().accessible_sites.all()) == [office.site]


@pytest.fixture
def held():
    """A request of somebody whom nobody knows."""
    return MeetingFactory(
        pending=True,
        organizer=UserFactory(new=True, email="ada@visitor.example"),
        starts_at=NOW + dt.timedelta(days=3),
    )


def mailed_link(meeting: Meeting) -> str:
    """Return the address that the mail about a held request tells."""
    key = links.key(Purpose.COMPLETE_REGISTRATION, registration_links.subject(meeting))
    return f"/register/k/{key}/"


PASSWORD = {"password1": "a sentence is fine", "password2": "a sentence is fine"}


def test_held_booking_leads_to_the_form_for_its_address_alone(client: Client, held) -> None:
    text = client.get(mailed_link(held)).content.decode()
    assert "You register as <strong>ada@visitor.example</strong>" in text
    assert 'name="email"' not in text

    client.post(mailed_link(held), typed(email="evil@elsewhere.example", **PASSWORD))

    assert not User.objects.filter(email="evil@elsewhere.example").exists()


def test_who_follows_the_mailed_link_proves_the_address_once(client: Client, held) -> None:
    response = client.post(mailed_link(held), typed(**PASSWORD), follow=True)

    text = response.content.decode()
    held.refresh_from_db()
    person = User.objects.get(email="ada@visitor.example")
    company = Organization.objects.get()
    assert "Your meeting is confirmed" in text
    assert "Company number: will be checked later" in text
    assert (held.status, held.organization) == ("confirmed", company)
    assert (company.status, company.name, person.role) == ("active", "Acme Corp", "principal-admin")
    assert (person.email_verified_at, person.check_password("a sentence is fine")) == (NOW, True)
    assert mails() == [("booking_confirmed", "ada@visitor.example")]
    assert Registration.objects.get().status == "CREATED"
    assert EmailVerification.objects.get().settled_at == NOW


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "a sentence is fine", "password2": "another one is too"}, "differ"),
        ({}, "This field is required."),
    ],
)
def test_password_that_is_refused_keeps_nothing(client: Client, held, password, says) -> None:
    response = client.post(mailed_link(held), typed(**password))

    assert (response.status_code, says in response.content.decode()) == (422, True)
    assert (Organization.objects.count(), Registration.objects.count(), mails()) == (0, 0, [])
    held.refresh_from_db()
    assert held.status == "pending"


def test_who_is_a_customer_by_now_is_led_to_the_booking(client: Client, held) -> None:
    client.post(mailed_link(held), typed(**PASSWORD))

    again = client.get(mailed_link(held), follow=True)
    posted = client.post(mailed_link(held), typed(**PASSWORD, name="Another"))

    assert "Your booking is confirmed." in again.content.decode()
    assert (posted.status_code, Organization.objects.count()) == (302, 1)


def test_old_link_does_not_prove_the_address(client: Client, held) -> None:
    with time_machine.travel(NOW - dt.timedelta(hours=72, seconds=1), tick=False):
        old = mailed_link(held)

    client.post(old, typed())

    assert mails() == [("verify_email", "ada@visitor.example")]
    assert not User.objects.get(email="ada@visitor.example").has_usable_password()


def test_link_of_who_had_the_request_before_proves_nothing(client: Client, held) -> None:
    link = mailed_link(held)
    Meeting.objects.filter(pk=held.pk).update(contact_email="bob@visitor.example")

    client.post(link, typed(**PASSWORD))

    assert mails() == [("verify_email", "bob@visitor.example")]
    assert not User.objects.get(email="bob@visitor.example").has_usable_password()


def test_link_without_a_mark_proves_nothing(client: Client, held) -> None:
    client.post(f"/register/k/{links.key(Purpose.COMPLETE_REGISTRATION, held.id)}/", typed())

    assert mails() == [("verify_email", "ada@visitor.example")]


def test_company_that_somebody_else_registered_is_named_by_mail_first(client: Client, held) -> None:
    """Who followed the link to their booking has not seen whose company they would lead."""
    person = held.organizer
    person.organization = OrganizationFactory(pending=True, name="Evil Corp")
    person.role = "principal-admin"
    person.save()

    client.post(mailed_link(held), typed(**PASSWORD))

    assert mails() == [("verify_email", "ada@visitor.example")]
    person.refresh_from_db()
    assert (person.email_verified_at, person.has_usable_password()) == (None, False)


def test_who_asks_to_join_has_proven_the_address_and_waits(client: Client, held) -> None:
    company = OrganizationFactory(company_number="73282932000074")
    leader = UserFactory(organization=company, role="principal-admin")

    text = client.post(
        mailed_link(held), typed(company_number="732 829 320 00074", **PASSWORD), follow=True
    ).content.decode()

    person = User.objects.get(email="ada@visitor.example")
    held.refresh_from_db()
    assert "has been asked to approve you" in text
    assert (person.email_verified_at, person.organization, held.status) == (NOW, None, "pending")
    assert mails() == [("join_asked", leader.email)]


def test_person_who_is_logged_in_registers_for_themselves(client: Client, site) -> None:
    person = UserFactory(developer=True, password="a sentence is fine")
    client.force_login(person, backend=BACKEND)

    page = client.post(URL, typed(site, email="evil@elsewhere.example"), follow=True)

    person.refresh_from_db()
    assert person.organization == Organization.objects.get()
    assert (person.organization.status, mails()) == ("active", [])
    assert "My account" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"first_name": ""}, "first_name"),
        ({"email": "ada"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"max_resident_users": "0"}, "max_resident_users"),
        ({"terms": ""}, "terms"),
        ({"country": "XX"}, "country"),
        ({"name": "A\x00B"}, "name"),
    ],
)
def test_errors_stand_at_their_field_and_the_rest_is_kept(
    client: Client, site, changes: dict, field: str
) -> None:
    response = client.post(URL, typed(site, **changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "A desk by the window" in response.content.decode()
    assert Registration.objects.count() == 0


def test_header_injection_is_one_harmless_line(client: Client, site) -> None:
    """Source: safety, S-34."""
    evil = "Ada\r\nBcc: all@list.example http://evil.example www.evil.example " + "x" * 90

    client.post(URL, typed(site, first_name=evil[:100], name=evil))
    work()

    context = OutgoingEmail.objects.get().context
    for text in (context["first_name"], context["company"]):
        assert len(text) <= 80
        assert "://" not in text
        assert "\n" not in text
        assert "www." not in text


def test_too_many_forms_of_one_network_address_are_refused(client: Client, site) -> None:
    answers = [client.post(URL, typed(site, name="")).status_code for _ in range(61)]

    assert answers == [422] * 60 + [429]


CHECK = "/register/check/"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("phone", "call me", "Enter a phone number at which we can call you."),
        ("phone", "06 12 34 56 78", ""),
        ("email", "ada@", "Enter a valid email address."),
        ("email", "ada@visitor.example", ""),
        ("name", "", "This field is required."),
        ("name", "Acme", ""),
        ("max_resident_users", "0", "Ensure this value is greater than or equal to 1."),
        ("max_resident_users", "1", ""),
    ],
)
def test_left_field_is_checked_alone(
    client: Client, site, name: str, value: str, says: str
) -> None:
    answer = client.post(CHECK, {"checked": name, "country": "FR", name: value})

    text = re.sub(r"<[^>]+>", "", answer.content.decode()).strip()
    assert (answer.status_code, text) == (200, says)
    assert Registration.objects.count() == 0


def test_phone_is_read_in_the_chosen_country(client: Client, site) -> None:
    national = {"checked": "phone", "phone": "0470 12 34 56"}

    answers = [client.post(CHECK, national | {"country": code}) for code in ("BE", "")]

    assert ["field__error" in answer.content.decode() for answer in answers] == [False, True]


def test_check_says_the_same_of_known_and_unknown_addresses(client: Client, site) -> None:
    UserFactory(email="known@acme.example")

    answers = [
        client.post(CHECK, {"checked": "email", "email": email}).content
        for email in ("known@acme.example", "nobody@acme.example")
    ]

    assert answers[0] == answers[1]


def test_field_that_the_form_lacks_is_not_checked(client: Client, site) -> None:
    assert client.post(CHECK, {"checked": "role"}).status_code == 404
    assert client.get(CHECK).status_code == 405
