"""Company details: what a company's principal administrators say of it, for its invoices.

The company number and the country stay staff's: people join a company by its number. For the same
reason a VAT number must be this company's by its own digits, and no other's.
Source: experience, A company, "organisation"; public-api, section 6, Joining by company number.
"""

from dataclasses import dataclass

from django.db import transaction

from config.errors import DomainError
from organizations.domain import company_matching, company_numbers, membership, phones
from organizations.models import Organization, User


class VatNumberRefused(DomainError):
    """The VAT number has a wrong form, or may be another company's; staff look into it."""

    code = "VAT_NUMBER_REFUSED"
    message = "This VAT number cannot be taken over"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDetails:
    """What stands on a company's invoices, and where they go."""

    name: str
    email: str
    phone: str
    vat_number: str
    address: str
    language: str


@transaction.atomic
def change(details: CompanyDetails, *, by: User) -> Organization:
    """Write the details of the company that somebody leads.

    :raises NotAdministrator: :raises InvalidPhone: :raises VatNumberRefused:
    """
    people = membership.locked(by.pk, organization_id=by.organization_id)
    membership.check_administrator(people.get(by.pk, User()))
    company = Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    company.name, company.address = details.name, details.address
    company.email, company.language = details.email.lower(), details.language
    if details.phone != company.phone:
        company.phone = _phone(details.phone, company)
    company.vat_number = _vat_number(details.vat_number, company)
    company.save()
    return company


def _phone(text: str, company: Organization) -> str:
    return phones.normalise(text, country=company.country) if text else ""


def _vat_number(text: str, company: Organization) -> str:
    """Return the number as it is stored; one that stays as it was is not looked at again."""
    number = company_numbers.normalise_vat(country=company.country, number=text)
    if number in ("", company.vat_number):
        return number
    country = company.country
    company_matching.lock(country=country, company_number="", vat_number=number)
    if not company_numbers.has_right_vat_checksum(country=country, number=number):
        raise VatNumberRefused
    found = company_matching.find(country=country, company_number="", vat_number=number)
    if found.organization not in (None, company) or not _agree(company, number):
        raise VatNumberRefused
    return number


def _agree(company: Organization, vat_number: str) -> bool:
    """Tell whether the number holds the company's own, where the two have the same digits."""
    country, own = company.country, company.company_number
    if country not in ("BE", "FR") or not own:
        return True
    key = company_numbers.company_key(country=country, number=vat_number)
    return key == company_numbers.company_key(country=country, number=own)
