"""How every error of the API becomes the envelope."""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from config.api.envelope import failure
from config.errors import DomainError

log = structlog.get_logger(__name__)

RETRY_SECONDS = "2"


class InvalidInput(DomainError):
    """A parameter or field is missing or has the wrong type; the message names it."""

    code = "INVALID_INPUT"


class BodyTooLarge(DomainError):
    """The body is over the API's limit."""

    code = "BODY_TOO_LARGE"
    status = 413
    message = "Request body too large: at most 1 MiB"


class ServiceUnavailable(DomainError):
    """The database is away or busy; the same call may go through in a moment."""

    code = "UNAVAILABLE"
    status = 503
    message = "Service temporarily unavailable, please retry"


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """Turn whatever a view raised into the envelope; never a traceback.

    Source: public-api, section 1, Envelope and HTTP status.
    """
    if isinstance(error, DomainError):
        return _refusal(error)
    if isinstance(error, exceptions.APIException):
        return _framework_refusal(error)
    if isinstance(error, (Http404, PermissionDenied, SuspiciousOperation)):
        return _django_refusal(error)
    if isinstance(error, (OperationalError, InterfaceError)):
        log.warning("api.database_unavailable", error=repr(error))
        return _refusal(ServiceUnavailable())
    log.exception("api.crash", view=type(context.get("view")).__name__)
    return Response(failure("Internal server error"), status=500)


def _refusal(error: DomainError) -> Response:
    body = failure(error.message)
    if error.data is not None:
        body["data"] = error.data
    headers = dict(error.headers)
    if error.status == 503:
        headers["Retry-After"] = RETRY_SECONDS
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status=error.status, headers=headers)


def _framework_refusal(error: exceptions.APIException) -> Response:
    headers = {}
    wait = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    message = _sentence(error.detail)
    return Response(failure(message), status=error.status_code, headers=headers)


def _sentence(detail: Any) -> str:
    """The first sentence of a framework error, however deep it nested it."""
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        return f"Invalid {name}: {_sentence(inner)}"
    if isinstance(detail, list):
        return _sentence(detail[0])
    return str(detail)


def _django_refusal(error: Exception) -> Response:
    if isinstance(error, Http404):
        return Response(failure("Not found"), status=404)
    if isinstance(error, RequestDataTooBig):
        return _refusal(BodyTooLarge())
    if isinstance(error, SuspiciousOperation):
        return Response(failure("Bad request"), status=400)
    return Response(failure("Forbidden"), status=403)
