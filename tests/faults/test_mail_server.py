"""The mail server refuses, postpones, keeps silent, or dies with a mail in hand. Source: safety, F-11."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings as project

from organizations.domain import outbox
from organizations.models import OutgoingEmail
from tests.faults.mail_server import MailServer, Mood

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)
HALF_A_MINUTE = dt.timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _over_smtp(settings, mail_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_TIMEOUT = 1  # the product's own is ten, as the last test says


@pytest.fixture
def email():
    return outbox.enqueue(
        template="account_archived", to="jean@acme.com", language="en", context={}, now=NOW
    )


def outcome(email: OutgoingEmail, *, at: dt.datetime = NOW) -> tuple[str, int, str]:
    outbox.deliver(email.id, now=at)
    email.refresh_from_db()
    return email.status, email.attempts, email.last_error.split(":")[0]


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        (Mood.LATER, "SMTPRecipientsRefused"),
        (Mood.BUSY, "SMTPConnectError"),
        (Mood.SILENT, "SMTPServerDisconnected"),
    ],
)
def test_what_may_pass_is_tried_again_and_then_goes_once(
    mail_server: MailServer, email: OutgoingEmail, mood: Mood, error: str
) -> None:
    mail_server.mood = mood
    assert outcome(email) == ("pending", 1, error)
    assert email.next_attempt_at == NOW + HALF_A_MINUTE
    assert mail_server.copies(email.id) == 0

    mail_server.mood = Mood.TAKES
    assert outcome(email, at=NOW + HALF_A_MINUTE - dt.timedelta(seconds=1))[0] == "pending"
    assert outcome(email, at=NOW + HALF_A_MINUTE) == ("sent", 2, "")
    assert mail_server.copies(email.id) == 1


def test_nobody_at_home(settings, mail_server: MailServer, email: OutgoingEmail) -> None:
    with MailServer() as closed:
        settings.EMAIL_PORT = closed.port
    assert outcome(email) == ("pending", 1, "ConnectionRefusedError")

    settings.EMAIL_PORT = mail_server.port
    assert outcome(email, at=NOW + HALF_A_MINUTE) == ("sent", 2, "")


def test_what_is_refused_for_good_is_given_up(
    mail_server: MailServer, email: OutgoingEmail
) -> None:
    mail_server.mood = Mood.NEVER

    assert outcome(email) == ("failed", 1, "SMTPRecipientsRefused")
    assert outcome(email, at=NOW + HALF_A_MINUTE)[:2] == ("failed", 1)


def test_a_server_that_dies_with_the_mail_in_hand_may_get_it_twice_under_one_name(
    mail_server: MailServer, email: OutgoingEmail
) -> None:
    """At least once: nobody can know whether it took the mail, and its name lets mailboxes tell."""
    mail_server.mood = Mood.DIES
    assert outcome(email) == ("pending", 1, "SMTPServerDisconnected")
    assert mail_server.copies(email.id) == 1

    mail_server.mood = Mood.TAKES
    assert outcome(email, at=NOW + HALF_A_MINUTE) == ("sent", 2, "")
    assert mail_server.copies(email.id) == 2


def test_one_bad_hour_of_the_server_holds_up_no_sweep(mail_server: MailServer) -> None:
    emails = [
        outbox.enqueue(
            template="account_archived", to=f"p{n}@acme.com", language="en", context={}, now=NOW
        )
        for n in range(3)
    ]
    mail_server.mood = Mood.LATER
    assert outbox.sweep(now=NOW) == 0
    mail_server.mood = Mood.TAKES

    assert outbox.sweep(now=NOW + HALF_A_MINUTE) == 3
    assert [mail_server.copies(email.id) for email in emails] == [1, 1, 1]


def test_the_product_waits_ten_seconds_for_a_mail_server() -> None:
    code = "from django.conf import settings; print(settings.EMAIL_TIMEOUT, settings.EMAIL_BACKEND)"
    environment = os.environ | {"EMAIL_URL": "smtp://mail.example:25", "SECRET_KEY": "x" * 50}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=project.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings.local"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["10", "django.core.mail.backends.smtp.EmailBackend"]
