"""Company checks: what came of verifying a company's number, tried again while no register answers.

A check that waits is claimed for a while by whoever asks; the call itself happens outside any
transaction, and its outcome is stored if the check is still the same. Source: public-api, section 2,
POST /api/register, "a background task retries and stores the outcome".
"""

import datetime as dt
import zlib

import structlog
from django.db import transaction
from django.db.models import QuerySet

from config import background
from organizations import selectors
from organizations.domain import (
    company_names,
    company_numbers,
    identity_checks,
    register_memory,
)
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import CheckOutcome, CompanyCheck, Organization
from organizations.registers import questions as registers

TASK = "organizations.check_company"
BATCH = 20
MAX_ATTEMPTS = 12
FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(hours=6)

log = structlog.get_logger(__name__)


def record(
    *, organization: Organization, verification: IdentityVerification, now: dt.datetime
) -> CompanyCheck:
    """Keep what came of verifying an organization's stored number, in the caller's transaction.

    Without a register's word the check is tried again at once by a worker, then less and less often.
    """
    check, _ = CompanyCheck.objects.update_or_create(
        organization=organization,
        defaults={
            "country": organization.country,
            "company_number": organization.company_number,
            "attempts": 0,
            **_facts(organization, verification, now=now),
        },
    )
    if check.outcome == CheckOutcome.LATER:
        background.after_commit(TASK, check.pk)
    return check


def retry(check_id: str, *, now: dt.datetime) -> CheckOutcome | None:
    """Ask once more for a check that waits and is due; None when it is not, or in other hands."""
    check = _claimed(check_id, now=now)
    if check is None:
        return None
    organization = check.organization
    verification = identity_checks.verify_patiently(
        country=check.country,
        company_number=check.company_number,
        name=organization.name,
        now=now,
    )
    return _settle(check, verification, now=now)


def sweep(*, now: dt.datetime, limit: int = BATCH) -> int:
    """Ask for the checks that are due, and begin those that are missing; return how many were tried."""
    for organization in selectors.unchecked_organizations(limit=limit):
        _begin(organization, now=now)
    due = selectors.due_company_check_ids(now=now, limit=limit)
    return sum(retry(check_id, now=now) is not None for check_id in due)


def check_again(chosen: QuerySet[Organization], *, now: dt.datetime) -> int:
    """Verify the stored numbers anew, past what is remembered, soon. Answers how many have a number."""
    numbered = list(chosen.exclude(company_number="").order_by("pk"))
    for organization in numbered:
        number = company_numbers.normalise(
            country=organization.country, number=organization.company_number
        )
        with transaction.atomic():
            register_memory.forget(registers.about(country=organization.country, number=number))
            _begin(organization, now=now)
    return len(numbered)


def wait_before(attempt: int, *, spread_by: str) -> dt.timedelta:
    """Return the pause after so many attempts: a minute, doubled each time, at most 6 h, up to half less.

    How much less follows from `spread_by`, so that what failed together does not come back together.
    """
    factor: int = 2 ** (attempt - 1)
    whole = min(FIRST_WAIT * factor, LONGEST_WAIT)
    share = zlib.crc32(f"{spread_by} {attempt}".encode()) % 1000 / 1000
    return whole * (1 - share / 2)


@transaction.atomic
def _begin(organization: Organization, *, now: dt.datetime) -> CompanyCheck:
    """Begin a check with what the number says by itself."""
    by_itself = identity_checks.by_checksum(
        country=organization.country, company_number=organization.company_number
    )
    return record(organization=organization, verification=by_itself, now=now)


@transaction.atomic
def _claimed(check_id: str, *, now: dt.datetime) -> CompanyCheck | None:
    """Take a due check for as long as its next pause lasts, and count the attempt.

    It asks about the number that the organization has now.
    """
    check = (
        CompanyCheck.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("organization")
        .filter(pk=check_id, outcome=CheckOutcome.LATER, next_attempt_at__lte=now)
        .first()
    )
    if check is not None:
        check.country = check.organization.country
        check.company_number = check.organization.company_number
        check.attempts += 1
        check.next_attempt_at = now + wait_before(check.attempts, spread_by=check.pk)
        check.save(update_fields=["country", "company_number", "attempts", "next_attempt_at"])
    return check


@transaction.atomic
def _settle(
    check: CompanyCheck, verification: IdentityVerification, *, now: dt.datetime
) -> CheckOutcome | None:
    """Store what came of an attempt, unless the check has been begun anew meanwhile."""
    same = CompanyCheck.objects.filter(
        pk=check.pk,
        outcome=CheckOutcome.LATER,
        attempts=check.attempts,
        company_number=check.company_number,
    )
    unchanged = same.filter(
        organization__company_number=check.company_number, organization__country=check.country
    )
    if unchanged.select_for_update(of=("self",)).first() is None:
        return None
    if verification.is_answered:
        same.update(**_facts(check.organization, verification, now=now))
        return verification.outcome
    if check.attempts < MAX_ATTEMPTS:
        same.update(checked_at=now)
        return CheckOutcome.LATER
    log.warning("company_check.given_up", check=check.pk, organization=check.organization_id)
    same.update(outcome=CheckOutcome.UNANSWERED, next_attempt_at=None, checked_at=now)
    return CheckOutcome.UNANSWERED


def _facts(
    organization: Organization, verification: IdentityVerification, *, now: dt.datetime
) -> dict[str, object]:
    """Write the answer to the organization; return what its check says."""
    organization.identity_verification = {
        "source": verification.source,
        "confidence": verification.confidence,
        "verifiedName": verification.verified_name,
        "verifiedNumber": verification.verified_number,
    }
    organization.save(update_fields=["identity_verification", "updated_at"])
    outcome = _outcome(organization, verification)
    name = verification.verified_name
    return {
        "outcome": outcome,
        "source": verification.source,
        "confidence": verification.confidence,
        "verified_name": name or "",
        "verified_number": verification.verified_number or "",
        "name_likeness": _percent(organization.name, name) if name else None,
        "next_attempt_at": now if outcome == CheckOutcome.LATER else None,
        "checked_at": now,
    }


def _outcome(organization: Organization, verification: IdentityVerification) -> CheckOutcome:
    has_register = identity_checks.has_register(
        country=organization.country, company_number=organization.company_number
    )
    if verification.outcome == CheckOutcome.LATER and not has_register:
        return CheckOutcome.NO_REGISTER
    return verification.outcome


def _percent(first: str, second: str) -> int:
    return round(100 * company_names.likeness(first, second))
