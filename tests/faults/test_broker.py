"""The broker is away, loses all it held, or brings a task often. Source: safety, F-05, F-06, F-09."""

import signal

import httpx
import pytest

from tests.apitokens import receiver as stand_in
from tests.faults.house import (
    BROKER,
    MEMBER,
    PASSWORD,
    SITE,
    WORKER,
    House,
    eventually,
)
from tests.faults.mail_server import MailServer

pytestmark = pytest.mark.faults

DELIVER, SWEEP = "organizations.deliver_email", "organizations.sweep_outbox"


def registered(house: House, *, email: str) -> str:
    body = {
        "name": f"Company of {email}",
        "firstName": "Jean",
        "email": email,
        "phone": "+33612345678",
        "maxResidentUsers": 1,
        "siteId": SITE,
    }
    return str(house.post("/api/register", body).json["status"])


def logged_in(house: House) -> httpx.Response:
    address = f"http://localhost:{house.port}"
    with httpx.Client(base_url=address, trust_env=False, follow_redirects=True) as browser:
        browser.get("/accounts/login/")
        form = {
            "login": MEMBER,
            "password": PASSWORD,
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        return browser.post("/accounts/login/", data=form)


def test_what_the_broker_forgot_is_sent_by_the_sweep_once(
    house: House, mail_server: MailServer
) -> None:
    """F-06: the tasks of five mails are gone before a worker saw them.

    It stands first: a web process that met a dead broker offers it nothing for ten seconds.
    """
    known = house.mails()
    with house.frozen(house.part(WORKER)):
        for _ in range(5):
            house.book()
        eventually(lambda: house.queue_length() >= 5)
        with house.valkey() as broker:
            broker.flushall()
        assert {status for status, _ in house.mails_since(known).values()} == {"pending"}

    sent = house.wait_until_sent(known)
    assert len(sent) == 5
    assert [mail_server.copies(mail) for mail in sent] == [1] * 5


def test_without_broker_everything_goes_on_and_mail_waits_for_it(
    house: House, mail_server: MailServer
) -> None:
    """F-05."""
    known = house.mails()
    with house.without(BROKER, number=signal.SIGTERM):
        house.book()
        house.book()
        assert registered(house, email="without@broker.example") == "CREATED"
        assert logged_in(house).url.path == "/account/"
        eventually(lambda: house.ask("GET", "/readyz").json["broker"] == "unavailable")
        assert house.ask("GET", "/readyz").status == 200
        waiting = house.mails_since(known)
        assert set(waiting.values()) == {("pending", 0)}
        assert len(waiting) >= 3

    sent = house.wait_until_sent(known)
    assert sent.keys() >= waiting.keys()
    assert {mail_server.copies(mail) for mail in sent} == {1}


def test_a_task_that_comes_ten_times_sends_one_mail(house: House, mail_server: MailServer) -> None:
    """F-09: ten deliveries and five sweeps while the mail is being sent, and ten more afterwards."""
    known, senders = house.mails(), mail_server.senders
    with mail_server.hold():
        house.book()
        eventually(lambda: mail_server.senders == senders + 1)
        [mail] = house.mails_since(known)
        house.publish(DELIVER, mail, times=10)
        house.publish(SWEEP, times=5)
        eventually(lambda: house.queue_length() == 0)
    house.wait_until_sent(known)
    house.publish(DELIVER, mail, times=10)
    house.publish(SWEEP, times=5)
    eventually(lambda: house.queue_length() == 0)
    house.book()
    sent = house.wait_until_sent(known)

    assert len(sent) == 2
    assert [mail_server.copies(one) for one in sent] == [1, 1]


def test_a_task_that_comes_ten_times_calls_a_webhook_once(house: House) -> None:
    """F-09: while the receiver takes its time over the first call, and afterwards."""
    with stand_in.running() as receiver:
        url = receiver.answers(stand_in.says_late(2), stand_in.says(200))
        made = house.post("/api/webhooks", {"url": url, "events": ["meeting.confirmed"]})
        assert made.status in (200, 201), made.body
        house.book()
        eventually(receiver.at)
        for _ in range(2):
            house.publish("apitokens.send_webhooks", times=5)
            house.publish("apitokens.sweep_webhooks", times=5)
            eventually(lambda: house.queue_length() == 0)
            eventually(
                lambda: house.count("apitokens_webhookdelivery WHERE status = 'pending'") == 0
            )
        house.rows("DELETE FROM apitokens_webhookdelivery")
        house.rows("DELETE FROM apitokens_webhookendpoint")

    assert len(receiver.at()) == 1
