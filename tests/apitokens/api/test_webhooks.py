"""/api/webhooks and what lies below it. Source: public-api, sections 5 and 7; safety, S-11, S-40 to S-42."""

import base64
import datetime as dt
import json
import logging

import pytest
import standardwebhooks
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apitokens.domain import webhook_sending, webhooks
from apitokens.models import Event, WebhookDelivery, WebhookEndpoint
from config import clock as system_clock
from config import ids
from tests.apitokens import receiver as stand_in
from tests.config.test_outbound import PRIVATE
from tests.factories.apitokens import (
    ApiTokenFactory,
    EventFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.safety.test_secrets_at_rest import columns_holding

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
PUBLIC = "https://93.184.216.34/hook"
WRITES = [
    ("post", "/api/webhooks", {"url": PUBLIC}),
    ("delete", "/api/webhooks?id=5f0000000000000000000001", None),
    ("post", "/api/webhooks/replay", {"deliveryId": "5f0000000000000000000001"}),
    ("post", "/api/webhooks/test", {"webhookId": "5f0000000000000000000001"}),
]
READS = ["/api/webhooks", "/api/webhooks/deliveries?webhook=5f0000000000000000000001"]


@pytest.fixture
def token():
    return ApiTokenFactory()


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with stand_in.running() as running:
        yield running


def call(token, method, path, body=None):
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(Client(), method)(path, headers=token.header, **data)


def post(token, path="/api/webhooks", **body):
    return call(token, "post", path, body)


def refusal(response):
    return response.status_code, response.json()["message"]


def listed(token):
    return Client().get("/api/webhooks", headers=token.header).json()["data"]


def log_of(token, webhook_id, **params):
    path = "/api/webhooks/deliveries"
    return Client().get(path, {"webhook": webhook_id, **params}, headers=token.header).json()


def test_a_webhook_is_made_and_shown(token, frozen):
    response = post(
        token,
        url=f" {PUBLIC} ",
        events=["meeting.confirmed", "meeting.cancelled", "meeting.confirmed"],
        description="Front desk",
    )

    endpoint = WebhookEndpoint.objects.get()
    shown = {
        "_id": endpoint.pk,
        "url": PUBLIC,
        "events": ["meeting.confirmed", "meeting.cancelled"],
        "description": "Front desk",
        "isActive": True,
        "disabledReason": None,
        "createdAt": "2030-01-07T09:00:00Z",
        "lastDelivery": None,
    }
    answer = response.json()
    secret = answer["data"].pop("secret")
    assert answer == {"retcode": 1, "message": "OK", "data": shown}
    assert response["Cache-Control"] == "no-store"
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert endpoint.owner == token.owner
    assert listed(token) == [shown]


def test_every_event_unless_some_are_named(token):
    assert post(token, url=PUBLIC).json()["data"]["events"] == ["*"]
    assert post(token, url=PUBLIC, events=["*", "room.changed"]).json()["data"]["events"] == ["*"]


def test_secret_is_in_no_table_and_no_log(token, caplog):
    with caplog.at_level(logging.DEBUG):
        made = post(token, url=PUBLIC).json()["data"]
        rotated = post(token, webhookId=made["_id"], rotateSecret=True).json()["data"]
        listed(token)

    for secret in (made["secret"], rotated["secret"]):
        assert columns_holding(secret.removeprefix("whsec_")) == []
        assert secret not in caplog.text
    assert made["secret"] != rotated["secret"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Missing required parameter: url"),
        ({"url": None}, "Missing required parameter: url"),
        ({"url": " "}, "Missing required parameter: url"),
        ({"url": 5}, "Invalid url: must be a string"),
        ({"url": PUBLIC, "events": "*"}, 'Invalid events: must be a list of event types, or ["*"]'),
        ({"url": PUBLIC, "events": [1]}, 'Invalid events: must be a list of event types, or ["*"]'),
        ({"url": PUBLIC, "events": []}, "Invalid events: name at least one, or *"),
        ({"url": PUBLIC, "description": 5}, "Invalid description: must be a string"),
        ({"url": PUBLIC, "dryRun": "yes"}, "Invalid dryRun: must be true or false"),
        ({"url": "http://93.184.216.34/"}, "Invalid url: must begin with https://"),
        ({"url": "https://93.184.216.34:444/"}, "Invalid url: only port 443 is allowed"),
        ({"webhookId": "x"}, "Invalid webhookId: must be an id of 24 hexadecimal characters"),
    ],
)
def test_refused_input(token, body, message):
    assert refusal(post(token, **body)) == (400, message)
    assert not WebhookEndpoint.objects.exists()


