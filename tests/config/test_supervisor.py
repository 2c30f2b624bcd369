"""Processes that end are started again; ones that never stay up end the run."""

import sys
import time

import pytest

from config import processes, supervisor
from config.supervisor import GaveUpError, Part, Supervisor


def part(code: str) -> Part:
    return Part(
        "The part",
        lambda: processes.spawn(command=[sys.executable, "-c", code]),
        processes.stop,
    )


def check_for_seconds(keeper: Supervisor, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        keeper.check()
        time.sleep(0.02)


def test_a_dead_process_is_started_again_and_told() -> None:
    told: list[str] = []
    keeper = Supervisor(say=told.append)
    keeper.add(part("import time; time.sleep(60)"))
    child = keeper.parts[0].child
    assert child is not None
    child.kill()
    child.wait()

    end = time.monotonic() + 10
    while keeper.parts[0].child is child and time.monotonic() < end:
        keeper.check()
        time.sleep(0.02)
    again = keeper.parts[0].child
    assert again is not None
    running = again.poll() is None
    keeper.stop()

    assert told == ["The part ended with code -9; starting it again."]
    assert running
    assert again.poll() is not None


def test_a_process_that_never_stays_up_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_LONGEST_PAUSE_SECONDS", 0)
    keeper = Supervisor(say=lambda _text: None)
    keeper.add(part("raise SystemExit(3)"))

    with pytest.raises(GaveUpError, match=r"The part ends again and again \(code 3\)"):
        check_for_seconds(keeper, 20)
