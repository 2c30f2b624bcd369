"""A company's people see its data, those who lead it its contract; they alone change what is theirs."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization, Role, User
from tests.factories.contracts import ContractOptionFactory, RateFactory
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
COMPANY, CHANGE = "/account/company/", "/account/company/change/"
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
SIREN, VAT = "552032534", "FR27552032534"
TYPED = {
    "name": "Acme Conseil",
    "vat_number": "fr 27 552 032 534",
    "address": "1 rue de Rivoli\n75001 Paris",
    "email": "Bills@Acme.example",
    "phone": "01 23 45 67 89",
    "language": "fr",
}


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def acme() -> Organization:
    return OrganizationFactory(
        name="Acme",
        company_number=SIREN,
        address="8 quai Voltaire",
        rental_start_on=dt.date(2029, 1, 1),
        rental_end_on=dt.date(2030, 12, 31),
        renewal_months=12,
        rental_url="https://docs.example/acme",
    )


@pytest.fixture
def leader(acme: Organization) -> User:
    return UserFactory(organization=acme, role=Role.PRINCIPAL_ADMIN)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def rent(acme: Organization, name: str, **lease: object) -> None:
    room = RoomFactory(site__name="Workways Bastille", office=True, name=name)
    RoomLeaseFactory(organization=acme, room=room, price=850, **lease)


def test_who_leads_sees_rooms_services_promotions_renewal_and_documents(
    acme: Organization, leader: User
) -> None:
    SiteMembershipFactory(organization=acme, site=SiteFactory(name="Workways Opéra"))
    rent(acme, "Bureau Monet")
    ContractOptionFactory(
        organization=acme,
        rate=RateFactory(key="parking"),
        name="Parking",
        quantity=2,
        price=150,
        price_promo=90,
        promo_months=3,
        start_on=dt.date(2029, 12, 1),
    )

    text = browser(leader).get(COMPANY).content.decode()

    for part in (
        "8 quai Voltaire",
        "France",
        "Bureau Monet",
        "€850.00",
        "Parking × 2",
        "€90.00 until 28 February 2030",
        "31 December 2030",
        "by itself, for 12 months",
        'href="https://docs.example/acme"',
        "Workways Opéra",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/contract", "https://elsewhere.example/contract"]
)
def test_nobody_is_led_to_documents_at_an_address_that_may_not_be(
    leader: User, settings, address: str
) -> None:
    settings.RENTAL_URL_HOSTS = ["docs.example"]
    Organization.objects.filter(pk=leader.organization_id).update(rental_url=address)

    assert address not in browser(leader).get(COMPANY).content.decode()


def test_what_has_ended_is_left_out(acme: Organization, leader: User) -> None:
    rent(acme, "Bureau Hier", ends_on=dt.date(2030, 1, 6))
    rent(acme, "Bureau Encore", ends_on=dt.date(2030, 1, 7))
    for name, day in (("Gone", 6), ("Still", 7)):
        ContractOptionFactory(
            organization=acme,
            rate=RateFactory(key=f"service_{name}"),
            name=name,
            start_on=dt.date(2029, 1, 1),
            end_on=dt.date(2030, 1, day),
        )

    contract = browser(leader).get(COMPANY).context["contract"]

    assert [lease.room.name for lease in contract.leases] == ["Bureau Encore"]
    assert [service.option.name for service in contract.services] == ["Still"]


def test_other_members_see_the_data_and_neither_prices_nor_a_way_to_change_them(
    acme: Organization,
) -> None:
    rent(acme, "Bureau Monet")
    member = browser(UserFactory(organization=acme))

    text = member.get(COMPANY).content.decode()

    assert "8 quai Voltaire" in text
    assert "€850" not in text
    assert "https://docs.example" not in text
    assert CHANGE not in text
    assert member.get(CHANGE).status_code == 404
    assert member.post(CHANGE, TYPED).status_code == 404
    acme.refresh_from_db()
    assert acme.name == "Acme"


def test_the_page_asks_no_more_for_three_rooms_than_for_one(
    acme: Organization, leader: User
) -> None:
    client = browser(leader)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(COMPANY).status_code == 200
        return len(captured)

    def more(number: int) -> None:
        rent(acme, f"Bureau {number}")
        rate = RateFactory(key=f"service_{number}")
        ContractOptionFactory(organization=acme, rate=rate)
        SiteMembershipFactory(organization=acme, position=number)
        AccessCardFactory(holder=UserFactory(organization=acme))

    more(1)
    queries()
    one = queries()
    more(2)
    more(3)

    assert queries() == one


def test_who_leads_sees_the_cards_of_the_companys_people_alone(
    acme: Organization, leader: User
) -> None:
    member = UserFactory(organization=acme, first_name="Ada", last_name="Byron")
    AccessCardFactory(holder=member, number="CARD-1")
    AccessCardFactory(holder=UserFactory(), number="CARD-2")
    AccessCardFactory(holder=UserFactory(organization=acme, archived=True), number="CARD-3")

    shown = browser(leader).get(COMPANY)

    assert [card.number for card in shown.context["cards"]] == ["CARD-1"]
    assert "Ada Byron" in shown.content.decode()
    assert "CARD-1" not in browser(member).get(COMPANY).content.decode()


def test_a_change_is_saved_in_the_usual_spelling_and_in_the_history(
    acme: Organization, leader: User
) -> None:
    answer = browser(leader).post(CHANGE, TYPED)

    assert answer["Location"] == COMPANY
    acme.refresh_from_db()
    assert (acme.name, acme.vat_number, acme.email, acme.phone, acme.language) == (
        "Acme Conseil",
        VAT,
        "bills@acme.example",
        "+33123456789",
        "fr",
    )
    assert acme.address.splitlines() == ["1 rue de Rivoli", "75001 Paris"]
    latest = acme.events.order_by("pgh_id").last()
    assert latest.pgh_context.metadata["user"] == leader.pk


@pytest.mark.parametrize(
    "vat_number",
    ["FR00552032534", "FR83404833048", "nonsense"],
    ids=["wrong checksum", "another company's", "no number"],
)
def test_a_vat_number_that_is_not_the_companys_own_is_refused(
    acme: Organization, leader: User, vat_number: str
) -> None:
    page = browser(leader).post(CHANGE, TYPED | {"vat_number": vat_number})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["vat_number"]
    assert "Acme Conseil" in page.content.decode()
    acme.refresh_from_db()
    assert (acme.name, acme.vat_number) == ("Acme", "")


def test_a_number_that_another_company_has_is_refused(leader: User) -> None:
    Organization.objects.filter(pk=leader.organization_id).update(company_number="")
    OrganizationFactory(vat_number=VAT)

    page = browser(leader).post(CHANGE, TYPED)

    assert list(page.context["form"].errors) == ["vat_number"]


def test_a_number_that_staff_took_over_stays_as_it_is(acme: Organization, leader: User) -> None:
    Organization.objects.filter(pk=acme.pk).update(vat_number="FR1", phone="ext. 12")

    answer = browser(leader).post(CHANGE, TYPED | {"vat_number": "FR1", "phone": "ext. 12"})

    assert answer.status_code == 302


def test_company_number_country_and_terms_are_not_theirs_to_change(
    acme: Organization, leader: User
) -> None:
    told = {"company_number": "1", "country": "BE", "is_member": "on", "base_price": Decimal(1)}

    browser(leader).post(CHANGE, TYPED | told)

    acme.refresh_from_db()
    assert (acme.company_number, acme.country, acme.is_member, acme.base_price) == (
        SIREN,
        "FR",
        False,
        None,
    )


def test_who_only_asks_to_join_has_no_company_page(acme: Organization) -> None:
    asking = UserFactory(organization=acme, role=Role.TEMP)

    client = browser(asking)

    assert client.get(COMPANY).status_code == 404
    assert COMPANY not in client.get("/account/").content.decode()


def test_a_company_without_contract_is_told_what_one_is_for(client: Client) -> None:
    person = UserFactory(role=Role.PRINCIPAL_ADMIN, organization__country="")
    client.force_login(person, backend=BACKEND)

    assert "No contract by the month" in client.get(COMPANY).content.decode()
