"""GET /api/room-price."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import Scope
from booking.api import price_shapes
from booking.domain import room_prices
from booking.domain.room_prices import InvalidRoomId, Question, RoomPrice
from config import clock, ids
from config.api import inputs
from config.api.envelope import failure, ok
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from config.money import json_number
from organizations.models import User

UNAVAILABLE = "Price calculation not available for this room state/type"
_EPOCH_MS = re.compile(r"\d{1,14}")


class RoomPriceView(ApiView):
    """Prices a meeting or an office; a price of −1 says that the room has none as it is."""

    required_scope = {"GET": Scope.READ}

    def get(self, request: Request) -> Response:
        given = inputs.query(request)
        price = room_prices.ask(_question(given, asker=token_of(request).owner), now=clock.now())
        if price.quote is None:
            return Response(failure(UNAVAILABLE, data={**_room(price), "price": -1}))
        return ok(_data(price, start=given.raw("startDate")))


def _question(given: Reader, *, asker: User) -> Question:
    given.require("roomId")
    room_id = ids.normalise(given.raw("roomId"))
    if room_id is None:
        raise InvalidRoomId
    return Question(
        room_id=room_id,
        asker=asker,
        starts_at=_start(given),
        duration_minutes=_duration(given),
        persons=given.integer("nbPersons", minimum=1),
        period=given.text("period", max_length=100),
        organization_id=given.object_id("organizationId", message="Invalid organizationId format"),
    )


def _duration(given: Reader) -> int | None:
    """Read the minutes. Source: Public API, GET /api/room-price, "Invalid duration (for meetings)"."""
    try:
        return given.integer("duration", minimum=1)
    except InvalidInput:
        raise InvalidInput("Invalid duration: must be a positive number") from None


def _start(given: Reader) -> dt.datetime | None:
    """Read a start as people and programs write it: ISO 8601, milliseconds of the epoch, an RFC 5322 date."""
    text = given.text("startDate", max_length=100)
    if not text:
        return None
    for read in (_epoch, _iso, _rfc):
        moment = read(text)
        if moment is not None and 1970 <= moment.year <= 2200:
            return moment
    raise InvalidInput("Invalid startDate")


def _epoch(text: str) -> dt.datetime | None:
    if not _EPOCH_MS.fullmatch(text):
        return None
    try:
        return dt.datetime.fromtimestamp(int(text) / 1000, tz=dt.UTC)
    except (OverflowError, ValueError):
        return None


def _iso(text: str) -> dt.datetime | None:
    try:
        return inputs.parse_moment(text, name="startDate")
    except InvalidInput:
        return None


def _rfc(text: str) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None


def _room(price: RoomPrice) -> dict[str, Any]:
    return {
        "roomId": price.room.id,
        "roomType": price.room.type,
        "defaultState": price.room.default_state,
        "actualState": price.actual_state,
    }


def _data(price: RoomPrice, *, start: str | None) -> dict[str, Any]:
    """Write the seed's fields, then ours; `startDate` as it was given, absent when it was not."""
    assert price.quote is not None
    beside: dict[str, Any] = {"period": price.period}
    if price.period is None:
        echoed = {} if start is None else {"startDate": start}
        beside = echoed | {"duration": price.duration_minutes, "nbPersons": price.persons}
    token = {"quoteToken": price.quote_token} if price.quote_token else {}
    return {
        **_room(price),
        **beside,
        "price": json_number(price.quote.net),
        **price_shapes.quote(price.quote),
        **token,
    }
