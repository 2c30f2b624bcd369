"""Outbox: mail promised in the transaction of the change it speaks of, sent once that has committed.

A task is poked after the commit; a sweep sends what a dead broker or worker left behind. A row is
claimed by its lock, so that any number of tasks and sweeps send it once. A crash between the
server's yes and ours may send it again, under the same Message-ID.
"""

import datetime as dt
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from config import background, written_rows
from organizations import selectors
from organizations.domain import mail_messages
from organizations.models import EmailStatus, OutgoingEmail

TASK = "organizations.deliver_email"
BATCH = 200
MAX_ATTEMPTS = 9
FIRST_WAIT = dt.timedelta(seconds=30)
_SETTLED = ["status", "attempts", "next_attempt_at", "last_error", "sent_at", "calendar"]
LONGEST_WAIT = dt.timedelta(hours=6)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """What the iTIP messages that go with a mail tell, as JSON; `method` is REQUEST or CANCEL."""

    notes: Sequence[Mapping[str, Any]]
    method: str


def enqueue(
    *,
    template: str,
    to: str,
    language: str,
    context: Mapping[str, Any],
    now: dt.datetime,
    calendar: CalendarPart | None = None,
) -> OutgoingEmail:
    """Promise a mail in the caller's transaction; it is written and sent after the commit.

    `context` holds plain facts for `templates/emails/<template>.*`. A key `link` of the form
    `{"purpose", "subject"}` becomes a signed address only when the mail is written, so that no
    secret lies in the table.
    """
    email = OutgoingEmail(
        template=template,
        to_address=to,
        language=language,
        context=dict(context),
        calendar_notes=calendar.notes if calendar else None,
        calendar_method=calendar.method if calendar else "",
        next_attempt_at=now,
        created_at=now,
    )
    written_rows.insert(email)
    background.after_commit_together(TASK, email.id)
    return email


def deliver(email_id: str, *, now: dt.datetime) -> bool:
    """Send one waiting mail unless it is sent, not yet due, or in other hands; tell whether it went.

    A refusal for good (5xx) gives it up, anything else is tried again later, a bounded number of times.
    """
    with transaction.atomic():
        email = (
            OutgoingEmail.objects.select_for_update(skip_locked=True)
            .filter(id=email_id, status=EmailStatus.PENDING, next_attempt_at__lte=now)
            .first()
        )
        if email is None:
            return False
        email.attempts += 1
        try:
            mail_messages.write(email).send()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the mail must not get lost
            _note_failure(email, error, now=now)
        else:
            email.status = EmailStatus.SENT
            email.sent_at = now
            email.last_error = ""
        email.save(update_fields=_SETTLED)
    return email.status == EmailStatus.SENT


def sweep(*, now: dt.datetime, limit: int = BATCH) -> int:
    """Send the mails that are due and that nobody else is sending; return how many went."""
    due = selectors.due_email_ids(now=now, limit=limit)
    return sum(deliver(email_id, now=now) for email_id in due)


def wait_before(attempt: int) -> dt.timedelta:
    """Return the pause after the given number of failed attempts: 30 s, fourfold each time, at most 6 h."""
    factor: int = 4 ** (attempt - 1)
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


def _note_failure(email: OutgoingEmail, error: Exception, *, now: dt.datetime) -> None:
    email.last_error = f"{type(error).__name__}: {error}"[:1000]
    email.next_attempt_at = now + wait_before(email.attempts)
    if _is_final(error) or email.attempts >= MAX_ATTEMPTS:
        email.status = EmailStatus.FAILED
    log.warning(
        "mail.failed",
        email=email.id,
        template=email.template,
        attempt=email.attempts,
        given_up=email.status == EmailStatus.FAILED,
        error=type(error).__name__,
    )


def _is_final(error: Exception) -> bool:
    """Tell whether the server refused this very mail for good; a refused login may be mended."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
