"""Background work about callers; the schedule stands in the settings."""

from celery import shared_task

from apitokens.domain import abuse_limits, call_log, enquiries, idempotency, usage
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
