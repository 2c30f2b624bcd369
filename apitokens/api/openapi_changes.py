"""What the OpenAPI document says about the change feed."""

from pathlib import Path

from apitokens.models import EventType
from config.api.openapi import (
    INSTANT,
    NEEDS_TOKEN,
    OBJECT_ID,
    STRING,
    Schema,
    answer,
    array,
    get,
    in_query,
    read_envelope,
    record,
    refusals,
)
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"
EVENT_TYPE: Schema = {"type": "string", "enum": list(EventType.values)}
HAPPENED = record({"kind": STRING, "id": STRING})
EVENT = record(
    {
        "id": OBJECT_ID,
        "type": EVENT_TYPE,
        "at": INSTANT,
        "object": HAPPENED,
        "data": {"type": "object"},
    }
)


def paths() -> Schema:
    """Describe `/api/changes`."""
    every = {
        "/api/changes": {
            "get": get(
                summary="Changes",
                description=(
                    "What happened, oldest first, as far as the token's owner may see it: the same "
                    "events that go out to webhooks. Ask again with `nextCursor`, which is always "
                    "there: nothing is skipped and nothing comes twice, also when things happen at the "
                    "same time. An empty list means that you have seen everything; then wait a while. "
                    "Events are kept for 30 days, and so long is a cursor good."
                ),
                tag="Events",
                parameters=[
                    in_query(
                        "cursor",
                        STRING,
                        "`nextCursor` of the answer before; without it the feed begins 30 days ago, "
                        "with `latest` at its end",
                    ),
                    in_query(
                        "limit",
                        {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
                        "At most so many events",
                    ),
                ],
                responses={
                    "200": answer(
                        "The events",
                        read_envelope(array(EVENT, maxItems=500), nextCursor=STRING),
                    ),
                    **refusals(),
                },
                security=NEEDS_TOKEN,
            )
        }
    }
    return with_examples(every, folder=_EXAMPLES)
