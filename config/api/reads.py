"""Public reads: plain views, without REST framework, with the API's errors and open to any origin."""

from collections.abc import Callable, Collection
from functools import wraps

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response

from config.api import deprecations, origins
from config.api.envelope import dumps, failed
from config.api.errors import handle

Read = Callable[[HttpRequest], HttpResponse]
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
