"""What the OpenAPI document says about presence."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    OBJECT_ID,
    STRING,
    Schema,
    array,
    nullable,
    record,
)
from workplace.api.describe import MOMENT, NAME, listed, one_id, operation, paged, ranged
from workplace.api.fields import MOST_ITEMS
from workplace.api.occupancy import SORTS

TAG = "Presence"
_ROW: dict[str, Schema] = {
    "_id": OBJECT_ID,
    "people_id": OBJECT_ID,
    "location_id": OBJECT_ID,
    "seen_at": INSTANT,
    "team_id": nullable(OBJECT_ID),
    "first_seen_at": nullable(INSTANT),
    "last_seen_at": nullable(INSTANT),
    "created_at": INSTANT,
    "updated_at": INSTANT,
}
_RESULT: Schema = {"enum": ["created", "updated", "duplicate", "restored"]}
_COUNTS = ("received", "created", "updated", "restored", "duplicates", "failed")
_ERROR = record({"index": INTEGER, "path": STRING, "code": STRING, "message": STRING})
_ITEM: dict[str, Schema] = {
    "people_id": nullable(OBJECT_ID),
    "people_external_id": nullable(NAME),
    "location_id": nullable(OBJECT_ID),
    "location_external_id": nullable(NAME),
    "seen_at": MOMENT,
    "timezone": nullable(STRING),
    "team_id": nullable(OBJECT_ID),
    "first_seen_at": nullable(MOMENT),
    "last_seen_at": nullable(MOMENT),
}
_SESSION: dict[str, Schema] = {
    "session_started": nullable(BOOLEAN),
    "session_id": nullable(OBJECT_ID),
    "session_finished": nullable(BOOLEAN),
}
_LOCATION = "68824ca5369c856b7c670510"


def paths() -> Schema:
    """Describe /workplace/v1/occupancy."""
    return {"/workplace/v1/occupancy": {"get": _get(), "post": _post(), "delete": _delete()}}


def _get() -> Schema:
    return operation(
        identifier="get_occupancy",
        summary="List records of presence",
        description=(
            "Lists who was seen where. Deleted records are not shown. Reading about a person by "
            "`people_id` or a single record is written down."
        ),
        tag=TAG,
        scope="workplace:read",
        parameters=[
            one_id("occupancy_id", "One record."),
            one_id("location_id", "Records of this location."),
            one_id("people_id", "Records of this person."),
            *ranged(),
            *paged(list(SORTS), default="created_at"),
        ],
        data=listed("occupancy", record(_ROW)),
    )


def _post() -> Schema:
    items: Schema = {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": {}}
    batch = record({"occupancy": items}, {"location_id": nullable(OBJECT_ID), **_SESSION})
    return operation(
        identifier="create_occupancy",
        summary="Tell who was seen where",
        description=(
            "Stores up to 1,000 records, or one that stands in the body itself. A record is known by "
            "person, location and second: the same again is a `duplicate`, earlier `first_seen_at` and "
            "later `last_seen_at` widen it, a deleted one comes back. `location_id` stands for items "
            "without a location. Each item stands by itself: what is wrong with some is told in "
            "`errors`, and only when nothing is right the answer is 400. `timezone` is meant for times "
            "without a zone. An import of several calls begins with `session_started`, sends the "
            "`session_id` it got, and ends with `session_finished`; after a day it is closed."
        ),
        tag=TAG,
        scope="workplace:write",
        body={"anyOf": [batch, record({"seen_at": MOMENT}, {**_ITEM, **_SESSION})]},
        example={
            "location_id": _LOCATION,
            "occupancy": [
                {"people_id": "68518a559c86c18f01ee84b0", "seen_at": "2025-08-11T09:15:00Z"},
                {
                    "people_external_id": "ext-002",
                    "seen_at": "2025-08-11T09:15:00",
                    "timezone": "Europe/Paris",
                },
            ],
        },
        data=record(
            {
                "occupancy": array(record({**_ROW, "result": _RESULT}), maxItems=MOST_ITEMS),
                "summary": record(dict.fromkeys(_COUNTS, INTEGER)),
                "errors": array(_ERROR, maxItems=MOST_ITEMS),
                "session_id": nullable(OBJECT_ID),
            }
        ),
    )


def _delete() -> Schema:
    named: dict[str, Schema] = {
        "people_id": nullable(OBJECT_ID),
        "starts_at": nullable(MOMENT),
        "ends_at": nullable(MOMENT),
        "timezone": nullable(STRING),
    }
    return operation(
        identifier="delete_occupancy",
        summary="Delete records of presence",
        description=(
            "Deletes what matches; deleted records count nowhere and are gone for good after 30 days. "
            "Telling of a record again brings it back until then. The fields may stand in the query "
            "string as well. A whole location takes the scope `workplace:admin`."
        ),
        tag=TAG,
        scope="workplace:write",
        parameters=[one_id(name, "As in the body.") for name in ("location_id", "people_id")]
        + ranged(),
        body=record({"location_id": OBJECT_ID}, named),
        example={"location_id": _LOCATION, "starts_at": "2025-08-11", "ends_at": "2025-08-11"},
        data=record({"deleted": INTEGER}),
    )
