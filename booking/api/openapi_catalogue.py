"""What the OpenAPI document says about sites, rooms, calendar feeds and availability."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NUMBER,
    OBJECT_ID,
    OPTIONAL_TOKEN,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    nullable,
    read_envelope,
    record,
    refusals,
)
from sites_app.models import RoomState, RoomType

_TYPE: Schema = {"type": "string", "enum": RoomType.values}
_STATE: Schema = {"type": "string", "enum": RoomState.values}
_COUNTRY = in_query(
    "country", STRING, "ISO code, English or French name; case and accents do not matter"
)
_TYPE_FILTER = in_query(
    "type", {"type": "string", "enum": [*RoomType.values, "all", ""]}, "Only rooms of this type"
)

_SITE_ROOM = record(
    {"_id": OBJECT_ID, "name": STRING, "publicName": STRING, "type": _TYPE, "surface": NUMBER},
    {"actualState": _STATE},
)
_SITE = record(
    {
        "_id": OBJECT_ID,
        "name": STRING,
        "country": STRING,
        "roomCount": INTEGER,
        "meetingRoomCount": INTEGER,
        "publicRooms": array(_SITE_ROOM),
    },
    {"otherRooms": array(_SITE_ROOM)},
)
_ROOM = record(
    {
        "_id": OBJECT_ID,
        "name": STRING,
        "publicName": STRING,
        "type": _TYPE,
        "description": STRING,
        "actualState": _STATE,
        "surface": NUMBER,
        "siteId": OBJECT_ID,
        "siteName": STRING,
        "country": STRING,
        "minPerson": INTEGER,
        "maxPerson": INTEGER,
        "nbSeat": INTEGER,
        "configuration": STRING,
        "otherConfiguration": STRING,
        "minDurationBooking": INTEGER,
        "maxDurationBooking": INTEGER,
        "stepDurationBooking": INTEGER,
        "slotWeek": STRING,
        "slotSaturday": STRING,
        "slotSunday": STRING,
        "pricePerHour": NUMBER,
        "pricePerHalfDay": NUMBER,
        "pricePerDay": NUMBER,
        "pricePerMonth": STRING,
        "image": {"type": "string", "format": "uri"},
    },
    {"organizationId": OBJECT_ID, "organizationName": STRING, "contractEndDate": STRING},
)
VIOLATION = record(
    {
        "code": STRING,
        "message": STRING,
        "since": nullable(INSTANT),
        "until": nullable(INSTANT),
        "earliestOk": nullable(INSTANT),
    }
)
_SPAN = {"start": INSTANT, "end": INSTANT}
_AVAILABILITY = record(
    {
        "roomId": OBJECT_ID,
        "timeZone": STRING,
        "from": INSTANT,
        "to": INSTANT,
        "busy": array(
            record({**_SPAN, "kind": {"enum": ["meeting", "hold", "block", "closed"]}}),
        ),
        "bookable": array(record(_SPAN, {"price": nullable(NUMBER)})),
    },
    {"closed": array(record({**_SPAN, "violations": array(VIOLATION)}))},
)


def paths() -> Schema:
    """Describe `/api/sites`, `/api/rooms`, `/api/icsfeed` and `/api/availability`."""
    unchanged = {"304": answer("Unchanged", None)}
    return {
        "/api/sites": {
            "get": get(
                summary="Sites",
                description=(
                    "Public sites with their public rooms. With a token: all sites, all rooms, "
                    "`actualState` and `otherRooms`."
                ),
                tag="Catalogue",
                parameters=[_COUNTRY, _TYPE_FILTER],
                responses={
                    "200": answer("The sites", read_envelope(array(_SITE))),
                    **unchanged,
                    **refusals(on_400=array({}, maxItems=0)),
                },
                security=OPTIONAL_TOKEN,
            )
        },
        "/api/rooms": {
            "get": get(
                summary="Rooms",
                description=(
                    "Public rooms in detail. With a token: all rooms, hourly prices, and the tenant "
                    "of let rooms."
                ),
                tag="Catalogue",
                parameters=[
                    _COUNTRY,
                    in_query("site", STRING, "Only rooms of this site (its id)"),
                    _TYPE_FILTER,
                    in_query(
                        "capacity", {"type": "integer", "minimum": 1}, "At least this many persons"
                    ),
                    in_query("availableFrom", STRING, "ISO 8601; goes with availableTo"),
                    in_query("availableTo", STRING, "ISO 8601; goes with availableFrom"),
                    in_query("limit", {"type": "integer", "minimum": 1}, "At most this many rooms"),
                    in_query("cursor", STRING, "`nextCursor` of the page before"),
                ],
                responses={
                    "200": answer("The rooms", read_envelope(array(_ROOM), nextCursor=STRING)),
                    **unchanged,
                    **refusals(on_400=array({}, maxItems=0)),
                },
                security=OPTIONAL_TOKEN,
            )
        },
        "/api/icsfeed": {
            "get": get(
                summary="Calendar feed",
                description="The meetings of up to 100 rooms as an iCalendar file (RFC 5545).",
                tag="Calendars",
                parameters=[
                    in_query("rooms", STRING, "Comma-separated room ids", required=True),
                    in_query("from", STRING, "ISO date or date-time; default 365 days ago"),
                    in_query("to", STRING, "ISO date or date-time, exclusive; default no end"),
                ],
                responses={
                    "200": {"description": "The feed", "content": {"text/calendar": {}}},
                    **unchanged,
                    **refusals(),
                },
                security=OPTIONAL_TOKEN,
            )
        },
        "/api/availability": {
            "get": get(
                summary="Availability",
                description=(
                    "Free and busy time of a room or of a site's rooms, and the starts that can be "
                    "booked; at most 31 days and 100 rooms."
                ),
                tag="Calendars",
                parameters=[
                    in_query("room", STRING, "A room's id; or give `site`"),
                    in_query("site", STRING, "A site's id; or give `room`"),
                    in_query("from", STRING, "ISO 8601", required=True),
                    in_query("to", STRING, "ISO 8601, exclusive", required=True),
                    in_query("duration", {"type": "integer", "minimum": 1}, "Minutes, default 60"),
                    in_query("explain", BOOLEAN, "1: also why a slot is closed"),
                ],
                responses={
                    "200": answer("One entry a room", read_envelope(array(_AVAILABILITY))),
                    **refusals(),
                },
                security=OPTIONAL_TOKEN,
            )
        },
    }
