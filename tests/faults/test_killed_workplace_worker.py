"""A worker that dies in a forecast or in an evolution: another takes the work up, and its result is one.

Nothing of the dead worker's is to be seen, and no lock of its stays. Source: safety, F-07; Workplace
API, section 5, `POST /forecast/start`; section 6, "`failed` only on internal error/time-out".
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

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


def kill_the_worker(house: House, office: Office) -> None:
    """Kill it as soon as it waits for what the test holds."""
    eventually(office.is_waiting)
    house.end(WORKER, signal.SIGKILL)


def let_time_pass(house: House, table: str, seconds: float) -> None:
    """Let the last sign of life be so much older, as a clock on the wall would."""
    house.rows(
        f"UPDATE workplace_{table} SET heartbeat_at = heartbeat_at - make_interval(secs => %s)",
        seconds + 1,
    )


# --- forecasts ------------------------------------------------------------------------------


def a_forecast_whose_worker_is_killed(house: House, office: Office, held: str) -> str:
    """Kill the worker at the point that is held; return the job, which still counts as running."""
    with office.held(held.format(day=world.days()[-1])):
        job_id: str = office.start_forecast()["job_id"]
        kill_the_worker(house, office)
    eventually(office.is_quiet)
    assert house.count("workplace_personforecast") == house.count("workplace_locationforecast") == 0
    assert office.job(job_id) == ("running", 1, "")
    return job_id


@pytest.mark.parametrize(
    "held", [THE_LOCATION, A_TWIN], ids=["before it writes", "while it writes"]
)
def test_a_forecast_is_taken_up_again_and_made_once(
    house: House, office: Office, held: str
) -> None:
    job_id = a_forecast_whose_worker_is_killed(house, office, held)

    again = office.start_forecast()
    house.publish("workplace.sweep_forecasts")
    eventually(lambda: house.queue_length() == 0)
    assert (again["job_id"], again["reused"]) == (job_id, True)
    assert office.job(job_id)[:2] == ("running", 1)  # its worker may still live

    let_time_pass(house, "forecastjob", forecast_jobs.LOST.total_seconds())
    house.publish("workplace.sweep_forecasts", times=3)
    eventually(lambda: office.job(job_id)[0] == "completed")
    house.publish(
        "workplace.run_forecast", job_id, times=2
    )  # as a broker tells again what nobody took
    eventually(lambda: house.queue_length() == 0)

    assert office.job(job_id) == ("completed", 2, "")
    assert house.count("workplace_forecastjob") == 1
    assert house.count(LOCATIONS) == DAYS
    assert house.count("workplace_teamforecast WHERE job_id = %s", job_id) == DAYS
    assert house.count("workplace_personforecast WHERE job_id = %s", job_id) == DAYS * len(PEOPLE)
    assert house.count("workplace_personforecast") == DAYS * len(PEOPLE)


def test_a_forecast_that_is_lost_again_and_again_fails_and_may_be_started_anew(
    house: House, office: Office
) -> None:
    job_id = a_forecast_whose_worker_is_killed(house, office, THE_LOCATION)
    house.rows("UPDATE workplace_forecastjob SET attempts = %s", forecast_jobs.MOST_ATTEMPTS)

    let_time_pass(house, "forecastjob", forecast_jobs.LOST.total_seconds())
    house.publish("workplace.sweep_forecasts")
    eventually(lambda: office.job(job_id)[0] == "failed")
    assert office.job(job_id)[2] == "worker_lost"
    assert house.count("workplace_locationforecast") == 0

    another = office.forecast()
    assert another != job_id
    assert house.count("workplace_personforecast WHERE job_id = %s", another) == DAYS * len(PEOPLE)


# --- evolutions -----------------------------------------------------------------------------


def an_evolution_whose_worker_is_killed(house: House, office: Office, held: str) -> str:
    """Kill the worker at the point that is held; return the run, which still counts as under way."""
    office.forecast()
    with office.held(held):
        run_id: str = office.start_evolution()["evolution_id"]
        kill_the_worker(house, office)
    eventually(office.is_quiet)
    assert house.count("workplace_allocation") == house.count("workplace_allocationspace") == 0
    assert office.run(run_id) == ("processing", 1, "")
    return run_id


@pytest.mark.parametrize(
    "held", [THE_ZONES, THE_DESKS], ids=["before it writes", "while it writes"]
)
def test_an_evolution_is_taken_up_again_and_published_once(
    house: House, office: Office, held: str
) -> None:
    run_id = an_evolution_whose_worker_is_killed(house, office, held)

    again = office.start_evolution()
    house.publish("workplace.sweep_evolutions")
    eventually(lambda: house.queue_length() == 0)
    assert (again["evolution_id"], again["reused"]) == (run_id, True)
    assert office.run(run_id)[:2] == ("processing", 1)  # its worker may still live

    let_time_pass(house, "evolution", evolution_states.DEAD_AFTER.total_seconds())
    house.publish("workplace.sweep_evolutions", times=3)
    eventually(lambda: office.run(run_id)[0] == "successful")
    house.publish("workplace.evolve", run_id, times=2)  # as a broker tells again what nobody took
    eventually(lambda: house.queue_length() == 0)

    assert office.run(run_id) == ("successful", 2, "")
    assert house.count("workplace_evolution") == 1
    of_team = "SELECT sum(seats) FROM workplace_allocation WHERE person_id IS NULL"
    [(seats,)] = house.rows(of_team)  # a row for each of the team's zones
    expected = "SELECT forecast_inc FROM workplace_teamforecast WHERE day = %s"
    assert [(seats,)] == house.rows(expected, world.days()[0])
    assert house.count(SEATED) == seats
    assert house.count("workplace_allocation WHERE evolution_id <> %s", run_id) == 0


def test_an_evolution_that_is_lost_again_and_again_fails_and_may_be_started_anew(
    house: House, office: Office
) -> None:
    run_id = an_evolution_whose_worker_is_killed(house, office, THE_ZONES)
    house.rows("UPDATE workplace_evolution SET attempts = %s", evolution_states.MOST_ATTEMPTS)

    let_time_pass(house, "evolution", evolution_states.DEAD_AFTER.total_seconds())
    house.publish("workplace.sweep_evolutions")
    eventually(lambda: office.run(run_id)[0] == "failed")
    assert office.run(run_id)[2] == "gave_up"
    assert house.count("workplace_allocation") == 0

    another = office.start_evolution()
    assert (another["evolution_id"] != run_id, another["reused"]) == (True, False)
    eventually(lambda: office.run(another["evolution_id"])[0] == "successful")
    assert house.count(SEATED) > 0
