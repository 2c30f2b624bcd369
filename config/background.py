"""Starting background work by name, after the commit, without letting a dead broker hurt the caller.

A thread of its own talks to the broker: callers never wait for it, and what many requests ask for in
the same moment is sent once. A sweep repeats whatever a dead broker or a killed process missed.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextvars import Context, copy_context
from functools import partial
from itertools import chain
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Any, NamedTuple

import structlog
from django.db import transaction

from config import processes

PAUSE_SECONDS = 10.0
"""How long a process leaves a broker alone that failed; the sweep does its work meanwhile."""
GATHER_SECONDS = 0.1
"""How long tasks wait for others that are the same."""
MOST_WAITING = 10_000
MOST_TOGETHER = 20
"""How many wishes one message carries at most, of a task that takes several."""
FEWEST_MESSAGES = 4
"""Into how many messages those wishes are parted at least, for as many threads of workers."""

log = structlog.get_logger(__name__)


class _Wish(NamedTuple):
    """A task to run; its context tells the worker's log in which request it was wished for.

    One that `joins` is of a task that takes any number of arguments, each a wish of its own.
    """

    task_name: str
    args: tuple[Any, ...]
    context: Context
    joins: bool = False

    def send(self) -> None:
        self.context.run(_send, self.task_name, self.args)


class _Broker:
    """What this process has learnt about the broker."""

    left_alone_until = float("-inf")


_broker = _Broker()


def trust_broker_again() -> None:
    """Forget that the broker failed, so that the next task is offered to it at once."""
    _broker.left_alone_until = float("-inf")


def after_commit(task_name: str, *args: Any) -> None:
    """Ask a worker to run `task_name` once the surrounding transaction has committed.

    Wishes for the same task with the same arguments in the same moment are one.
    """
    transaction.on_commit(partial(_take, _Wish(task_name, args, copy_context())), robust=True)


def after_commit_together(task_name: str, item: str) -> None:
    """Ask for `task_name` likewise, with `item` and what else it is wished for in the same moment.

    A message costs more than most of what it asks for.
    """
    wish = _Wish(task_name, (item,), copy_context(), joins=True)
    transaction.on_commit(partial(_take, wish), robust=True)


def _take(wish: _Wish) -> None:
    if _app().conf.task_always_eager:
        _run_here(wish)
    else:
        _courier.take(wish)


class _Courier:
    """The thread that talks to the broker, and what waits for it.

    It is started by the first wish of a process, so that each process forked later has its own.
    """

    def __init__(self) -> None:
        self._waiting: Queue[_Wish] = Queue(MOST_WAITING)
        self._has_news = Event()
        self._thread: Thread | None = None
        self._starting = Lock()

    def take(self, wish: _Wish) -> None:
        try:
            self._waiting.put_nowait(wish)
        except Full:
            log.warning("background.too_many_waiting", task=wish.task_name)
        self._has_news.set()
        if self._thread is None or not self._thread.is_alive():
            self._start()

    def send_waiting(self) -> None:
        """Send all that waits, in the caller's thread."""
        self._send_all(self._all_waiting())

    def wait(self) -> None:
        """Return once everything that was wished for so far is sent or given up."""
        self._waiting.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._has_news.wait()
            self._has_news.clear()
            # Nothing is in hand meanwhile: what waits is sent even by a process that ends now.
            time.sleep(GATHER_SECONDS)
            self._send_all(self._all_waiting())

    def _send_all(self, wishes: list[_Wish]) -> None:
        for wish in _gathered(wishes):
            wish.send()
        for _ in wishes:
            self._waiting.task_done()

    def _all_waiting(self) -> list[_Wish]:
        found: list[_Wish] = []
        try:
            while len(found) < MOST_WAITING:
                found.append(self._waiting.get_nowait())
        except Empty:
            pass
        return found


def _gathered(wishes: list[_Wish]) -> list[_Wish]:
    """Return each call once, in the order of the first wishes; then those that join, as few calls."""
    calls: dict[tuple[str, str], _Wish] = {}
    for wish in wishes:
        calls.setdefault((wish.task_name, repr(wish.args)), wish)
    joining: dict[str, list[_Wish]] = defaultdict(list)
    for wish in calls.values():
        if wish.joins:
            joining[wish.task_name].append(wish)
    alone = [wish for wish in calls.values() if not wish.joins]
    return [*alone, *chain.from_iterable(map(_joined, joining.values()))]


def _joined(wishes: list[_Wish]) -> Iterator[_Wish]:
    """Make few wishes of many for one task; what several requests wished for is logged as none's."""
    size = max(1, min(MOST_TOGETHER, len(wishes) // FEWEST_MESSAGES))
    for start in range(0, len(wishes), size):
        some = wishes[start : start + size]
        context = some[0].context if len(some) == 1 else Context()
        args = tuple(chain.from_iterable(wish.args for wish in some))
        yield some[0]._replace(args=args, context=context)


_courier = _Courier()
processes.at_end(_courier.send_waiting)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    if time.monotonic() < _broker.left_alone_until:
        return
    try:
        _app().send_task(task_name, args=args, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the caller has committed
        _broker.left_alone_until = time.monotonic() + PAUSE_SECONDS
        log.warning("background.publish_failed", task=task_name, error=repr(error))


def _run_here(wish: _Wish) -> None:
    """Do the work at once, without broker and worker, as tests want it."""
    try:
        _app().tasks[wish.task_name].apply(args=wish.args)
    except Exception as error:  # noqa: BLE001 - as above: the caller has committed
        log.warning("background.task_failed", task=wish.task_name, error=repr(error))


def _app() -> Any:
    from config.celery import app  # it reads the settings, so it cannot load with this module

    return app
