"""Company matching: which company, of those that are here already, somebody means by a number.

Source: public-api, section 2, POST /api/register, `UPDATED`; section 6, Joining by company number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.db import connection
from django.db.models import Q, QuerySet

from organizations.domain import company_numbers
from organizations.models import Organization, Role
from organizations.models.companies import digits_of

LOCK_SPACE = 0x636F6D70  # the first half of the advisory locks' keys, which nothing else uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The company that is meant, or none; `is_contradictory` when two numbers name different ones."""

    organization: Organization | None = None
    is_contradictory: bool = False


def lock(*, country: str, company_number: str, vat_number: str) -> None:
    """Let one registration of a company at a time look for it, until the caller's transaction ends."""
    keys = {_key(country, company_number), _vat_key(country, vat_number)} - {""}
    with connection.cursor() as cursor:
        for key in sorted(crc32(f"{country} {key}".encode()) - 2**31 for key in keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, key])


def find(*, country: str, company_number: str, vat_number: str) -> Match:
    """Look for the company; a number counts only with a right checksum, and only in its country."""
    by_number: list[Organization] = []
    by_vat: list[Organization] = []
    if company_numbers.has_right_checksum(country=country, number=company_number):
        by_number = _with_key(country, _key(country, company_number))
    if company_numbers.has_right_vat_checksum(country=country, number=vat_number):
        by_vat = _with_key(country, _vat_key(country, vat_number))
    if by_number and by_vat and not set(by_number) & set(by_vat):
        return Match(is_contradictory=True)
    return Match(organization=_best(by_number or by_vat, number=company_number))


def prepared_for(email: str) -> Organization | None:
    """Return the company that staff prepared for this address, the oldest: nobody leads it yet."""
    led = Q(people__role=Role.PRINCIPAL_ADMIN)
    found = Organization.objects.filter(email__iexact=email, is_archived=False)
    led_ids = Organization.objects.filter(led, email__iexact=email).values("pk")
    return found.exclude(pk__in=led_ids).order_by("created_at", "id").first()


def _key(country: str, number: str) -> str:
    return company_numbers.company_key(country=country, number=number)


def _vat_key(country: str, number: str) -> str:
    return _key(country, company_numbers.normalise_vat(country=country, number=number))


def _with_key(country: str, key: str) -> list[Organization]:
    """List the companies of that country one of whose numbers is that company's, however spelt."""
    return [
        organization
        for organization in near(country, key)
        if key
        in (_key(country, organization.company_number), _vat_key(country, organization.vat_number))
    ]


def near(country: str, key: str) -> QuerySet[Organization]:
    """List the companies of that country in one of whose numbers the key's digits stand; by index."""
    digits = "".join(sign for sign in key if sign.isdecimal()).lstrip("0")
    found = Organization.objects.filter(country=country).annotate(
        number_digits=digits_of("company_number"), vat_digits=digits_of("vat_number")
    )
    return found.filter(Q(number_digits__contains=digits) | Q(vat_digits__contains=digits))


def _best(found: Sequence[Organization], *, number: str) -> Organization | None:
    """Prefer an open company, then the very same number, then the oldest."""

    def rank(organization: Organization) -> tuple[object, ...]:
        is_other = company_numbers.normalise(
            country=organization.country, number=organization.company_number
        ) != company_numbers.normalise(country=organization.country, number=number)
        return organization.is_archived, is_other, organization.created_at, organization.pk

    return min(found, key=rank, default=None)
