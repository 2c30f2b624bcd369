"""A worker that dies in a forecast or in an evolution: another takes the work up, and its result is one.

Nothing of the dead worker's is to be seen, and no lock of its stays. Source: safety, F-07; Workplace
API, section 5, `POST /forecast/start`; section 6, "`failed` only on internal error/time-out".
"""

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults import office as world
from tests.faults.house import WORKER, House, eventually
from tests.faults.office import DAYS, PEOPLE, SITE, Office
from workplace.domain import evolution_states, forecast_jobs

pytestmark = pytest.mark.faults

THE_LOCATION = f"SELECT FROM sites_app_site WHERE id = '{SITE}' FOR NO KEY UPDATE"
THE_ZONES = "SELECT FROM workplace_zone FOR NO KEY UPDATE"
THE_DESKS = "LOCK TABLE workplace_allocationspace IN SHARE MODE"  # to be read, not written
A_TWIN = f"""
INSERT INTO workplace_personforecast (id, person_id, site_id, day, starts_at, ends_at,
    probability, probability_inc, created_at)
VALUES ('6607000000000000000000f1', '{PEOPLE[-1]}', '{SITE}', '{{day}}', now(),
    now() + interval '1 day', 0, 0, now())
"""
"""Whoever writes the same person and day waits until it is known whether this row stays."""

GROWN_SECONDS = 11
LOCATIONS = "workplace_locationforecast WHERE organization_id IS NULL"
SEATED = "workplace_allocation WHERE deleted_at IS NULL AND person_id IS NOT NULL"


@pytest.fixture(scope="module")
def _office(_house: House) -> Office:
    return Office(_house)


@pytest.fixture
def office(_office: Office, house: House) -> Iterator[Office]:
    """Return the location without forecasts and plans; nothing is under way when a test ends.

    A worker that dies young again and again makes its supervisor give up: each test waits for a grown one.
    """
    _office.empty()
    eventually(lambda: age_seconds(house.part(WORKER)) > GROWN_SECONDS)
    yield _office
    eventually(lambda: house.queue_length() == 0)
    eventually(_office.is_quiet)


def age_seconds(pid: int) -> float:
    """Read from the kernel for how long a process has lived."""
    started = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    up = float(Path("/proc/uptime").read_text().split()[0])
    return up - started / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a worker makes for the location, and how it looks from outside."""

    table: str
    task: str
    sweep: str
    start: Callable[[Office], tuple[str, bool]]
    """Ask for it; return its id, and whether it was under way already."""
    state: Callable[[Office, str], tuple[Any, ...]]
    """Return state, attempts and error."""
    assert_is_whole: Callable[[House, str], None]
    """Find all of its result, once."""
    needs_forecast: bool
    is_running: str
    is_done: str
    is_given_up: str
    written: tuple[str, ...]
    lost_after: dt.timedelta
    most_attempts: int

    def let_time_pass(self, house: House) -> None:
        """Let the last sign of life be older than that of a worker that lives, as on the wall's clock."""
        house.rows(
            f"UPDATE workplace_{self.table}"
            " SET heartbeat_at = heartbeat_at - make_interval(secs => %s)",
            self.lost_after.total_seconds() + 1,
        )

    def whose_worker_is_killed(self, house: House, office: Office, held: str) -> str:
        """Kill the worker once it waits for what is held; return what still counts as running."""
        if self.needs_forecast:
            office.forecast()
        with office.held(held.format(day=world.days()[-1])):
            made, _ = self.start(office)
            eventually(office.is_waiting)
            house.end(WORKER, signal.SIGKILL)
        eventually(office.is_quiet)
        assert [house.count(f"workplace_{table}") for table in self.written] == [0, 0]
        assert self.state(office, made) == (self.is_running, 1, "")
        return made


def id_and_reuse(started: dict[str, Any], *, name: str) -> tuple[str, bool]:
    return started[name], started["reused"]


def assert_forecast_is_whole(house: House, job_id: str) -> None:
    assert house.count(LOCATIONS) == DAYS
    assert house.count("workplace_teamforecast WHERE job_id = %s", job_id) == DAYS
    assert house.count("workplace_personforecast WHERE job_id = %s", job_id) == DAYS * len(PEOPLE)
    assert house.count("workplace_personforecast") == DAYS * len(PEOPLE)


