"""Child processes that cannot outlive their parent, whatever way the parent ends.

On Linux the kernel sends each child a signal when its parent dies (`PR_SET_PDEATHSIG`), even
after `kill -9`. Each child leads its own session, so that Ctrl-C reaches the supervisor alone and
the whole family of a dead child can be ended by its session.
"""

import atexit
import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import util
from pathlib import Path
from typing import IO, NoReturn, Protocol

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_LOOK_AGAIN_SECONDS = 0.01

_last_works: list[Callable[[], object]] = []


def at_end(work: Callable[[], object]) -> None:
    """Do `work` at the orderly end of this process, and of those forked from it here or for a pool.

    These end without what `atexit` knows, most of which is their parent's to do.
    """
    atexit.register(work)
    _last_works.append(work)


def _do_last_works() -> None:
    for work in _last_works:
        work()


class Child(Protocol):
    """A process of ours to keep an eye on: a `Popen`, or one forked from here."""

    pid: int

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...

    def kill(self) -> None: ...


def _prctl() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    return ctypes.CDLL(None, use_errno=True).prctl


def die_with_parent(*, parent: int, death_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `death_signal` when process `parent` ends.

    A parent that ended before the request was made is noticed here, and ends this process too.
    """
    prctl = _prctl()
    if prctl is None:
        return
    prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def die_with_pool() -> None:
    """Tie a process made by `multiprocessing` to the process that made it; elsewhere do nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        util.Finalize(None, _do_last_works, exitpriority=0)
        die_with_parent(parent=parent.pid)


def spawn(
    *,
    command: Sequence[str | Path],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    output: IO[bytes] | None = None,
    owner: tuple[int, int] | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` as the leader of a session of its own, tied to the life of this process.

    `output` takes both its output streams; `owner` is the (user, group) it runs as. To be called
    from the main thread: the kernel's promise is to the thread that spawns.
    """
    user, group = owner or (None, None)
    return subprocess.Popen(  # noqa: S603 - own commands; the hook makes two system calls
        [str(part) for part in command],
        env=None if env is None else dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=user,
        group=group,
        extra_groups=None if owner is None else [],
        start_new_session=True,
        preexec_fn=_tie_to_us(death_signal),
    )


def _tie_to_us(death_signal: int) -> Callable[[], None]:
    """Return what ties a child to this process, for it to run once it has its owner's identity."""
    prctl, parent = _prctl(), os.getpid()

    def tie() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return tie


class Forked:
    """A child that went on from where this process was, to be watched like a `Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code once it has ended."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended and return the exit code.

        :raises subprocess.TimeoutExpired:
        """
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(_LOOK_AGAIN_SECONDS)
        return code

    def send_signal(self, number: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork(work: Callable[[], object], *, name: str) -> Forked:
    """Do `work` in a child that shares what this process has loaded, and ends with it.

    Like a spawned one it leads a session of its own; `name` is what `ps -o comm` shows of it, at
    most 15 characters. To be called from the main thread of a process without others.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _go_on(work, name=name, parent=parent)
    return Forked(pid)


def _go_on(work: Callable[[], object], *, name: str, parent: int) -> NoReturn:
    """Do the work of a forked child; nothing of what the parent was about to do happens here."""
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if (prctl := _prctl()) is not None:
            prctl(_PR_SET_NAME, name.encode())
        die_with_parent(parent=parent)
        code = _code_of(work)
        _do_last_works()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:  # whatever fails, also to be told: it must not come to the parent's code
        os._exit(code)


def _code_of(work: Callable[[], object]) -> int:
    """Do the work and return with which code a process that does it ends."""
    try:
        work()
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - nobody is above it to be told
        traceback.print_exc()
        return 1
    return 0


def end_session(child: Child) -> None:
    """Kill whatever a child that has ended left behind in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def stop(child: Child, *, first: int = signal.SIGTERM, patience_seconds: float = 10) -> int:
    """End a child politely, then by force after `patience_seconds`; return its exit code."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(first)
    try:
        child.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        end_session(child)
        child.kill()
        child.wait()
    end_session(child)
    return child.wait()


def is_alive(pid: int) -> bool:
    """Say whether a process with this number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