def test_unknown_event_type_is_named_with_the_known_ones(token):
    status, message = refusal(post(token, url=PUBLIC, events=["meeting.moved"]))

    assert status == 400
    assert message.startswith("Invalid events: meeting.moved is none of *, meeting.requested, ")
    assert message.endswith(", team_settings.deleted")


@pytest.mark.parametrize("host", PRIVATE)
def test_private_address_is_refused(token, host):
    expected = (400, "Invalid url: private and reserved addresses are not called")
    endpoint = WebhookEndpointFactory(owner=token.owner)

    assert refusal(post(token, url=f"https://{host}/hook")) == expected
    assert refusal(post(token, webhookId=endpoint.pk, url=f"https://{host}/")) == expected
    assert WebhookEndpoint.objects.get().url == PUBLIC


def test_twenty_webhooks_a_person(token):
    for _ in range(19):
        WebhookEndpointFactory(owner=token.owner)
    WebhookEndpointFactory()

    assert post(token, url=PUBLIC).status_code == 200
    assert refusal(post(token, url=PUBLIC)) == (409, "At most 20 webhooks per person")
    assert len(listed(token)) == 20


def test_a_webhook_is_changed_and_the_rest_of_it_stays(token):
    endpoint = WebhookEndpointFactory(owner=token.owner, description="Old", failing_since=NOW)

    def change(**body):
        response = post(token, webhookId=endpoint.pk, **body)
        assert response.status_code == 200, response.content
        data = response.json()["data"]
        assert "secret" not in data
        return [data[name] for name in ("url", "events", "description", "isActive")]

    assert change() == [PUBLIC, ["*"], "Old", True]
    assert change(description="New") == [PUBLIC, ["*"], "New", True]
    assert change(description="") == [PUBLIC, ["*"], "", True]
    assert change(events=["room.changed"]) == [PUBLIC, ["room.changed"], "", True]
    assert change(url="https://8.8.8.8/") == ["https://8.8.8.8/", ["room.changed"], "", True]
    assert change(isActive=False)[3] is False
    assert listed(token)[0]["disabledReason"] == "owner"
    assert change(isActive=True)[3] is True
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.switched_off) == (None, "")


def test_a_webhook_is_removed_with_its_log(token):
    delivery = WebhookDeliveryFactory(endpoint__owner=token.owner)
    webhook_id = delivery.endpoint_id

    response = call(token, "delete", f"/api/webhooks?id={webhook_id.upper()}")

    assert response.json() == {"retcode": 1, "message": "OK", "data": {"_id": webhook_id}}
    assert not WebhookDelivery.objects.exists()
    assert refusal(call(token, "delete", f"/api/webhooks?id={webhook_id}")) == (
        404,
        "Webhook not found",
    )


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/api/webhooks", "Missing required parameter: id"),
        ("/api/webhooks?id=x", "Invalid id: must be an id of 24 hexadecimal characters"),
    ],
)
def test_removal_names_a_webhook(token, path, message):
    assert refusal(call(token, "delete", path)) == (400, message)


