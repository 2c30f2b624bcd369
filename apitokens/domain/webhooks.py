"""Webhooks as their owners manage them: nobody else's exist for them.

Source: public-api, sections 5 and 7, `/api/webhooks`; safety, S-11, S-40, S-41.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery

from apitokens.domain import tokens, webhook_deliveries, webhook_messages
from apitokens.models import (
    EVERY_EVENT,
    DeliveryStatus,
    EventType,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
)
from config import background, outbound, sealing
from config.errors import DomainError
from organizations.models import User

MOST_PER_OWNER = 20
ROTATION = dt.timedelta(hours=24)
"""How long a former secret signs beside the new one."""

Found = TypeVar("Found", bound=Model)


class WebhookNotFound(DomainError):
    code = "WEBHOOK_NOT_FOUND"
    status = 404
    message = "Webhook not found"


class DeliveryNotFound(DomainError):
    code = "DELIVERY_NOT_FOUND"
    status = 404
    message = "Delivery not found"


class UnknownEventType(DomainError):
    """A filter names something that never happens."""

    code = "UNKNOWN_EVENT_TYPE"


class TooManyWebhooks(DomainError):
    code = "TOO_MANY_WEBHOOKS"
    status = 409
    message = f"At most {MOST_PER_OWNER} webhooks per person"


class WebhookIsOff(DomainError):
    """Nothing is sent to an address that is off."""

    code = "WEBHOOK_IS_OFF"
    status = 409
    message = "This webhook is switched off: switch it on first"


@dataclass(frozen=True, slots=True)
class IssuedWebhook:
    """A webhook, and its secret where one was made, which is known at this moment only."""

    endpoint: WebhookEndpoint
    secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What shall be different; None leaves a thing as it is."""

    url: outbound.CheckedUrl | None = None
    event_types: Sequence[str] | None = None
    description: str | None = None
    is_active: bool | None = None
    new_secret: bool = False


def list_of(owner: User) -> QuerySet[WebhookEndpoint]:
    """Return an owner's webhooks, newest first, with `last_at` and `last_status` of what was last sent."""
    sent = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), last_attempt_at__isnull=False)
    last = sent.order_by("-last_attempt_at", "-id")
    return (
        WebhookEndpoint.objects.filter(owner=owner)
        .annotate(
            last_at=Subquery(last.values("last_attempt_at")[:1]),
            last_status=Subquery(last.values("status")[:1]),
        )
        .order_by("-created_at", "-id")
    )


def get(*, owner: User, webhook_id: str) -> WebhookEndpoint:
    """Return one webhook as `list_of` does.

    :raises WebhookNotFound: also when it is another's.
    """
    return _found(list_of(owner).filter(pk=webhook_id), WebhookNotFound)


def create(
    *,
    owner: User,
    url: outbound.CheckedUrl,
    now: dt.datetime,
    event_types: Sequence[str] = (EVERY_EVENT,),
    description: str = "",
) -> IssuedWebhook:
    """Make a webhook; its secret is in the answer and never again.

    :raises tokens.NoTokenRole: :raises UnknownEventType: :raises TooManyWebhooks:
    """
    if owner.api_role not in tokens.TOKEN_ROLES:
        raise tokens.NoTokenRole
    wanted = _checked_types(event_types)
    secret = webhook_messages.new_secret()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if WebhookEndpoint.objects.filter(owner=owner).count() >= MOST_PER_OWNER:
            raise TooManyWebhooks
        endpoint = WebhookEndpoint.objects.create(
            owner=owner,
            url=url.text,
            event_types=wanted,
            description=description,
            sealed_secret=sealing.seal(secret),
            created_at=now,
        )
    return IssuedWebhook(endpoint, secret)


@transaction.atomic
def change(*, owner: User, webhook_id: str, changes: Changes, now: dt.datetime) -> IssuedWebhook:
    """Change a webhook; switched on again, it goes on with what is still waiting for it.

    With a new secret, which is in the answer and never again, the former one signs beside it for a day.

    :raises WebhookNotFound: :raises UnknownEventType:
    """
    endpoint = _locked(owner, webhook_id)
    if changes.url is not None:
        endpoint.url = changes.url.text
    if changes.event_types is not None:
        endpoint.event_types = _checked_types(changes.event_types)
    if changes.description is not None:
        endpoint.description = changes.description
    _switch(endpoint, changes.is_active)
    secret = _renew_secret(endpoint, now=now) if changes.new_secret else None
    endpoint.save()
    background.after_commit(webhook_deliveries.SEND_TASK)
    return IssuedWebhook(endpoint, secret)


