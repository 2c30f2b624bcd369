"""The OpenAPI 3.1 document of the Workplace API, apart from the public API's because of its envelope.

Written by hand: it is the contract, and the test run checks each answer against it.
Source: workplace-api, section 0.
"""

from functools import lru_cache

from django.conf import settings

from config.api.openapi import Schema, SchemaView
from workplace.api import (
    openapi_allocations,
    openapi_evolutions,
    openapi_forecasts,
    openapi_intentions,
    openapi_occupancy,
    openapi_teams,
)

PARTS = (
    openapi_teams.paths,
    openapi_occupancy.paths,
    openapi_evolutions.paths,
    openapi_forecasts.paths,
    openapi_allocations.paths,
    openapi_intentions.paths,
)


@lru_cache(maxsize=1)
def document() -> Schema:
    """Return the whole document; it does not change while the process runs."""
    paths: Schema = {}
    for part in PARTS:
        paths.update(part())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.BRAND_NAME} Workplace API",
            "version": "1.0.0",
            "description": (
                "Teams, presence, forecasts, seating and plans. Every answer is "
                '`{"success", "data", "identifier"}`, or `{"success", "error", "identifier"}` where '
                "`error.code` and `error.details` say why."
            ),
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
        },
    }


class WorkplaceSchemaView(SchemaView):
    """`GET /workplace/v1/schema`: the document as JSON, with an ETag."""

    document = staticmethod(document)
