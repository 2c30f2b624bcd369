"""GET /api/contract-options: every example, field and refusal of the document."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import UNIQUE_KEYS
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.contracts import RateFactory
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

URL = "/api/contract-options"
GENERIC_KEYS = (
    "tv_rental",
    "fridge_rental",
    "phonebooth_rental",
    "appliance_rental",
    "furniture_rental",
    "service_by_month",
    "service_by_month_prepaid",
)


@pytest.fixture
def site():
    return SiteFactory(id="507f1f77bcf86cd799439011")


@pytest.fixture
def ask(client):
    token = ApiTokenFactory()

    def _ask(headers=token.header, **query):
        return client.get(URL, query, headers=headers)

    return _ask


def refused(answer, status, message):
    assert (answer.status_code, answer.json()) == (status, {"retcode": -1, "message": message})


def test_documented_example(ask, site):
    RateFactory(
        id="507f1f77bcf86cd799439011",
        key="parking",
        name="Parking space",
        name_fr="Place de Parking",
        name_en="Parking Space",
        public_base=150,
        member_base=135,
        setup_fees=50,
    )
    RateFactory(
        id="507f1f77bcf86cd799439022",
        key="tv_rental",
        name="TV Rental",
        name_fr="Location TV",
        name_en="TV Rental",
        type="quantity",
    )
    RateFactory(
        id="507f1f77bcf86cd799439033",
        key="service_by_month",
        name="Monthly Service",
        name_fr="Service mensuel",
        name_en="Monthly Service",
        type="promo",
        public_base=200,
        member_base=180,
        public_promo=150,
        member_promo=135,
        promo_months=3,
        setup_fees=100,
        vat_type="special",
        vat_rate=10,
    )

    body = ask(site=site.id).json()

    assert (body["retcode"], body["message"]) == (1, "OK")
    assert {row["key"]: row for row in body["data"]} == {
        "parking": {
            "_id": "507f1f77bcf86cd799439011",
            "key": "parking",
            "name": "Parking space",
            "nameFr": "Place de Parking",
            "nameEn": "Parking Space",
            "type": "other",
            "isUnique": True,
            "isGeneric": False,
            "supportsQuantity": False,
            "pricing": {
                "publicBase": 150,
                "memberBase": 135,
                "publicPromo": None,
                "memberPromo": None,
                "promoMonthDuration": None,
                "setupFees": 50,
            },
            "vat": {"type": "standard", "rate": None},
        },
        "tv_rental": {
            "_id": "507f1f77bcf86cd799439022",
            "key": "tv_rental",
            "name": "TV Rental",
            "nameFr": "Location TV",
            "nameEn": "TV Rental",
            "type": "quantity",
            "isUnique": False,
            "isGeneric": True,
            "supportsQuantity": True,
            "pricing": {
                "publicBase": 30,
                "memberBase": 27,
                "publicPromo": None,
                "memberPromo": None,
                "promoMonthDuration": None,
                "setupFees": 0,
            },
            "vat": {"type": "standard", "rate": None},
        },
        "service_by_month": {
            "_id": "507f1f77bcf86cd799439033",
            "key": "service_by_month",
            "name": "Monthly Service",
            "nameFr": "Service mensuel",
            "nameEn": "Monthly Service",
            "type": "promo",
            "isUnique": False,
            "isGeneric": True,
            "supportsQuantity": False,
            "pricing": {
                "publicBase": 200,
                "memberBase": 180,
                "publicPromo": 150,
                "memberPromo": 135,
                "promoMonthDuration": 3,
                "setupFees": 100,
            },
            "vat": {"type": "special", "rate": 10},
        },
    }


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ({}, 400, "Missing required parameter: site"),
        ({"site": " "}, 400, "Missing required parameter: site"),
        ({"site": "abc"}, 400, "Invalid site ID format"),
        ({"site": "f" * 24}, 404, "Site not found"),
    ],
)
def test_documented_refusals(ask, query, status, message):
    refused(ask(**query), status, message)


def test_needs_a_token_that_reads(ask, site):
    refused(
        ask(headers={}, site=site.id),
        401,
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>",
    )
    writer = ApiTokenFactory(scopes=["contracts:write"])
    refused(
        ask(headers=writer.header, site=site.id), 403, "Forbidden: this token lacks the scope read"
    )


def test_lists_active_rates_of_the_site_and_general_ones_it_does_not_replace(ask, site):
    own = RateFactory(site=site, key="parking", public_base=Decimal("99.5"))
    RateFactory(key="parking")
    general = RateFactory(key="bike_garage")
    RateFactory(key="tv_rental", is_active=False)
    RateFactory(key="bike_garage", site=SiteFactory())
    kept = RateFactory(key="private_wifi")
    RateFactory(site=site, key="private_wifi", is_active=False)

    data = ask(site=site.id.upper()).json()["data"]

    assert [row["_id"] for row in data] == [general.id, own.id, kept.id]
    assert data[1]["pricing"]["publicBase"] == 99.5


@pytest.mark.parametrize("key", [*UNIQUE_KEYS, *GENERIC_KEYS])
def test_unique_and_generic_keys(ask, site, key):
    RateFactory(key=key)

    (row,) = ask(site=site.id).json()["data"]

    assert (row["isUnique"], row["isGeneric"]) == (key not in GENERIC_KEYS, key in GENERIC_KEYS)


@pytest.mark.parametrize(
    ("kind", "supports"),
    [
        ("other", False),
        ("quote", False),
        ("quantity", True),
        ("promo", False),
        ("promoWithQuantity", True),
    ],
)
def test_which_types_support_quantity(ask, site, kind, supports):
    RateFactory(type=kind)

    (row,) = ask(site=site.id).json()["data"]

    assert (row["type"], row["supportsQuantity"]) == (kind, supports)


def test_vat_rate_is_told_for_special_alone(ask, site):
    RateFactory(vat_type="none")

    (row,) = ask(site=site.id).json()["data"]

    assert row["vat"] == {"type": "none", "rate": None}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(ask, site, count):
    ask(site=site.id)
    RateFactory.create_batch(count)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(ask(site=site.id).json()["data"]) == count

    assert len(queries) <= 5, [query["sql"][:80] for query in queries]
