"""What the OpenAPI document says about countries and pictures."""

from pathlib import Path

from config.api.openapi import STRING, Schema, answer, array, get, in_query, read_envelope, refusals
from config.api.openapi_examples import with_examples

_EXAMPLES = Path(__file__).parent / "examples"


def paths() -> Schema:
    """Describe `/api/countries` and `/imageroom`."""
    every = {
        "/api/countries": {
            "get": get(
                summary="Countries",
                description="Countries with at least one public site: English names, sorted.",
                tag="Catalogue",
                parameters=[],
                responses={
                    "200": answer("The names", read_envelope(array(STRING))),
                    "304": answer("Unchanged", None),
                    **refusals(),
                },
                security=[{}],
            )
        },
        "/imageroom": {
            "get": get(
                summary="Room picture",
                description="A room's picture as `image` in `/api/rooms` addresses it.",
                tag="Catalogue",
                parameters=[
                    in_query("id", STRING, "The picture's id", required=True),
                    in_query(
                        "w",
                        {"type": "integer", "enum": [320, 640, 1280]},
                        "Width in pixels: a resized WebP",
                    ),
                ],
                responses={
                    "200": {"description": "The picture", "content": {"image/*": {}}},
                    "304": answer("Unchanged", None),
                    **refusals(),
                },
                security=[{}],
            )
        },
    }
    return with_examples(every, folder=_EXAMPLES)
