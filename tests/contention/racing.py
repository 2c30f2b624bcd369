"""Processes that race for the same rows: started from one that has loaded the portal, let go at one moment.

A program is a module of this folder with `run(task, gate)`: it waits at the gate until all are there,
and returns what came of it, in plain values.
"""

import importlib
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection

Task = dict[str, Any]
Gate = Callable[[], float]
"""Returns, at the moment at which everybody begins, which moment it is (`time.time()`)."""

PATIENCE_SECONDS = 120.0
_HEAD_START = 0.3
"""How long before the moment it is told, so that nobody hears of it too late."""

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.contention.loaded"])


@dataclass(frozen=True)
class Finish:
    """How a racer ended; one that was killed says nothing."""

    exit_code: int | None
    said: Any


def race(program: str, tasks: Sequence[Task]) -> list[Any]:
    """Run one process of the program for each task; return what each came to.

    :raises AssertionError: when one of them fails.
    """
    finishes = run_all(program, tasks)
    assert [finish.exit_code for finish in finishes] == [0] * len(tasks)
    return [finish.said for finish in finishes]


def run_all(program: str, tasks: Sequence[Task]) -> list[Finish]:
    """Run one process of the program for each task and return how each ended."""
    database = connection.settings_dict["NAME"]
    ends: list[Connection] = []
    processes = []
    for task in tasks:
        ours, theirs = _forks.Pipe()
        process = _forks.Process(target=_run, args=(theirs, program, task, database))
        process.start()
        theirs.close()
        ends.append(ours)
        processes.append(process)
    for end in ends:
        assert _heard(end) == "ready"
    begin = time.time() + _HEAD_START
    for end in ends:
        end.send(begin)
    said = [_heard(end) for end in ends]
    finishes = []
    for end, process, answer in zip(ends, processes, said, strict=True):
        process.join(PATIENCE_SECONDS)
        finishes.append(Finish(process.exitcode, answer))
        process.close()
        end.close()
    return finishes


def _heard(end: Connection) -> Any:
    """Return what a racer says; None when it is gone."""
    assert end.poll(PATIENCE_SECONDS), "a racer says nothing"
    try:
        return end.recv()
    except EOFError:
        return None


def _run(end: Connection, program: str, task: Task, database: str) -> None:
    """Be one racer, in a process of its own, against the test's database."""
    from tests.contention import loaded

    loaded.use(database)
    work = importlib.import_module(f"tests.contention.{program}").run

    def gate() -> float:
        end.send("ready")
        begin: float = end.recv()
        time.sleep(max(0.0, begin - time.time()))
        return begin

    end.send(work(task, gate))
