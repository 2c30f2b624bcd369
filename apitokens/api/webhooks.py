"""GET, POST and DELETE /api/webhooks, its deliveries, replays and tests.

Source: public-api, sections 5 and 7, `webhooks`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.api.changes import limit_of
from apitokens.api.webhook_shapes import as_delivery, as_webhook
from apitokens.authentication import token_of
from apitokens.domain import webhooks
from apitokens.domain.webhooks import Changes, IssuedWebhook
from apitokens.models import EVERY_EVENT, Scope
from config import clock, outbound, rehearsal
from config.api import inputs
from config.api.envelope import mark_of, ok
from config.api.errors import InvalidInput
from config.api.views import ApiView
from organizations.models import User

MOST = 200
USUAL = 50
READING = Scope.READ
WRITING = Scope.WRITE_BOOKINGS
TELLING = f"{WRITING} {READING}"
"""What a webhook is told, a token without `read` could not have read."""
MALFORMED_ID = "Invalid {}: must be an id of 24 hexadecimal characters"


class WebhooksView(ApiView):
    """A caller's own webhooks: listed, made, changed, removed."""

    required_scope = {"GET": READING, "POST": TELLING, "DELETE": WRITING}
    checked_url: outbound.CheckedUrl | None = None

    def get(self, request: Request) -> Response:
        return ok([as_webhook(one) for one in webhooks.list_of(_owner(request))])

    def prepare(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Look the address up, which may take time."""
        body = inputs.body(request)
        if body.raw("webhookId") is None:
            body.require("url")
        url = body.text("url", max_length=outbound.MAX_URL)
        self.checked_url = outbound.check(url) if url else None

    def post(self, request: Request) -> Response:
        body, now = inputs.body(request), clock.now()
        dry_run = body.boolean("dryRun")
        with rehearsal.transaction_unless(dry_run=dry_run):
            issued = self._written(body, owner=_owner(request), now=now)
        secret = {"secret": issued.secret} if issued.secret else {}
        answer = ok({**as_webhook(issued.endpoint), **secret}, **mark_of(dry_run=dry_run))
        answer["Cache-Control"] = "no-store"
        return answer

    def delete(self, request: Request) -> Response:
        webhook_id = _required_id(inputs.query(request), "id")
        webhooks.delete(owner=_owner(request), webhook_id=webhook_id)
        return ok({"_id": webhook_id})

    def _written(self, body: inputs.Reader, *, owner: User, now: dt.datetime) -> IssuedWebhook:
        types = _event_types(body)
        if body.raw("webhookId") is None:
            assert self.checked_url is not None
            return webhooks.create(
                owner=owner,
                url=self.checked_url,
                event_types=[EVERY_EVENT] if types is None else types,
                description=body.line("description"),
                now=now,
            )
        changes = Changes(
            url=self.checked_url,
            event_types=types,
            description=None
            if body.values.get("description") is None
            else body.line("description"),
            is_active=None if body.raw("isActive") is None else body.boolean("isActive"),
            new_secret=body.boolean("rotateSecret"),
        )
        webhook_id = _required_id(body, "webhookId")
        return webhooks.change(owner=owner, webhook_id=webhook_id, changes=changes, now=now)


class DeliveriesView(ApiView):
    """What was sent to one webhook in the last 30 days, newest first."""

    required_scope = {"GET": READING}

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        limit = limit_of(params, usual=USUAL, most=MOST)
        before = params.object_id("cursor", message="Invalid cursor")
        only = params.object_id("delivery", message=MALFORMED_ID.format("delivery"))
        log = webhooks.deliveries_of(
            owner=_owner(request), webhook_id=_required_id(params, "webhook")
        )
        if only:
            return ok([as_delivery(one, with_answer=True) for one in log.filter(pk=only)])
        rows = log.filter(pk__lt=before) if before else log
        found = list(rows.defer("answer_text")[: limit + 1])
        more = {"nextCursor": found[limit - 1].pk} if len(found) > limit else {}
        return ok([as_delivery(one, with_answer=False) for one in found[:limit]], **more)


class ReplayView(ApiView):
    """Sends a delivery of the log again."""

    required_scope = {"POST": TELLING}

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        delivery_id, dry_run = _required_id(body, "deliveryId"), body.boolean("dryRun")
        with rehearsal.transaction_unless(dry_run=dry_run):
            delivery = webhooks.replay(
                owner=_owner(request), delivery_id=delivery_id, now=clock.now()
            )
        return ok(as_delivery(delivery, with_answer=False), **mark_of(dry_run=dry_run))


class TestView(ApiView):
    """Sends a test message to a webhook."""

    __test__ = False
    required_scope = {"POST": WRITING}

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        webhook_id, dry_run = _required_id(body, "webhookId"), body.boolean("dryRun")
        with rehearsal.transaction_unless(dry_run=dry_run):
            delivery = webhooks.send_test(
                owner=_owner(request), webhook_id=webhook_id, now=clock.now()
            )
        return ok(as_delivery(delivery, with_answer=False), **mark_of(dry_run=dry_run))


def _owner(request: Request) -> User:
    return token_of(request).owner


def _required_id(params: inputs.Reader, name: str) -> str:
    params.require(name)
    return params.object_id(name, message=MALFORMED_ID.format(name)) or ""


def _event_types(body: inputs.Reader) -> Sequence[str] | None:
    wanted = body.raw("events")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise InvalidInput('Invalid events: must be a list of event types, or ["*"]')
    return [inputs.Reader({"events": one}).text("events", max_length=100) for one in wanted]
