"""What the two embedded servers have in common: a program, its owner, its log, its socket."""

import importlib.util
import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config import processes
from config.embedded import EmbeddedError
from config.service_account import Account


@dataclass(slots=True)
class Server:
    """One server: how to start it, how to tell that it answers, how to end it."""

    name: str
    command: list[str | Path]
    home: Path
    log: Path
    account: Account | None
    first_signal: int
    answers: Callable[[int], bool]
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting for it, and return its process."""
        with self.log.open("ab") as log:
            self.child = processes.spawn(
                command=self.command,
                env=environment(),
                folder=self.home,
                output=log,
                owner=None if self.account is None else self.account.owner,
                death_signal=self.first_signal,
            )
        return self.child

    def ready(self) -> bool:
        """Say whether the server answers; :raises EmbeddedError: when it has ended instead."""
        assert self.child is not None  # only a started server is asked
        if self.child.poll() is not None:
            raise EmbeddedError(
                f"{self.name} ended with code {self.child.returncode}. Its last words"
                f" ({self.log}):\n{tail(self.log)}"
            )
        return self.answers(self.child.pid)

    def stop(self) -> None:
        """Stop the server in order; it has 20 seconds for its last checkpoint."""
        if self.child is not None:
            processes.stop(self.child, first=self.first_signal, patience_seconds=20)


def ask(at: Path, question: bytes) -> bytes:
    """Return what the server at a unix socket answers, at most a kilobyte; empty when nothing."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(at))
            line.sendall(question)
            return line.recv(1024)
    except OSError:
        return b""


def environment() -> dict[str, str]:
    """Return all that the servers' programs see of our environment: nothing of it."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def package_folder(name: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            f"{name.replace('_', '-')} is not installed: run `make install`,"
            " or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def tail(log: Path, *, lines: int = 12) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
