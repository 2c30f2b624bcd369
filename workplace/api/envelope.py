"""The shape of every answer of the Workplace API: `{"success", "data"|"error", "identifier"}`.

Source: workplace-api, section 0, Envelope; section 13, Errors.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response

from config.api.envelope import dumps
from workplace.domain.refusals import Detail

REQUEST = "req_"


def succeeded(data: Mapping[str, Any], *, identifier: str) -> Response:
    """Answer 200; `identifier` comes without its ending."""
    return Response({"success": True, "data": data, "identifier": f"{identifier}_successful"})


def failure(
    *, code: str, message: str, identifier: str, details: Sequence[Detail] = ()
) -> dict[str, Any]:
    """Build the body of a refusal."""
    return {
        "success": False,
        "error": {
            "code": code,
            "message": message,
            "details": [_written(detail) for detail in details],
            "request_id": name_request(),
        },
        "identifier": f"{identifier}_failed",
    }


def name_request() -> str:
    """Return the id of this request, `req_…`, under which the answer's header and the logs know it too."""
    known = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if known.startswith(REQUEST):
        return known
    structlog.contextvars.bind_contextvars(request_id=REQUEST + known)
    return REQUEST + known


@csrf_exempt
def unknown_path(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Answer any other path under /workplace/v1."""
    return plain("resource_not_found", "Not found", status=404, identifier="resolve")


def server_error(*, status: int, headers: Mapping[str, str]) -> HttpResponse:
    """Answer what no view has caught: 503 while the database is away, else 500."""
    if status == 503:
        sentence = "Service temporarily unavailable, please retry"
        return plain("service_unavailable", sentence, status=503, headers=headers)
    return plain("internal_error", "Internal server error", status=status, headers=headers)


def plain(
    code: str,
    message: str,
    *,
    status: int,
    identifier: str = "request",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer a refusal outside REST framework's views."""
    body = failure(code=code, message=message, identifier=identifier)
    return HttpResponse(
        dumps(body), status=status, content_type="application/json", headers=headers
    )


def _written(detail: Detail) -> dict[str, Any]:
    told: dict[str, Any] = {"path": detail.path, "message": detail.message}
    if detail.code:
        told["code"] = detail.code
    if detail.conflict_id is not None:
        told["conflict_id"] = detail.conflict_id
    return told
