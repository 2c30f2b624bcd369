"""Webhook messages: an event as it goes out, signed by the Standard Webhooks scheme.

Source: the Standard Webhooks specification; safety, S-41.
"""

import base64
import datetime as dt
import secrets

import orjson
from standardwebhooks import Webhook

from apitokens.models import WebhookDelivery, WebhookEndpoint
from config import instants, sealing

TEST_TYPE = "webhook.test"
USER_AGENT = "Workways-Webhooks/1"
_SECRET_BYTES = 32


def new_secret() -> str:
    """Make a secret as the scheme spells it: `whsec_` and 32 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def message_id(delivery: WebhookDelivery) -> str:
    """Return the `webhook-id`: the event's own id, as in the change feed; the same at every attempt."""
    return delivery.event_id or delivery.pk


def body(delivery: WebhookDelivery) -> bytes:
    """Write what goes out; every attempt sends the same bytes."""
    event = delivery.event
    return orjson.dumps(
        {
            "id": message_id(delivery),
            "type": event.type if event else TEST_TYPE,
            "timestamp": instants.written(event.at if event else delivery.created_at),
            "object": (
                {"kind": event.object_kind, "id": event.object_id}
                if event
                else {"kind": "webhook", "id": delivery.endpoint_id}
            ),
            "data": event.data if event else {},
        }
    )


def headers(delivery: WebhookDelivery, content: bytes, *, now: dt.datetime) -> dict[str, str]:
    """Sign a message at this moment with the secret, and during its rotation with the former one too."""
    name = message_id(delivery)
    signatures = [
        Webhook(secret).sign(name, now.astimezone(dt.UTC), content.decode())
        for secret in _secrets(delivery.endpoint, now=now)
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _secrets(endpoint: WebhookEndpoint, *, now: dt.datetime) -> list[str]:
    sealed = [endpoint.sealed_secret]
    if endpoint.former_secret_until and now < endpoint.former_secret_until:
        sealed.append(endpoint.sealed_former_secret)
    return [sealing.unseal(one) for one in sealed]
