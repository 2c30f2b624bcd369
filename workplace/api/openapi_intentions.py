"""What the OpenAPI document says about intentions."""

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
from workplace.api.configurations import HEADER
from workplace.api.describe import (
    DATE,
    MOMENT,
    NAME,
    UNMODIFIED_SINCE,
    VERSION,
    in_path,
    listed,
    one_id,
    operation,
    paged,
)
from workplace.api.intention_answers import LONGEST_REASON
from workplace.api.intentions import LONGEST_PREFERENCE, MOST_INVITEES, SORTS
from workplace.domain.external_intentions import Result
from workplace.models import (
    OPEN_STATUSES,
    ExternalType,
    IntentionSource,
    IntentionStatus,
    IntentionType,
)

TAG = "Intentions"
_READ, _WRITE = "workplace:read", "workplace:write"
_STATUS: Schema = {"enum": IntentionStatus.values}
_TYPE: Schema = {"enum": IntentionType.values}
_EXTERNAL_TYPE: Schema = {"enum": ExternalType.values}
_EMAIL: Schema = {"type": "string", "maxLength": 254}
_PREFERENCES = array({"type": "string", "maxLength": LONGEST_PREFERENCE}, maxItems=200)
_REASON: Schema = {"type": "string", "maxLength": LONGEST_REASON}
_SITE_ID, _PERSON_ID = "68824ca5369c856b7c670510", "68518a559c86c18f01ee84b0"

INTENTION = record(
    {
        "_id": OBJECT_ID,
        "status": _STATUS,
        "type": _TYPE,
        "location_id": OBJECT_ID,
        "external_location_id": nullable(STRING),
        "layer_id": nullable(OBJECT_ID),
        "zone_id": nullable(OBJECT_ID),
        "room_id": nullable(OBJECT_ID),
        "space_id": nullable(OBJECT_ID),
        "people_id": nullable(OBJECT_ID),
        "people_first_name": nullable(STRING),
        "people_last_name": nullable(STRING),
        "people_email": nullable(STRING),
        "team_id": nullable(OBJECT_ID),
        "team_name": nullable(STRING),
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "timezone": STRING,
        "date": DATE,
        "preferences": array(STRING),
        "invited_by": nullable(OBJECT_ID),
        "parent_intention_id": nullable(OBJECT_ID),
        "invitees": array(
            record({"people_id": nullable(OBJECT_ID), "intention_id": OBJECT_ID, "status": _STATUS})
        ),
        "external_id": nullable(STRING),
        "external_type": nullable(_EXTERNAL_TYPE),
        "source": {"enum": IntentionSource.values},
        "allocation_id": nullable(OBJECT_ID),
        "reason": nullable(STRING),
        "version": VERSION,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    }
)
_ONE = record({"intention": INTENTION})
_FORCE = in_query(
    "force",
    {"enum": ["true", "false"], "default": "false"},
    "`true` cancels the person's other intentions in that time and goes past a full or closed "
    "location; needs the scope `workplace:admin`. Never past a taken room.",
)
_ID = in_path("intention_id", "The intention.")
_CONFIGURATION: Schema = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": OBJECT_ID,
    "description": "The connected system that speaks; without it the key's only one.",
}
_INVITEE = record({}, {"people_id": OBJECT_ID, "people_email": _EMAIL})
_WISH = record(
    {"status": {"enum": list(OPEN_STATUSES)}, "type": _TYPE, "location_id": OBJECT_ID},
    {
        "people_id": nullable(OBJECT_ID),
        "people_first_name": nullable(NAME),
        "people_last_name": nullable(NAME),
        "people_email": nullable(_EMAIL),
        "team_id": nullable(OBJECT_ID),
        "team_name": nullable(NAME),
        "skip_auto_accept": BOOLEAN | {"default": False},
        "starts_at": MOMENT,
        "ends_at": MOMENT,
        "timezone": STRING,
        "layer_id": nullable(OBJECT_ID),
        "zone_id": nullable(OBJECT_ID),
        "room_id": nullable(OBJECT_ID),
        "space_id": nullable(OBJECT_ID),
        "preferences": _PREFERENCES,
        "invitees": array(_INVITEE, maxItems=MOST_INVITEES),
    },
)
_ITEM = record(
    {"external_id": NAME, "external_type": _EXTERNAL_TYPE, "starts_at": MOMENT},
    {
        "external_location_id": NAME,
        "location_id": OBJECT_ID,
        "people_id": OBJECT_ID,
        "people_email": _EMAIL,
        "people_first_name": NAME,
        "people_last_name": NAME,
        "external_team_id": NAME,
        "ends_at": MOMENT,
        "external_location_timezone": STRING,
        "status": _STATUS,
        "metadata": {"type": "object"},
    },
)
_RESULT = record(
    {
        "index": INTEGER,
        "_id": nullable(OBJECT_ID),
        "external_id": nullable(STRING),
        "result": {"enum": [str(word) for word in Result]},
        "error": nullable(
            record(
                {"code": STRING, "path": STRING, "message": STRING, "conflict_id": STRING},
                may_lack=("conflict_id",),
            )
        ),
    }
)
_SUMMARY = record({"received": INTEGER, **{str(word): INTEGER for word in Result}})


