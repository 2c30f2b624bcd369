"""Background work about callers and those who are told; the schedule stands in the settings."""

from celery import shared_task

from apitokens.domain import (
    abuse_limits,
    call_log,
    enquiries,
    idempotency,
    publishing,
    usage,
    webhook_sending,
)
from config import clock


@shared_task(name="apitokens.prune_abuse_counts")
def prune_abuse_counts() -> None:
    """Forget who did what how often yesterday."""
    abuse_limits.prune(now=clock.now())


@shared_task(name="apitokens.prune_idempotent_answers")
def prune_idempotent_answers() -> None:
    """Forget the answers that are too old to be given again."""
    idempotency.prune(now=clock.now())


@shared_task(name="apitokens.prune_calls")
def prune_calls() -> None:
    """Keep the call log and the counts of calls as long as they are promised, no longer."""
    call_log.prune(now=clock.now())
    usage.prune(now=clock.now())


@shared_task(name="apitokens.prune_enquiries")
def prune_enquiries() -> None:
    """Forget which token asked about addresses a quarter ago."""
    enquiries.prune(now=clock.now())


@shared_task(name="apitokens.publish_events")
def publish_events() -> None:
    """Publish what has just happened."""
    publishing.publish(now=clock.now())


@shared_task(name="apitokens.send_webhooks")
def send_webhooks() -> None:
    """Send the webhooks that are due."""
    webhook_sending.send_due(clock=clock.now)


@shared_task(name="apitokens.sweep_webhooks")
def sweep_webhooks() -> None:
    """Publish and send what a dead broker or worker left behind, and what is to be tried again."""
    publishing.publish(now=clock.now())
    webhook_sending.send_due(clock=clock.now)


@shared_task(name="apitokens.forget_old_events")
def forget_old_events() -> None:
    """Forget the events and deliveries that are past their time."""
    publishing.forget_old(now=clock.now())
