"""Statements and contracts in the back office."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from contracts.models import ContractOption, Statement
from organizations.models import Organization
from tests.factories.contracts import ContractOptionFactory, RateFactory, StatementFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND, logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/contracts/statement/"


@pytest.fixture
def staff():
    return logged_in()


@pytest.fixture
def acme():
    return OrganizationFactory(name="Acme Corp", base_price=1000)


def run(staff, action, *statements):
    return staff.post(
        LIST,
        {"action": action, "_selected_action": [one.pk for one in statements], "confirmed": "yes"},
    )


def told(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_draft_is_made_anew_and_closed(staff, acme):
    draft = StatementFactory(organization=acme)

    assert told(run(staff, "make_anew", draft)) == ["1 statement changed."]
    draft.refresh_from_db()
    assert (draft.net, draft.vat, draft.gross) == (1000, 200, 1200)

    run(staff, "close", draft)
    draft.refresh_from_db()
    assert draft.status == "final"
    assert "This statement is final" in told(run(staff, "make_anew", draft))[-1]


def test_statement_shows_its_lines_and_is_never_edited(staff, acme):
    draft = StatementFactory(organization=acme)
    address = reverse("admin:contracts_statement_change", args=[draft.pk])

    assert "A12" in staff.get(address).content.decode()
    assert staff.post(address, {"net": 1}).status_code == 403
    assert Statement.objects.get().net == 100


def test_preview_shows_a_month_and_writes_nothing(staff, acme):
    address = reverse("admin:contracts_statement_preview")

    empty = staff.get(address)
    page = staff.get(address, {"organization": acme.pk, "month": "2030-03-15"})

    assert (empty.status_code, page.status_code) == (200, 200)
    assert page.context["tables"][0]["total"] == "€1,200"
    assert "Rent" in page.content.decode()
    assert Statement.objects.count() == 0


def test_preview_lists_no_organization_but_the_chosen_one(staff, acme):
    OrganizationFactory(name="Elsewhere")
    address = reverse("admin:contracts_statement_preview")

    page = staff.get(address, {"organization": acme.pk, "month": "2030-03-15"}).content.decode()

    assert f'<option value="{acme.pk}" selected>' in page
    assert "Elsewhere" not in page
    assert "autocomplete.js" in page


@pytest.mark.parametrize(
    "query", [{"organization": "x", "month": "y"}, {"month": "2030-03-15"}, {"organization": ""}]
)
def test_preview_of_nonsense_is_a_form_with_errors(staff, query):
    assert staff.get(reverse("admin:contracts_statement_preview"), query).status_code == 200


def test_preview_of_a_month_without_anything(staff):
    bare = OrganizationFactory()

    page = staff.get(
        reverse("admin:contracts_statement_preview"),
        {"organization": bare.pk, "month": "2030-03-15"},
    )

    assert "Nothing is due for that month." in page.content.decode()


@pytest.mark.parametrize("person", [None, {}, {"developer": True}, {"app_admin": True}])
def test_preview_opens_to_staff_with_their_second_factor_alone(client, acme, person):
    if person is not None:
        client.force_login(UserFactory(**person), backend=BACKEND)

    page = client.get(
        reverse("admin:contracts_statement_preview"),
        {"organization": acme.pk, "month": "2030-03-15"},
    )

    assert page.status_code in (302, 403)


def test_organizations_page_tells_promotions_and_statements(staff, acme):
    rate = RateFactory(type="promo", public_promo=20, promo_months=3)
    ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2030, 1, 15))
    StatementFactory(organization=acme)

    page = staff.get(reverse("admin:organizations_organization_change", args=[acme.pk]))

    text = page.content.decode()
    assert "14 April 2030" in text
    assert "120.00" in text


def test_address_of_documents_is_checked(staff, acme):
    address = reverse("admin:organizations_organization_change", args=[acme.pk])

    page = staff.post(address, {"name": "Acme", "rental_url": "https://a@b.example/"})

    assert "Documents cannot lie at this address." in page.content.decode()
    assert Organization.objects.get(pk=acme.pk).rental_url == ""


ORDERS = "/admin/contracts/contractoption/"


def order(acme, rate, **typed):
    return {"organization": acme.pk, "rate": rate.pk, "name": "Ours", "quantity": "1", **typed}


def test_an_order_has_the_key_of_its_rate(staff, acme):
    rate, dearer = RateFactory(key="parking"), RateFactory(key="fridge_rental")

    staff.post(f"{ORDERS}add/", order(acme, rate, key="typed"))
    made = ContractOption.objects.get()
    assert (made.organization, made.number, made.key) == (acme, 1, "parking")

    staff.post(f"{ORDERS}{made.pk}/change/", order(acme, dearer))
    made.refresh_from_db()
    assert (made.rate, made.key) == (dearer, "fridge_rental")


def test_what_is_had_once_is_refused_in_words(staff, acme):
    rate = RateFactory(key="parking")
    held = ContractOptionFactory(organization=acme, rate=rate)

    page = staff.post(f"{ORDERS}add/", order(acme, rate))

    assert "The organization has this service already" in page.content.decode()
    assert ContractOption.objects.get() == held
    assert staff.post(f"{ORDERS}{held.pk}/change/", order(acme, rate)).status_code == 302


def test_an_order_stays_with_its_company(staff, acme):
    order_of_acme, other = ContractOptionFactory(organization=acme), ContractOptionFactory()

    answer = staff.post(
        f"{ORDERS}{order_of_acme.pk}/change/", order(other.organization, order_of_acme.rate)
    )

    assert answer.status_code == 302
    order_of_acme.refresh_from_db()
    assert order_of_acme.organization == acme


def test_a_service_that_ends_before_it_starts_is_refused_in_words(staff, acme):
    typed = {"start_on": "2030-02-01", "end_on": "2030-01-31"}

    page = staff.post(f"{ORDERS}add/", order(acme, RateFactory(), **typed))

    assert "The service ends before it starts." in page.content.decode()
    assert not ContractOption.objects.exists()


@pytest.mark.parametrize("vat", [{"vat_type": "special"}, {"vat_type": "none", "vat_rate": "10"}])
def test_a_vat_that_does_not_go_with_its_rate_is_refused_in_words(staff, vat):
    page = staff.post("/admin/contracts/rate/add/", {"key": "x", "name": "X"} | vat)

    assert "A special VAT has a rate of its own" in page.content.decode()
