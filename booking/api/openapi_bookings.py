"""What the OpenAPI document says about booking a room."""

from booking.api.openapi_catalogue import VIOLATION
from config.api.openapi import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    NUMBER,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    nullable,
    outcome_envelope,
    post,
    record,
    refusals,
)

_LANGUAGE: Schema = {"type": ["string", "null"], "enum": ["fr", "en", "", None]}
_OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}
_NULL: Schema = {"type": "null"}

ALTERNATIVE = record(
    {
        "roomId": OBJECT_ID,
        "roomName": STRING,
        "siteId": OBJECT_ID,
        "siteName": STRING,
        "bookedAt": STRING,
        "duration": INTEGER,
        "price": nullable(NUMBER),
        "priceGross": nullable(NUMBER),
        "currency": STRING,
    }
)
SKIPPED = record(
    {"date": {"type": "string", "format": "date"}, "code": STRING, "message": STRING},
    {"meetingId": OBJECT_ID},
)
SLOT_TAKEN = record(
    {"code": {"const": "SLOT_TAKEN"}, "alternatives": array(ALTERNATIVE, maxItems=3)},
    {"conflicts": array(SKIPPED)},
)
_LIMIT_REACHED = record({"code": {"const": "LIMIT_REACHED"}, "violations": array(VIOLATION)})
REFUSED_BOOKING: Schema = {"anyOf": [SLOT_TAKEN, _LIMIT_REACHED]}
TIMES = {
    "bookedAt": INSTANT,
    "endsAt": INSTANT,
    "bookedDate": STRING,
    "bookedTime": STRING,
    "duration": INTEGER,
}
MEETING_STATUS: Schema = {"enum": ["pending", "confirmed", "cancelled", "expired"]}
PRICES = {"price": nullable(NUMBER), "priceGross": nullable(NUMBER)}
OCCURRENCE = record(
    {"meetingId": nullable(OBJECT_ID), "status": MEETING_STATUS, **TIMES, **PRICES},
    {"fee": NUMBER},
)
_OF_SERIES: dict[str, Schema] = {
    "seriesId": nullable(OBJECT_ID),
    "occurrences": array(OCCURRENCE),
    "skipped": array(SKIPPED),
}
_ACCEPTED = record(
    {
        "meetingId": nullable(OBJECT_ID),
        "roomName": STRING,
        "bookedDate": STRING,
        "bookedTime": STRING,
        "duration": INTEGER,
    },
    _OF_SERIES,
)
_REQUESTED = record(
    {
        "meetingRequestId": nullable(OBJECT_ID),
        "userId": nullable(OBJECT_ID),
        "roomName": STRING,
        "requestedDate": STRING,
        "requestedTime": STRING,
        "duration": INTEGER,
    },
    _OF_SERIES,
)
_KNOWN = record(
    {
        "exists": BOOLEAN,
        "isArchived": BOOLEAN,
        "userId": nullable(OBJECT_ID),
        "organizationId": nullable(OBJECT_ID),
        "registrationRequired": BOOLEAN,
    }
)


def paths() -> Schema:
    """Describe `/api/meeting-request` and `/api/check-email`."""
    return {
        "/api/meeting-request": {"post": _meeting_request()},
        "/api/check-email": {"post": _check_email()},
    }


def _meeting_request() -> Schema:
    return post(
        summary="Request a meeting",
        description=(
            "Books at once for a known person (ACCEPTED), holds the slot for a new one "
            "(REQUEST_ACCEPTED). Times without zone are the site's local time."
        ),
        tag="Bookings",
        body={
            "type": "object",
            "required": ["contactEmail", "bookedRoom", "bookedAt", "duration"],
            "properties": {
                "contactEmail": {"type": "string", "format": "email"},
                "contactName": _OPTIONAL_TEXT,
                "bookedRoom": STRING,
                "bookedAt": {"type": "string", "description": "ISO 8601"},
                "duration": {"type": "integer", "minimum": 30, "description": "Minutes"},
                "bookedUser": {"type": ["integer", "null"], "minimum": 1},
                "name": _OPTIONAL_TEXT,
                "description": _OPTIONAL_TEXT,
                "isPrivate": {"type": ["boolean", "null"]},
                "language": _LANGUAGE,
                "quoteToken": {
                    "type": ["string", "null"],
                    "description": "From /api/room-price: keeps the price quoted",
                },
                "series": {
                    "type": ["object", "null"],
                    "description": (
                        "Repeats the meeting at the same time of day: RRULE with FREQ DAILY, WEEKLY "
                        "or MONTHLY and COUNT or UNTIL, at most 52 occurrences. `skip` leaves dates "
                        "out that cannot be had, `fail` (default) then books none."
                    ),
                    "required": ["rule"],
                    "properties": {
                        "rule": {"type": "string", "examples": ["FREQ=WEEKLY;COUNT=8"]},
                        "onConflict": {
                            "type": ["string", "null"],
                            "enum": ["skip", "fail", "", None],
                        },
                    },
                },
                "dryRun": {"type": ["boolean", "null"]},
            },
        },
        example={
            "contactEmail": "jean.dupont@acme.com",
            "contactName": "Jean Dupont",
            "bookedRoom": "507f191e810c19729de860ea",
            "bookedAt": "2025-11-05T14:00:00Z",
            "duration": 60,
            "bookedUser": 4,
            "name": "Quarterly Review",
            "description": "Q4 2025 team meeting",
        },
        responses={
            "200": answer(
                "Booked, held, or refused because the account is archived",
                outcome_envelope(
                    {
                        "ACCEPTED": _ACCEPTED,
                        "REQUEST_ACCEPTED": _REQUESTED,
                        "ARCHIVED": _NULL,
                    },
                    dryRun=BOOLEAN,
                ),
            ),
            **refusals(
                on_400=record({"violations": array(VIOLATION)}),
                on_409=REFUSED_BOOKING,
            ),
        },
    )


def _check_email() -> Schema:
    return post(
        summary="Check an e-mail address",
        description="Tells whether a booking with this address would be confirmed at once.",
        tag="Bookings",
        body={
            "type": "object",
            "required": ["email"],
            "properties": {
                "email": {"type": "string"},
                "dryRun": {"type": ["boolean", "null"]},
            },
        },
        example={"email": "jean.dupont@acme.com"},
        responses={
            "200": answer(
                "What is known of the address",
                outcome_envelope(
                    dict.fromkeys(("EXISTING_USER", "NEW_USER", "ARCHIVED"), _KNOWN),
                    dryRun=BOOLEAN,
                ),
            ),
            **refusals(),
        },
    )
