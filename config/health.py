"""What load balancers and monitors ask: is the process alive, can it serve, what is wrong.

A missing broker is told but fails nothing: mail waits in the database, pages go on.
"""

import socket
import time
from threading import Lock
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

_BROKER_PORT = 6379
_BROKER_TIMEOUT_SECONDS = 0.5
_REMEMBER_SECONDS = 2.0


class _Memory:
    """What this process has learnt: migrations never become unapplied under running code."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.migrated = False
        self.broker = False
        self.broker_asked_at = float("-inf")


_memory = _Memory()


def livez(_request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process can answer at all."""
    return _answer({"status": "ok"}, status=200)


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and knows this code's migrations, else 503."""
    database = database_state()
    body = {
        "status": "ok" if database == "ok" else "unavailable",
        "database": database,
        "broker": "ok" if broker_answers() else "unavailable",
    }
    return _answer(body, status=200 if database == "ok" else 503)


def _answer(body: dict[str, str], *, status: int) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "5"
    return response


def database_state() -> str:
    """Return `ok`, `unavailable` or `not migrated`."""
    try:
        if _memory.migrated:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return "ok"
        return _migration_state()
    except DatabaseError:
        connection.close()
        return "unavailable"


def _migration_state() -> str:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "not migrated"
    _memory.migrated = True
    return "ok"


def broker_answers() -> bool:
    """Say whether the broker answered within the last two seconds; ask it again after that."""
    with _memory.lock:
        if time.monotonic() - _memory.broker_asked_at > _REMEMBER_SECONDS:
            _memory.broker = _ask_broker(settings.CELERY_BROKER_URL)
            _memory.broker_asked_at = time.monotonic()
        return _memory.broker


def _ask_broker(url: str) -> bool:
    """Ping as Redis clients do; any reply counts, also the demand for a password."""
    parts = urlsplit(url)
    try:
        with _connect(url) as line:
            line.settimeout(_BROKER_TIMEOUT_SECONDS)
            if parts.scheme == "rediss":
                return True  # whoever accepts the connection will speak TLS
            line.sendall(b"PING\r\n")
            return bool(line.recv(16))
    except OSError:
        return False


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if "socket" in parts.scheme or parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_BROKER_TIMEOUT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    address = (parts.hostname or "localhost", parts.port or _BROKER_PORT)
    return socket.create_connection(address, timeout=_BROKER_TIMEOUT_SECONDS)
