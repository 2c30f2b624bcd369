"""GET and POST /api/meeting-cancel: what giving a meeting back costs, and doing so."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import Scope as TokenScope
from booking.api import meeting_lookup, meeting_shapes
from booking.domain import cancellations
from booking.domain.series_scopes import Scope
from booking.models import Meeting
from config import clock, instants, rehearsal
from config.api import inputs
from config.api.envelope import done, mark_of, ok
from config.api.views import ApiView
from config.money import json_number


class MeetingCancelView(ApiView):
    """Tells the fee on GET, cancels on POST: one meeting, or several of a series."""

    required_scope = {"GET": TokenScope.READ, "POST": TokenScope.WRITE_BOOKINGS}

    def get(self, request: Request) -> Response:
        given, now = inputs.query(request), clock.now()
        scope = _scope(given)
        anchor = meeting_lookup.named(given, "meetingId", person=meeting_lookup.caller(request))
        found = cancellations.preview_of(anchor.id, scope, now=now)
        costs = [cancellations.preview(one, now=now) for one in found]
        data = {
            "meetingId": anchor.id,
            "status": anchor.status,
            "fee": json_number(sum((cost.fee for cost in costs), Decimal(0))),
            "freeUntil": instants.written(costs[0].free_until),
            "currency": anchor.currency,
        }
        fees = [cost.fee for cost in costs]
        return ok(data | _occurrences(found, fees, anchor, scope))

    def post(self, request: Request) -> Response:
        body, now = inputs.body(request), clock.now()
        person = meeting_lookup.caller(request)
        body.require("meetingId")
        scope, reason = _scope(body), body.line("reason", max_length=500)
        dry_run = body.boolean("dryRun")
        anchor = meeting_lookup.named(body, "meetingId", person=person)
        with rehearsal.transaction_unless(dry_run=dry_run):
            outcome = cancellations.cancel_in_scope(
                anchor.id, scope=scope, reason=reason, by=person, now=now
            )
        fees = [one.cancellation_fee or Decimal(0) for one in outcome.meetings]
        data = {
            "meetingId": anchor.id,
            "status": outcome.meeting.status,
            "fee": json_number(outcome.fee),
            "currency": anchor.currency,
            "cancelledAt": _written(outcome.meeting.cancelled_at),
        }
        return done(
            status="CANCELLED",
            message="Your meeting has been cancelled.",
            data=data | _occurrences(outcome.meetings, fees, anchor, scope),
            **mark_of(dry_run=dry_run),
        )


def _scope(given: inputs.Reader) -> Scope:
    return Scope(given.choice("scope", among=list(Scope), default=Scope.THIS))


def _written(moment: dt.datetime | None) -> str | None:
    return instants.written(moment) if moment else None


def _occurrences(
    found: Sequence[Meeting], fees: Sequence[Decimal], anchor: Meeting, scope: Scope
) -> dict[str, Any]:
    if scope == Scope.THIS:
        return {}
    rows = [
        meeting_shapes.occurrence(one) | {"fee": json_number(fee)}
        for one, fee in zip(found, fees, strict=True)
    ]
    return {"seriesId": anchor.series_id, "occurrences": rows}
