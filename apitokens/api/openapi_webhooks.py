"""What the OpenAPI document says about webhooks."""

from pathlib import Path

from apitokens.models import EVERY_EVENT, DeliveryStatus, EventType, SwitchedOff
from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NEEDS_TOKEN,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    nullable,
    post,
    read_envelope,
    record,
    refusals,
)
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"
_TYPES: Schema = array({"type": "string", "enum": [EVERY_EVENT, *EventType.values]}, minItems=1)
_STATUS: Schema = {"type": "string", "enum": list(DeliveryStatus.values)}
_FIELDS = {
    "_id": OBJECT_ID,
    "url": STRING,
    "events": _TYPES,
    "description": STRING,
    "isActive": BOOLEAN,
    "disabledReason": nullable(
        {"type": "string", "enum": [one for one in SwitchedOff.values if one]}
    ),
    "createdAt": INSTANT,
    "lastDelivery": nullable(record({"at": INSTANT, "status": _STATUS})),
}
WEBHOOK = record(_FIELDS)
ISSUED_WEBHOOK = record(_FIELDS, {"secret": STRING})
DELIVERY = record(
    {
        "_id": OBJECT_ID,
        "webhookId": OBJECT_ID,
        "eventId": nullable(OBJECT_ID),
        "type": STRING,
        "status": _STATUS,
        "attempts": INTEGER,
        "createdAt": INSTANT,
        "lastAttemptAt": nullable(INSTANT),
        "nextAttemptAt": nullable(INSTANT),
        "answer": nullable(record({"status": INTEGER, "ms": INTEGER}, {"body": STRING})),
        "error": nullable(STRING),
    }
)
_DRY_RUN = {"dryRun": BOOLEAN}
_SCOPE = " Needs the scope `bookings:write`."
_SCOPES = " Needs the scopes `bookings:write` and `read`."
_TAG = "Events"
_SCHEME = (
    "Messages follow the Standard Webhooks scheme. Each is a POST of JSON with `id`, `type`, "
    "`timestamp`, `object` and `data`; the headers `webhook-id` (the event's id, the same at every "
    "attempt: use it to drop repetitions), `webhook-timestamp` and `webhook-signature` (`v1,` and the "
    "HMAC-SHA256 over id, timestamp and body, joined by full stops; two signatures, parted by a space, "
    "while a secret is being rotated). Answer 2xx within 15 seconds. Anything else, redirects too, is "
    "tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14 and 20 h, each up to a fifth later; `Retry-After` "
    "of a 429 or 503 is honoured, up to a day. After the last attempt the delivery is given up, and a "
    "webhook that took nothing at all meanwhile is switched off; 410 switches it off at once; its owner is "
    "mailed. **The order of messages is not promised**: where it matters, read `/api/changes`."
)


def paths() -> Schema:
    """Describe `/api/webhooks` and what lies below it."""
    every = {
        "/api/webhooks": {"get": _list(), "post": _write(), "delete": _delete()},
        "/api/webhooks/deliveries": {"get": _deliveries()},
        "/api/webhooks/replay": {"post": _replay()},
        "/api/webhooks/test": {"post": _test()},
    }
    return with_examples(every, folder=_EXAMPLES)


def _list() -> Schema:
    return get(
        summary="Webhooks",
        description="The token owner's own webhooks, newest first. " + _SCHEME,
        tag=_TAG,
        parameters=[],
        responses={
            "200": answer("The webhooks", read_envelope(array(WEBHOOK, maxItems=20))),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )


def _write() -> Schema:
    return post(
        summary="Make or change a webhook",
        description=(
            "Makes a webhook and answers its `secret`, which is never shown again. With `webhookId` it "
            "changes that one, leaving out what is not given: `isActive` switches it on or off, "
            "`rotateSecret` answers a new secret, beside which the former one signs for 24 hours. "
            "Addresses are `https` on port 443 of public hosts. At most 20 webhooks per person."
            + _SCOPES
        ),
        tag=_TAG,
        body={
            "type": "object",
            "properties": {
                "url": STRING,
                "events": _TYPES,
                "description": {"type": "string", "maxLength": 200},
                "webhookId": OBJECT_ID,
                "isActive": BOOLEAN,
                "rotateSecret": BOOLEAN,
                **_DRY_RUN,
            },
        },
        example={
            "url": "https://hooks.example.com/workways",
            "events": ["meeting.confirmed", "meeting.cancelled"],
            "description": "Calendar of the front desk",
        },
        responses={
            "200": answer("The webhook", read_envelope(ISSUED_WEBHOOK, **_DRY_RUN)),
            **refusals(),
        },
    )


def _delete() -> Schema:
    removed = get(
        summary="Remove a webhook",
        description="Removes a webhook with its log; what waits for it is not sent." + _SCOPE,
        tag=_TAG,
        parameters=[in_query("id", OBJECT_ID, "The webhook's id", required=True)],
        responses={
            "200": answer("It is gone", read_envelope(record({"_id": OBJECT_ID}))),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )
    return {**removed, "operationId": "DeleteAWebhook"}


def _deliveries() -> Schema:
    return get(
        summary="Webhook deliveries",
        description=(
            "What was sent to a webhook in the last 30 days, newest first. With `delivery` that one "
            "alone, and the first 64 KB of what the address answered."
        ),
        tag=_TAG,
        parameters=[
            in_query("webhook", OBJECT_ID, "The webhook's id", required=True),
            in_query("delivery", OBJECT_ID, "One delivery, with the answer's body"),
            in_query(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
                "At most so many deliveries",
            ),
            in_query("cursor", STRING, "`nextCursor` of the answer before"),
        ],
        responses={
            "200": answer(
                "The deliveries", read_envelope(array(DELIVERY, maxItems=200), nextCursor=STRING)
            ),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )


def _replay() -> Schema:
    return post(
        summary="Replay a delivery",
        description="Sends a delivery of the log again, under the same `webhook-id`." + _SCOPES,
        tag=_TAG,
        body={
            "type": "object",
            "required": ["deliveryId"],
            "properties": {"deliveryId": OBJECT_ID, **_DRY_RUN},
        },
        example={"deliveryId": "507f191e810c19729de860ea"},
        responses={
            "200": answer("The delivery", read_envelope(DELIVERY, **_DRY_RUN)),
            **refusals(),
        },
    )


def _test() -> Schema:
    return post(
        summary="Test a webhook",
        description=(
            "Sends a message of type `webhook.test`, once; how it went stands in the log." + _SCOPE
        ),
        tag=_TAG,
        body={
            "type": "object",
            "required": ["webhookId"],
            "properties": {"webhookId": OBJECT_ID, **_DRY_RUN},
        },
        example={"webhookId": "507f191e810c19729de860ea"},
        responses={
            "200": answer("The delivery", read_envelope(DELIVERY, **_DRY_RUN)),
            **refusals(),
        },
    )
