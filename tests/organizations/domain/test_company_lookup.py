"""A company is found among many by the digits of its numbers, through their indexes."""

import pytest
from django.db import connection

from organizations.domain import company_matching
from organizations.models import Organization

pytestmark = pytest.mark.django_db
MANY = 20_000


def test_twenty_thousand_companies_are_not_read_through():
    Organization.objects.bulk_create(
        Organization(
            name=f"Company {number}",
            country="FR",
            company_number=f"{number * 7919:014d}",
            vat_number=f"FR00{number * 104_729 % 10**9:09d}",
        )
        for number in range(MANY)
    )
    spelt = Organization.objects.create(
        name="ACME", country="FR", company_number="732 829 320 00074"
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organizations_organization")

    plan = company_matching.near("FR", "732829320").explain()
    found = company_matching.find(country="FR", company_number="732829320", vat_number="")

    assert "organization_number_digits" in plan
    assert "organization_vat_digits" in plan
    assert "Seq Scan" not in plan
    assert found.organization == spelt
