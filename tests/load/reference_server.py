"""The product's own server with two bare views beside the portal, to compare with in the same run.

`/bench/constant?of=/api/rooms` answers the very bytes that the portal answers there, from memory and without
any middleware; `/bench/one-row?of=…` also asks the database for one row first.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import processes, web

ONE_ROW = "SELECT id FROM sites_app_site ORDER BY id LIMIT 1"


class BareHandler(WSGIHandler):
    """Django without middleware and without addresses: one view that answers what the portal once said."""

    def __init__(self, portal: WSGIHandler) -> None:
        super().__init__()
        self._portal = portal
        self._bytes: dict[str, bytes] = {}

    def load_middleware(self, is_async: bool = False) -> None:
        self._middleware_chain = self._answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        address = request.GET["of"]
        if address not in self._bytes:
            self._bytes[address] = self._portal.get_response(RequestFactory().get(address)).content
        if request.path_info == "/bench/one-row":
            with connection.cursor() as cursor:
                cursor.execute(ONE_ROW)
                cursor.fetchone()
        return HttpResponse(self._bytes[address], content_type="application/json")


def load(_target: str) -> Callable[..., Any]:
    """Return a WSGI application that is the portal, but for the paths of the bare views."""
    processes.die_with_pool()
    from config.wsgi import application as portal

    bare = BareHandler(portal)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen = bare if environ["PATH_INFO"].startswith("/bench/") else portal
        return chosen(environ, start_response)

    return application


if __name__ == "__main__":
    web.serve(host="127.0.0.1", port=int(os.environ["PORT"]), load=load)
