"""How fast events go out: one event in each of a hundred, to twenty addresses that answer at once."""

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ADDRESSES = 20
EVENTS = 100


@contextmanager
def addresses(count: int) -> Iterator[tuple[Any, list[Any]]]:
    """Run a receiver and make webhooks of one partner for it; they are gone afterwards."""
    from apitokens.domain import webhook_messages
    from apitokens.models import Event, WebhookEndpoint
    from config import clock, sealing
    from organizations.models import ApiRole, User
    from tests.apitokens import receiver as stand_in

    owner = User.objects.filter(api_role=ApiRole.APP_ADMIN).first()
    assert owner is not None
    began_at = clock.now()
    with stand_in.running() as receiver:
        made = [
            WebhookEndpoint.objects.create(
                owner=owner,
                url=receiver.url(f"/{number}"),
                event_types=["site.changed"],
                sealed_secret=sealing.seal(webhook_messages.new_secret()),
                created_at=began_at,
            )
            for number in range(count)
        ]
        try:
            yield receiver, made
        finally:
            WebhookEndpoint.objects.filter(pk__in=[one.pk for one in made]).delete()
            Event.objects.filter(at__gte=began_at, data={"bench": True}).delete()


def happen(count: int) -> None:
    """Write events as a transaction of somebody's would."""
    from apitokens.models import Event
    from config import clock

    Event.objects.bulk_create(
        Event(
            type="site.changed",
            object_kind="site",
            object_id=f"{number:024x}",
            data={"bench": True},
            at=clock.now(),
        )
        for number in range(count)
    )


def fan_out(*, hanging: int = 0) -> str:
    """Publish and send, with some further addresses that hang; return the row to print."""
    from apitokens.domain import publishing, webhook_sending
    from apitokens.models import WebhookDelivery
    from config import clock
    from tests.apitokens import receiver as stand_in

    with addresses(ADDRESSES + hanging) as (receiver, made):
        for number in range(ADDRESSES, ADDRESSES + hanging):
            receiver.answers(stand_in.hangs, path=f"/{number}")
        happen(EVENTS)
        started, began_at = time.perf_counter(), clock.now()
        publishing.publish(now=began_at)
        published = time.perf_counter() - started
        quick = WebhookDelivery.objects.filter(endpoint__in=made[:ADDRESSES])
        while quick.filter(status="pending").exists():
            webhook_sending.send_due(clock=clock.now)
        waits = [
            (last_at - began_at) / dt.timedelta(seconds=1)
            for last_at in quick.values_list("last_attempt_at", flat=True)
        ]
        seconds = max(waits)
        delivered = quick.filter(status="delivered").count()
    title = f"webhooks, {delivered} deliveries to {ADDRESSES} addresses"
    if hanging:
        title += f", {hanging} more hang"
    return (
        f"{title:60}{delivered / seconds:9.0f}/s, published in {published:.2f} s, "
        f"sent after {statistics.median(waits):.1f} s (median), {seconds:.1f} s (last)"
    )
