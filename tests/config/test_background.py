"""A broker that fails costs its caller little, once. Source: safety, F-05."""

import pytest

from config import background
from config.celery import app


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


def test_no_wait_for_the_broker_is_endless() -> None:
    options = app.conf.broker_transport_options

    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (3, 1)
