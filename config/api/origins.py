"""Which scripts of other sites may read an answer: public reads any, everything else the operator's own.

No answer ever allows credentials: who calls is told by the token alone, never by a cookie.
Source: public-api, section 1, CORS; safety, S-54.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ANY = "*"
READS = ("GET", "HEAD")
_SENT_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Unmodified-Since, "
    "x-api-key, x-configuration-id"
)
_SHOWN_HEADERS = (
    "Deprecation, ETag, Idempotent-Replayed, Link, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, Sunset, X-Request-Id"
)
_DAY_SECONDS = "86400"


def open_to_scripts(
    request: HttpRequest, response: HttpResponse, *, is_public: bool
) -> HttpResponse:
    """Let scripts read the answer: of any site where a GET is public, else of configured origins.

    The origin that is answered comes from the settings, never from the request.
    """
    if is_public and _asked_method(request) in READS:
        allowed: str | None = ANY
    else:
        allowed = _configured(request)
        patch_vary_headers(response, ["Origin"])
    if allowed:
        response["Access-Control-Allow-Origin"] = allowed
        response["Access-Control-Expose-Headers"] = _SHOWN_HEADERS
    return response


def preflight(methods: Iterable[str]) -> HttpResponse:
    """Answer a browser that asks what a script may send; whether it may is for `open_to_scripts`."""
    listed = ", ".join(methods)
    return HttpResponse(
        status=204,
        headers={
            "Allow": listed,
            "Access-Control-Allow-Methods": listed,
            "Access-Control-Allow-Headers": _SENT_HEADERS,
            "Access-Control-Max-Age": _DAY_SECONDS,
        },
    )


def _asked_method(request: HttpRequest) -> str:
    """Return the method of the call; a browser's question before it names the one that would follow."""
    if request.method == "OPTIONS":
        return request.headers.get("Access-Control-Request-Method", "GET")
    return request.method or ""


def _configured(request: HttpRequest) -> str | None:
    asking = request.headers.get("Origin")
    return next((origin for origin in settings.CORS_ORIGINS if origin == asking), None)
