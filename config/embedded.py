"""PostgreSQL and Valkey out of wheels, for trying and testing the portal on a bare machine.

Where DATABASE_URL and REDIS_URL are set, nothing here runs and neither wheel is touched. The
servers listen on unix sockets only, in a folder that one user can open, and end with the process
that started them. One process owns the servers of a data folder; others join it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from weakref import WeakSet

_OWNER_LOCK = "services.lock"
_GUESTS_LOCK = "services.guests"
_PAUSE_SECONDS = 0.05

_locks: WeakSet[IO[str]] = WeakSet()
"""The files by which this process holds a lock, or waits for one."""


class EmbeddedError(RuntimeError):
    """The embedded servers could not be started or joined; the text says why and what to do."""


# --- addresses: pure, nothing is started ----------------------------------------------------


def socket_dir(data_dir: Path) -> Path:
    """Return the folder of both sockets: short, because a socket's path may have 107 bytes."""
    name = hashlib.sha256(os.fsencode(Path(data_dir).resolve())).hexdigest()[:12]
    return Path("/tmp") / f"workways-{name}"  # noqa: S108 - made 0700, and its owner is checked


def database_url(data_dir: Path) -> str:
    """Return the address of the embedded database, in the form that django-environ understands.

    The path names the socket's folder and then the database: `postgres://user@//folder/name`.
    """
    return f"postgres://workways@/{socket_dir(data_dir)}/workways"


def redis_url(data_dir: Path) -> str:
    """Return the address of the embedded Valkey, in the form that Celery understands."""
    return f"redis+socket://{socket_dir(data_dir) / 'valkey.sock'}"


@dataclass(frozen=True, slots=True)
class Needs:
    """Which of the two servers the environment leaves to us."""

    postgres: bool
    valkey: bool

    def __bool__(self) -> bool:
        return self.postgres or self.valkey


def needs(environment: Mapping[str, str] = os.environ) -> Needs:
    """Return what is to be embedded: each server whose address is not given."""
    return Needs(
        postgres=not environment.get("DATABASE_URL"), valkey=not environment.get("REDIS_URL")
    )


def data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of everything the portal keeps on this machine: DATA_DIR, else ./var."""
    default = Path(__file__).resolve().parent.parent / "var"
    return Path(environment.get("DATA_DIR") or default).resolve()


# --- one owner, many guests -----------------------------------------------------------------


def make_data_dir(folder: Path) -> None:
    """Make the data folder: passable for the servers' own user under root, else private."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise EmbeddedError(f"The data folder {folder} cannot be made: {error.strerror}") from error


def _open_lock(folder: Path, name: str) -> IO[str]:
    try:
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedError(
            f"{folder / name} cannot be opened ({error.strerror}):"
            " the data folder belongs to another user; choose one with DATA_DIR."
        ) from error
    lock = os.fdopen(descriptor, "r+", encoding="utf-8")
    _locks.add(lock)
    return lock


def _leave_locks() -> None:
    """Leave its locks to the parent of a forked child, which might take longer to end."""
    for lock in list(_locks):
        lock.close()


os.register_at_fork(after_in_child=_leave_locks)


def _try_lock(stream: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(stream, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def owner_of(folder: Path) -> dict[str, object]:
    """Return what the present owner of the servers wrote about itself; empty when unreadable."""
    try:
        found = json.loads((folder / _OWNER_LOCK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextlib.contextmanager
def ownership(folder: Path, *, title: str) -> Iterator[bool]:
    """Hold the right to run the servers of `folder`; yield False when another process has it."""
    make_data_dir(folder)
    with _open_lock(folder, _OWNER_LOCK) as lock:
        if not _try_lock(lock, fcntl.LOCK_EX):
            yield False
            return
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "title": title}))
        lock.flush()
        try:
            yield True
        finally:
            lock.seek(0)
            lock.truncate(0)


@contextlib.contextmanager
def _guest(folder: Path) -> Iterator[None]:
    with _open_lock(folder, _GUESTS_LOCK) as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def _no_guests(folder: Path) -> Iterator[None]:
    with _open_lock(folder, _GUESTS_LOCK) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def for_command(*, title: str, patience_seconds: float = 60) -> Iterator[None]:
    """Have the embedded servers answer for the duration of one command, then leave no trace.

    Servers that already run are used as they are. Servers started here are stopped when the
    command ends, but not while another command still uses them.
    """
    wanted, folder = needs(), data_dir()
    if not wanted:
        yield
        return
    end = time.monotonic() + patience_seconds
    while True:
        with ownership(folder, title=title) as owned:
            if owned:
                with _own_servers(folder, wanted):
                    yield
                return
        with _guest(folder):
            if _answering(folder, wanted):
                yield
                return
        if time.monotonic() > end:
            raise EmbeddedError(
                f"The servers of {folder} run but do not answer: {owner_of(folder)}"
            )
        time.sleep(_PAUSE_SECONDS)


@contextlib.contextmanager
def _own_servers(folder: Path, wanted: Needs) -> Iterator[None]:
    from config import embedded_servers  # needed by the owner alone, and settings load this module

    servers = embedded_servers.start_all(folder, wanted=wanted)
    try:
        yield
    finally:
        with _no_guests(folder):
            servers.stop()


def _answering(folder: Path, wanted: Needs) -> bool:
    from config import embedded_servers

    return embedded_servers.answering(socket_dir(folder), wanted=wanted)


if TYPE_CHECKING:
    from config.embedded_for_tests import TestServers


def start_for_tests() -> "TestServers":
    """Start servers of their own for a test run: fast, forgetful, gone when this process ends.

    The answer carries `database_url` and `redis_url`; call its `stop()`, or use it in a `with`.
    To be called from the main thread. What a killed run left behind is removed first.
    """
    from config import embedded_for_tests

    return embedded_for_tests.start()
