"""The mailed link that proves an address. Source: public-api, "The verification link"; safety, S-27, S-28."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from apitokens.models import Event
from booking.domain import activation, visitor_registrations
from booking.models import LinkRequest, Meeting
from config import background, links
from config.celery import app as celery
from config.links import Purpose
from organizations.domain import verifications
from organizations.models import (
    AccessCard,
    EmailVerification,
    JoinRequest,
    OutgoingEmail,
    Role,
    User,
)
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import (
    AccessCardFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PASSWORD = "a sentence is fine"


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture
def person() -> User:
    """Somebody who has just registered a company."""
    person = UserFactory(
        email="ada@acme.example",
        organization=OrganizationFactory(pending=True, name="Acme Corp"),
        role=Role.PRINCIPAL_ADMIN,
        email_verified_at=None,
    )
    verifications.send(person, company="Acme Corp", now=NOW)
    return person


def address() -> str:
    link = EmailVerification.objects.latest("created_at")
    return f"/register/verify/k/{links.key(Purpose.VERIFY_EMAIL, link.pk)}/"


def passwords(text: str = PASSWORD, again: str | None = None) -> dict[str, str]:
    return {"password1": text, "password2": text if again is None else again}


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def test_link_verifies_activates_and_confirms_in_one_go(client: Client, person: User) -> None:
    meeting = MeetingFactory(pending=True, organizer=person, starts_at=NOW + 72 * HOUR)
    card = AccessCardFactory(holder=person)
    other = AccessCardFactory(holder=UserFactory(email_verified_at=None))

    response = client.post(address(), passwords(), follow=True)

    text = response.content.decode()
    for row in (person, person.organization, meeting, card, other):
        row.refresh_from_db()
    assert "Your meeting is confirmed" in text
    assert "/booking/k/" in text
    assert (person.email_verified_at, person.check_password(PASSWORD)) == (NOW, True)
    assert (person.organization.status, meeting.status) == ("active", "confirmed")
    assert (card.status, other.status) == ("active", "ordered")
    assert sorted(events()) == [
        "access_card.activated",
        "meeting.confirmed",
        "organization.activated",
        "user.verified",
    ]
    mail = OutgoingEmail.objects.get(template="booking_confirmed")
    assert (mail.to_address, mail.calendar_method) == ("ada@acme.example", "REQUEST")
    assert EmailVerification.objects.get().settled_at == NOW


def test_slot_that_was_lost_meanwhile_is_told_with_alternatives(
    client: Client, person: User
) -> None:
    lost = MeetingFactory(expired=True, organizer=person, starts_at=NOW + 72 * HOUR)
    MeetingFactory(room=lost.room, starts_at=lost.starts_at)

    text = client.post(address(), passwords(), follow=True).content.decode()

    assert "Your account is open" in text
    assert "Somebody else has booked this time meanwhile" in text
    mail = OutgoingEmail.objects.get(template="slot_gone")
    assert mail.context["alternatives"]
    assert Meeting.objects.get(pk=lost.pk).status == "expired"


def test_looking_uses_nothing_up_and_the_link_works_once(client: Client, person: User) -> None:
    url = address()

    assert [client.get(url).status_code for _ in range(3)] == [200] * 3
    assert client.head(url).status_code == 200
    assert client.post(url, passwords()).status_code == 302
    assert client.get(url).status_code == client.post(url, passwords("x" * 12)).status_code == 404
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize(("hours", "status"), [(72, 404), (71.99, 200)])
def test_link_lasts_three_days(client: Client, person: User, hours: float, status: int) -> None:
    url = address()

    with time_machine.travel(NOW + hours * HOUR, tick=False):
        assert client.get(url).status_code == status


def test_link_dies_with_the_address(client: Client, person: User) -> None:
    url = address()
    User.objects.filter(pk=person.pk).update(email="other@acme.example")

    assert client.get(url).status_code == client.post(url, passwords()).status_code == 404
    person.refresh_from_db()
    assert person.email_verified_at is None


def test_link_dies_with_the_account(client: Client, person: User) -> None:
    url = address()
    User.objects.filter(pk=person.pk).update(is_archived=True)

    assert client.post(url, passwords()).status_code == 404


def test_one_used_link_uses_up_the_others(client: Client, person: User) -> None:
    first = address()
    verifications.send(person, company="Acme", now=NOW + HOUR)
    assert client.post(address(), passwords()).status_code == 302

    assert client.get(first).status_code == 404


def test_key_of_another_purpose_or_altered_opens_nothing(client: Client, person: User) -> None:
    link = EmailVerification.objects.get()
    other = links.key(Purpose.MANAGE_BOOKING, link.pk)
    key = links.key(Purpose.VERIFY_EMAIL, link.pk)

    for wrong in (other, key[:-1] + ("a" if key[-1] != "a" else "b"), link.pk):
        assert client.get(f"/register/verify/k/{wrong}/").status_code == 404


def test_page_sends_no_referrer_is_not_stored_and_works_without_cookies(person: User) -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.get(address())
    answer = client.post(address(), passwords(), headers={"Origin": "null"})

    for response in (page, answer, client.get(answer["Location"])):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("x" * 11, None),
        ("k" * 129, None),
        ("password1234", None),
        ("ada@acme.example", None),
        ("a sentence\x00 is fine", None),
        ("", None),
        (PASSWORD, "another sentence"),
        ("y" * 1_000_000, None),
    ],
)
def test_weak_password_is_refused_and_nothing_is_used_up(
    client: Client, person: User, text: str, again: str | None
) -> None:
    assert client.post(address(), passwords(text, again)).status_code == 422

    person.refresh_from_db()
    assert (person.email_verified_at, person.has_usable_password()) == (None, False)
    assert client.get(address()).status_code == 200


@pytest.mark.parametrize(
    "text", ["zebra-bicycle", " leading and trailing ", "k7" * 64, "пароль-длинный-да"]
)
def test_any_characters_of_12_to_128_make_a_password(
    client: Client, person: User, text: str
) -> None:
    assert client.post(address(), passwords(text)).status_code == 302
    person.refresh_from_db()
    assert person.check_password(text)


def test_who_has_a_password_keeps_it(client: Client) -> None:
    person = UserFactory(email_verified_at=None, password="correct horse battery")
    verifications.send(person, company="Acme", now=NOW)
    assert "password1" not in client.get(address()).content.decode()

    assert client.post(address(), passwords()).status_code == 302

    person.refresh_from_db()
    assert person.check_password("correct horse battery")


def test_who_waits_for_approval_gets_nothing_but_the_proof(client: Client) -> None:
    person = UserFactory(new=True)
    meeting = MeetingFactory(pending=True, organizer=person, starts_at=NOW + 72 * HOUR)
    organization = OrganizationFactory(pending=True)
    JoinRequest.objects.create(person=person, organization=organization, created_at=NOW)
    verifications.send(person, company="Acme", now=NOW)

    text = client.post(address(), passwords(), follow=True).content.decode()

    for row in (person, meeting, organization):
        row.refresh_from_db()
    assert "has been asked to approve you" in text
    assert (person.email_verified_at, person.organization) == (NOW, None)
    assert (meeting.status, organization.status) == ("pending", "pending")
    assert events() == ["user.verified"]


def test_simple_user_activates_no_company(client: Client) -> None:
    person = UserFactory(
        email_verified_at=None, organization=OrganizationFactory(pending=True), role=Role.USER
    )
    card = AccessCardFactory(holder=person)
    verifications.send(person, company="Acme", now=NOW)

    client.post(address(), passwords())

    person.organization.refresh_from_db()
    assert person.organization.status == "pending"
    assert AccessCard.objects.get(pk=card.pk).status == "ordered"


def test_cards_of_the_others_open_with_the_company(client: Client, person: User) -> None:
    colleague = UserFactory(organization=person.organization)
    card = AccessCardFactory(holder=colleague)
    lost = AccessCardFactory(holder=colleague, status="lost")

    client.post(address(), passwords())

    assert AccessCard.objects.get(pk=card.pk).status == "active"
    assert AccessCard.objects.get(pk=lost.pk).status == "lost"


def test_sweep_confirms_what_a_crash_left(person: User, monkeypatch) -> None:
    meeting = MeetingFactory(pending=True, organizer=person, starts_at=NOW + 72 * HOUR)
    link = EmailVerification.objects.get()

    def crash(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the machine went away")

    with monkeypatch.context() as patched:
        patched.setattr("booking.domain.confirmations.confirm_requests_of", crash)
        with pytest.raises(RuntimeError):
            activation.activate(link.pk, password=PASSWORD, now=NOW)

    assert activation.settle_what_was_left(now=NOW + dt.timedelta(minutes=1)) == 0
    assert activation.settle_what_was_left(now=NOW + dt.timedelta(minutes=2)) == 1
    assert activation.settle_what_was_left(now=NOW + dt.timedelta(minutes=9)) == 0
    meeting.refresh_from_db()
    assert meeting.status == "confirmed"


# --- asking for another link ----------------------------------------------------------------

RESEND = "/register/resend/"


@pytest.mark.parametrize("kind", ["unknown", "unverified", "member", "archived"])
def test_resend_page_is_the_same_for_all(
    client: Client, kind: str, django_capture_on_commit_callbacks
) -> None:
    email = "ada@acme.example"
    if kind != "unknown":
        UserFactory(
            email=email,
            email_verified_at=None if kind == "unverified" else NOW,
            is_archived=kind == "archived",
        )
    expected = client.post(RESEND, {"email": "nobody@acme.example"}, follow=True)
    assert "We write to that address" in expected.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(RESEND, {"email": email}, follow=True)

    assert answer.redirect_chain == expected.redirect_chain == [(f"{RESEND}?sent=1", 302)]
    assert answer.content == expected.content

    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == (
        {"unverified": "verify_email", "member": "already_registered"}.get(kind, "not_registered"),
        email,
    )


def test_resend_that_is_sent_twice_writes_once(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    client.get(RESEND)
    form = {"email": "ada@acme.example", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}

    with django_capture_on_commit_callbacks(execute=True):
        places = [client.post(RESEND, form)["Location"] for _ in range(2)]

    assert places == [f"{RESEND}?sent=1"] * 2
    assert OutgoingEmail.objects.count() == 1


def test_resend_refuses_what_is_no_address(client: Client) -> None:
    assert client.post(RESEND, {"email": "ada"}).status_code == 422


@pytest.fixture
def _dead_broker():
    """Nothing listens at the broker's port."""
    before = celery.conf.task_always_eager, celery.conf.broker_url
    celery.conf.update(task_always_eager=False, broker_url="redis://127.0.0.1:1/0")
    background.trust_broker_again()
    yield
    background._courier.wait()
    background.trust_broker_again()
    celery.conf.update(task_always_eager=before[0], broker_url=before[1])


@pytest.mark.usefixtures("_dead_broker")
def test_sweep_writes_to_whom_a_dead_broker_forgot(
    client: Client, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(RESEND, {"email": "Ada@acme.example"}).status_code == 302
    assert not OutgoingEmail.objects.exists()

    assert visitor_registrations.sweep(now=NOW + dt.timedelta(seconds=29)) == 0
    assert visitor_registrations.sweep(now=NOW + dt.timedelta(seconds=30)) == 1
    assert visitor_registrations.sweep(now=NOW + dt.timedelta(minutes=9)) == 0
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address) == ("not_registered", "ada@acme.example")
    assert not LinkRequest.objects.exists()
