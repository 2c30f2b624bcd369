"""The OpenAPI 3.1 document: each app describes its own endpoints as data, this module joins them.

The document is written by hand because it is the contract: which fields appear with and without a
token, and every refusal. The test run checks each answer of the API against it.
Source: public-api, section 1, Discovery.
"""

import hashlib
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils.module_loading import import_string
from rest_framework.request import Request

from config.api.views import ApiView

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
OBJECT_ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{24}$"}
INSTANT: Schema = {"type": "string", "format": "date-time"}

OPTIONAL_TOKEN: list[Schema] = [{}, {"bearer": []}]
NEEDS_TOKEN: list[Schema] = [{"bearer": []}]


def nullable(schema: Schema) -> Schema:
    """Let a value also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def record(
    required: dict[str, Schema],
    optional: dict[str, Schema] | None = None,
    *,
    may_lack: Collection[str] = (),
) -> Schema:
    """Describe an object with exactly these fields, in this order; `may_lack` names optional ones amid it."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": [name for name in required if name not in may_lack],
        "additionalProperties": False,
    }


def read_envelope(data: Schema, **beside: Schema) -> Schema:
    """Describe the answer of a read: retcode 1."""
    return record({"retcode": {"const": 1}, "message": STRING, "data": data}, beside)


def outcome_envelope(statuses: dict[str, Schema], **beside: Schema) -> Schema:
    """Describe the answer of a business call: retcode 200 and, for each status word, its data."""
    kinds = [
        record(
            {"retcode": {"const": 200}, "status": {"const": word}, "message": STRING, "data": data},
            beside,
        )
        for word, data in statuses.items()
    ]
    return {"anyOf": kinds}


def failure_envelope(data: Schema | None = None) -> Schema:
    """Describe a refusal: retcode −1; `data` only where the documents show it."""
    return record(
        {"retcode": {"const": -1}, "message": STRING}, {"data": data} if data is not None else None
    )


def in_query(name: str, schema: Schema, description: str, *, required: bool = False) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "schema": schema,
        "description": description,
    }


def answer(
    description: str, schema: Schema | None, *, media_type: str = "application/json"
) -> Schema:
    if schema is None:
        return {"description": description}
    return {"description": description, "content": {media_type: {"schema": schema}}}


IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": (
        "Makes the call safe to repeat for 24 hours: the same key with the same body gets the first "
        "answer again, with `Idempotent-Replayed: true`; with another body it is refused (422), and "
        "while the first call is still running too (409, see Retry-After). Answers 401, 403, 409, 429 "
        "and 5xx are not kept, nor are those of dry runs."
    ),
}

_REFUSALS = {
    "400": "Invalid or refused input",
    "401": "Missing, malformed, unknown or expired token",
    "403": "The token may not do this",
    "404": "Not found",
    "405": "Wrong method",
    "409": "Conflict with what is stored",
    "413": "Request body too large",
    "415": "The body is not JSON",
    "429": "Too many calls",
    "500": "Internal server error",
    "503": "Temporarily unavailable; see Retry-After",
}
_KEY_REUSED = "The Idempotency-Key was sent before with another body"


def refusals(**data: Schema) -> dict[str, Schema]:
    """Describe every refusal; `data` gives, as `on_400=…`, the data that some of them carry."""
    return {
        status: answer(text, failure_envelope(data.get(f"on_{status}")))
        for status, text in _REFUSALS.items()
    }


def get(
    *,
    summary: str,
    description: str,
    tag: str,
    parameters: list[Schema],
    responses: dict[str, Schema],
    security: list[Schema],
) -> Schema:
    operation_id = "get " + summary
    return {
        "operationId": operation_id.title().replace(" ", ""),
        "summary": summary,
        "description": description,
        "tags": [tag],
        "parameters": parameters,
        "responses": responses,
        "security": security,
    }


def post(
    *,
    summary: str,
    description: str,
    tag: str,
    body: Schema,
    example: Any,
    responses: dict[str, Schema],
) -> Schema:
    operation_id = "post " + summary
    return {
        "operationId": operation_id.title().replace(" ", ""),
        "summary": summary,
        "description": description,
        "tags": [tag],
        "parameters": [IDEMPOTENCY_KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body, "example": example}},
        },
        "responses": {"422": answer(_KEY_REUSED, failure_envelope()), **responses},
        "security": NEEDS_TOKEN,
    }


@lru_cache(maxsize=1)
def document() -> Schema:
    """Return the whole document; it does not change while the process runs."""
    paths: Schema = {}
    for name in settings.API_DESCRIPTIONS:
        paths.update(import_string(name)())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.BRAND_NAME} Public API",
            "version": "1.0.0",
            "description": (
                "Sites, rooms, availability and bookings. Every answer that is not a file is "
                '`{"retcode", "message", "data"}`; retcode −1 is a refusal and `message` says why.'
            ),
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "ww_dev_<64-character-hex-string>",
                }
            }
        },
    }


@lru_cache(maxsize=2)
def _rendered(document: Callable[[], Schema]) -> tuple[bytes, str]:
    body = orjson.dumps(document())
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class SchemaView(ApiView):
    """`GET /api/schema`: the document as JSON, with an ETag; subclasses show another one."""

    token = "ignored"  # noqa: S105 - a policy's name, not a secret
    document = staticmethod(document)

    def get(self, request: Request) -> HttpResponse:
        body, etag = _rendered(self.document)
        headers = {
            "ETag": etag,
            "Cache-Control": "public, max-age=300",
        }
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(body, content_type="application/json", headers=headers)
