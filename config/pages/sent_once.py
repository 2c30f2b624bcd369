"""A form that is sent twice has its effect once, and whoever sent it sees the first answer.

Two clicks without JavaScript, a reload of the answer, an impatient network: the browser sends the
same bytes again. Every page that is loaded masks its CSRF token anew, so equal bytes to one address
are one form; the second sending waits for the first and is led to where that one went. A form whose
address is a signed key is known by that address. Only successes are remembered: what was refused may
be tried again. A process that is killed between the effect and its note is the one gap that is left.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import structlog
from django.contrib import messages
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from config import sealing

Page = Callable[..., HttpResponse]
log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = 3600
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the field's name


def sent_once(page: Page) -> Page:
    """Let a page that ends in a redirect take each of its forms once."""
    return _guarded(page, has_name=_has_token, goal=_redirected_to)


def sent_once_by_key(page: Page) -> Page:
    """Do the same for a page whose forms carry no CSRF token but whose address is a signed key."""
    return _guarded(page, has_name=_is_post, goal=_redirected_to)


def shown_once(list_name: str) -> Callable[[Page], Page]:
    """Do the same for a page that answers with a secret: sent again, its form leads to that list.

    The secret itself is kept nowhere, so that the second answer can only say what happened.
    """

    def decorate(page: Page) -> Page:
        def goal(response: HttpResponse) -> str:
            return reverse(list_name) if response.status_code == 200 else ""

        guarded = _guarded(page, has_name=_has_token, goal=goal)

        @wraps(page)
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = guarded(request, *args, **kwargs)
            if request.method == "POST" and _redirected_to(response) == reverse(list_name):
                messages.warning(request, _sentence())
            return response

        return told

    return decorate


def _sentence() -> str:
    return gettext(
        "The form was sent twice and counted once. What it made was shown in the first answer only:"
        " if you have not copied it, make a new one."
    )


def _guarded(
    page: Page, *, has_name: Callable[[HttpRequest], bool], goal: Callable[[HttpResponse], str]
) -> Page:
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_name(request):
            return page(request, *args, **kwargs)
        digest = _digest(request)
        with _alone(digest):
            place = f"form:{digest.hex()}"
            if known := cache.get(place):
                return redirect(sealing.unseal(known))
            response = page(request, *args, **kwargs)
            if reached := goal(response):
                cache.set(place, sealing.seal(reached), REMEMBERED_SECONDS)
            return response

    return guarded


def _is_post(request: HttpRequest) -> bool:
    return request.method == "POST"


def _has_token(request: HttpRequest) -> bool:
    return request.method == "POST" and TOKEN in request.POST


def _redirected_to(response: HttpResponse) -> str:
    return response.url if isinstance(response, HttpResponseRedirect) else ""


def _digest(request: HttpRequest) -> bytes:
    """Return the name of one form, filled in one way, by one person."""
    person = str(getattr(getattr(request, "user", None), "pk", None) or "")
    parts = [person, request.get_full_path()]
    parts += [f"{name}={value}" for name, values in request.POST.lists() for value in values]
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).digest()


@contextmanager
def _alone(digest: bytes) -> Iterator[None]:
    """Let the same form of other requests, in whatever process, wait; at most as long as for any lock.

    The lock is one of the database's session: it dies with a killed process.
    """
    number = int.from_bytes(digest[:8], signed=True)
    _run("SELECT pg_advisory_lock(%s)", number)
    try:
        yield
    finally:
        _let_go(number)


def _let_go(number: int) -> None:
    try:
        _run("SELECT pg_advisory_unlock(%s)", number)
    except Error as error:  # the answer is made; the lock ends with the connection
        log.warning("forms.lock_lost", error=repr(error))
        connection.close()


def _run(statement: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [number])
