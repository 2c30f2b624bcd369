"""A company's own contract as its people see it: rooms, services with their promotions, renewal.

Source: experience, A company, "contract (rooms, options, promo end dates, renewal, documents link)".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from contracts import selectors
from contracts.domain import bill_facts, option_pricing
from contracts.domain.option_pricing import OptionTerms
from contracts.models import ContractOption
from organizations.domain import document_links
from organizations.models import Organization
from sites_app.domain import local_days
from sites_app.models import RoomLease, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An ordered service, its terms, and the last day of its promotional price while that lasts."""

    option: ContractOption
    terms: OptionTerms
    promo_until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnContract:
    """What a company rents and may enter; `currency` is that of its first site."""

    organization: Organization
    leases: Sequence[RoomLease]
    sites: Sequence[Site]
    services: Sequence[Service]
    currency: str

    @property
    def rental_url(self) -> str:
        """The address of the contract's documents, if it is one that people may be led to."""
        address, hosts = self.organization.rental_url, settings.RENTAL_URL_HOSTS
        return address if document_links.is_acceptable(address, hosts=hosts) else ""

    @property
    def is_empty(self) -> bool:
        company = self.organization
        return not (self.leases or self.services or company.rental_end_on or company.base_price)


def of(organization_id: str, *, now: dt.datetime) -> OwnContract:
    """Return what a company has on contract and what has not ended; four queries."""
    company = selectors.organization_with_contract(organization_id)
    assert company is not None  # the caller belongs to it
    leases = [row for row in company.leases.all() if not local_days.is_over(row, now=now)]
    sites = [row.site for row in company.site_memberships.all()]
    first = next(iter([*sites, *(lease.room.site for lease in leases)]), None)
    services = [_service(row, company, now=now) for row in company.contract_options.all()]
    return OwnContract(
        organization=company,
        leases=leases,
        sites=sites,
        services=[one for one in services if not _is_over(one.terms, now=now)],
        currency=first.currency if first else "EUR",
    )


def _service(option: ContractOption, company: Organization, *, now: dt.datetime) -> Service:
    terms = bill_facts.terms_of(option, company)
    until = option_pricing.promo_end(terms)
    lasts = until is not None and until >= now.date()
    return Service(option=option, terms=terms, promo_until=until if lasts else None)


def _is_over(terms: OptionTerms, *, now: dt.datetime) -> bool:
    return terms.end_on is not None and terms.end_on < now.date()
