"""Publishing: committed events get their place in the feed and go out to the webhooks that want them.

Places are given by one publisher at a time, after the events' own commits: a transaction that
commits late gets a later place, so a reader who has seen one place has missed none before it.
"""

import datetime as dt

from django.db import connection, transaction

from apitokens.domain import webhook_deliveries
from apitokens.models import Event, WebhookDelivery

PUBLISHER_LOCK = 0x65766E74  # any number that no other lock uses
BATCH = 500
KEPT = dt.timedelta(days=31)
"""How long events stay: a day longer than the documented 30, so that no cursor in use dangles."""


def publish(*, now: dt.datetime) -> int:
    """Publish every committed event that is not yet; return how many.

    Any number of publishers at once publish each event once.
    """
    published = 0
    while _is_any_waiting():
        published += _publish_batch(now=now)
    return published


def forget_old(*, now: dt.datetime) -> int:
    """Remove the events, their deliveries and the test messages that are past their time."""
    tests, _ = WebhookDelivery.objects.filter(event=None, created_at__lt=now - KEPT).delete()
    events, _ = Event.objects.filter(at__lt=now - KEPT).delete()
    return tests + events


def _is_any_waiting() -> bool:
    return Event.objects.filter(position=None).exists()


@transaction.atomic
def _publish_batch(*, now: dt.datetime) -> int:
    _wait_for_turn()
    batch = list(Event.objects.filter(position=None).order_by("at", "id")[:BATCH])
    for event, position in zip(batch, _next_positions(len(batch)), strict=True):
        event.position = position
    Event.objects.bulk_update(batch, ["position"])
    webhook_deliveries.promise(batch, now=now)
    return len(batch)


def _wait_for_turn() -> None:
    """Hold the publishers' lock until the transaction ends; what is read afterwards is up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHER_LOCK])


def _next_positions(count: int) -> list[int]:
    """Draw positions from the database's own counter, which pruning and restores leave alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('apitokens_event_position') FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())