def paths() -> Schema:
    """Describe `/intentions` and what is below it."""
    return {
        "/workplace/v1/intentions": {"get": _listed(), "post": _declared()},
        "/workplace/v1/intentions/external": {"post": _taken_over()},
        "/workplace/v1/intentions/{intention_id}": {"delete": _deleted()},
        "/workplace/v1/intentions/{intention_id}/accept": {"put": _accepted()},
        "/workplace/v1/intentions/{intention_id}/decline": {"put": _declined()},
        "/workplace/v1/intentions/{intention_id}/cancel": {"put": _cancelled()},
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
            in_query("external_type", _EXTERNAL_TYPE, "Only of this type of a connected system."),
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
            in_query("type", _TYPE, "Only of this type."),
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
        parameters=[_FORCE, _CONFIGURATION],
        body=_WISH,
        example={
            "status": "ACCEPTED",
            "type": "SPACE",
            "location_id": _SITE_ID,
            "people_id": _PERSON_ID,
            "starts_at": "2030-01-07",
        },
        data=_ONE,
        takes_key=True,
    )


def _taken_over() -> Schema:
    items = record({"intentions": array(_ITEM, minItems=1, maxItems=1000)})
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
        body={"anyOf": [items, _ITEM]},
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
        data=record({"results": array(_RESULT, maxItems=1000), "summary": _SUMMARY}),
        takes_key=True,
    )


def _may_be_absent(described: Schema) -> Schema:
    """Say that a call may come without its body."""
    described["requestBody"]["required"] = False
    return described


def _accepted() -> Schema:
    described = operation(
        identifier="accept_intention",
        summary="Accept an intention",
        description=(
            "Accepts an intention that waits, or joins again one that was declined or cancelled, until it "
            "is over. A conflict refuses it unless `force` is `true`."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID, _FORCE, UNMODIFIED_SINCE],
        body=record({}, {"version": VERSION}),
        data=_ONE,
    )
    return _may_be_absent(described)


def _declined() -> Schema:
    described = operation(
        identifier="decline_intention",
        summary="Decline an invitation",
        description="Declines an intention to which somebody was invited; the inviter is told.",
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID, UNMODIFIED_SINCE],
        body=record({}, {"reason": _REASON, "version": VERSION}),
        example={"reason": "On holiday"},
        data=_ONE,
    )
    return _may_be_absent(described)


def _cancelled() -> Schema:
    described = operation(
        identifier="cancel_intention",
        summary="Cancel an intention",
        description=(
            "Gives back the room and the seat; with `cancel_for_all` for everybody invited too, which only "
            "the inviter's organization or an administrator's key may. Other properties than these are "
            "ignored."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID, UNMODIFIED_SINCE],
        body=record(
            {},
            {
                "reason": _REASON,
                "cancel_for_all": BOOLEAN | {"default": False},
                "preferences": _PREFERENCES,
                "team_id": nullable(OBJECT_ID),
                "version": VERSION,
            },
        )
        | {"additionalProperties": True},
        example={"reason": "Working from home"},
        data=record(
            {"intention": INTENTION, "cancelled_ids": array(OBJECT_ID)},
            may_lack=("cancelled_ids",),
        ),
    )
    return _may_be_absent(described)


def _deleted() -> Schema:
    return operation(
        identifier="delete_intention",
        summary="Delete an intention",
        description=(
            "Removes an intention for good, and the invitations that are parts of it; nobody can join "
            "it again."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID],
        data=record({"deleted": INTEGER}),
    )