def test_anothers_webhook_is_like_an_unknown_one(token):
    """The partner who sees all events sees no other person's webhooks, and staff do not either."""
    delivery = WebhookDeliveryFactory(attempts=3)
    admin = ApiTokenFactory(owner__app_admin=True)

    def answers(caller, webhook_id, delivery_id):
        return [
            refusal(post(caller, webhookId=webhook_id, isActive=False)),
            refusal(call(caller, "delete", f"/api/webhooks?id={webhook_id}")),
            refusal(post(caller, "/api/webhooks/test", webhookId=webhook_id)),
            refusal(post(caller, "/api/webhooks/replay", deliveryId=delivery_id)),
            log_of(caller, webhook_id)["message"],
        ]

    expected = [
        (404, "Webhook not found"),
        (404, "Webhook not found"),
        (404, "Webhook not found"),
        (404, "Delivery not found"),
        "Webhook not found",
    ]
    for caller in (token, admin):
        assert answers(caller, delivery.endpoint_id, delivery.pk) == expected
        assert answers(caller, ids.new_id(), ids.new_id()) == expected
        assert listed(caller) == []
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.endpoint.is_active) == (3, True)


def test_log_of_a_webhook(token, frozen):
    endpoint = WebhookEndpointFactory(owner=token.owner)
    done = WebhookDeliveryFactory(
        id="5f0000000000000000000001",
        endpoint=endpoint,
        status="delivered",
        attempts=2,
        last_attempt_at=NOW,
        answer_status=200,
        answer_ms=31,
        answer_text="thanks",
        created_at=NOW,
    )
    failed = WebhookDeliveryFactory(
        id="5f0000000000000000000002",
        endpoint=endpoint,
        event=None,
        attempts=1,
        next_attempt_at=NOW,
        last_attempt_at=NOW - dt.timedelta(seconds=5),
        error="No answer in time",
        created_at=NOW,
    )
    WebhookDeliveryFactory()
    first = {
        "_id": done.pk,
        "webhookId": endpoint.pk,
        "eventId": done.event_id,
        "type": "meeting.confirmed",
        "status": "delivered",
        "attempts": 2,
        "createdAt": "2030-01-07T09:00:00Z",
        "lastAttemptAt": "2030-01-07T09:00:00Z",
        "nextAttemptAt": None,
        "answer": {"status": 200, "ms": 31},
        "error": None,
    }
    second = {
        "_id": failed.pk,
        "webhookId": endpoint.pk,
        "eventId": None,
        "type": "webhook.test",
        "status": "pending",
        "attempts": 1,
        "createdAt": "2030-01-07T09:00:00Z",
        "lastAttemptAt": "2030-01-07T08:59:55Z",
        "nextAttemptAt": "2030-01-07T09:00:00Z",
        "answer": None,
        "error": "No answer in time",
    }

    assert log_of(token, endpoint.pk) == {
        "retcode": 1,
        "message": "OK",
        "data": [second, first],
    }
    with_body = {**first, "answer": {"status": 200, "ms": 31, "body": "thanks"}}
    assert log_of(token, endpoint.pk, delivery=done.pk)["data"] == [with_body]
    assert listed(token)[0]["lastDelivery"] == {"at": "2030-01-07T09:00:00Z", "status": "delivered"}


def test_log_page_by_page(token):
    endpoint = WebhookEndpointFactory(owner=token.owner)
    made = [WebhookDeliveryFactory(endpoint=endpoint).pk for _ in range(5)]
    read, cursor = [], {}

    for _ in range(3):
        page = log_of(token, endpoint.pk, limit=2, **cursor)
        read += [line["_id"] for line in page["data"]]
        cursor = {"cursor": page.get("nextCursor")}

    assert cursor == {"cursor": None}
    assert read == sorted(made, reverse=True)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "Missing required parameter: webhook"),
        ({"webhook": "x"}, "Invalid webhook: must be an id of 24 hexadecimal characters"),
        ({"webhook": "5" * 24, "cursor": "x"}, "Invalid cursor"),
        ({"webhook": "5" * 24, "limit": "201"}, "Invalid limit: must be at most 200"),
        (
            {"webhook": "5" * 24, "delivery": "x"},
            "Invalid delivery: must be an id of 24 hexadecimal characters",
        ),
    ],
)
def test_log_refuses(token, params, message):
    response = Client().get("/api/webhooks/deliveries", params, headers=token.header)

    assert refusal(response) == (400, message)


