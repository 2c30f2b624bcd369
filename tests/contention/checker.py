"""One process that tries a company check again. A program of `tests.contention.racing`."""

import datetime as dt


def run(task, gate):
    """Return the check's outcome, None when somebody else has it in hand."""
    from django.conf import settings

    settings.COMPANY_REGISTERS_ON = True
    settings.COMPANY_REGISTERS = task["registers"]
    from organizations.domain import company_checks

    now = dt.datetime.fromisoformat(task["now"])
    gate()
    return company_checks.retry(task["check"], now=now)
