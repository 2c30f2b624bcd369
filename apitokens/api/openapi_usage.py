"""What the OpenAPI document says about a caller's own use of the API."""

from pathlib import Path

from config.api.openapi import (
    INSTANT,
    INTEGER,
    NEEDS_TOKEN,
    STRING,
    Schema,
    answer,
    array,
    get,
    nullable,
    read_envelope,
    record,
    refusals,
)
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"
_PERIOD = record({"used": INTEGER, "limit": nullable(INTEGER)})
_CALL = record(
    {
        "at": INSTANT,
        "method": STRING,
        "path": STRING,
        "status": INTEGER,
        "ms": INTEGER,
        "requestId": STRING,
    }
)
USAGE = record({"day": _PERIOD, "month": _PERIOD, "recent": array(_CALL, maxItems=1000)})


def paths() -> Schema:
    """Describe `/api/usage`."""
    every = {
        "/api/usage": {
            "get": get(
                summary="Usage",
                description=(
                    "Tells how many calls the owner's tokens together made this day and month (UTC) "
                    "and how many they may; `limit` is null where there is none. `recent` lists this "
                    "token's own last calls, the latest first, at most 1,000 and 90 days old; "
                    "`requestId` is the `X-Request-Id` of the answer."
                ),
                tag="Usage",
                parameters=[],
                responses={"200": answer("The usage", read_envelope(USAGE)), **refusals()},
                security=NEEDS_TOKEN,
            )
        }
    }
    return with_examples(every, folder=_EXAMPLES)
