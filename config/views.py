"""Pages that belong to no app: what a visitor sees when something is wrong."""

import sys
from collections.abc import Mapping

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from config.api.envelope import failed
from config.context import branding

RETRY_SECONDS = "5"
_SENTENCES = {
    500: "Internal server error",
    503: "Service temporarily unavailable, please retry",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in the visitor's language that the form's protection did not match, and how to go on."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view has caught, wherever it happened: 503 while the database is away, else 500.

    Neither page asks the database anything. Source: safety, F-01 to F-04, and S-55.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
        return _told(request, status=503, headers=headers)
    return _told(request, status=500, headers={})


def api_error(*, status: int, headers: Mapping[str, str]) -> HttpResponse:
    """Answer it in the public API's envelope."""
    return failed(_SENTENCES[status], http_status=status, headers=headers)


def _told(request: HttpRequest, *, status: int, headers: Mapping[str, str]) -> HttpResponse:
    for beginning, answer in settings.API_SERVER_ERRORS.items():
        if request.path.startswith(beginning):
            told: HttpResponse = import_string(answer)(status=status, headers=headers)
            return told
    page = render_to_string(f"{status}.html", branding(request))
    return HttpResponse(page, status=status, headers=headers)
