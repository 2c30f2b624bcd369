"""Company verification: what a public register says of the number that a company gives.

A number never refuses a registration. A register that is off, slow or away is no answer: then the
number's own checksum speaks, and `company_checks` asks again in the background. Source: public-api,
section 2, POST /api/register, `identityVerification`.
"""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import transaction

from organizations.domain import company_names, company_numbers, register_inquiries
from organizations.models import CheckOutcome
from organizations.registers import questions as registers
from organizations.registers.answers import Answer, Kind

CHECKSUM = "checksum"
CONFIRMED = 100
CHECKSUM_RIGHT, CHECKSUM_WRONG = 50, 0
CLOSED, CLOSED_AT_MOST = 10, 20
NOT_KNOWN_CHECKSUM_RIGHT, NOT_KNOWN_CHECKSUM_WRONG = 10, 0
REQUEST_SECONDS = 1.5
BACKGROUND_SECONDS = 8.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityVerification:
    """What is known of a company's number.

    `source` is "insee_siret", "kbo", "vies_vat" or "checksum"; `confidence` is 100 when a register
    confirms, at most 20 when it knows the number not or as closed, 50 or 0 by the checksum alone.
    A register that does not know the number verifies neither name nor number.
    """

    source: str
    confidence: int
    verified_name: str | None
    verified_number: str | None

    @property
    def is_answered(self) -> bool:
        """Whether a register gave a clear word."""
        return self.source != CHECKSUM

    @property
    def outcome(self) -> CheckOutcome:
        """What staff are shown; without a register's word the number is checked later."""
        if not self.is_answered:
            return CheckOutcome.LATER
        if self.verified_number is None:
            return CheckOutcome.NOT_FOUND
        return CheckOutcome.FOUND if self.confidence == CONFIRMED else CheckOutcome.CLOSED


def verify(
    *, country: str, company_number: str, name: str, now: dt.datetime
) -> IdentityVerification:
    """Ask the registers of a country about a company, for at most 1.5 s; call it outside transactions.

    `country` is an ISO code, `name` what the company calls itself. Never refuses: what no register
    answers in time is answered by the checksum. `company_checks.record` keeps the result.
    """
    return _verify(country, company_number, name, seconds=REQUEST_SECONDS, now=now)


def verify_patiently(
    *, country: str, company_number: str, name: str, now: dt.datetime
) -> IdentityVerification:
    """Ask as `verify` does, for at most 8 s, where nobody waits."""
    return _verify(country, company_number, name, seconds=BACKGROUND_SECONDS, now=now)


def has_register(*, country: str, company_number: str) -> bool:
    """Say whether some register, on or off, could be asked about a number."""
    number = company_numbers.normalise(country=country, number=company_number)
    return bool(registers.about(country=country, number=number))


def by_checksum(*, country: str, company_number: str) -> IdentityVerification:
    """Tell what a number says by itself."""
    is_right = company_numbers.has_right_checksum(country=country, number=company_number)
    return IdentityVerification(
        source=CHECKSUM,
        confidence=CHECKSUM_RIGHT if is_right else CHECKSUM_WRONG,
        verified_name=None,
        verified_number=company_numbers.normalise(country=country, number=company_number),
    )


def _verify(
    country: str, company_number: str, name: str, *, seconds: float, now: dt.datetime
) -> IdentityVerification:
    alone = by_checksum(country=country, company_number=company_number)
    number = company_numbers.normalise(country=country, number=company_number)
    questions = registers.about(country=country, number=number)
    if questions and _in_transaction():
        log.error("register.not_asked_in_transaction")
        return alone
    found = register_inquiries.inquire(questions, seconds=seconds, now=now)
    if found is None:
        return alone
    question, answer = found
    return IdentityVerification(
        source=question.source,
        confidence=_confidence(answer, name=name, checksum_is_right=alone.confidence > 0),
        verified_name=answer.name,
        verified_number=answer.number,
    )


def _confidence(answer: Answer, *, name: str, checksum_is_right: bool) -> int:
    """Return the confidence in per cent; a closed company of the same name counts a little more."""
    if answer.kind == Kind.FOUND:
        return CONFIRMED
    if answer.kind == Kind.CLOSED:
        likeness = company_names.likeness(name, answer.name or "")
        return CLOSED + round((CLOSED_AT_MOST - CLOSED) * likeness)
    return NOT_KNOWN_CHECKSUM_RIGHT if checksum_is_right else NOT_KNOWN_CHECKSUM_WRONG


def _in_transaction() -> bool:
    """Say whether a call to the outside would hold locks while it waits."""
    try:
        with transaction.atomic(durable=True):
            return False
    except RuntimeError:
        return True
