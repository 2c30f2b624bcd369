"""Webhooks on real sockets: what is sent, and what follows from the answer. Source: safety, S-40 to S-42."""

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import standardwebhooks
from django.core import mail
from django.db import connection, transaction

from apitokens.domain import events, publishing, webhook_deliveries, webhook_sending, webhooks
from apitokens.models import Event, WebhookDelivery, WebhookEndpoint
from config import clock
from organizations.models import OutgoingEmail
from tests.apitokens import receiver as stand_in
from tests.factories.apitokens import (
    SECRET,
    EventFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _lax(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture(autouse=True)
def _nothing_by_itself(request, monkeypatch):
    """Only what a test sends is sent, unless it wants the tasks to run."""
    if "by_itself" not in request.keywords:
        monkeypatch.setattr("config.background.after_commit", lambda *_args: None)


@pytest.fixture
def receiver():
    with stand_in.running() as running:
        yield running


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(webhook_sending, "TIMEOUT_SECONDS", 0.4)


def due(receiver, path="/hook", **values):
    """Make a delivery to the receiver that is due."""
    url = receiver.url(path)
    return WebhookDeliveryFactory(endpoint__url=url, **values)


def send(at=None):
    moment = at or clock.now()
    return webhook_sending.send_due(clock=lambda: moment)


def outcome(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.attempts, delivery.answer_status


def test_message_is_signed_as_the_scheme_says(receiver):
    delivery = due(receiver, event__data={"roomId": "5f"}, event__at=clock.now())

    assert send() == 1

    (got,) = receiver.received
    assert standardwebhooks.Webhook(SECRET).verify(got.body, got.headers) == {
        "id": delivery.event_id,
        "type": "meeting.confirmed",
        "timestamp": delivery.event.at.isoformat().replace("+00:00", "Z"),
        "object": {"kind": "meeting", "id": "5f0000000000000000000001"},
        "data": {"roomId": "5f"},
    }
    assert got.headers["webhook-id"] == delivery.event_id
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"] == "Workways-Webhooks/1"
    assert outcome(delivery) == ("delivered", 1, 200)


def test_during_rotation_both_secrets_sign(receiver):
    delivery = due(receiver)
    now = clock.now()
    issued = webhooks.rotate(
        owner=delivery.endpoint.owner, webhook_id=delivery.endpoint_id, now=now
    )

    send()
    later = due(receiver, "/later", endpoint=WebhookEndpoint.objects.get())
    WebhookEndpoint.objects.update(url=receiver.url("/later"))
    send(now + webhooks.ROTATION)

    during, after = receiver.received
    for secret in (issued.secret, SECRET):
        standardwebhooks.Webhook(secret).verify(during.body, during.headers)
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    assert outcome(later)[0] == "delivered"


def test_another_secret_or_body_does_not_verify(receiver):
    due(receiver)
    send()
    (got,) = receiver.received

    for secret, body in (("whsec_b3RoZXI=", got.body), (SECRET, got.body + b" ")):
        with pytest.raises(standardwebhooks.webhooks.WebhookVerificationError):
            standardwebhooks.Webhook(secret).verify(body, got.headers)


def test_500_then_410_then_hang_get_what_the_scheme_says(receiver, quick):
    """A retry has the same id and body; 410 switches off and writes to the owner; nothing more is sent."""
    receiver.answers(stand_in.says(500), stand_in.says(410), stand_in.hangs)
    owner = UserFactory(developer=True, first_name="Ada", language="fr")
    delivery = due(receiver, endpoint__owner=owner)
    now = clock.now()

    send(now)
    assert outcome(delivery) == ("pending", 1, 500)
    assert 5 * SECOND <= delivery.next_attempt_at - now <= 6 * SECOND
    assert send(now + 4 * SECOND) == 0
    send(now + 7 * SECOND)
    assert outcome(delivery) == ("failed", 2, 410)
    WebhookDeliveryFactory(endpoint=delivery.endpoint)
    assert send(now + 8 * SECOND) == 0

    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery.event_id
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_active, endpoint.switched_off) == (False, "gone")
    email = OutgoingEmail.objects.get()
    assert (email.template, email.to_address, email.language) == (
        "webhook_disabled",
        owner.email,
        "fr",
    )

    webhooks.change(
        owner=owner, webhook_id=endpoint.pk, changes=webhooks.Changes(is_active=True), now=now
    )
    assert send(now + 9 * SECOND) == 1
    waiting = WebhookDelivery.objects.exclude(pk=delivery.pk).get()
    assert outcome(waiting) == ("pending", 1, None)
    assert waiting.error == "No answer in time"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (stand_in.says(302, Location="http://127.0.0.1:1/"), "Redirects are not followed"),
        (stand_in.says(500), "Answered 500"),
        (stand_in.says(404), "Answered 404"),
        (stand_in.hangs, "No answer in time"),
        (stand_in.drips(3), "No answer in time"),
        (stand_in.cuts, "No valid answer"),
    ],
    ids=["302", "500", "404", "hang", "slow", "cut"],
)
def test_failure_is_tried_again_and_told_in_the_log(receiver, quick, answer, error):
    receiver.answers(answer)
    delivery = due(receiver)

    send()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.error.startswith(error)) == ("pending", True)
    delivery.endpoint.refresh_from_db()
    assert delivery.endpoint.failing_since is not None
    assert delivery.endpoint.is_active


