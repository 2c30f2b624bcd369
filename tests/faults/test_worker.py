"""The worker is killed or asked to stop in mid-task, has a twin, or meets a message that is poison.

Source: safety, F-07, F-08, F-18, F-24.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import embedded
from organizations.domain import outbox
from tests.config.test_embedded import PROJECT
from tests.faults.house import VISITOR, WORKER, House, eventually, is_over
from tests.faults.mail_server import MailServer

pytestmark = pytest.mark.faults

PROMISE = """
INSERT INTO organizations_outgoingemail (id, template, to_address, language, context, status,
    attempts, next_attempt_at, created_at, last_error, calendar_method)
SELECT substr(md5(n || clock_timestamp()::text), 1, 24), %s, 'claire@acme.example', 'en', '{}',
       'pending', %s, now(), now(), '', ''
  FROM generate_series(1, %s) AS n RETURNING id
"""


def promised(house: House, number: int, *, template: str = "account_archived", tries: int = 0):
    """Promise mails that nobody pokes a worker about."""
    return [id_ for (id_,) in house.rows(PROMISE, template, tries, number)]


def test_a_killed_worker_loses_no_mail_and_sends_none_twice(
    house: House, mail_server: MailServer
) -> None:
    """F-07: the worker dies while it talks to the mail server, with other mails waiting behind."""
    known, senders = house.mails(), mail_server.senders
    with mail_server.hold():
        for _ in range(6):
            house.book()
        eventually(lambda: mail_server.senders >= senders + 4)
        house.end(WORKER, signal.SIGKILL)
        assert {status for status, _ in house.mails_since(known).values()} == {"pending"}

    sent = house.wait_until_sent(known)
    assert set(sent.values()) == {("sent", 1)}
    assert [mail_server.copies(mail) for mail in sent] == [1] * 6


def test_a_worker_that_is_asked_to_stop_ends_what_it_began_and_leaves_the_rest(
    house: House, mail_server: MailServer
) -> None:
    """F-08."""
    known, senders, worker = house.mails(), mail_server.senders, house.part(WORKER)
    with mail_server.hold():
        for _ in range(4):
            house.book()
        eventually(lambda: mail_server.senders == senders + 4)
        begun = set(house.mails_since(known))
        os.kill(worker, signal.SIGTERM)
        eventually(lambda: _is_stopping(worker))
        for _ in range(3):
            house.book()
        assert not is_over(worker)
    eventually(lambda: is_over(worker))
    assert {house.mails_since(known)[mail][0] for mail in begun} == {"sent"}

    sent = house.wait_until_sent(known)
    assert len(sent) == 7
    assert {mail_server.copies(mail) for mail in sent} == {1}
    assert house.part(WORKER) != worker


def _is_stopping(worker: int) -> bool:
    """Whether the worker has heard the signal: none of its kind is waiting any more."""
    status = Path(f"/proc/{worker}/status").read_text()
    pending = [int(line.split()[1], 16) for line in status.splitlines() if line[:6] == "ShdPnd"]
    return pending == [0]


@contextmanager
def a_second_scheduler(house: House, folder: Path) -> Iterator[Path]:
    """Run `make beat` beside the portal's own scheduler; its log tells what it sends."""
    log = folder / "beat.txt"
    environment = house.environment | {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": embedded.database_url(house.folder),
        "REDIS_URL": embedded.redis_url(house.folder),
        "DATA_DIR": str(folder / "beat"),
        "LOG_LEVEL": "INFO",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.runner", "beat"],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield log
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_two_schedulers_have_the_effect_of_one(
    house: House, mail_server: MailServer, tmp_path: Path
) -> None:
    """F-18: mails that are due, and a hold that ends, while both send their sweeps."""
    known = house.mails()
    with a_second_scheduler(house, tmp_path) as log:
        answer = house.post("/api/meeting-request", house.a_booking(email=VISITOR))
        meeting = answer.json["data"]["meetingRequestId"]
        promised(house, 20)
        house.rows("UPDATE booking_meeting SET hold_expires_at = now() WHERE id = %s", meeting)
        eventually(lambda: "sweep outgoing mail" in log.read_text())
        house.publish("booking.release_stale_holds", times=4)
        eventually(lambda: house.count("booking_meeting WHERE status = 'expired'") == 1)
        sent = house.wait_until_sent(known)

    assert answer.json["status"] == "REQUEST_ACCEPTED"
    assert {mail_server.copies(mail) for mail in sent} == {1}
    told = "apitokens_event WHERE type = 'meeting.expired' AND object_id = %s"
    assert house.count(told, meeting) == 1
    assert house.count("organizations_outgoingemail WHERE template = 'hold_released'") == 1


def test_a_mail_that_cannot_be_written_is_given_up_and_the_others_go_on(
    house: House, mail_server: MailServer
) -> None:
    """F-24: its last try; staff find it among the mails that failed and may send it again."""
    [poison] = promised(house, 1, template="no_such_mail", tries=outbox.MAX_ATTEMPTS - 1)
    good = promised(house, 5)
    house.publish("organizations.sweep_outbox")

    def settled() -> bool:
        return house.count("organizations_outgoingemail WHERE status = 'pending'") == 0

    eventually(settled)
    found = house.mails_since(set())
    assert found[poison] == ("failed", outbox.MAX_ATTEMPTS)
    assert {found[mail] for mail in good} == {("sent", 1)}
    assert [mail_server.copies(mail) for mail in good] == [1] * 5
    house.rows("DELETE FROM organizations_outgoingemail WHERE id = %s", poison)


@pytest.mark.parametrize("task", ["nobody.knows_it", "organizations.deliver_email"])
def test_a_task_that_cannot_be_run_is_dropped_and_the_others_go_on(
    house: House, mail_server: MailServer, task: str
) -> None:
    """F-24: a task without code, and one with arguments that its code does not take."""
    known, worker = house.mails(), house.part(WORKER)
    house.publish(task, 1, 2, 3, times=3)
    house.book()

    sent = house.wait_until_sent(known)
    assert [mail_server.copies(mail) for mail in sent] == [1]
    eventually(lambda: house.queue_length() == 0)
    assert house.part(WORKER) == worker


def test_a_message_that_is_no_task_stops_no_worker(house: House, mail_server: MailServer) -> None:
    """F-24: bytes in the queue that nothing can read."""
    known = house.mails()
    with house.valkey() as broker:
        broker.lpush("celery", b"\x00 no message at all", b'{"body": 1}')
    house.book()

    sent = house.wait_until_sent(known)
    assert [mail_server.copies(mail) for mail in sent] == [1]
    eventually(lambda: house.queue_length() == 0)
