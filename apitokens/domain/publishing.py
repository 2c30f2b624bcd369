"""Publishing: committed events get their place in the feed and go out to the webhooks that want them.

Places are given by one publisher at a time, after the events' own commits: a transaction that
commits late gets a later place, so a reader who has seen one place has missed none before it.
"""

import datetime as dt
from collections.abc import Collection

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from apitokens.domain import webhook_deliveries
from apitokens.models import Event, WebhookDelivery
from config import background

PUBLISHER_LOCK = 0x65766E74  # any number that no other lock uses
BATCH = 500
KEPT = dt.timedelta(days=31)
"""How long events stay: a day longer than the documented 30, so that no cursor in use dangles."""

log = structlog.get_logger(__name__)


def publish(*, now: dt.datetime) -> int:
    """Publish every committed event that is not yet; return how many.

    Any number of publishers at once publish each event once. One that cannot be published is logged
    and holds up no other; the next run tries it again, and it gets a later place then.
    """
    published, broken = 0, set[str]()
    while _waiting(besides=broken).exists():
        published += _publish_batch(broken, now=now)
    return published


def forget_old(*, now: dt.datetime) -> int:
    """Remove the events, their deliveries and the test messages that are past their time."""
    tests, _ = WebhookDelivery.objects.filter(event=None, created_at__lt=now - KEPT).delete()
    events, _ = Event.objects.filter(at__lt=now - KEPT).delete()
    return tests + events


def _waiting(*, besides: Collection[str]) -> QuerySet[Event]:
    waiting = Event.objects.filter(position=None)
    return waiting.exclude(pk__in=besides) if besides else waiting


@transaction.atomic
def _publish_batch(broken: set[str], *, now: dt.datetime) -> int:
    """Publish the next events besides the broken ones, to which it adds."""
    _wait_for_turn()
    batch = list(_waiting(besides=broken).order_by("at", "id")[:BATCH])
    promised = _promised(batch, now=now)
    broken.update({event.pk for event in batch} - {event.pk for event in promised})
    for event, position in zip(promised, _next_positions(len(promised)), strict=True):
        event.position = position
    Event.objects.bulk_update(promised, ["position"])
    _tell_followers(promised)
    return len(promised)


def _promised(batch: list[Event], *, now: dt.datetime) -> list[Event]:
    """Promise the events to the webhooks, all at once or, should one be broken, each by itself."""
    try:
        with transaction.atomic():
            webhook_deliveries.promise(batch, now=now)
    except Exception:
        if len(batch) == 1:
            log.exception("event.not_published", event_id=batch[0].pk)
            return []
        return [event for one in batch for event in _promised([one], now=now)]
    return batch


def _tell_followers(published: list[Event]) -> None:
    """Name what happened to those in the house who follow its kind, once it has its place."""
    for kind, task_name in settings.EVENT_FOLLOWERS.items():
        ids = sorted({event.object_id for event in published if event.object_kind == kind})
        if ids:
            background.after_commit(task_name, ids)


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
