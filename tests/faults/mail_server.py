"""A mail server on this machine that speaks SMTP and fails as it is told."""

import contextlib
import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

PATIENCE_SECONDS = 120


class Mood(Enum):
    """How the server treats whoever comes."""

    TAKES = "takes every mail"
    LATER = "answers 451 to every recipient"
    NEVER = "answers 550 to every recipient"
    BUSY = "answers 421 to every caller and hangs up"
    SILENT = "lets callers in and says nothing"
    DIES = "takes the mail and hangs up before it says so"


class MailServer(socketserver.ThreadingTCPServer):
    """What came, by Message-ID; `hold` lets senders wait right after they said whom they write for."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.mood = Mood.TAKES
        self.taken: list[str] = []
        self.callers = 0
        self.senders = 0
        self.closing = threading.Event()
        self._gate = threading.Event()
        self._gate.set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let every sender wait, until the end of this block."""
        self._gate.clear()
        try:
            yield
        finally:
            self._gate.set()

    def copies(self, email_id: str) -> int:
        """Return how often a mail was taken."""
        return sum(name.startswith(f"<{email_id}@") for name in list(self.taken))

    def wait_at_gate(self) -> None:
        self.senders += 1
        self._gate.wait(PATIENCE_SECONDS)

    def handle_error(self, *_facts: Any) -> None:
        """Bear a sender that was killed."""


class _Line(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.callers += 1
        if self.server.mood is Mood.SILENT:
            self.server.closing.wait(PATIENCE_SECONDS)
        elif self.server.mood is Mood.BUSY:
            self._say("421 Too busy")
        else:
            with contextlib.suppress(ConnectionError):
                self._talk()

    def _talk(self) -> None:
        self._say("220 Stand-in")
        while line := self.rfile.readline():
            match line[:4].strip().upper():
                case b"MAIL":
                    self.server.wait_at_gate()
                    self._say("250 Go on")
                case b"RCPT":
                    refusals = {Mood.LATER: "451 Later", Mood.NEVER: "550 No such person"}
                    self._say(refusals.get(self.server.mood, "250 Go on"))
                case b"DATA":
                    self._take()
                    if self.server.mood is Mood.DIES:
                        return
                    self._say("250 Taken")
                case b"QUIT":
                    self._say("221 Bye")
                    return
                case _:
                    self._say("250 Go on")

    def _take(self) -> None:
        self._say("354 Speak")
        lines = iter(self.rfile.readline, b".\r\n")
        message = email.message_from_bytes(b"".join(lines))
        self.server.taken.append(str(message["Message-ID"]))

    def _say(self, sentence: str) -> None:
        self.wfile.write(sentence.encode() + b"\r\n")


@contextmanager
def running() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
