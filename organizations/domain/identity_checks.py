"""Company verification: what a public register says of the number that a company gives.

A number never refuses a registration. A register that is off, slow or away is no answer: then the
number's own checksum speaks, and the background asks again. Source: public-api, section 2,
POST /api/register, `identityVerification`.
"""

import datetime as dt
from dataclasses import dataclass

from organizations.domain import company_numbers

CONFIRMED = 100
CHECKSUM_RIGHT, CHECKSUM_WRONG = 50, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityVerification:
    """What is known of a company's number.

    `source` is "insee_siret", "kbo", "vies_vat" or "checksum"; `confidence` is 100 when a register
    confirms, at most 20 when it knows the number not or as closed, 50 or 0 by the checksum alone.
    """

    source: str
    confidence: int
    verified_name: str | None
    verified_number: str | None


def verify(
    *,
    country: str,
    company_number: str,
    name: str,  # noqa: ARG001 - the registers, which compare it, join in the next change
    now: dt.datetime,  # noqa: ARG001 - as above
) -> IdentityVerification:
    """Tell what is known of a company's number at once, in at most 1.5 s; call it outside transactions.

    `country` is an ISO code. Never raises: what no register answers is answered by the checksum.
    """
    return by_checksum(country=country, company_number=company_number)


def by_checksum(*, country: str, company_number: str) -> IdentityVerification:
    """Tell what a number says by itself."""
    is_right = company_numbers.has_right_checksum(country=country, number=company_number)
    return IdentityVerification(
        source="checksum",
        confidence=CHECKSUM_RIGHT if is_right else CHECKSUM_WRONG,
        verified_name=None,
        verified_number=company_numbers.normalise(country=country, number=company_number),
    )
