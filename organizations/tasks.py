"""Background work about people: sending the mail that waits."""

from celery import shared_task

from config import clock
from organizations.domain import outbox


@shared_task(name="organizations.deliver_email")
def deliver_email(email_id: str) -> None:
    """Send one mail that has just been promised."""
    outbox.deliver(email_id, now=clock.now())


@shared_task(name="organizations.sweep_outbox")
def sweep_outbox() -> None:
    """Send what is due: what a dead broker missed, and what is to be tried again."""
    outbox.sweep(now=clock.now())
