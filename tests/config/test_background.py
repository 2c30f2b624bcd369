"""A broker that fails costs its caller little, once. Source: safety, F-05."""

import contextvars
import subprocess
import sys
import threading
import time
from queue import Queue

import pytest
import structlog

from config import background
from config.celery import app
from tests.config.test_embedded import PROJECT

ENDING = """
import atexit, contextvars, multiprocessing
import django; django.setup()
from config import background, processes
background._send = lambda name, args: print("sent", name, flush=True)
atexit.register(print, "the parent's own")

def wishes():
    background._courier.take(background._Wish("mail", (), contextvars.copy_context()))
def wishes_in_a_pool():
    processes.die_with_pool()
    wishes()
def is_forked():
    processes.fork(wishes, name="portal child").wait(20)
def is_one_of_a_pool():
    child = multiprocessing.get_context("fork").Process(target=wishes_in_a_pool)
    child.start()
    child.join()

{way}()
"""


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tried: list[str] = []

    def refuse(name: str, **_options: object) -> None:
        tried.append(name)
        raise TimeoutError

    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(background._broker, "left_alone_until", float("-inf"))
    return tried


def test_a_broker_that_failed_is_left_alone_for_a_while(
    dead_broker: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(background.time, "monotonic", lambda: clock[0])

    background._send("a", ())
    clock[0] += background.PAUSE_SECONDS - 0.1
    background._send("b", ())
    clock[0] += 0.1
    background._send("c", ())

    assert dead_broker == ["a", "c"]


def test_what_was_wished_for_in_the_same_moment_is_one_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(app, "send_task", lambda name, args, retry: sent.append((name, args)))
    courier = background._Courier()
    monkeypatch.setattr(courier, "_start", lambda: None)
    context = contextvars.copy_context()

    for wish in (
        background._Wish("mail", ("1",), context),
        background._Wish("publish", (), context),
        background._Wish("mail", ("2",), context),
        background._Wish("mail", ("1",), context),
        background._Wish("publish", (), context),
        background._Wish("offer", (["1"],), context),
        background._Wish("offer", (["2"],), context),
    ):
        courier.take(wish)
    courier.send_waiting()
    courier.send_waiting()

    assert sent == [
        ("mail", ("1",)),
        ("publish", ()),
        ("mail", ("2",)),
        ("offer", (["1"],)),
        ("offer", (["2"],)),
    ]


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(1, [1]), (7, [1] * 7), (8, [2] * 4), (13, [3, 3, 3, 3, 1]), (90, [20, 20, 20, 20, 10])],
)
def test_wishes_for_a_task_that_takes_several_are_few_messages_but_enough_for_all_threads(
    number: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, tuple[str, ...], object]] = []

    def send(name: str, *, args: tuple[str, ...], retry: bool) -> None:
        assert retry is False
        sent.append((name, args, structlog.contextvars.get_contextvars().get("request_id")))

    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(app, "send_task", send)
    courier = background._Courier()
    monkeypatch.setattr(courier, "_start", lambda: None)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        context = contextvars.copy_context()

    for place in (*range(number), 0):  # one of them twice
        courier.take(background._Wish("mail", (str(place),), context, joins=True))
    courier.take(background._Wish("publish", (), context))
    courier.send_waiting()

    publish, *mails = sent
    assert publish == ("publish", (), "r-1")
    assert [len(args) for _, args, _ in mails] == sizes
    assert [mail for _, args, _ in mails for mail in args] == [str(n) for n in range(number)]
    assert {id_ for _, args, id_ in mails if len(args) > 1} <= {None}
    assert {id_ for _, args, id_ in mails if len(args) == 1} <= {"r-1"}


def test_the_thread_sends_without_being_waited_for_in_the_request_s_own_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: Queue[tuple[str, object]] = Queue()

    def send(name: str, **_options: object) -> None:
        request = structlog.contextvars.get_contextvars().get("request_id")
        sent.put((threading.current_thread().name, request))

    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(app, "send_task", send)
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        background._courier.take(background._Wish("a", (), contextvars.copy_context()))

    assert sent.get(timeout=10) == ("courier", "r-1")


def test_what_waits_for_others_is_sent_by_a_process_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[str] = []
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    monkeypatch.setattr(app, "send_task", lambda name, **_options: sent.append(name))
    monkeypatch.setattr(background, "GATHER_SECONDS", 600.0)
    courier = background._Courier()

    courier.take(background._Wish("a", (), contextvars.copy_context()))
    while courier._has_news.is_set():  # until the thread has seen it and lets others gather
        time.sleep(0.01)
    courier.send_waiting()

    assert sent == ["a"]


def test_more_than_can_wait_is_left_to_the_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "MOST_WAITING", 1)
    courier = background._Courier()
    monkeypatch.setattr(courier, "_start", lambda: None)

    for name in ("a", "b"):
        courier.take(background._Wish(name, (), contextvars.copy_context()))

    assert [wish.task_name for wish in courier._all_waiting()] == ["a"]


def test_no_wait_for_the_broker_is_endless() -> None:
    options = app.conf.broker_transport_options

    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (3, 1)


@pytest.mark.parametrize("way", ["wishes", "is_forked", "is_one_of_a_pool"])
def test_what_waits_is_sent_by_a_process_that_ends_however_it_was_made(way: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDING.format(way=way)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert sorted(ended.stdout.splitlines()) == ["sent mail", "the parent's own"], ended.stderr
