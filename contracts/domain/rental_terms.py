"""The terms of a rental contract: price, dates, renewal, documents.

Source: Public API, POST /api/merge-contract; public-api, section 2.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from config import money
from config.errors import DomainError
from organizations.domain import document_links
from organizations.models import Organization

TERMS = {
    "rental_price_text": "rentalPrice",
    "rental_comment": "rentalComment",
    "rental_start_on": "rentalStartAt",
    "rental_end_on": "rentalEndAt",
    "rental_url": "rentalUrl",
    "renewal_months": "rentalRenewal",
}
"""What a merge may change of an organization, and nothing else of it. Source: safety, S-12."""


class InvalidTerms(DomainError):
    """A term cannot be what it says; the message names it."""

    code = "INVALID_TERMS"


def write(organization: Organization, terms: Mapping[str, Any], *, now: dt.datetime) -> list[str]:
    """Write the given terms into the organization's row; return the API's names of those that differ.

    :raises InvalidTerms: for an unreadable price, an end before the start, a refused address.
    """
    changed = [
        name for name in TERMS if name in terms and getattr(organization, name) != terms[name]
    ]
    for name in changed:
        setattr(organization, name, terms[name])
    _check_dates(organization)
    columns = [*changed]
    if "rental_price_text" in terms:
        organization.base_price = _base_price(organization.rental_price_text)
        columns.append("base_price")
    if "rental_url" in changed:
        _check_address(organization.rental_url)
    if changed:
        organization.updated_at = now
        organization.save(update_fields=[*columns, "updated_at"])
    return [TERMS[name] for name in changed]


def _base_price(text: str) -> Any:
    if not text:
        return None
    try:
        return money.parse_amount(text)
    except ValueError:
        raise InvalidTerms("Invalid rentalPrice: must be one amount, such as 1500€") from None


def _check_dates(organization: Organization) -> None:
    start, end = organization.rental_start_on, organization.rental_end_on
    if start is not None and end is not None and start > end:
        raise InvalidTerms("Invalid rentalEndAt: must not be before rentalStartAt")


def _check_address(address: str) -> None:
    hosts = settings.RENTAL_URL_HOSTS
    if address and not document_links.is_acceptable(address, hosts=hosts):
        among = f" at {', '.join(hosts)}" if hosts else ""
        raise InvalidTerms(f"Invalid rentalUrl: must be an http or https address{among}")
