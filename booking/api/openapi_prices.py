"""What the OpenAPI document says about prices."""

from config.api.openapi import (
    INTEGER,
    NEEDS_TOKEN,
    NUMBER,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    read_envelope,
    record,
    refusals,
)
from sites_app.models import RoomState, RoomType

_ROOM: dict[str, Schema] = {
    "roomId": OBJECT_ID,
    "roomType": {"type": "string", "enum": RoomType.values},
    "defaultState": {"type": "string", "enum": RoomState.values},
    "actualState": {"type": "string", "enum": RoomState.values},
}
_LINE = record(
    {"label": STRING, "quantity": NUMBER, "unit": STRING, "net": NUMBER, "vatRate": NUMBER}
)
_QUOTE: dict[str, Schema] = {
    "price": NUMBER,
    "currency": STRING,
    "vatRate": NUMBER,
    "priceGross": NUMBER,
    "lines": array(_LINE),
}
_MEETING = record(
    {**_ROOM, "startDate": STRING, "duration": INTEGER, "nbPersons": INTEGER, **_QUOTE},
    {"quoteToken": STRING},
    may_lack=["startDate"],
)
_OFFICE = record({**_ROOM, "period": {"enum": ["week", "month"]}, **_QUOTE})
_NO_PRICE = record(
    {
        "retcode": {"const": -1},
        "message": STRING,
        "data": record({**_ROOM, "price": {"const": -1}}),
    }
)
_POSITIVE: Schema = {"type": "integer", "minimum": 1}


def paths() -> Schema:
    """Describe `/api/room-price`."""
    priced = read_envelope({"anyOf": [_MEETING, _OFFICE]})
    return {
        "/api/room-price": {
            "get": get(
                summary="Room price",
                description=(
                    "The net price of a meeting (the cheapest cover by days, half days and hours) or "
                    "of an office by week or month; −1 when the room has none as it is. "
                    "`quoteToken` promises a meeting's price for 30 minutes when `startDate` is given."
                ),
                tag="Bookings",
                parameters=[
                    in_query("roomId", STRING, "The room's id", required=True),
                    in_query("startDate", STRING, "ISO 8601 or milliseconds; echoed as given"),
                    in_query("duration", _POSITIVE, "Minutes, default 60"),
                    in_query("nbPersons", _POSITIVE, "Default 2, or what the room holds"),
                    in_query("period", {"enum": ["week", "month", ""]}, "Offices; default month"),
                    in_query("organizationId", STRING, "The customer, for member prices"),
                ],
                responses={
                    "200": answer("The price", {"anyOf": [priced, _NO_PRICE]}),
                    **refusals(),
                },
                security=NEEDS_TOKEN,
            )
        }
    }
