"""What the OpenAPI document says about finding a room."""

from config.api.openapi import (
    INSTANT,
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

_MATCH: dict[str, Schema] = {
    "roomId": OBJECT_ID,
    "siteId": OBJECT_ID,
    "roomName": STRING,
    "siteName": STRING,
    "start": INSTANT,
    "end": INSTANT,
    "price": nullable(NUMBER),
}
_RANKED = record(
    {**_MATCH, "score": {"type": "integer", "minimum": 0, "maximum": 100}, "why": array(STRING)},
    may_lack=["price"],
)
_CODES = ["TIME_OF_DAY", "WEEKDAY", "DATES", "EQUIPMENT", "PEOPLE", "PLACE", "DURATION"]
_SUGGESTION = record(
    {**_MATCH, "change": record({"code": {"enum": _CODES}, "message": STRING})},
    may_lack=["price"],
)


def paths() -> Schema:
    """Describe `/api/find`."""
    return {
        "/api/find": {
            "get": get(
                summary="Find a room",
                description=(
                    "Rooms and starts that are free for a meeting, the best first: soon, of a "
                    "fitting size and, with a token, of a low price. Without result `suggestions` "
                    "say what is free if one part of the wish gives way. At most 31 days."
                ),
                tag="Calendars",
                parameters=[
                    in_query(
                        "duration", {"type": "integer", "minimum": 30}, "Minutes", required=True
                    ),
                    in_query("from", STRING, "ISO 8601; without zone each site's", required=True),
                    in_query("to", STRING, "ISO 8601, exclusive", required=True),
                    in_query("people", {"type": "integer", "minimum": 1}, "Default 1"),
                    in_query("country", STRING, "ISO code, English or French name"),
                    in_query("site", STRING, "Only rooms of this site"),
                    in_query("windows", STRING, "Times of day, 09:00-12:00[,14:00-18:00]"),
                    in_query("weekdays", STRING, "1 (Monday) to 7, comma-separated"),
                    in_query("equipment", STRING, "Codes, comma-separated; all of them"),
                ],
                responses={
                    "200": answer(
                        "The matches, or suggestions",
                        read_envelope(
                            array(_RANKED, maxItems=50), suggestions=array(_SUGGESTION, maxItems=7)
                        ),
                    ),
                    **refusals(on_400=array({}, maxItems=0)),
                },
                security=OPTIONAL_TOKEN,
            )
        }
    }
