"""What the OpenAPI document says about allocations."""

from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    OBJECT_ID,
    STRING,
    Schema,
    array,
    in_query,
    nullable,
    record,
)
from workplace.api.allocations import SORTS
from workplace.api.describe import (
    MOMENT,
    NAME,
    UNMODIFIED_SINCE,
    VERSION,
    listed,
    one_id,
    operation,
    paged,
    ranged,
)
from workplace.models import AllocationSource, AllocationType

TAG = "Allocations"
_TYPE: Schema = {"enum": AllocationType.values}
_SEATS: Schema = {"type": "integer", "minimum": 1, "maximum": 100_000}
_SPACES = array(OBJECT_ID, maxItems=1000)
ALLOCATION = record(
    {
        "_id": OBJECT_ID,
        "external_id": nullable(STRING),
        "location_id": OBJECT_ID,
        "location_name": STRING,
        "layer_id": nullable(OBJECT_ID),
        "layer_name": nullable(STRING),
        "zone_id": nullable(OBJECT_ID),
        "zone_name": nullable(STRING),
        "room_id": nullable(OBJECT_ID),
        "type": _TYPE,
        "spaces": array(OBJECT_ID),
        "seats": nullable(INTEGER),
        "people_id": nullable(OBJECT_ID),
        "team_id": nullable(OBJECT_ID),
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "timezone": STRING,
        "source": {"enum": AllocationSource.values},
        "locked": BOOLEAN,
        "evolution_id": nullable({"type": "string", "format": "uuid"}),
        "intention_id": nullable(OBJECT_ID),
        "version": VERSION,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    }
)
_NEEDED: dict[str, Schema] = {
    "location_id": OBJECT_ID,
    "starts_at": MOMENT,
    "ends_at": MOMENT,
    "type": _TYPE,
}
_OPTIONAL: dict[str, Schema] = {
    "timezone": nullable(STRING),
    "team_id": nullable(OBJECT_ID),
    "team_external_id": nullable(NAME),
    "people_id": nullable(OBJECT_ID),
    "people_external_id": nullable(NAME),
    "layer_id": nullable(OBJECT_ID),
    "zone_id": nullable(OBJECT_ID),
    "room_id": nullable(OBJECT_ID),
    "spaces": nullable(_SPACES),
    "seats": nullable(_SEATS),
    "external_id": nullable(NAME),
}
_SHOWN: dict[str, Schema] = {
    "location_name": STRING,
    "layer_name": nullable(STRING),
    "zone_name": nullable(STRING),
    "source": STRING,
    "evolution_id": nullable(STRING),
    "intention_id": nullable(OBJECT_ID),
    "created_at": INSTANT,
    "updated_at": INSTANT,
}
_NEW = record(_NEEDED, {**_OPTIONAL, "locked": nullable(BOOLEAN)})
_CHANGED = record(
    {"_id": OBJECT_ID},
    {**_NEEDED, **_OPTIONAL, "locked": BOOLEAN, "version": VERSION, **_SHOWN},
)
_ROWS = record({"allocations": array(ALLOCATION, maxItems=1000)})
_SITE, _TEAM, _ZONE = (
    "68824ca5369c856b7c670510",
    "68518a549c86c18f01ee84a3",
    "68b0f0c2e1b2c3d4e5f60718",
)
_CONFLICTS = (
    "409 with `details[].code` `space_already_allocated`, `room_conflict`, `zone_over_capacity` or "
    "`person_double_allocated` names every item that does not fit."
)


def paths() -> Schema:
    """Describe `/allocations`."""
    return {
        "/workplace/v1/allocations": {
            "get": _list(),
            "post": _create(),
            "put": _update(),
            "delete": _delete(),
        }
    }


def _list() -> Schema:
    filters = {
        "allocation_id": "Only this allocation.",
        "location_id": "Only at this location.",
        "layer_id": "Only on this layer.",
        "room_id": "Only of this room.",
        "zone_id": "Only in this zone.",
        "people_id": "Only of this person.",
        "team_id": "Only of this team.",
    }
    return operation(
        identifier="get_allocations",
        summary="Allocations",
        description="Lists who sits where: every allocation that meets the range of time.",
        tag=TAG,
        scope="workplace:read",
        parameters=[
            *(one_id(name, text) for name, text in filters.items()),
            in_query("external_id", NAME, "Only of the person or team with this id elsewhere."),
            *ranged(),
            *paged(tuple(SORTS), default="starts_at"),
        ],
        data=listed("allocations", ALLOCATION),
    )


def _create() -> Schema:
    return operation(
        identifier="create_allocations",
        summary="Create allocations",
        description=(
            "Makes 1 to 1,000 allocations, all or none. Each is of a team, a person, or a person with "
            "their team. `type` is `ROOM` with `room_id`, else `SPACE`; the layer follows from zone, "
            "room or spaces. `seats` are the spaces, else the team's forecast of that day. A person's "
            f"room is booked like every meeting. {_CONFLICTS}"
        ),
        tag=TAG,
        scope="workplace:write",
        body=record({"allocations": array(_NEW, minItems=1, maxItems=1000)}),
        example={
            "allocations": [
                {
                    "location_id": _SITE,
                    "starts_at": "2025-08-11T07:00:00Z",
                    "ends_at": "2025-08-11T17:00:00Z",
                    "type": "SPACE",
                    "team_id": _TEAM,
                    "zone_id": _ZONE,
                    "seats": 12,
                }
            ]
        },
        takes_key=True,
        data=_ROWS,
    )


def _update() -> Schema:
    return operation(
        identifier="update_allocations",
        summary="Change allocations",
        description=(
            "Changes 1 to 1,000 allocations, all or none. A field that is absent stays, `null` resets "
            "it; read-only fields may be sent back as they are. A changed row of an evolution becomes "
            f"`MANUAL` and locked, so that the next evolution keeps it. {_CONFLICTS}"
        ),
        tag=TAG,
        scope="workplace:write",
        parameters=[UNMODIFIED_SINCE],
        body=record({"allocations": array(_CHANGED, minItems=1, maxItems=1000)}),
        example={"allocations": [{"_id": "68c0f0c2e1b2c3d4e5f60718", "seats": 14, "version": 1}]},
        data=_ROWS,
    )


def _delete() -> Schema:
    ids = array(OBJECT_ID, maxItems=1000)
    objects = array(record({"_id": OBJECT_ID}), maxItems=1000)
    return operation(
        identifier="delete_allocations",
        summary="Delete allocations",
        description=(
            "Deletes up to 1,000 allocations by `allocation_ids`, or as `allocations` with their "
            "`_id`: their spaces and rooms are free, they are shown no more."
        ),
        tag=TAG,
        scope="workplace:write",
        body=record({}, {"allocation_ids": ids, "allocations": objects}),
        example={"allocation_ids": ["68c0f0c2e1b2c3d4e5f60718"]},
        data=record({"deleted": INTEGER, "not_found": array(OBJECT_ID)}),
    )
