"""Public reads: plain views behind the shortest way, with the API's errors and open to any origin.

They need no session, no form protection and no language, so `ReadsFirstMiddleware` serves them
before those are prepared: measured, a cached answer costs less than half of what it otherwise does.
"""

import uuid
from collections.abc import Callable, Collection
from functools import lru_cache, wraps

import structlog
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLPattern, re_path, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response

from config.api import deprecations, origins
from config.api.envelope import dumps, failed
from config.api.errors import handle

Read = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger(__name__)
METHODS = ("GET", "HEAD", "OPTIONS")


def public_read(view: Read) -> Read:
    """Make a function of GET and HEAD an endpoint that scripts of any site may read.

    Other methods are refused first; whatever is raised becomes the envelope. What the view learnt
    about its caller in `request.answer_headers` stands on every answer, refusals too.
    """

    @csrf_exempt
    @wraps(view)
    def served(request: HttpRequest) -> HttpResponse:
        request.answer_headers = {}  # type: ignore[attr-defined]  # ours alone
        response = _answer(view, request)
        deprecations.announce(request, response, sent=_sent_names(request))
        for name, value in request.answer_headers.items():  # type: ignore[attr-defined]  # set above
            response[name] = value
        return origins.open_to_scripts(request, response, is_public=True)

    served.is_public_read = True  # type: ignore[attr-defined]  # a mark on the function
    return served


def _sent_names(request: HttpRequest) -> Collection[str]:
    """Return the names of parameters, where it matters; what could not be read was refused."""
    if not deprecations.concerns_fields_of(request):
        return ()
    try:
        return request.GET.keys()
    except TooManyFieldsSent:
        return ()


def read_endpoint(path: str, view: Read, *, name: str) -> URLPattern:
    """Route `path` (without slashes at its ends) to a public read; a slash at the end works too."""
    return re_path(rf"^{path}/?$", view, name=name)


class ReadsFirstMiddleware:
    """Serves public reads at once, past the middleware that comes after this one.

    So it gives each request its id and its log line itself, as django-structlog does further on.
    """

    def __init__(self, get_response: Read) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = _public_read_at(request.path_info)
        return self.get_response(request) if view is None else _logged(view, request)


def _logged(view: Read, request: HttpRequest) -> HttpResponse:
    request_id = str(uuid.uuid4())
    structlog.contextvars.bind_contextvars(request_id=request_id)
    try:
        response = view(request)
        line = f"{request.method} {request.get_full_path()}"
        log.info("request_finished", code=response.status_code, request=line)
    finally:
        structlog.contextvars.clear_contextvars()
    response["X-Request-Id"] = request_id
    return response


@lru_cache(maxsize=256)
def _public_read_at(path: str) -> Read | None:
    if not path.startswith(("/api/", "/imageroom")):
        return None
    try:
        view: Read = resolve(path).func
    except Resolver404:
        return None
    return view if getattr(view, "is_public_read", False) else None


def _answer(view: Read, request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return origins.preflight(METHODS)
    if request.method not in ("GET", "HEAD"):
        message = f'Method "{request.method}" not allowed.'
        return failed(message, http_status=405, headers={"Allow": ", ".join(METHODS)})
    try:
        return view(request)
    except Exception as error:  # noqa: BLE001 - every error is told in the envelope, and logged there
        return _plain(handle(error, {"view": view}))


def _plain(refusal: Response) -> HttpResponse:
    """Write a refusal that REST framework would have rendered."""
    response = HttpResponse(
        dumps(refusal.data), status=refusal.status_code, content_type="application/json"
    )
    for name, value in refusal.headers.items():
        if name != "Content-Type":
            response[name] = value
    return response
