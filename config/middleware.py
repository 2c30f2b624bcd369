"""What every request passes through that Django and its libraries do not bring."""

from collections.abc import Callable

import pghistory
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.logs import redacted

Handler = Callable[[HttpRequest], HttpResponse]

NUL, REPLACEMENT = "\x00", "\ufffd"


class RequestIdMiddleware:
    """Tells callers the id under which the logs know their request; stands right inside structlog's own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["X-Request-Id"] = structlog.contextvars.get_contextvars()["request_id"]
        return response


class RetryAfterMiddleware:
    """Tells everybody who is sent away for now when to come back, also where a library sent them away."""

    SECONDS = {429: "60", 503: "5"}

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in self.SECONDS:
            response.headers.setdefault("Retry-After", self.SECONDS[response.status_code])
        return response


class NoNulMiddleware:
    """Keeps NUL out of addresses and cookies, which no honest browser sends and no database stores.

    The address then is one that nothing has, the cookie one that nobody was given. Source: safety, S-30.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            request.path_info = request.path_info.replace(NUL, REPLACEMENT)
            request.path = request.path.replace(NUL, REPLACEMENT)
        for name in [name for name, value in request.COOKIES.items() if NUL in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class AdminCspMiddleware:
    """Relaxes the content security policy under /admin/ only, where the admin theme needs it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]  # django-csp's hook
        return response


class AuditContextMiddleware:
    """Tells the audit history who changes things, through which token, in which request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        user = getattr(request, "user", None)
        facts = {
            "url": redacted(request.path),
            "user": user.pk if user is not None and user.is_authenticated else None,
            "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        }
        with pghistory.context(**facts):
            return self.get_response(request)
