"""What the OpenAPI document says about meetings that exist: reading, changing, cancelling, series."""

from booking.api.openapi_bookings import (
    MEETING_STATUS,
    OCCURRENCE,
    PRICES,
    REFUSED_BOOKING,
    SKIPPED,
    TIMES,
)
from booking.api.openapi_catalogue import VIOLATION
from config.api.openapi import (
    BOOLEAN,
    INSTANT,
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
    nullable,
    outcome_envelope,
    post,
    read_envelope,
    record,
    refusals,
)

_SCOPE: Schema = {"type": ["string", "null"], "enum": ["this", "following", "all", "", None]}
_ON_CONFLICT: Schema = {"type": ["string", "null"], "enum": ["skip", "fail", "", None]}
_TEXT: Schema = {"type": ["string", "null"]}
_DRY_RUN: Schema = {"type": ["boolean", "null"]}
_EXAMPLE_ID = "507f191e810c19729de860ea"

_FACTS: dict[str, Schema] = {
    "status": MEETING_STATUS,
    "roomId": OBJECT_ID,
    "roomName": STRING,
    "siteId": OBJECT_ID,
    "siteName": STRING,
    **TIMES,
    "bookedUser": INTEGER,
    "name": STRING,
    "description": STRING,
    "isPrivate": BOOLEAN,
    "contactEmail": STRING,
    "contactName": STRING,
    "organizationId": nullable(OBJECT_ID),
    **PRICES,
    "currency": STRING,
    "cancellation": record({"freeUntil": INSTANT, "feeNow": nullable(NUMBER)}),
    "sequence": INTEGER,
    "seriesId": nullable(OBJECT_ID),
    "createdAt": INSTANT,
    "updatedAt": INSTANT,
}
_SERIES = {"occurrences": array(OCCURRENCE), "skipped": array(SKIPPED)}
_REFUSED = refusals(on_400=record({"violations": array(VIOLATION)}), on_409=REFUSED_BOOKING)


def paths() -> Schema:
    """Describe what is done with meetings after the booking."""
    return {
        "/api/meeting": {"get": _meeting()},
        "/api/meeting-change": {"post": _change()},
        "/api/meeting-cancel": {"get": _preview(), "post": _cancel()},
        "/api/meeting-series": {"get": _series()},
        "/api/meeting-series-retry": {"post": _retry()},
    }


def _meeting() -> Schema:
    return get(
        summary="Read a meeting",
        description="A meeting that the token's owner made or that belongs to its organization.",
        tag="Bookings",
        parameters=[in_query("id", STRING, "The meeting", required=True)],
        responses={
            "200": answer("The meeting", read_envelope(record({"_id": OBJECT_ID, **_FACTS}))),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )


def _change() -> Schema:
    return post(
        summary="Change a meeting",
        description=(
            "Moves a meeting in time or to another room, shortens it, or changes its texts, under "
            "the rules of a booking; its own slot is no obstacle. Once cancelling would cost "
            "something only shortening and texts are free. A move in time keeps the price; another "
            "duration, room or number of people is priced by today's rates. With `scope` the other "
            "meetings of a series keep their distance in days and get the same time of day; "
            "`onConflict: skip` lets those stay that cannot follow."
        ),
        tag="Bookings",
        body={
            "type": "object",
            "required": ["meetingId"],
            "properties": {
                "meetingId": STRING,
                "bookedAt": {"type": ["string", "null"], "description": "ISO 8601"},
                "duration": {"type": ["integer", "null"], "description": "Minutes"},
                "bookedRoom": _TEXT,
                "bookedUser": {"type": ["integer", "null"], "minimum": 1},
                "name": _TEXT,
                "description": _TEXT,
                "isPrivate": {"type": ["boolean", "null"]},
                "contactName": _TEXT,
                "scope": _SCOPE,
                "onConflict": _ON_CONFLICT,
                "dryRun": _DRY_RUN,
            },
        },
        example={"meetingId": _EXAMPLE_ID, "bookedAt": "2025-11-06T10:00:00Z", "duration": 90},
        responses={
            "200": answer(
                "The meeting as it is now",
                outcome_envelope(
                    {
                        "CHANGED": record(
                            {
                                "meetingId": OBJECT_ID,
                                "fee": NUMBER,
                                "priceDifference": NUMBER,
                                **_FACTS,
                            },
                            _SERIES,
                        )
                    },
                    dryRun=BOOLEAN,
                ),
            ),
            **_REFUSED,
        },
    )


def _preview() -> Schema:
    data = {
        "meetingId": OBJECT_ID,
        "status": MEETING_STATUS,
        "fee": NUMBER,
        "freeUntil": INSTANT,
        "currency": STRING,
    }
    return get(
        summary="Preview a cancellation",
        description="What cancelling now costs, net of VAT, and until when it costs nothing.",
        tag="Bookings",
        parameters=[
            in_query("meetingId", STRING, "The meeting", required=True),
            in_query("scope", {"enum": ["this", "following", "all"]}, "Which of a series"),
        ],
        responses={
            "200": answer("The fee", read_envelope(record(data, _CANCELLED_SERIES))),
            **refusals(),
        },
        security=NEEDS_TOKEN,
    )


_CANCELLED_SERIES = {"seriesId": nullable(OBJECT_ID), "occurrences": array(OCCURRENCE)}


def _cancel() -> Schema:
    data = {
        "meetingId": OBJECT_ID,
        "status": MEETING_STATUS,
        "fee": NUMBER,
        "currency": STRING,
        "cancelledAt": nullable(INSTANT),
    }
    return post(
        summary="Cancel a meeting",
        description="Gives the room back and fixes the fee; a second call changes nothing.",
        tag="Bookings",
        body={
            "type": "object",
            "required": ["meetingId"],
            "properties": {
                "meetingId": STRING,
                "reason": _TEXT,
                "scope": _SCOPE,
                "dryRun": _DRY_RUN,
            },
        },
        example={"meetingId": _EXAMPLE_ID, "reason": "The client cannot come"},
        responses={
            "200": answer(
                "Cancelled",
                outcome_envelope({"CANCELLED": record(data, _CANCELLED_SERIES)}, dryRun=BOOLEAN),
            ),
            **refusals(),
        },
    )


def _series() -> Schema:
    data = record({"seriesId": OBJECT_ID, "rule": STRING, **_SERIES})
    return get(
        summary="Read a series",
        description="The rule as it was asked for, the meetings, and the dates that were skipped.",
        tag="Bookings",
        parameters=[in_query("id", STRING, "The series", required=True)],
        responses={"200": answer("The series", read_envelope(data)), **refusals()},
        security=NEEDS_TOKEN,
    )


def _retry() -> Schema:
    data = record({"seriesId": OBJECT_ID, **_SERIES})
    dates: Schema = {
        "type": ["array", "null"],
        "items": {"type": "string", "format": "date"},
        "description": "Skipped dates; absent: all of them",
    }
    return post(
        summary="Retry skipped dates",
        description="Books the skipped dates of a series that are free by now; the rest stays skipped.",
        tag="Bookings",
        body={
            "type": "object",
            "required": ["seriesId"],
            "properties": {"seriesId": STRING, "dates": dates, "dryRun": _DRY_RUN},
        },
        example={"seriesId": _EXAMPLE_ID, "dates": ["2026-01-12"]},
        responses={
            "200": answer("What was booked", outcome_envelope({"RETRIED": data}, dryRun=BOOLEAN)),
            **_REFUSED,
        },
    )
