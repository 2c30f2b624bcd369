"""Several workers and sweeps take up one company check: the register is asked once."""

import datetime as dt
from collections import Counter

import pytest
from django.conf import settings

from organizations.models import CompanyCheck
from tests.contention import racing
from tests.factories.organizations import OrganizationFactory
from tests.organizations.registers import stand_ins

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
SIRET = "73282932000074"
PROCESSES = 4


def retried_at_once(check: CompanyCheck, url: str) -> Counter:
    """Let several processes try the check in the same moment; count their outcomes."""
    registers = {name: {"url": ""} for name in settings.COMPANY_REGISTERS}
    task = {
        "registers": registers | {"sirene": {"url": url, "key": stand_ins.KEY}},
        "check": check.pk,
        "now": NOW.isoformat(),
    }
    return Counter(racing.race("checker", [task] * PROCESSES))


def test_one_of_several_processes_asks() -> None:
    check = CompanyCheck.objects.create(
        organization=OrganizationFactory(company_number=SIRET),
        country="FR",
        company_number=SIRET,
        outcome="later",
        source="checksum",
        confidence=50,
        next_attempt_at=NOW,
        checked_at=NOW,
    )
    with stand_ins.running("sirene") as register:
        register.companies[SIRET] = {"name": "ACME"}
        outcomes = retried_at_once(check, register.url)

    assert outcomes == {"found": 1, None: PROCESSES - 1}
    assert len(register.asked) == 1
    check.refresh_from_db()
    assert (check.outcome, check.attempts) == ("found", 1)
