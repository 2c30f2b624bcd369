"""`GET /api/availability`. Source: public-api, sections 5 and 7."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from booking.api import local_times, refusals
from booking.domain import room_availability, windows
from booking.domain.room_availability import Question
from booking.domain.schedules import RoomSchedule
from config import clock, instants, money
from config.api import inputs
from config.api.envelope import ok
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from sites_app.models import Room

DEFAULT_DURATION = 60
LONGEST_DURATION = 24 * 60


class AvailabilityView(ApiView):
    """Free and busy time of one room or of a site's rooms; prices only with a token."""

    token = "optional"  # noqa: S105 - a policy's name, not a secret
    required_scope = {"GET": "read"}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        with_token = request.auth is not None
        rooms = _rooms(given, with_hidden=with_token)
        given.require("from", "to")
        if not rooms:
            return ok([])
        question = _question(given, tz=ZoneInfo(rooms[0].site.time_zone))
        explain = given.boolean("explain")
        return ok(
            [
                _entry(calendar, question, with_price=with_token, explain=explain)
                for calendar in room_availability.calendars(rooms, question)
            ]
        )


def _rooms(given: Reader, *, with_hidden: bool) -> Sequence[Room]:
    """Return the rooms asked about, all of one site; a site may have none that is booked by the hour."""
    room_id = given.object_id("room", message="Invalid room ID format")
    site_id = given.object_id("site", message="Invalid site ID format.")
    if room_id is None and site_id is None:
        raise InvalidInput("Missing required parameter: room")
    return room_availability.rooms(room_id=room_id, site_id=site_id, with_hidden=with_hidden)


def _question(given: Reader, *, tz: ZoneInfo) -> Question:
    duration = given.integer("duration", minimum=1, default=DEFAULT_DURATION) or DEFAULT_DURATION
    if duration > LONGEST_DURATION:
        raise InvalidInput(f"Invalid duration: must be at most {LONGEST_DURATION}")
    return Question(
        window=windows.window(
            start=_instant(given, "from", tz=tz), end=_instant(given, "to", tz=tz)
        ),
        duration_minutes=duration,
        now=clock.now(),
    )


def _instant(given: Reader, name: str, *, tz: ZoneInfo) -> dt.datetime:
    moment = given.moment(name)
    assert moment is not None
    return local_times.instant(moment, tz=tz, name=name)


def _entry(
    calendar: RoomSchedule, question: Question, *, with_price: bool, explain: bool
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "roomId": calendar.room.id,
        "timeZone": calendar.tz.key,
        "from": instants.written(question.window.start),
        "to": instants.written(question.window.end),
        "busy": [
            {**_span(found.span), "kind": found.kind}
            for found in room_availability.busy(calendar, question)
        ],
        "bookable": [
            _bookable(found, with_price=with_price)
            for found in room_availability.bookable(calendar, question)
        ],
    }
    if explain:
        entry["closed"] = [
            {
                **_span(found.span),
                "violations": [refusals.violation(one) for one in found.violations],
            }
            for found in room_availability.refusals(calendar, question)
        ]
    return entry


def _bookable(found: room_availability.Bookable, *, with_price: bool) -> dict[str, Any]:
    if not with_price:
        return _span(found.span)
    price = money.json_number(found.quote.net) if found.quote is not None else None
    return {**_span(found.span), "price": price}


def _span(span: Any) -> dict[str, Any]:
    return {"start": instants.written(span.start), "end": instants.written(span.end)}
