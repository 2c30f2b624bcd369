"""A receiver of webhooks on a real socket of this machine: it answers, and misbehaves, as it is told."""

import gzip
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers each path by its script, the last entry again and again; keeps what arrived."""

    port: int = 0
    scripts: dict[str, list[Callable[[Any], None]]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: dict[str, int] = field(default_factory=dict)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answers(self, *script: Callable[[Any], None], path: str = "/hook") -> str:
        self.scripts[path] = list(script)
        return self.url(path)

    def at(self, path: str = "/hook") -> list[Received]:
        with self.lock:
            return [one for one in self.received if one.path == path]

    def next_answer(self, request: Received) -> Callable[[Any], None]:
        with self.lock:
            self.received.append(request)
            script = self.scripts.get(request.path) or [says(200)]
            return script.pop(0) if len(script) > 1 else script[0]


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    def answer(connection: socket.socket) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in named.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return answer


def says_late(seconds: float, status: int = 200) -> Callable[[Any], None]:
    def answer(connection: socket.socket) -> None:
        time.sleep(seconds)
        says(status)(connection)

    return answer


def says_much(megabytes: int) -> Callable[[Any], None]:
    """Answer with a body that does not end soon."""

    def answer(connection: socket.socket) -> None:
        size = megabytes * 1024 * 1024
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(megabytes * 16):
            connection.sendall(b"x" * 65536)

    return answer


def gzip_bomb(connection: socket.socket) -> None:
    says(200, gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")(connection)


def drips(seconds: float) -> Callable[[Any], None]:
    """Answer one byte of the head at a time, each soon enough for a read's own time-out."""

    def answer(connection: socket.socket) -> None:
        ends_at = time.monotonic() + seconds
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while time.monotonic() < ends_at:
            connection.sendall(b"a")
            time.sleep(0.05)

    return answer


def hangs(connection: socket.socket) -> None:
    """Take the request and never answer."""
    connection.settimeout(60)
    try:
        while connection.recv(1024):
            pass
    except OSError:
        pass


def cuts(_connection: socket.socket) -> None:
    """Hang up without a word."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # the server carries it
        request = _read(self.request)
        if request is None:
            return
        with receiver.lock:
            busy = receiver.at_once.get(request.path, 0) + 1
            receiver.at_once[request.path] = busy
            receiver.most_at_once[request.path] = max(
                busy, receiver.most_at_once.get(request.path, 0)
            )
        try:
            receiver.next_answer(request)(self.request)
        except OSError:
            pass  # the caller has heard enough
        finally:
            with receiver.lock:
                receiver.at_once[request.path] -= 1


def _read(connection: socket.socket) -> Received | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        raw += chunk
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Received(first.split()[1], headers, body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller that hangs up is part of the tests."""


@contextmanager
def running() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine while the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    receiver = Receiver(port=server.server_address[1])
    server.receiver = receiver  # type: ignore[attr-defined]  # the server carries it
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
