"""Background work about people and companies: mail that waits, numbers that are to be checked."""

import datetime as dt

from celery import shared_task
from django.conf import settings

from config import clock
from organizations.domain import company_checks, outbox, register_memory, retention


@shared_task(name="organizations.deliver_email")
def deliver_email(*email_ids: str) -> None:
    """Send mails that have just been promised, each in a transaction of its own."""
    for email_id in email_ids:
        outbox.deliver(email_id, now=clock.now())


@shared_task(name="organizations.sweep_outbox")
def sweep_outbox() -> None:
    """Send what is due: what a dead broker missed, and what is to be tried again."""
    outbox.sweep(now=clock.now())


@shared_task(name="organizations.check_company")
def check_company(check_id: str) -> None:
    """Ask the registers about a company that could not be verified while somebody waited."""
    company_checks.retry(check_id, now=clock.now())


@shared_task(name="organizations.sweep_company_checks")
def sweep_company_checks() -> None:
    """Ask for the checks that are due: what a dead broker missed, and what is to be tried again."""
    company_checks.sweep(now=clock.now())


@shared_task(name="organizations.prune_register_answers")
def prune_register_answers() -> None:
    """Forget what the registers said too long ago."""
    register_memory.prune(now=clock.now())


@shared_task(name="organizations.forget_what_is_over")
def forget_what_is_over() -> None:
    """Forget links and wishes to join that have been kept as long as they are promised."""
    retention.forget(before=clock.now() - dt.timedelta(days=settings.RETENTION_DAYS))
