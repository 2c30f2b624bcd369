"""GET /api/organization-info: every example, field and refusal of the document."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.contracts import ContractOptionFactory, RateFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/organization-info"
NOW = dt.datetime(2025, 3, 3, 10, tzinfo=dt.UTC)
END = dt.date(2025, 12, 31)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask(client):
    token = ApiTokenFactory()

    def _ask(headers=token.header, **query):
        return client.get(URL, query, headers=headers)

    return _ask


def refused(answer, status, message):
    assert (answer.status_code, answer.json()) == (status, {"retcode": -1, "message": message})


def test_documented_example(ask):
    acme = OrganizationFactory(
        id="507f1f77bcf86cd799439011",
        name="Acme Corp",
        rental_end_on=END,
        renewal_months=12,
        base_price=Decimal("1300.00"),
    )
    paris = SiteFactory(id="507f1f77bcf86cd799439022", name="Workways Paris")
    lyon = SiteFactory(id="507f1f77bcf86cd799439033", name="Workways Lyon")
    for position, site in enumerate((paris, lyon)):
        SiteMembershipFactory(site=site, organization=acme, position=position)
    RoomLeaseFactory(
        organization=acme,
        room=RoomFactory(
            id="507f191e810c19729de860ea",
            site=paris,
            private_office=True,
            name="Bureau Premium A12",
            public_name="Executive Suite",
        ),
        own_end_on=END,
        ends_on=END,
        price=850,
    )
    RoomLeaseFactory(
        organization=acme,
        room=RoomFactory(
            id="507f191e810c19729de860eb",
            site=paris,
            private_office=True,
            name="Bureau Standard B05",
        ),
        ends_on=END,
        price=450,
    )
    ContractOptionFactory(
        organization=acme,
        rate=RateFactory(key="parking"),
        name="Place de parking",
        quantity=2,
        price=150,
        start_on=dt.date(2024, 1, 1),
    )
    ContractOptionFactory(
        organization=acme, rate=RateFactory(key="tv_rental"), name="Location TV", price=30
    )

    assert ask(id="507f1f77bcf86cd799439011").json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "_id": "507f1f77bcf86cd799439011",
            "name": "Acme Corp",
            "isArchived": False,
            "contractEndDate": "2025-12-31",
            "renewalMonths": 12,
            "allocatedRooms": [
                {
                    "_id": "507f191e810c19729de860ea",
                    "name": "Bureau Premium A12",
                    "contractEndDate": "2025-12-31",
                    "price": 850,
                    "siteId": "507f1f77bcf86cd799439022",
                },
                {
                    "_id": "507f191e810c19729de860eb",
                    "name": "Bureau Standard B05",
                    "contractEndDate": "",
                    "price": 450,
                    "siteId": "507f1f77bcf86cd799439022",
                },
            ],
            "accessibleSites": [
                {"_id": "507f1f77bcf86cd799439022", "name": "Workways Paris", "country": "fr"},
                {"_id": "507f1f77bcf86cd799439033", "name": "Workways Lyon", "country": "fr"},
            ],
            "basePrice": 1300,
            "contractOptions": [
                {
                    "id": 1,
                    "name": "Place de parking",
                    "key": "parking",
                    "quantity": 2,
                    "price": 150,
                    "pricePromo": None,
                    "startDate": "2024-01-01",
                    "endDate": "",
                },
                {
                    "id": 2,
                    "name": "Location TV",
                    "key": "tv_rental",
                    "quantity": 1,
                    "price": 30,
                    "pricePromo": None,
                    "startDate": "",
                    "endDate": "",
                },
            ],
        },
    }


def test_organization_without_a_contract(ask):
    bare = OrganizationFactory(archived=True, name="Bare")

    assert ask(id=bare.id).json()["data"] == {
        "_id": bare.id,
        "name": "Bare",
        "isArchived": True,
        "contractEndDate": "",
        "renewalMonths": None,
        "allocatedRooms": [],
        "accessibleSites": [],
        "basePrice": None,
        "contractOptions": [],
    }


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ({}, 400, "Missing required parameter: id"),
        ({"id": "abc"}, 400, "Invalid organization ID format"),
        ({"id": "f" * 24}, 404, "Organization not found"),
    ],
)
def test_documented_refusals(ask, query, status, message):
    refused(ask(**query), status, message)


def test_needs_a_token(ask):
    refused(
        ask(headers={}, id="f" * 24),
        401,
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>",
    )


@pytest.mark.parametrize(("ends_on", "shown"), [("2025-03-02", 0), ("2025-03-03", 1), (None, 1)])
def test_lease_shows_until_its_last_day(ask, ends_on, shown):
    lease = RoomLeaseFactory(ends_on=ends_on)

    assert len(ask(id=lease.organization_id).json()["data"]["allocatedRooms"]) == shown


def test_last_day_is_that_of_the_site(ask):
    lease = RoomLeaseFactory(room__site__time_zone="Pacific/Auckland", ends_on="2025-03-03")
    with time_machine.travel(dt.datetime(2025, 3, 3, 12, tzinfo=dt.UTC), tick=False):
        assert ask(id=lease.organization_id).json()["data"]["allocatedRooms"] == []


def test_company_reads_itself_alone(ask):
    own, other = OrganizationFactory(), OrganizationFactory()
    developer = UserFactory(organization=own, api_role="api-developer")
    token = ApiTokenFactory(owner=developer)
    staff = ApiTokenFactory(owner=UserFactory(organization=own, api_role="app-admin"))

    assert ask(headers=token.header, id=own.id).json()["data"]["_id"] == own.id
    refused(ask(headers=token.header, id=other.id), 404, "Organization not found")
    assert ask(headers=staff.header, id=other.id).json()["data"]["_id"] == other.id


@pytest.mark.parametrize("count", [1, 3])
def test_queries(ask, count):
    organization = OrganizationFactory()
    for _ in range(count):
        RoomLeaseFactory(organization=organization)
        SiteMembershipFactory(organization=organization)
        ContractOptionFactory(organization=organization)
    ask(id=organization.id)

    with CaptureQueriesContext(connection) as queries:
        data = ask(id=organization.id).json()["data"]

    lists = ("allocatedRooms", "accessibleSites", "contractOptions")
    assert [len(data[name]) for name in lists] == [count] * 3
    assert len(queries) <= 6, [query["sql"][:80] for query in queries]
