"""`GET /api/availability`. Source: public-api, sections 5 and 7."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from apitokens.authentication import caller_of
from apitokens.models import Scope
from booking.api import local_times, refusals
from booking.domain import room_availability, windows
from booking.domain.availability import Span
from booking.domain.room_availability import Question
from booking.domain.schedules import RoomSchedule
from config import clock, money
from config.api import conditional, inputs
from config.api.envelope import OK, dumps
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.reads import public_read
from sites_app.models import Room

DEFAULT_DURATION = 60
LONGEST_DURATION = 24 * 60


@public_read
def availability(request: HttpRequest) -> HttpResponse:
    """Answer with free and busy time of one room or of a site's rooms; prices only with a token."""
    caller = caller_of(request, scope=Scope.READ)
    data = _entries(inputs.query(request), with_token=caller is not None)
    body = dumps({"retcode": OK, "message": "OK", "data": data})
    return conditional.respond(
        request, conditional.represent(body), cache_control=conditional.PRIVATE
    )


def _entries(given: Reader, *, with_token: bool) -> list[dict[str, Any]]:
    rooms = _rooms(given, with_hidden=with_token)
    given.require("from", "to")
    if not rooms:
        return []
    question = _question(given, tz=ZoneInfo(rooms[0].site.time_zone))
    explain = given.boolean("explain")
    return [
        _entry(calendar, question, with_price=with_token, explain=explain)
        for calendar in room_availability.calendars(rooms, question)
    ]


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
        "from": question.window.start,
        "to": question.window.end,
        "busy": [
            {**_span(found.span), "kind": found.kind}
            for found in room_availability.busy(calendar, question)
        ],
        "bookable": [
            _priced(span, calendar) if with_price else _span(span)
            for span in room_availability.bookable(calendar, question)
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


def _priced(span: Span, calendar: RoomSchedule) -> dict[str, Any]:
    quote = room_availability.quote(calendar, span)
    return {**_span(span), "price": None if quote is None else money.json_number(quote.net)}


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end}
