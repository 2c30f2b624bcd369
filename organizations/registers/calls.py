"""One HTTP call to a register: bounded in time and size, past every proxy, without following redirects.

httpx bounds each step of a call and not the whole, and nothing bounds a name server; so the call
runs beside its caller, who goes away when the time is up and shuts the connection behind them.
"""

import json
import queue
import ssl
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from organizations.registers.answers import Unavailable

MAX_BYTES = 256 * 1024
_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "workways-portal"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a status that its caller understands."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON in UTF-8.

        :raises Unavailable: when it is none.
        """
        try:
            return json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Unavailable("malformed answer") from None


def fetch(request: httpx.Request, *, seconds: float, statuses: Collection[int] = (200,)) -> Reply:
    """Send a request and return its whole answer, which takes at most so many seconds.

    :raises Unavailable: when none comes in time, it is too long, or of another status.
    """
    deadline = time.monotonic() + seconds
    request.headers.update(_HEADERS)
    outcomes: queue.SimpleQueue[Reply | Unavailable] = queue.SimpleQueue()
    client = httpx.Client(timeout=seconds, trust_env=False, verify=_certificates())
    threading.Thread(
        target=_call, args=(client, request, deadline, outcomes), name="register", daemon=True
    ).start()
    try:
        outcome = outcomes.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        outcome = Unavailable("no answer in time")
    finally:
        client.close()
    if isinstance(outcome, Unavailable):
        raise outcome
    if outcome.status not in statuses:
        raise Unavailable(f"HTTP {outcome.status}")
    return outcome


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _call(
    client: httpx.Client,
    request: httpx.Request,
    deadline: float,
    outcomes: "queue.SimpleQueue[Reply | Unavailable]",
) -> None:
    try:
        outcomes.put(_read(client, request, deadline))
    except Unavailable as refusal:
        outcomes.put(refusal)
    except httpx.TimeoutException:
        outcomes.put(Unavailable("no answer in time"))
    except Exception as error:  # noqa: BLE001 - whatever broke, the caller must not wait for it
        outcomes.put(Unavailable(f"no connection: {type(error).__name__}"))


def _read(client: httpx.Client, request: httpx.Request, deadline: float) -> Reply:
    response = client.send(request, stream=True)
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > MAX_BYTES:
            raise Unavailable("answer too long")
        if time.monotonic() > deadline:
            raise Unavailable("no answer in time")
    return Reply(response.status_code, bytes(body))
