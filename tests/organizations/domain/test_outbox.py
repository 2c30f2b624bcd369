"""The outbox: promised in a transaction, sent once, tried again when that may help."""

import datetime as dt
import smtplib
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from config import background
from config.celery import app as celery
from organizations import tasks
from organizations.domain import outbox
from organizations.mail_backends import FileBackend
from organizations.models import OutgoingEmail

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)


def promise(**kwargs):
    facts = {
        "template": "account_archived",
        "to": "jean@acme.com",
        "language": "en",
        "context": {},
        "now": NOW,
    }
    return outbox.enqueue(**facts | kwargs)


class Refusing:
    """A mail server that answers every mail with one error."""

    def __init__(self, error):
        self.error = error

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def server_says(monkeypatch):
    def _says(error):
        monkeypatch.setattr("django.core.mail.get_connection", lambda **_: Refusing(error))
        monkeypatch.setattr(
            "django.core.mail.message.EmailMessage.get_connection",
            lambda self, fail_silently=False: Refusing(error),
        )

    return _says


@pytest.mark.django_db
def test_a_mail_goes_out_after_the_commit(django_capture_on_commit_callbacks):
    with time_machine.travel(NOW), django_capture_on_commit_callbacks(execute=True):
        email = promise()
        assert mail.outbox == []

    email.refresh_from_db()
    assert (email.status, email.attempts) == ("sent", 1)
    assert [message.to for message in mail.outbox] == [["jean@acme.com"]]
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{email.id}@portal.example>"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_promised_by_what_is_rolled_back():
    with transaction.atomic():
        promise()
        transaction.set_rollback(True)

    assert not OutgoingEmail.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_mail_goes_once_however_often_it_is_asked_for():
    email = promise()

    assert outbox.deliver(email.id, now=NOW)
    assert not outbox.deliver(email.id, now=NOW)
    with time_machine.travel(NOW):
        tasks.deliver_email(email.id)
        tasks.sweep_outbox()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_the_sweep_sends_what_is_due_and_nothing_else():
    promise()
    promise(now=NOW + dt.timedelta(seconds=1))

    assert outbox.sweep(now=NOW) == 1
    assert outbox.sweep(now=NOW) == 0
    assert outbox.sweep(now=NOW + dt.timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_dead_broker")
def test_a_dead_broker_delays_a_mail_and_hurts_nobody(monkeypatch):
    log = _Log()
    monkeypatch.setattr(background, "log", log)

    with transaction.atomic():
        email = promise()

    email.refresh_from_db()
    assert (email.status, mail.outbox) == ("pending", [])
    background._courier.wait()
    assert log.events == ["background.publish_failed"]
    assert outbox.sweep(now=NOW) == 1
    assert outbox.sweep(now=NOW) == 0
    assert len(mail.outbox) == 1


class _Log:
    def __init__(self):
        self.events = []

    def warning(self, event, **facts):
        self.events.append(event)


@pytest.fixture
def _dead_broker():
    before = celery.conf.task_always_eager, celery.conf.broker_url
    celery.conf.update(task_always_eager=False, broker_url="redis://127.0.0.1:1/0")
    background.trust_broker_again()
    yield
    background._courier.wait()
    background.trust_broker_again()
    celery.conf.update(task_always_eager=before[0], broker_url=before[1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPResponseException(451, b"later"),
        smtplib.SMTPRecipientsRefused({"jean@acme.com": (450, b"busy")}),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"password"),
        TimeoutError(),
    ],
)
def test_what_may_pass_is_tried_again(server_says, error):
    server_says(error)
    email = promise()

    assert not outbox.deliver(email.id, now=NOW)

    email.refresh_from_db()
    assert (email.status, email.attempts) == ("pending", 1)
    assert email.next_attempt_at == NOW + dt.timedelta(seconds=30)
    assert type(error).__name__ in email.last_error


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPResponseException(550, b"no such user"),
        smtplib.SMTPRecipientsRefused({"jean@acme.com": (550, b"no such user")}),
    ],
)
def test_what_is_refused_for_good_is_given_up(server_says, error):
    server_says(error)
    email = promise()

    outbox.deliver(email.id, now=NOW)

    email.refresh_from_db()
    assert email.status == "failed"


@pytest.mark.django_db
def test_attempts_are_bounded_and_ever_rarer(server_says):
    server_says(TimeoutError())
    email = promise()
    moment, pauses = NOW, []

    while email.status == "pending":
        outbox.deliver(email.id, now=moment)
        email.refresh_from_db()
        pauses.append((email.next_attempt_at - moment).total_seconds())
        moment = email.next_attempt_at

    assert pauses == [30, 120, 480, 1920, 7680, 21600, 21600, 21600, 21600]
    assert email.attempts == outbox.MAX_ATTEMPTS


@pytest.mark.django_db
def test_a_mail_that_cannot_be_written_is_not_lost():
    email = promise(template="no_such_mail")

    assert not outbox.deliver(email.id, now=NOW)

    email.refresh_from_db()
    assert (email.status, email.last_error.split(":")[0]) == ("pending", "TemplateDoesNotExist")


@pytest.mark.django_db
def test_files_take_the_place_of_a_mail_server(settings, tmp_path):
    settings.EMAIL_FILE_DIR = str(tmp_path / "mail")
    settings.EMAIL_BACKEND = "organizations.mail_backends.FileBackend"
    for seconds in range(3):
        email = promise(to=f"person{seconds}@acme.com")
        with time_machine.travel(NOW + dt.timedelta(seconds=seconds)):
            outbox.deliver(email.id, now=NOW)

    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"] * 3
    parsed = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [message["To"] for message in parsed] == [
        "person0@acme.com",
        "person1@acme.com",
        "person2@acme.com",
    ]
    assert FileBackend().send_messages([]) == 0