def rotate(*, owner: User, webhook_id: str, now: dt.datetime) -> IssuedWebhook:
    """Give a webhook a new secret; the former one signs beside it for a day.

    :raises WebhookNotFound:
    """
    return change(owner=owner, webhook_id=webhook_id, changes=Changes(new_secret=True), now=now)


@transaction.atomic
def delete(*, owner: User, webhook_id: str) -> None:
    """Remove a webhook with its log; what is waiting for it is not sent.

    :raises WebhookNotFound:
    """
    _locked(owner, webhook_id).delete()


@transaction.atomic
def send_test(*, owner: User, webhook_id: str, now: dt.datetime) -> WebhookDelivery:
    """Send a `webhook.test` message, once, in the background; the answer stands in the log.

    :raises WebhookNotFound: :raises WebhookIsOff:
    """
    endpoint = _locked(owner, webhook_id)
    if not endpoint.is_active:
        raise WebhookIsOff
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, next_attempt_at=now, created_at=now
    )
    background.after_commit(webhook_deliveries.SEND_TASK)
    return delivery


@transaction.atomic
def replay(*, owner: User, delivery_id: str, now: dt.datetime) -> WebhookDelivery:
    """Send a delivery of the log again, under its `webhook-id`, with all its attempts before it.

    :raises DeliveryNotFound: also when it is another's. :raises WebhookIsOff:
    """
    own = WebhookDelivery.objects.filter(pk=delivery_id, endpoint__owner=owner)
    return _send_again(_found(own, DeliveryNotFound), now=now)


@transaction.atomic
def replay_for_staff(chosen: QuerySet[WebhookDelivery], *, now: dt.datetime) -> int:
    """Send these again, as their owners could; return how many, leaving out addresses that are off."""
    live = list(chosen.filter(endpoint__is_active=True).order_by("id"))
    for delivery in live:
        _send_again(delivery, now=now)
    return len(live)


def deliveries_of(*, owner: User, webhook_id: str) -> QuerySet[WebhookDelivery]:
    """Return the log of a webhook, newest first, with the answers that only its owner reads.

    :raises WebhookNotFound:
    """
    if not WebhookEndpoint.objects.filter(owner=owner, pk=webhook_id).exists():
        raise WebhookNotFound
    log = WebhookDelivery.objects.filter(endpoint=webhook_id).select_related("event")
    return log.order_by("-id")


def _send_again(delivery: WebhookDelivery, *, now: dt.datetime) -> WebhookDelivery:
    locked = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("endpoint")
    delivery = locked.get(pk=delivery.pk)
    if not delivery.endpoint.is_active:
        raise WebhookIsOff
    is_under_way = delivery.claimed_until is not None and delivery.claimed_until > now
    if not is_under_way:
        delivery.status = DeliveryStatus.PENDING
        delivery.attempts = 0
        delivery.next_attempt_at = now
        delivery.save(update_fields=["status", "attempts", "next_attempt_at"])
        background.after_commit(webhook_deliveries.SEND_TASK)
    return delivery


def _checked_types(wanted: Sequence[str]) -> list[str]:
    known = [EVERY_EVENT, *EventType.values]
    for one in wanted:
        if one not in known:
            raise UnknownEventType(f"Invalid events: {one} is none of {', '.join(known)}")
    if not wanted:
        raise UnknownEventType("Invalid events: name at least one, or *")
    return [EVERY_EVENT] if EVERY_EVENT in wanted else list(dict.fromkeys(wanted))


def _switch(endpoint: WebhookEndpoint, is_active: bool | None) -> None:  # noqa: FBT001 - a wanted state
    if is_active is None or is_active == endpoint.is_active:
        return
    endpoint.is_active = is_active
    endpoint.switched_off = SwitchedOff.NOT if is_active else SwitchedOff.BY_OWNER
    endpoint.failing_since = endpoint.paused_until = None


def _renew_secret(endpoint: WebhookEndpoint, *, now: dt.datetime) -> str:
    secret = webhook_messages.new_secret()
    endpoint.sealed_former_secret = endpoint.sealed_secret
    endpoint.former_secret_until = now + ROTATION
    endpoint.sealed_secret = sealing.seal(secret)
    return secret


def _locked(owner: User, webhook_id: str) -> WebhookEndpoint:
    own = WebhookEndpoint.objects.filter(owner=owner, pk=webhook_id)
    return _found(own.select_for_update(no_key=True), WebhookNotFound)


def _found(candidates: QuerySet[Found], missing: type[DomainError]) -> Found:
    found = candidates.first()
    if found is None:
        raise missing
    return found