def test_test_message_arrives_signed(token, receiver, django_capture_on_commit_callbacks):
    made = post(token, url=receiver.url()).json()["data"]
    receiver.answers(stand_in.says(200, b"pong"))

    with django_capture_on_commit_callbacks(execute=True):
        asked = post(token, "/api/webhooks/test", webhookId=made["_id"]).json()["data"]

    (got,) = receiver.received
    message = standardwebhooks.Webhook(made["secret"]).verify(got.body, got.headers)
    assert (message["type"], message["object"]) == (
        "webhook.test",
        {"kind": "webhook", "id": made["_id"]},
    )
    assert (asked["status"], asked["type"]) == ("pending", "webhook.test")
    (line,) = log_of(token, made["_id"], delivery=asked["_id"])["data"]
    assert (line["status"], line["answer"]["body"]) == ("delivered", "pong")
    assert not Event.objects.exists()


def test_failed_test_message_is_tried_once_and_harms_nothing(token, receiver):
    endpoint = WebhookEndpointFactory(owner=token.owner, url=receiver.answers(stand_in.says(500)))
    asked = post(token, "/api/webhooks/test", webhookId=endpoint.pk).json()["data"]

    webhook_sending.send_due(clock=system_clock.now)

    (line,) = log_of(token, endpoint.pk, delivery=asked["_id"])["data"]
    assert (line["status"], line["attempts"], line["error"]) == ("failed", 1, "Answered 500")
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.is_active) == (None, True)


def test_replay_sends_again_under_the_same_id(token, receiver, django_capture_on_commit_callbacks):
    delivery = WebhookDeliveryFactory(
        endpoint__owner=token.owner, endpoint__url=receiver.url(), status="failed", attempts=9
    )

    with django_capture_on_commit_callbacks(execute=True):
        answer = post(token, "/api/webhooks/replay", deliveryId=delivery.pk).json()["data"]

    assert (answer["_id"], answer["status"], answer["attempts"]) == (delivery.pk, "pending", 0)
    assert receiver.received[0].headers["webhook-id"] == delivery.event_id
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("delivered", 1)


def test_nothing_is_sent_to_what_is_off(token):
    delivery = WebhookDeliveryFactory(
        endpoint=WebhookEndpointFactory(owner=token.owner, off=True), status="failed"
    )
    expected = (409, "This webhook is switched off: switch it on first")

    assert refusal(post(token, "/api/webhooks/replay", deliveryId=delivery.pk)) == expected
    assert refusal(post(token, "/api/webhooks/test", webhookId=delivery.endpoint_id)) == expected
    assert WebhookDelivery.objects.get().status == "failed"


@pytest.mark.parametrize(
    ("path", "name"),
    [("/api/webhooks/replay", "deliveryId"), ("/api/webhooks/test", "webhookId")],
)
def test_replay_and_test_name_their_object(token, path, name):
    assert refusal(post(token, path)) == (400, f"Missing required parameter: {name}")
    assert refusal(post(token, path, **{name: "x"})) == (
        400,
        f"Invalid {name}: must be an id of 24 hexadecimal characters",
    )


