"""Webhook sending: due deliveries go out side by side, so that a slow address holds up no other.

One thread talks to the database and claims and settles; others only call. Nothing is called
inside a transaction. A worker that dies between a call and its settling calls again, with the same
`webhook-id`, once its claim has lapsed.
"""

import datetime as dt
import secrets
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Lock

import structlog
from django.db import transaction

from apitokens.domain import (
    event_visibility,
    webhook_deliveries,
    webhook_messages,
    webhook_retries,
)
from apitokens.models import DeliveryStatus, SwitchedOff, WebhookDelivery, WebhookEndpoint
from config import background, outbound
from organizations.domain import outbox

SIDE_BY_SIDE = 64
TIMEOUT_SECONDS = 15.0
LONGEST_RUN_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.5

Clock = Callable[[], dt.datetime]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one call."""

    status: int | None = None
    text: str = ""
    error: str = ""
    ms: int = 0
    is_withheld: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class _Sender:
    """The one sender of this process: whoever asks while it is busy has asked it to go on."""

    asked = Flag()
    busy = Lock()


def send_due(*, clock: Clock) -> int:
    """Send what is due until nothing is, at most half a minute; return how many calls were made.

    A second call in the same process, while one is at work, makes that one look again.
    """
    called = 0
    ends_at = time.monotonic() + LONGEST_RUN_SECONDS
    _Sender.asked.set()
    while _Sender.asked.is_set() and _Sender.busy.acquire(blocking=False):
        try:
            _Sender.asked.clear()
            called += _send_until(ends_at, clock)
        finally:
            _Sender.busy.release()
        if time.monotonic() >= ends_at:
            background.after_commit(webhook_deliveries.SEND_TASK)
            break
    return called


def _send_until(ends_at: float, clock: Clock) -> int:
    called = 0
    flying: dict[Future[Result], WebhookDelivery] = {}
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="webhook") as pool:
        while True:
            free = SIDE_BY_SIDE - len(flying) if time.monotonic() < ends_at else 0
            for delivery in webhook_deliveries.claim(now=clock(), limit=free) if free else []:
                flying[pool.submit(call, delivery, clock)] = delivery
                called += 1
            if not flying:
                return called
            done, _ = wait(flying, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                settle(flying.pop(future), future.result(), now=clock())


def call(delivery: WebhookDelivery, clock: Clock) -> Result:
    """Send one delivery; whatever goes wrong is a result, never raised."""
    event = delivery.event
    if event is not None and not event_visibility.sees(delivery.endpoint.owner, event):
        return Result(error="The owner may no longer see this", is_withheld=True)
    started = time.perf_counter()
    try:
        content = webhook_messages.body(delivery)
        answer = outbound.post(
            delivery.endpoint.url,
            content=content,
            headers=webhook_messages.headers(delivery, content, now=clock()),
            timeout_seconds=TIMEOUT_SECONDS,
        )
    except (outbound.CallFailed, outbound.AddressRefused) as error:
        return Result(error=str(error), ms=_ms_since(started))
    except Exception as error:
        log.exception("webhook.crash", delivery=delivery.pk)
        return Result(error=type(error).__name__, ms=_ms_since(started))
    return Result(
        status=answer.status,
        text=answer.text,
        error=_reproach(answer.status),
        ms=_ms_since(started),
        headers={name.lower(): value for name, value in answer.headers.items()},
    )


def _ms_since(started: float) -> int:
    return int(1000 * (time.perf_counter() - started))


def _reproach(status: int) -> str:
    if 300 <= status < 400:
        return "Redirects are not followed"
    return "" if 200 <= status < 300 else f"Answered {status}"


@transaction.atomic
def settle(delivery: WebhookDelivery, result: Result, *, now: dt.datetime) -> None:
    """Write down what came of a claimed delivery, and what follows for its address.

    A claim that lapsed and was taken over by another worker is left to that one.
    """
    locked = WebhookEndpoint.objects.select_for_update(no_key=True)
    endpoint = locked.filter(pk=delivery.endpoint_id).first()
    if endpoint is None:
        return  # deleted meanwhile, and the delivery with it
    attempt = _attempt(delivery, result)
    verdict = webhook_retries.judge(
        attempt,
        failing_since=endpoint.failing_since,
        chance=secrets.randbelow(1001) / 1000,
        now=now,
    )
    if not _write(delivery, result, verdict):
        return
    log.info(
        "webhook.sent",
        delivery=delivery.pk,
        endpoint=endpoint.pk,
        status=result.status,
        ms=result.ms,
    )
    if attempt.succeeded:
        _note_success(endpoint)
    elif not attempt.is_only or verdict.switch_off:
        _note_failure(endpoint, verdict, now=now)


def _attempt(delivery: WebhookDelivery, result: Result) -> webhook_retries.Attempt:
    return webhook_retries.Attempt(
        number=delivery.attempts,
        status=result.status,
        headers=result.headers,
        is_only=delivery.event_id is None or result.is_withheld,
    )


def _write(delivery: WebhookDelivery, result: Result, verdict: webhook_retries.Verdict) -> bool:
    mine = WebhookDelivery.objects.filter(
        pk=delivery.pk, status=DeliveryStatus.PENDING, claimed_until=delivery.claimed_until
    )
    return bool(
        mine.update(
            status=verdict.status,
            next_attempt_at=verdict.next_attempt_at,
            claimed_until=None,
            answer_status=result.status,
            answer_ms=result.ms,
            answer_text=result.text,
            error=result.error[:300],
        )
    )


def _note_success(endpoint: WebhookEndpoint) -> None:
    if endpoint.failing_since or endpoint.paused_until:
        endpoint.failing_since = endpoint.paused_until = None
        endpoint.save(update_fields=["failing_since", "paused_until"])


def _note_failure(
    endpoint: WebhookEndpoint, verdict: webhook_retries.Verdict, *, now: dt.datetime
) -> None:
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.paused_until = verdict.pause_until or endpoint.paused_until
    endpoint.save(update_fields=["failing_since", "paused_until"])
    if verdict.switch_off and endpoint.is_active:
        _switch_off(endpoint, verdict.switch_off, now=now)


def _switch_off(endpoint: WebhookEndpoint, reason: SwitchedOff, *, now: dt.datetime) -> None:
    endpoint.is_active = False
    endpoint.switched_off = reason
    endpoint.save(update_fields=["is_active", "switched_off"])
    log.warning("webhook.switched_off", endpoint=endpoint.pk, reason=reason)
    outbox.enqueue(
        template="webhook_disabled",
        to=endpoint.owner.email,
        language=endpoint.owner.language,
        context={
            "contact_name": endpoint.owner.first_name,
            "url": endpoint.url,
            "is_gone": reason == SwitchedOff.GONE,
        },
        now=now,
    )