@pytest.mark.parametrize("status", [429, 503])
def test_busy_address_gets_nothing_until_it_wants(receiver, status):
    receiver.answers(stand_in.says(status, Retry_After="600"), stand_in.says(200))
    delivery = due(receiver)
    now = clock.now()

    send(now)
    other = WebhookDeliveryFactory(endpoint=delivery.endpoint)
    assert send(now + 599 * SECOND) == 0
    assert send(now + 600 * SECOND) == 2

    assert outcome(delivery) == ("delivered", 2, 200)
    assert outcome(other) == ("delivered", 1, 200)
    delivery.endpoint.refresh_from_db()
    assert (delivery.endpoint.failing_since, delivery.endpoint.paused_until) == (None, None)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (stand_in.says_much(megabytes=200), 64 * 1024),
        (stand_in.gzip_bomb, None),
        (stand_in.says(200, b"thanks"), 6),
    ],
    ids=["huge", "bomb", "short"],
)
def test_little_of_an_answer_is_read_and_kept(receiver, answer, kept):
    receiver.answers(answer)
    delivery = due(receiver)

    send()

    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    assert len(delivery.answer_text) == kept or delivery.answer_text.endswith("bytes, packed)")


def test_after_the_last_attempt_the_address_is_off_and_its_owner_told(receiver):
    receiver.answers(stand_in.says(500))
    delivery = due(receiver, endpoint__owner__language="en")
    now = start = clock.now()

    while delivery.status == "pending":
        assert send(now) == 1
        delivery.refresh_from_db()
        now = delivery.next_attempt_at

    assert outcome(delivery) == ("failed", 9, 500)
    assert dt.timedelta(days=2) < now - start < dt.timedelta(days=3)
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len({one.body for one in receiver.received}) == 1
    delivery.endpoint.refresh_from_db()
    assert delivery.endpoint.switched_off == "failing"
    email = OutgoingEmail.objects.get()
    assert email.context["url"] == delivery.endpoint.url


def test_address_that_takes_other_events_stays_on(receiver):
    delivery = due(receiver, attempts=8)
    receiver.answers(stand_in.says(200), stand_in.says(500))
    WebhookDeliveryFactory(endpoint=delivery.endpoint, next_attempt_at=delivery.created_at - SECOND)
    WebhookEndpoint.objects.update(failing_since=clock.now() - dt.timedelta(days=3))

    send()

    assert outcome(delivery) == ("failed", 9, 500)
    assert WebhookEndpoint.objects.get().is_active
    assert not OutgoingEmail.objects.exists()


