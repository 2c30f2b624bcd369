"""What the OpenAPI document says about answering an intention, and ending it."""

from config.api.openapi import (
    BOOLEAN,
    INTEGER,
    OBJECT_ID,
    Schema,
    array,
    nullable,
    record,
)
from workplace.api.describe import (
    UNMODIFIED_SINCE,
    VERSION,
    in_path,
    operation,
)
from workplace.api.intention_answers import LONGEST_REASON
from workplace.api.openapi_intention_shapes import FORCE, INTENTION, ONE, PREFERENCES, TAG

_WRITE = "workplace:write"
_REASON: Schema = {"type": "string", "maxLength": LONGEST_REASON}
_ID = in_path("intention_id", "The intention.")


def _may_be_absent(described: Schema) -> Schema:
    """Say that a call may come without its body."""
    described["requestBody"]["required"] = False
    return described


def accepted() -> Schema:
    described = operation(
        identifier="accept_intention",
        summary="Accept an intention",
        description=(
            "Accepts an intention that waits, or joins again one that was declined or cancelled, until it "
            "is over. A conflict refuses it unless `force` is `true`."
        ),
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID, FORCE, UNMODIFIED_SINCE],
        body=record({}, {"version": VERSION}),
        data=ONE,
    )
    return _may_be_absent(described)


def declined() -> Schema:
    described = operation(
        identifier="decline_intention",
        summary="Decline an invitation",
        description="Declines an intention to which somebody was invited; the inviter is told.",
        tag=TAG,
        scope=_WRITE,
        parameters=[_ID, UNMODIFIED_SINCE],
        body=record({}, {"reason": _REASON, "version": VERSION}),
        example={"reason": "On holiday"},
        data=ONE,
    )
    return _may_be_absent(described)


def cancelled() -> Schema:
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
                "preferences": PREFERENCES,
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


def deleted() -> Schema:
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
