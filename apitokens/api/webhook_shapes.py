"""How webhooks and their deliveries look in answers."""

import datetime as dt
from typing import Any

from apitokens.domain.webhook_messages import TEST_TYPE
from apitokens.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from config import instants


def as_webhook(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Write a webhook as `webhooks.list_of` reads it; one just made has sent nothing yet."""
    last_at = getattr(endpoint, "last_at", None)
    return {
        "_id": endpoint.pk,
        "url": endpoint.url,
        "events": endpoint.event_types,
        "description": endpoint.description,
        "isActive": endpoint.is_active,
        "disabledReason": endpoint.switched_off or None,
        "createdAt": instants.written(endpoint.created_at),
        "lastDelivery": last_at
        and {
            "at": instants.written(last_at),
            "status": getattr(endpoint, "last_status", None),
        },
    }


def as_delivery(delivery: WebhookDelivery, *, with_answer: bool) -> dict[str, Any]:
    """Write a line of the log; `with_answer` adds the beginning of what the address answered."""
    event = delivery.event
    answer: dict[str, Any] | None = None
    if delivery.answer_status is not None:
        answer = {"status": delivery.answer_status, "ms": delivery.answer_ms}
        if with_answer:
            answer["body"] = delivery.answer_text
    is_pending = delivery.status == DeliveryStatus.PENDING
    return {
        "_id": delivery.pk,
        "webhookId": delivery.endpoint_id,
        "eventId": delivery.event_id,
        "type": event.type if event else TEST_TYPE,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "createdAt": instants.written(delivery.created_at),
        "lastAttemptAt": _written(delivery.last_attempt_at),
        "nextAttemptAt": _written(delivery.next_attempt_at) if is_pending else None,
        "answer": answer,
        "error": delivery.error or None,
    }


def _written(moment: dt.datetime | None) -> str | None:
    return instants.written(moment) if moment else None
