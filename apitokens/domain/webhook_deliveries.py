"""Webhook deliveries: what is promised to whom, and which promises a worker takes on next.

A row is promised in the transaction that publishes the event. A worker claims it for a minute; one
that dies meanwhile leaves it to the next, under the same `webhook-id`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apitokens.domain import event_visibility, tokens
from apitokens.models import (
    EVERY_EVENT,
    DeliveryStatus,
    Event,
    WebhookDelivery,
    WebhookEndpoint,
)
from config import background

SEND_TASK = "apitokens.send_webhooks"
CLAIMED = dt.timedelta(seconds=60)
AT_ONCE = 4
"""How many deliveries one address gets at the same time; one that fails gets one."""

_CLAIM = """
WITH picked AS (
    SELECT due.id
      FROM unnest(%(endpoints)s::text[], %(places)s::int[]) AS wanted(endpoint_id, places)
     CROSS JOIN LATERAL (
           SELECT id FROM apitokens_webhookdelivery
            WHERE endpoint_id = wanted.endpoint_id AND status = 'pending'
              AND next_attempt_at <= %(now)s
              AND (claimed_until IS NULL OR claimed_until <= %(now)s)
            ORDER BY next_attempt_at, id
            LIMIT wanted.places FOR UPDATE SKIP LOCKED
           ) AS due
     LIMIT %(limit)s
)
UPDATE apitokens_webhookdelivery
   SET claimed_until = %(until)s, last_attempt_at = %(now)s, attempts = attempts + 1
  FROM picked
 WHERE apitokens_webhookdelivery.id = picked.id
RETURNING apitokens_webhookdelivery.id
"""


def promise(events: Sequence[Event], *, now: dt.datetime) -> int:
    """Promise these events to every webhook that wants and may see them; return how many promises."""
    endpoints = list(_told_endpoints().order_by("id")) if events else []
    wanted = [
        WebhookDelivery(endpoint=endpoint, event=event, next_attempt_at=now, created_at=now)
        for event in events
        for endpoint in endpoints
        if _wants(endpoint, event) and event_visibility.sees(endpoint.owner, event)
    ]
    WebhookDelivery.objects.bulk_create(wanted, batch_size=1000, ignore_conflicts=True)
    if wanted:
        background.after_commit(SEND_TASK)
    return len(wanted)


@transaction.atomic
def claim(*, now: dt.datetime, limit: int) -> list[WebhookDelivery]:
    """Take on at most `limit` due deliveries, with their events, addresses and owners.

    No address gets more than its share at once, however many workers there are: its row is locked
    while its deliveries are claimed, and one that another worker is at is passed over.
    """
    ready = _ready_endpoints(now=now)[:limit]
    endpoints = {endpoint.pk: endpoint for endpoint in ready}
    if not endpoints:
        return []
    places = _free_places(endpoints, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "endpoints": list(places),
                "places": list(places.values()),
                "now": now,
                "until": now + CLAIMED,
                "limit": limit,
            },
        )
        ids = [row[0] for row in cursor.fetchall()]
    claimed = WebhookDelivery.objects.select_related("event", "endpoint__owner__organization")
    return list(claimed.filter(pk__in=ids).order_by("next_attempt_at", "id"))


def _wants(endpoint: WebhookEndpoint, event: Event) -> bool:
    return EVERY_EVENT in endpoint.event_types or event.type in endpoint.event_types


def _told_endpoints() -> QuerySet[WebhookEndpoint]:
    """Select the addresses that are on and whose owners may still call the API."""
    return WebhookEndpoint.objects.select_related("owner__organization").filter(
        Q(owner__organization=None) | Q(owner__organization__is_archived=False),
        is_active=True,
        owner__is_archived=False,
        owner__api_role__in=tokens.TOKEN_ROLES,
    )


def _ready_endpoints(*, now: dt.datetime) -> QuerySet[WebhookEndpoint]:
    """Select and lock the addresses that have something due and a free place, longest waiting first."""
    own = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), status=DeliveryStatus.PENDING)
    due = own.filter(_unclaimed(now=now), next_attempt_at__lte=now)
    busy = own.filter(claimed_until__gt=now).order_by().values("endpoint")
    return (
        _told_endpoints()
        .filter(Q(paused_until=None) | Q(paused_until__lte=now))
        .filter(Exists(due))
        .annotate(
            waiting_since=Subquery(due.order_by("next_attempt_at").values("next_attempt_at")[:1]),
            busy=Coalesce(Subquery(busy.annotate(n=Count("*")).values("n")), 0),
            share=Case(When(failing_since=None, then=Value(AT_ONCE)), default=Value(1)),
        )
        .filter(busy__lt=F("share"))
        .order_by("waiting_since", "id")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
    )


def _free_places(endpoints: Mapping[str, WebhookEndpoint], *, now: dt.datetime) -> dict[str, int]:
    """Count, under their locks, how many more deliveries each address may get now."""
    busy = dict(
        WebhookDelivery.objects.filter(
            endpoint__in=list(endpoints), status=DeliveryStatus.PENDING, claimed_until__gt=now
        )
        .values_list("endpoint")
        .annotate(n=Count("*"))
    )
    return {
        pk: max(0, (1 if endpoint.failing_since else AT_ONCE) - busy.get(pk, 0))
        for pk, endpoint in endpoints.items()
    }


def _unclaimed(*, now: dt.datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now)
