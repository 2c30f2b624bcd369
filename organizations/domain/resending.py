"""Sending a mail once more because somebody asks for it."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from config import background
from organizations.domain import outbox
from organizations.models import EmailStatus, OutgoingEmail


@transaction.atomic
def send_again(chosen: QuerySet[OutgoingEmail], *, now: dt.datetime) -> int:
    """Put mails that were sent or given up back in the queue, with all their attempts. Answers how many.

    One that is still waiting is left as it is. The message keeps its id, so that a mailbox which has
    it already may show it once.
    """
    settled = chosen.exclude(status=EmailStatus.PENDING)
    ids = list(settled.select_for_update().values_list("pk", flat=True))
    OutgoingEmail.objects.filter(pk__in=ids).update(
        status=EmailStatus.PENDING, attempts=0, next_attempt_at=now, last_error="", sent_at=None
    )
    for email_id in ids:
        background.after_commit_together(outbox.TASK, email_id)
    return len(ids)