def test_slow_address_holds_up_no_other(receiver, monkeypatch):
    """Sixty events wait for an address that hangs; another's arrive meanwhile, and few calls hang."""
    monkeypatch.setattr(webhook_sending, "TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(webhook_sending, "LONGEST_RUN_SECONDS", 1.2)
    receiver.answers(stand_in.hangs, path="/slow")
    slow = WebhookEndpointFactory(url=receiver.url("/slow"))
    for _ in range(60):
        WebhookDeliveryFactory(endpoint=slow, next_attempt_at=slow.created_at - SECOND)
    quick_ones = [due(receiver, f"/quick{number % 5}") for number in range(20)]

    send()

    assert {outcome(one) for one in quick_ones} == {("delivered", 1, 200)}
    assert receiver.most_at_once["/slow"] == webhook_deliveries.AT_ONCE
    assert max(receiver.most_at_once.values()) == webhook_deliveries.AT_ONCE


def test_failing_address_gets_one_call_at_a_time(receiver):
    endpoint = WebhookEndpointFactory(url=receiver.url(), failing_since=clock.now())
    for _ in range(3):
        WebhookDeliveryFactory(endpoint=endpoint)

    assert len(webhook_deliveries.claim(now=clock.now(), limit=10)) == 1
    assert webhook_deliveries.claim(now=clock.now(), limit=10) == []


def test_claims_lapse(receiver):
    delivery = due(receiver)
    now = clock.now()

    (claimed,) = webhook_deliveries.claim(now=now, limit=10)
    assert webhook_deliveries.claim(now=now + 59 * SECOND, limit=10) == []
    (again,) = webhook_deliveries.claim(now=now + 60 * SECOND, limit=10)
    assert claimed == again == delivery

    webhook_sending.settle(claimed, webhook_sending.Result(status=500), now=now + 61 * SECOND)
    assert outcome(delivery) == ("pending", 2, None)
    webhook_sending.settle(again, webhook_sending.Result(status=200), now=now + 61 * SECOND)
    assert outcome(delivery) == ("delivered", 2, 200)


@pytest.mark.parametrize(
    "change",
    [
        {"is_archived": True},
        {"api_role": ""},
    ],
    ids=["archived", "without role"],
)
def test_owner_who_may_not_call_is_not_told(receiver, change):
    delivery = due(receiver)
    for name, value in change.items():
        setattr(delivery.endpoint.owner, name, value)
    delivery.endpoint.owner.save()
    EventFactory()

    publishing.publish(now=clock.now())

    assert send() == 0
    assert WebhookDelivery.objects.count() == 1


def test_owner_of_an_archived_company_is_not_told(receiver):
    company = OrganizationFactory(archived=True)
    due(receiver, endpoint__owner__organization=company, endpoint__owner__developer=False)

    assert send() == 0


def test_what_the_owner_may_no_longer_see_is_not_sent(receiver):
    company = OrganizationFactory()
    owner = UserFactory(organization=company, api_role="api-developer")
    delivery = due(receiver, endpoint__owner=owner, event__organization=company)
    owner.organization = OrganizationFactory()
    owner.save()

    send()

    delivery.refresh_from_db()
    assert (delivery.answer_status, delivery.error) == (None, "The owner may no longer see this")
    assert receiver.received == []
    assert delivery.status == "failed"
    delivery.endpoint.refresh_from_db()
    assert delivery.endpoint.failing_since is None


def test_deleted_webhook_takes_its_deliveries_with_it(receiver):
    delivery = due(receiver)
    (claimed,) = webhook_deliveries.claim(now=clock.now(), limit=1)
    webhooks.delete(owner=delivery.endpoint.owner, webhook_id=delivery.endpoint_id)

    webhook_sending.settle(claimed, webhook_sending.Result(status=200), now=clock.now())

    assert not WebhookDelivery.objects.exists()


def test_private_address_is_refused_at_each_delivery(receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    delivery = due(receiver, endpoint__owner__language="en")
    WebhookEndpoint.objects.update(url="https://127.0.0.1/hook")

    send()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == (
        "pending",
        "Invalid url: private and reserved addresses are not called",
    )
    assert receiver.received == []


def wanted(event, **values):
    """Publish one event and tell whether a webhook with these values gets it."""
    endpoint = WebhookEndpointFactory(**values)
    publishing.publish(now=clock.now())
    return WebhookDelivery.objects.filter(event=event, endpoint=endpoint).exists()


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["*"], True),
        (["meeting.confirmed"], True),
        (["meeting.cancelled", "meeting.confirmed"], True),
        (["meeting.cancelled"], False),
    ],
)
def test_filter_by_type(types, expected):
    assert wanted(EventFactory(), event_types=types) is expected


