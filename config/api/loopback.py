"""One call of the API from inside the process, the same way a caller from outside goes.

The path is one that the OpenAPI document describes, so nothing else can be reached; the token lives
in this one request alone. Source: public-api, section 1, Discovery.
"""

import contextvars
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlencode

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

MOST_SHOWN_BYTES = 64 * 1024
_PASSED_ON = (
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "HTTP_HOST",
    "REMOTE_ADDR",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "wsgi.url_scheme",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked: `query` without empty values, `body` as JSON text or nothing."""

    method: str
    path: str
    query: dict[str, str]
    token: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `text` holds at most 64 KiB, `cut` says that there was more."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    content: bytes
    is_text: bool
    milliseconds: int

    @property
    def text(self) -> str:
        return self.content[:MOST_SHOWN_BYTES].decode("utf-8", "replace") if self.is_text else ""

    @property
    def cut(self) -> bool:
        return len(self.content) > MOST_SHOWN_BYTES


def perform(call: Call, *, on_behalf_of: HttpRequest) -> Answer:
    """Serve the call by the whole stack, as if it came from the address of the given request."""
    request = _request(call, on_behalf_of)
    started = time.perf_counter()
    # a copy of the context: what the inner request sets (language, log facts) ends with it
    response = contextvars.copy_context().run(_handler().get_response, request)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # only one of both kinds has each
    return Answer(
        status=response.status_code,
        reason=response.reason_phrase,
        headers=sorted(response.items()),
        content=content,
        is_text=_is_text(response),
        milliseconds=round((time.perf_counter() - started) * 1000),
    )


@lru_cache(maxsize=1)
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _request(call: Call, outer: HttpRequest) -> WSGIRequest:
    body = call.body.encode()
    environ = {name: outer.META[name] for name in _PASSED_ON if name in outer.META}
    environ |= {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": call.path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": urlencode(call.query),
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": outer.scheme or "http",
    }
    if call.token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {call.token}"
    for name, value in call.headers.items():
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return WSGIRequest(environ)


def _is_text(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith(("application/json", "text/"))
