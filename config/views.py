"""Pages that belong to no app: what a visitor sees when something is wrong."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from config.api.envelope import failed
from config.context import branding

RETRY_SECONDS = "5"
API = "/api/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in the visitor's language that the form's protection did not match, and how to go on."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view has caught, wherever it happened: 503 while the database is away, else 500.

    Neither page asks the database anything. Source: safety, F-01 to F-04, and S-55.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _unavailable(request)
    if request.path.startswith(API):
        return failed("Internal server error", http_status=500)
    return HttpResponse(render_to_string("500.html", branding(request)), status=500)


def _unavailable(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    if request.path.startswith(API):
        sentence = "Service temporarily unavailable, please retry"
        return failed(sentence, http_status=503, headers=headers)
    page = render_to_string("503.html", branding(request))
    return HttpResponse(page, status=503, headers=headers)
