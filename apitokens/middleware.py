"""What callers of the API and senders of forms pass through."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apitokens.domain import abuse_limits, call_log
from config import clock
from config.context import branding

Handler = Callable[[HttpRequest], HttpResponse]


class CallLogMiddleware:
    """Writes down and counts each call by a token once it is answered; stands outermost, past all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        call = getattr(request, "api_call", None)
        if call is not None:
            call_log.record(
                call,
                method=request.method or "",
                path=request.path,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - began)),
                request_id=response.get("X-Request-Id", ""),
                at=clock.now(),
            )
        return response


class FormLimitMiddleware:
    """Refuses the forms named by the setting to a network address that sent too many.

    People who are logged in are known and not limited.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or not match or match.url_name not in settings.LIMITED_FORMS:
            return None
        if request.user.is_authenticated:
            return None
        address = get_adapter().get_client_ip(request)
        try:
            abuse_limits.take(abuse_limits.BOOKING_FORMS, who=address, now=clock.now())
        except abuse_limits.TooManyCalls as refusal:
            page = render_to_string("429.html", branding(request), request)
            return HttpResponse(page, status=refusal.status, headers=refusal.headers)
        return None
