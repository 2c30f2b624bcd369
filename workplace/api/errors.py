"""How every error of the Workplace API becomes its envelope. Source: workplace-api, section 0, HTTP codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from apitokens.authentication import KEY_HEADER
from config.api.errors import RETRY_SECONDS, BodyTooLarge
from config.errors import DomainError
from workplace.api import envelope
from workplace.domain.refusals import Detail, Refused

WORDS = {
    400: "validation_failed",
    401: "unauthorised",
    403: "forbidden",
    404: "resource_not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "payload_too_large",
    415: "unsupported_media_type",
    422: "idempotency_key_reused",
    429: "rate_limited",
    500: "internal_error",
    503: "service_unavailable",
}
_DETAILED = (400, 409)
_TOO_LARGE = "Request body too large: at most 10 MB"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    status: int
    message: str
    code: str = ""
    general: str = ""
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever a view raised into the envelope; never a traceback."""
    view = context["view"]
    told = _told(error, view=type(view).__name__)
    body = envelope.failure(
        code=told.general or WORDS.get(told.status, "request_failed"),
        message=told.message,
        details=_details(told),
        identifier="authorise" if told.status == 401 else view.identifier,
    )
    return Response(body, status=told.status, headers=_headers(told))


def _details(told: _Told) -> Sequence[Detail]:
    """Return the details, each with its code; at least one where the documents promise some."""
    if told.status not in _DETAILED:
        return told.details
    return told.details or [Detail(path="", message=told.message, code=told.code)]


def _headers(told: _Told) -> dict[str, str]:
    headers = dict(told.headers)
    if told.status == 503:
        headers.setdefault("Retry-After", RETRY_SECONDS)
    if told.status == 401:
        headers["WWW-Authenticate"] = KEY_HEADER
    return headers


def _told(error: Exception, *, view: str) -> _Told:
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, BodyTooLarge | RequestDataTooBig):
        return _Told(status=413, message=_TOO_LARGE)
    if isinstance(error, DomainError):
        code = error.code.lower()
        return _Told(status=error.status, message=error.message, code=code, headers=error.headers)
    if isinstance(error, exceptions.APIException):
        return _Told(status=error.status_code, message=str(error.detail))
    return _Told(**_outside(error, view=view))


def _refused(error: Refused) -> _Told:
    details = [
        Detail(
            path=each.path,
            message=each.message,
            code=each.code or error.code,
            conflict_id=each.conflict_id,
        )
        for each in error.details
    ]
    return _Told(
        status=error.status,
        message=error.message,
        code=error.code,
        general=error.general,
        details=details,
        headers=error.headers,
    )


def _outside(error: Exception, *, view: str) -> dict[str, Any]:
    if isinstance(error, Http404):
        return {"status": 404, "message": "Not found"}
    if isinstance(error, PermissionDenied):
        return {"status": 403, "message": "Forbidden"}
    if isinstance(error, SuspiciousOperation):
        return {"status": 400, "message": "Bad request"}
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("api.database_unavailable", error=repr(error))
        return {"status": 503, "message": "Service temporarily unavailable, please retry"}
    log.exception("api.crash", view=view, exc_info=error)
    return {"status": 500, "message": "Internal server error"}