def test_webhook_that_is_off_gets_nothing():
    assert not wanted(EventFactory(), off=True)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, False),
        ({"own": True}, True),
        ({"other": True}, False),
        ({"mine": True}, True),
        ({"type": "room.changed", "object_kind": "room"}, True),
        ({"type": "site.changed", "object_kind": "site"}, True),
    ],
    ids=["nobody's", "own company", "other company", "own", "room", "site"],
)
def test_an_owner_is_told_what_they_may_see(event, expected):
    owner = UserFactory(api_role="api-developer")
    values = {name: value for name, value in event.items() if name in ("type", "object_kind")}
    if "own" in event:
        values["organization"] = owner.organization
    if "other" in event:
        values["organization"] = OrganizationFactory()
    if "mine" in event:
        values["people"] = [owner.pk]
    happened = EventFactory(**values)

    assert wanted(happened, owner=owner) is expected


def test_partner_and_staff_are_told_everything():
    happened = EventFactory(organization=OrganizationFactory())
    staff = UserFactory(api_role="app-admin")

    assert wanted(happened, owner=UserFactory(developer=True))
    happened = EventFactory(organization=OrganizationFactory())
    assert wanted(happened, owner=staff)


@pytest.mark.django_db(transaction=True)
@pytest.mark.by_itself
def test_event_goes_out_by_itself_once_it_is_committed(receiver):
    WebhookEndpointFactory(url=receiver.url())

    with transaction.atomic():
        event = events.record(type="room.changed", kind="room", object_id="5f", now=clock.now())
        assert receiver.received == []

    assert [json.loads(one.body)["id"] for one in receiver.received] == [event.pk]
    with transaction.atomic():
        events.record(type="room.changed", kind="room", object_id="5f", now=clock.now())
        transaction.set_rollback(True)
    assert len(receiver.received) == Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.by_itself
def test_mail_to_the_owner_in_both_languages(receiver):
    receiver.answers(stand_in.says(410))
    for language in ("en", "fr"):
        due(receiver, endpoint__owner__language=language, endpoint__owner__first_name="Ada")

    send()

    english, french = sorted(mail.outbox, key=lambda one: one.to[0])
    assert english.subject == "Your webhook was switched off"
    assert receiver.url() in english.body
    assert receiver.url() in french.body
    assert "It answered 410 Gone" in english.body


@pytest.mark.contention
@pytest.mark.django_db(transaction=True)
def test_many_senders_send_each_delivery_once(receiver, monkeypatch):
    """Each claims for itself, as the senders of several workers do."""
    deliveries = [due(receiver, f"/hook{number % 10}") for number in range(80)]

    def work(_number):
        try:
            ends_at = time.monotonic() + 20
            return webhook_sending._send_until(ends_at, clock.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        sent = sum(pool.map(work, range(5)))

    assert sent == len(receiver.received) == 80
    assert {outcome(one) for one in deliveries} == {("delivered", 1, 200)}
    assert max(receiver.most_at_once.values()) <= webhook_deliveries.AT_ONCE
