"""What the OpenAPI document says about the waiting list."""

from booking.api.openapi_catalogue import VIOLATION
from config.api.openapi import (
    BOOLEAN,
    INTEGER,
    NEEDS_TOKEN,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    nullable,
    outcome_envelope,
    post,
    record,
    refusals,
)

_OPTIONAL: Schema = {"type": ["string", "null"]}


def paths() -> Schema:
    """Describe `/api/waitlist`."""
    return {"/api/waitlist": {"post": _join(), "delete": _leave()}}


def _join() -> Schema:
    place = record({"waitlistId": nullable(OBJECT_ID), "position": INTEGER})
    return post(
        summary="Join the waiting list",
        description=(
            "When a fitting slot frees, the first in the queue gets it held for 30 minutes (10 if it "
            "starts within 4 hours) with a mail, then the next. The same wish has one place."
        ),
        tag="Bookings",
        body={
            "type": "object",
            "required": ["from", "to", "duration", "contactEmail"],
            "properties": {
                "room": {**_OPTIONAL, "description": "A room's id; or give `site`"},
                "site": {**_OPTIONAL, "description": "Any room of this site"},
                "from": {"type": "string", "description": "ISO 8601"},
                "to": {"type": "string", "description": "ISO 8601, exclusive"},
                "duration": {"type": "integer", "minimum": 30, "description": "Minutes"},
                "people": {"type": ["integer", "null"], "minimum": 1},
                "contactEmail": {"type": "string", "format": "email"},
                "contactName": _OPTIONAL,
                "language": {"type": ["string", "null"], "enum": ["fr", "en", "", None]},
                "dryRun": {"type": ["boolean", "null"]},
            },
        },
        example={
            "room": "507f191e810c19729de860ea",
            "from": "2030-11-05T09:00:00",
            "to": "2030-11-05T18:00:00",
            "duration": 120,
            "people": 4,
            "contactEmail": "jean.dupont@acme.com",
        },
        responses={
            "200": answer(
                "A place in the queue",
                outcome_envelope({"WAITING": place, "ARCHIVED": {"type": "null"}}, dryRun=BOOLEAN),
            ),
            **refusals(on_400=record({"violations": array(VIOLATION)})),
        },
    )


def _leave() -> Schema:
    described = get(
        summary="Leave the waiting list",
        description="Gives a place up; a second call changes nothing.",
        tag="Bookings",
        parameters=[in_query("waitlistId", STRING, "The place's id", required=True)],
        responses={
            "200": answer("Left", outcome_envelope({"LEFT": record({"waitlistId": OBJECT_ID})})),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )
    return described | {"operationId": "DeleteWaitlist"}
