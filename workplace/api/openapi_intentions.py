"""What the OpenAPI document says about intentions."""

from config.api.openapi import (
    OBJECT_ID,
    STRING,
    Schema,
    array,
    in_query,
    record,
)
from workplace.api import openapi_intention_answers as answers
from workplace.api.configurations import HEADER
from workplace.api.describe import (
    DATE,
    NAME,
    listed,
    one_id,
    operation,
    paged,
)
from workplace.api.intentions import SORTS
from workplace.api.openapi_intention_shapes import (
    EXTERNAL_TYPE,
    FORCE,
    INTENTION,
    ITEM,
    ONE,
    RESULT,
    SUMMARY,
    TAG,
    TYPE,
    WISH,
)

_READ, _WRITE = "workplace:read", "workplace:write"
_SITE_ID, _PERSON_ID = "68824ca5369c856b7c670510", "68518a559c86c18f01ee84b0"
_CONFIGURATION: Schema = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": OBJECT_ID,
    "description": "The connected system that speaks; without it the key's only one.",
}


def paths() -> Schema:
    """Describe `/intentions` and what is below it."""
    return {
        "/workplace/v1/intentions": {"get": _listed(), "post": _declared()},
        "/workplace/v1/intentions/external": {"post": _taken_over()},
        "/workplace/v1/intentions/{intention_id}": {"delete": answers.deleted()},
        "/workplace/v1/intentions/{intention_id}/accept": {"put": answers.accepted()},
        "/workplace/v1/intentions/{intention_id}/decline": {"put": answers.declined()},
        "/workplace/v1/intentions/{intention_id}/cancel": {"put": answers.cancelled()},
    }


def _listed() -> Schema:
    inclusive = "Inclusive date; an intention that touches it is listed."
    return operation(
        identifier="get_intentions",
        summary="Intentions",
        description="Lists who plans to be where, or away, in the context of a configuration.",
        tag=TAG,
        scope=_READ,
        parameters=[
            _CONFIGURATION | {"required": True, "description": "The connected system that asks."},
            *paged(tuple(SORTS), default="name"),
            one_id("location_id", "Only at this location."),
            one_id("layer_id", "Only on this layer."),
            one_id("room_id", "Only in this room."),
            one_id("zone_id", "Only in this zone."),
            one_id("people_id", "Only of this person."),
            one_id("team_id", "Only of this team."),
            in_query("external_location_id", NAME, "Only at the location with this external id."),
            in_query("external_type", EXTERNAL_TYPE, "Only of this type of a connected system."),
            in_query("starts_at", DATE, inclusive),
            in_query("ends_at", DATE, inclusive),
            in_query(
                "location_timezone",
                STRING,
                "The IANA zone whose days are meant; without it the location's.",
            ),
            in_query(
                "external_location_timezone",
                STRING,
                "The same beside `external_location_id`; without it the configuration's.",
            ),
            in_query("type", TYPE, "Only of this type."),
        ],
        data=listed("intentions", INTENTION),
    )


def _declared() -> Schema:
    return operation(
        identifier="create_intention",
        summary="Declare an intention",
        description=(
            "Declares where a person, or with a team alone each of its people, plans to be. Without times "
            "it is today until the location closes. `ROOM` and `MEETING` book their room like a meeting "
            "request; people who are invited answer for themselves."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[FORCE, _CONFIGURATION],
        body=WISH,
        example={
            "status": "ACCEPTED",
            "type": "SPACE",
            "location_id": _SITE_ID,
            "people_id": _PERSON_ID,
            "starts_at": "2030-01-07",
        },
        data=ONE,
        takes_key=True,
    )


def _taken_over() -> Schema:
    items = record({"intentions": array(ITEM, minItems=1, maxItems=1000)})
    return operation(
        identifier="create_external_intentions",
        summary="Take over intentions",
        description=(
            "Takes over what a connected system says, one object or up to 1,000; each stands by itself. "
            "The same `external_id` again changes the intention. What the portal put down for people "
            "gives way, what people decided does not."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[_CONFIGURATION],
        body={"anyOf": [items, ITEM]},
        example={
            "intentions": [
                {
                    "external_id": "calendar-4711",
                    "external_type": "DESK_BOOKING",
                    "location_id": _SITE_ID,
                    "people_email": "ada@company.example",
                    "starts_at": "2030-01-07",
                }
            ]
        },
        data=record({"results": array(RESULT, maxItems=1000), "summary": SUMMARY}),
        takes_key=True,
    )
