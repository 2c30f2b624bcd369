"""`GET /api/availability`. Source: public-api, sections 5 and 7."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from booking import selectors
from booking.domain import room_availability
from booking.domain.room_availability import Question
from booking.domain.rules import Violation
from booking.domain.schedules import RoomSchedule
from config import clock, money
from config.api import inputs
from config.api.envelope import ok
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from config.errors import DomainError
from sites_app.domain import opening_hours
from sites_app.models import Room

DEFAULT_DURATION = 60
LONGEST_DURATION = 24 * 60


class RoomNotFound(DomainError):
    status = 404
    message = "Room not found"


class SiteNotFound(DomainError):
    status = 404
    message = "Site not found"


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
    rooms = selectors.rooms_by_the_hour(room_id=room_id, site_id=site_id, with_hidden=with_hidden)
    if rooms:
        return rooms
    if room_id is not None:
        raise RoomNotFound
    if not selectors.site_exists(str(site_id), with_hidden=with_hidden):
        raise SiteNotFound
    return rooms


def _question(given: Reader, *, tz: ZoneInfo) -> Question:
    duration = given.integer("duration", minimum=1, default=DEFAULT_DURATION) or DEFAULT_DURATION
    if duration > LONGEST_DURATION:
        raise InvalidInput(f"Invalid duration: must be at most {LONGEST_DURATION}")
    return Question(
        window=room_availability.window(
            start=_instant(given, "from", tz=tz), end=_instant(given, "to", tz=tz)
        ),
        duration_minutes=duration,
        now=clock.now(),
    )


def _instant(given: Reader, name: str, *, tz: ZoneInfo) -> dt.datetime:
    moment = given.moment(name)
    assert moment is not None
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    try:
        return opening_hours.resolve_wall(moment, tz=tz)
    except opening_hours.NonExistentLocalTime:
        raise InvalidInput(f"Invalid {name}: this local time does not exist") from None


def _entry(
    calendar: RoomSchedule, question: Question, *, with_price: bool, explain: bool
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "roomId": calendar.room.id,
        "timeZone": calendar.tz.key,
        "from": _iso(question.window.start),
        "to": _iso(question.window.end),
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
            {**_span(found.span), "violations": [violation(one) for one in found.violations]}
            for found in room_availability.refusals(calendar, question)
        ]
    return entry


def _bookable(found: room_availability.Bookable, *, with_price: bool) -> dict[str, Any]:
    if not with_price:
        return _span(found.span)
    price = money.json_number(found.quote.net) if found.quote is not None else None
    return {**_span(found.span), "price": price}


def violation(found: Violation) -> dict[str, Any]:
    """Shape one broken rule as every answer of the API shows it."""
    return {
        "code": found.code,
        "message": found.message,
        "since": found.since and _iso(found.since),
        "until": found.until and _iso(found.until),
        "earliestOk": found.earliest_ok and _iso(found.earliest_ok),
    }


def _span(span: Any) -> dict[str, Any]:
    return {"start": _iso(span.start), "end": _iso(span.end)}


def _iso(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
