"""Background work about contracts; the schedule stands in the settings."""

from celery import shared_task

from config import clock
from contracts.domain import renewals, statements


@shared_task(name="contracts.make_statements")
def make_statements() -> None:
    """Put down what last month came to; what is there already stays."""
    statements.make_missing(now=clock.now())


@shared_task(name="contracts.renew_and_give_notice")
def renew_and_give_notice() -> None:
    """Renew contracts on their end, and tell of those that end soon."""
    renewals.run(now=clock.now())