def test_dry_runs_change_and_send_nothing(token, receiver):
    delivery = WebhookDeliveryFactory(
        endpoint__owner=token.owner, endpoint__url=receiver.url(), status="failed"
    )
    webhook_id = delivery.endpoint_id
    answers = [
        post(token, url=receiver.url(), dryRun=True),
        post(token, webhookId=webhook_id, description="New", rotateSecret=True, dryRun=True),
        post(token, "/api/webhooks/test", webhookId=webhook_id, dryRun=True),
        post(token, "/api/webhooks/replay", deliveryId=delivery.pk, dryRun=True),
    ]

    assert [(one.status_code, one.json()["dryRun"]) for one in answers] == [(200, True)] * 4
    assert WebhookEndpoint.objects.get().description == ""
    assert WebhookEndpoint.objects.get().sealed_former_secret == ""
    assert WebhookDelivery.objects.get().status == "failed"
    assert webhook_sending.send_due(clock=system_clock.now) == 0


def test_same_idempotency_key_makes_one_webhook_and_shows_the_same_secret(token):
    headers = {**token.header, "Idempotency-Key": "once"}
    first, second = (
        Client().post(
            "/api/webhooks",
            json.dumps({"url": PUBLIC}),
            content_type="application/json",
            headers=headers,
        )
        for _ in range(2)
    )

    assert first.json() == second.json()
    assert WebhookEndpoint.objects.count() == 1
    assert columns_holding(first.json()["data"]["secret"].removeprefix("whsec_")) == []


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=[path for _, path, _ in WRITES])
def test_writes_need_the_scope_to_write_bookings(method, path, body):
    reader = ApiTokenFactory(scopes=["read", "registrations:write", "contracts:write"])

    assert refusal(call(reader, method, path, body)) == (
        403,
        "Forbidden: this token lacks the scope bookings:write",
    )
    assert getattr(Client(), method)(path).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/webhooks", {"url": PUBLIC}),
        ("/api/webhooks", {"url": PUBLIC, "dryRun": True}),
        ("/api/webhooks", {"webhookId": "5f" * 12, "url": PUBLIC}),
        ("/api/webhooks/replay", {"deliveryId": "5f" * 12}),
    ],
)
def test_a_token_that_may_not_read_bookings_has_nobody_told_of_them(path, body):
    writer = ApiTokenFactory(scopes=["bookings:write"])

    answer = call(writer, "post", path, body)

    assert refusal(answer) == (403, "Forbidden: this token lacks the scope read")
    assert not WebhookEndpoint.objects.exists()


def test_a_token_that_may_not_read_may_still_remove_a_webhook():
    writer = ApiTokenFactory(scopes=["bookings:write"])
    endpoint = WebhookEndpointFactory(owner=writer.owner)

    assert call(writer, "delete", f"/api/webhooks?id={endpoint.pk}").status_code == 200


@pytest.mark.parametrize("path", READS)
def test_reads_need_the_scope_to_read(path):
    assert refusal(call(ApiTokenFactory(scopes=["bookings:write"]), "get", path)) == (
        403,
        "Forbidden: this token lacks the scope read",
    )


@pytest.mark.parametrize("path", ["webhooks", "deliveries"])
def test_questions_to_the_database_do_not_grow(token, path):
    endpoint = WebhookEndpointFactory(owner=token.owner)

    def add():
        WebhookDeliveryFactory(endpoint=endpoint, event=EventFactory(), last_attempt_at=NOW)
        WebhookEndpointFactory(owner=token.owner)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            if path == "webhooks":
                listed(token)
            else:
                log_of(token, endpoint.pk)
        return [one for one in captured.captured_queries if '"apitokens_webhook' in one["sql"]]

    listed(token)
    add()
    one = queries()
    add()
    add()

    assert len(queries()) == len(one) == (1 if path == "webhooks" else 2)


def test_staff_send_again_from_the_back_office(receiver, django_capture_on_commit_callbacks):
    live = WebhookDeliveryFactory(endpoint__url=receiver.url(), status="failed")
    WebhookDeliveryFactory(endpoint=WebhookEndpointFactory(off=True), status="failed")

    with django_capture_on_commit_callbacks(execute=True):
        count = webhooks.replay_for_staff(WebhookDelivery.objects.all(), now=system_clock.now())

    assert count == 1
    live.refresh_from_db()
    assert live.status == "delivered"
