"""Child processes that cannot outlive their parent, whatever way the parent ends.

On Linux the kernel sends each child a signal when its parent dies (`PR_SET_PDEATHSIG`), even
after `kill -9`. Each child leads its own session, so that Ctrl-C reaches the supervisor alone and
the whole family of a dead child can be ended by its session.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


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
    prctl, parent = _prctl(), os.getpid()

    def tie() -> None:  # runs in the child after it has taken its owner's identity
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

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
        preexec_fn=tie,
    )


def end_session(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever a child that has ended left behind in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def stop(
    child: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, patience_seconds: float = 10
) -> int:
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
    return child.returncode


def is_alive(pid: int) -> bool:
    """Say whether a process with this number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
