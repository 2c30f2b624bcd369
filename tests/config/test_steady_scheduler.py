"""The scheduler sends each task once in its time, also when the clock is set. Source: safety, F-17."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import time_machine
from celery.beat import PersistentScheduler

from config.celery import app
from config.steady_scheduler import SteadyScheduler

NOON = dt.datetime(2027, 7, 7, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
SCHEDULE = {
    "often": {"task": "often", "schedule": 10.0},
    "seldom": {"task": "seldom", "schedule": 60.0},
}


def noting(scheduler: type[PersistentScheduler], file: Path) -> PersistentScheduler:
    """Make a scheduler that notes what it would send, with a file of its own."""

    class Noting(scheduler):
        producer = None
        sent = Counter()

        def install_default_entries(self, data):
            """Add no task of Celery's own."""

        def apply_entry(self, entry, producer=None):
            self.sent[entry.task] += 1

    return Noting(app, schedule_filename=str(file))


@pytest.fixture(autouse=True)
def clock():
    usual = app.conf.beat_schedule
    app.conf.beat_schedule = SCHEDULE
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
    app.conf.beat_schedule = usual


def run(scheduler, clock, *, seconds: int) -> dict[str, int]:
    """Let time go on second by second; return what was sent."""
    scheduler.sent.clear()
    for _ in range(seconds):
        clock.shift(SECOND)
        while scheduler.tick() == 0:
            pass
    return dict(scheduler.sent)


IN_TWO_MINUTES = {"often": 12, "seldom": 2}


def test_each_task_is_sent_in_its_time(tmp_path, clock):
    scheduler = noting(SteadyScheduler, tmp_path / "schedule")

    assert run(scheduler, clock, seconds=120) == IN_TWO_MINUTES


@pytest.mark.parametrize("step", [-HOUR, -SECOND, -365 * 24 * HOUR])
def test_a_clock_that_is_set_back_delays_nothing_longer_than_its_own_time(tmp_path, clock, step):
    scheduler = noting(SteadyScheduler, tmp_path / "schedule")
    run(scheduler, clock, seconds=125)

    clock.shift(step)
    sent = run(scheduler, clock, seconds=125)

    assert sent == IN_TWO_MINUTES


def test_a_clock_that_is_set_ahead_sends_each_task_once_for_the_time_left_out(tmp_path, clock):
    scheduler = noting(SteadyScheduler, tmp_path / "schedule")
    run(scheduler, clock, seconds=120)

    clock.shift(HOUR)

    assert run(scheduler, clock, seconds=1) == {"often": 1, "seldom": 1}
    assert run(scheduler, clock, seconds=120) == IN_TWO_MINUTES


def test_a_clock_that_was_set_back_while_nothing_ran_delays_nothing(tmp_path, clock):
    before = noting(SteadyScheduler, tmp_path / "schedule")
    run(before, clock, seconds=120)
    before.close()

    clock.shift(-HOUR)
    after = noting(SteadyScheduler, tmp_path / "schedule")

    assert run(after, clock, seconds=121) == IN_TWO_MINUTES


def test_without_it_an_hour_would_be_lost(tmp_path, clock):
    """Celery's own scheduler, so that this file can go when Celery mends it."""
    scheduler = noting(PersistentScheduler, tmp_path / "schedule")
    run(scheduler, clock, seconds=120)

    clock.shift(-HOUR)

    assert run(scheduler, clock, seconds=600) == {}


def test_the_portal_uses_it():
    assert app.conf.beat_scheduler == "config.steady_scheduler.SteadyScheduler"
