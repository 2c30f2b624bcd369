"""Sessions of people who are logged in: they end by themselves, and their pages are nobody else's.

Source: safety, S-25: members idle 12 h, at most 14 days; staff have their own eight hours.
"""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from config import clock

IDLE = dt.timedelta(hours=12)
LIFETIME = dt.timedelta(days=14)
NOTED_EVERY = dt.timedelta(minutes=5)
"""A visit is written down at most that often, so that pages do not all write."""

BEGUN, SEEN = "begun_at", "seen_at"

HEALTH = ("/livez", "/readyz", "/healthz")
"""Asked while the database may be away, and about no person."""

Handler = Callable[[HttpRequest], HttpResponse]


class MemberSessionMiddleware:
    """Ends sessions that are over, and keeps the pages of those that are not out of every cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in HEALTH:
            return self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not has_session or not request.user.is_authenticated:
            return self.get_response(request)
        now = clock.now()
        if is_over(request.session, now=now):
            logout(request)
            return self.get_response(request)
        _note(request.session, now=now)
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        return response


def begin(session: SessionBase, *, now: dt.datetime) -> None:
    """Note when somebody logged in."""
    session[BEGUN] = session[SEEN] = int(now.timestamp())


def is_over(session: SessionBase, *, now: dt.datetime) -> bool:
    """Say whether a session was not used for too long, or is too old however much it was used."""
    at = now.timestamp()
    seen, begun = session.get(SEEN, at), session.get(BEGUN, at)
    return bool(at - seen >= IDLE.total_seconds() or at - begun >= LIFETIME.total_seconds())


def _note(session: SessionBase, *, now: dt.datetime) -> None:
    at = int(now.timestamp())
    if at - session.get(SEEN, 0) >= NOTED_EVERY.total_seconds():
        session[SEEN] = at
        session.setdefault(BEGUN, at)
