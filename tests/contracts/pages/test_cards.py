"""Who leads a company blocks a lost card: asked first, once, and only one of its people's."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from config import record_history
from organizations.domain import archiving
from organizations.models import AccessCard, Organization, OutgoingEmail, Role, User
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
COMPANY = "/account/company/"
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def acme() -> Organization:
    return OrganizationFactory(name="Acme")


@pytest.fixture
def leader(acme: Organization) -> User:
    return UserFactory(organization=acme, role=Role.PRINCIPAL_ADMIN, first_name="Ada")


@pytest.fixture
def card(acme: Organization) -> AccessCard:
    holder = UserFactory(organization=acme, language="fr")
    return AccessCardFactory(holder=holder, number="CARD-1", status="active")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def block(card: AccessCard) -> str:
    return f"{COMPANY}cards/{card.pk}/block/"


def status(card: AccessCard) -> str:
    return AccessCard.objects.get(pk=card.pk).status


def test_it_is_asked_first(leader: User, card: AccessCard) -> None:
    client = browser(leader)

    assert f'href="{block(card)}"' in client.get(COMPANY).content.decode()
    asked = client.get(block(card)).content.decode()

    assert "CARD-1" in asked
    assert card.holder.full_name in asked
    assert status(card) == "active"


@pytest.mark.parametrize("before", ["ordered", "active"])
def test_the_card_is_blocked_its_holder_told_and_the_history_names_who_did_it(
    leader: User, card: AccessCard, before: str
) -> None:
    AccessCard.objects.update(status=before)

    answer = browser(leader).post(block(card), follow=True)

    assert answer.redirect_chain == [(COMPANY, 302)]
    assert "The card CARD-1 is blocked." in answer.content.decode()
    assert block(card) not in answer.content.decode()
    assert status(card) == "blocked"
    mail = OutgoingEmail.objects.get()
    assert (mail.template, mail.to_address, mail.language) == (
        "card_blocked",
        card.holder.email,
        "fr",
    )
    assert mail.context["number"] == "CARD-1"
    assert mail.context["person"] == leader.full_name
    latest = record_history.of_record(AccessCard, card.pk)[0]
    assert (latest.kind, latest.who) == ("update", str(leader))


@pytest.mark.parametrize("before", ["blocked", "lost"])
def test_one_that_opens_nothing_stays_as_it_is_without_a_mail(
    leader: User, card: AccessCard, before: str
) -> None:
    AccessCard.objects.update(status=before)
    client = browser(leader)

    assert block(card) not in client.get(COMPANY).content.decode()
    assert "This card opens no door any more." in client.get(block(card)).content.decode()
    assert client.post(block(card)).status_code == 302
    assert status(card) == before
    assert not OutgoingEmail.objects.exists()


def test_unarchiving_its_holder_does_not_open_it(leader: User, card: AccessCard) -> None:
    browser(leader).post(block(card))
    holder = User.objects.filter(pk=card.holder_id)

    archiving.archive(holder)
    archiving.unarchive(holder)

    assert status(card) == "blocked"


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN, Role.TEMP])
def test_who_does_not_lead_the_company_blocks_none(
    acme: Organization, card: AccessCard, role: Role
) -> None:
    client = browser(UserFactory(organization=acme, role=role))

    assert client.get(block(card)).status_code == client.post(block(card)).status_code == 404
    assert status(card) == "active"


def test_cards_of_others_are_unknown(leader: User) -> None:
    elsewhere = AccessCardFactory(status="active")
    of_nobody = AccessCardFactory(holder=UserFactory(organization=None), status="active")
    client = browser(leader)

    for card in (elsewhere, of_nobody):
        assert client.get(block(card)).status_code == client.post(block(card)).status_code == 404
        assert status(card) == "active"
    assert client.get(f"{COMPANY}cards/{'f' * 24}/block/").status_code == 404


def test_nobody_blocks_without_a_log_in(client: Client, card: AccessCard) -> None:
    assert client.post(block(card)).status_code == 302
    assert status(card) == "active"


def test_who_is_no_administrator_any_more_at_the_click_blocks_none(
    monkeypatch: pytest.MonkeyPatch, leader: User, card: AccessCard
) -> None:
    client = browser(leader)
    one = "organizations.domain.lost_cards.one"

    def demoted(*_args: object, **_kwargs: object) -> AccessCard:
        User.objects.filter(pk=leader.pk).update(role=Role.USER)
        return card

    monkeypatch.setattr(one, demoted)

    assert client.post(block(card)).status_code == 404
    assert status(card) == "active"
