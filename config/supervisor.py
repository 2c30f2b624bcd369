"""Keeping a set of processes running: start in order, restart what dies, stop in order."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from config import processes
from config.processes import Child

_SHORT_LIFE_SECONDS = 10
_SHORT_LIVES_ALLOWED = 4
_LONGEST_PAUSE_SECONDS = 8


class GaveUpError(RuntimeError):
    """A process ended again and again right after its start; the text names it."""


@dataclass(slots=True)
class Part:
    """One process to keep: how to start it, and how to end it."""

    name: str
    start: Callable[[], Child]
    stop: Callable[[Child], object]
    child: Child | None = None
    started_at: float = 0
    restart_at: float = 0
    short_lives: int = 0

    def run(self) -> None:
        """Start the process; times are seconds of the monotonic clock."""
        self.started_at, self.restart_at = time.monotonic(), 0
        self.child = self.start()


@dataclass(slots=True)
class Supervisor:
    """The processes of one `make run`, in the order in which they were started."""

    say: Callable[[str], None]
    parts: list[Part] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Start one more process, or adopt it when it already has a child."""
        self.parts.append(part)
        if part.child is None:
            part.run()
        else:
            part.started_at = time.monotonic()

    def check(self) -> None:
        """Notice what has ended, end what it left behind, and restart it after a growing pause.

        :raises GaveUpError: when a process does not stay up.
        """
        for part in self.parts:
            if part.restart_at:
                if time.monotonic() >= part.restart_at:
                    part.run()
            elif part.child is not None and part.child.poll() is not None:
                self._plan_restart(part, part.child)

    def _plan_restart(self, part: Part, child: Child) -> None:
        processes.end_session(child)
        lived = time.monotonic() - part.started_at
        part.short_lives = part.short_lives + 1 if lived < _SHORT_LIFE_SECONDS else 1
        if part.short_lives > _SHORT_LIVES_ALLOWED:
            raise GaveUpError(f"{part.name} ends again and again (code {child.returncode}).")
        pause = min(2 ** (part.short_lives - 1) / 2, _LONGEST_PAUSE_SECONDS)
        self.say(f"{part.name} ended with code {child.returncode}; starting it again.")
        part.restart_at = time.monotonic() + pause

    def stop(self) -> None:
        """Stop every process, the last started first."""
        for part in reversed(self.parts):
            if part.child is not None:
                part.stop(part.child)
