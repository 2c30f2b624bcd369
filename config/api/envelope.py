"""The shape of every API answer that is not a file: `{"retcode", "message", "data"?}`.

Source: Public API, "Response Format"; public-api, section 1, Envelope.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

OK = 1
DONE = 200
FAILED = -1
_MISSING: Any = object()


def ok(data: Any, **beside: Any) -> Response:
    """Answer a read: retcode 1; `beside` stands next to `data`."""
    return Response({"retcode": OK, "message": "OK", "data": data, **beside})


def done(*, status: str, message: str, data: Any, **beside: Any) -> Response:
    """Answer a business outcome: retcode 200 and its status word."""
    return Response({"retcode": DONE, "status": status, "message": message, "data": data, **beside})


def mark_of(*, dry_run: bool) -> dict[str, bool]:
    """Return what stands beside the answer to a dry run, of which nothing stays; else nothing.

    Source: public-api, section 1, "Dry run".
    """
    return {"dryRun": True} if dry_run else {}


def failure(message: str, *, data: Any = _MISSING, **beside: Any) -> dict[str, Any]:
    """Build the body of a refusal: retcode −1, `data` only where the documents show it."""
    body: dict[str, Any] = {"retcode": FAILED, "message": message}
    if data is not _MISSING:
        body["data"] = data
    return body | beside


def failed(
    message: str, *, http_status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Answer a refusal outside REST framework's views (middleware, unknown paths)."""
    return HttpResponse(
        dumps(failure(message)),
        status=http_status,
        content_type="application/json",
        headers=headers,
    )


def dumps(body: Any) -> bytes:
    """Write JSON bytes: instants in UTC, as `config.instants.written` has them.

    Decimals must have been made numbers by `config.money.json_number`.
    """
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


class OrjsonRenderer(BaseRenderer):
    """Renders answers by orjson, whatever `Accept` says: the API speaks JSON alone."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,  # noqa: ARG002 - the renderer's interface
        renderer_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - the renderer's interface
    ) -> bytes:
        return b"" if data is None else dumps(data)