def assert_plan_is_whole(house: House, run_id: str) -> None:
    of_team = "SELECT sum(seats) FROM workplace_allocation WHERE person_id IS NULL"
    [(seats,)] = house.rows(of_team)  # a row for each of the team's zones
    expected = "SELECT forecast_inc FROM workplace_teamforecast WHERE day = %s"
    assert [(seats,)] == house.rows(expected, world.days()[0])
    assert house.count(SEATED) == seats > 0
    assert house.count("workplace_allocation WHERE evolution_id <> %s", run_id) == 0


FORECAST = Work(
    table="forecastjob",
    task="workplace.run_forecast",
    sweep="workplace.sweep_forecasts",
    start=lambda office: id_and_reuse(office.start_forecast(), name="job_id"),
    state=Office.job,
    assert_is_whole=assert_forecast_is_whole,
    needs_forecast=False,
    is_running="running",
    is_done="completed",
    is_given_up="worker_lost",
    written=("personforecast", "locationforecast"),
    lost_after=forecast_jobs.LOST,
    most_attempts=forecast_jobs.MOST_ATTEMPTS,
)
EVOLUTION = Work(
    table="evolution",
    task="workplace.evolve",
    sweep="workplace.sweep_evolutions",
    start=lambda office: id_and_reuse(office.start_evolution(), name="evolution_id"),
    state=Office.run,
    assert_is_whole=assert_plan_is_whole,
    needs_forecast=True,
    is_running="processing",
    is_done="successful",
    is_given_up="gave_up",
    written=("allocation", "allocationspace"),
    lost_after=evolution_states.DEAD_AFTER,
    most_attempts=evolution_states.MOST_ATTEMPTS,
)


@pytest.mark.parametrize(
    ("work", "held"),
    [
        pytest.param(FORECAST, THE_LOCATION, id="a forecast before it writes"),
        pytest.param(FORECAST, A_TWIN, id="a forecast while it writes"),
        pytest.param(EVOLUTION, THE_ZONES, id="an evolution before it writes"),
        pytest.param(EVOLUTION, THE_DESKS, id="an evolution while it writes"),
    ],
)
def test_it_is_taken_up_again_and_made_once(
    house: House, office: Office, work: Work, held: str
) -> None:
    lost = work.whose_worker_is_killed(house, office, held)

    assert work.start(office) == (lost, True)
    house.publish(work.sweep)
    eventually(lambda: house.queue_length() == 0)
    assert work.state(office, lost)[:2] == (work.is_running, 1)  # its worker may still live

    work.let_time_pass(house)
    house.publish(work.sweep, times=3)
    eventually(lambda: work.state(office, lost)[0] == work.is_done)
    house.publish(work.task, lost, times=2)  # as a broker tells again what nobody took
    eventually(lambda: house.queue_length() == 0)

    assert work.state(office, lost) == (work.is_done, 2, "")
    assert house.count(f"workplace_{work.table}") == 1
    work.assert_is_whole(house, lost)


@pytest.mark.parametrize(
    ("work", "held"),
    [
        pytest.param(FORECAST, THE_LOCATION, id="a forecast"),
        pytest.param(EVOLUTION, THE_ZONES, id="an evolution"),
    ],
)
def test_lost_again_and_again_it_fails_and_may_be_started_anew(
    house: House, office: Office, work: Work, held: str
) -> None:
    lost = work.whose_worker_is_killed(house, office, held)
    house.rows(f"UPDATE workplace_{work.table} SET attempts = %s", work.most_attempts)

    work.let_time_pass(house)
    house.publish(work.sweep)
    eventually(lambda: work.state(office, lost)[0] == "failed")
    assert work.state(office, lost)[2] == work.is_given_up
    assert [house.count(f"workplace_{table}") for table in work.written] == [0, 0]

    another, is_reused = work.start(office)
    assert (another != lost, is_reused) == (True, False)
    eventually(lambda: work.state(office, another)[0] == work.is_done)
    work.assert_is_whole(house, another)
