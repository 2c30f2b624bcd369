"""Jobs in workers' hands: taken once, taken up again, run again. Source: workplace-api, section 5."""

import datetime as dt

import pytest

from tests.factories import workplace as make
from tests.factories.sites_app import SiteFactory
from tests.workplace.forecast_world import DAY, NOW, TODAY, job
from workplace.domain import forecast_jobs, forecast_nights
from workplace.domain.forecast_jobs import Done
from workplace.models import ForecastJob, JobState, Quality

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
DONE = Done(
    location_rows=1,
    team_rows=2,
    people_rows=3,
    quality=Quality.OK,
    metrics={"wape_28d": 0.1},
    backtest={},
)


def queued(**facts) -> ForecastJob:
    return job(SiteFactory(), **facts)


def running(**facts) -> ForecastJob:
    facts = {"queued": False, "running": True, "heartbeat_at": NOW, "attempts": 1} | facts
    return job(SiteFactory(), **facts)


def again(one: ForecastJob) -> ForecastJob:
    one.refresh_from_db()
    return one


def test_a_waiting_job_is_taken_once():
    wanted = queued()

    taken = forecast_jobs.take(wanted.pk, now=NOW)

    assert taken is not None
    assert (taken.state, taken.attempts, taken.heartbeat_at) == (JobState.RUNNING, 1, NOW)
    assert forecast_jobs.take(wanted.pk, now=NOW) is None


@pytest.mark.parametrize(("age", "is_taken"), [(5 * MINUTE, False), (5.1 * MINUTE, True)])
def test_a_running_job_is_taken_from_a_worker_that_gave_no_sign_for_five_minutes(age, is_taken):
    lost = running(heartbeat_at=NOW - age)

    assert (forecast_jobs.take(lost.pk, now=NOW) is not None) is is_taken


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_a_finished_job_is_nobodys(state):
    finished = queued(queued=False, state=state)

    assert forecast_jobs.take(finished.pk, now=NOW) is None


def test_a_job_that_was_lost_three_times_fails():
    third, fourth = (
        running(attempts=2, heartbeat_at=NOW - DAY),
        running(attempts=3, heartbeat_at=NOW - DAY),
    )

    assert forecast_jobs.take(third.pk, now=NOW) is not None
    assert forecast_jobs.take(fourth.pk, now=NOW) is None
    assert (again(fourth).state, fourth.error_code) == (JobState.FAILED, "worker_lost")


def test_progress_is_a_sign_of_life_and_never_goes_back():
    mine = running()

    assert forecast_jobs.advance(mine, progress=40, now=NOW + MINUTE)
    assert not forecast_jobs.advance(mine, progress=30, now=NOW + 2 * MINUTE)
    assert (again(mine).progress, mine.heartbeat_at) == (40, NOW + MINUTE)


def test_who_lost_the_job_changes_it_no_more():
    mine = running(heartbeat_at=NOW - DAY)
    forecast_jobs.take(mine.pk, now=NOW)

    assert not forecast_jobs.advance(mine, progress=50, now=NOW)
    forecast_jobs.fail(mine, code="x", message="y", now=NOW)
    forecast_jobs.give_back(mine)
    assert again(mine).state == JobState.RUNNING


def test_a_finished_job_keeps_its_measures():
    mine = running()

    forecast_jobs.finish(mine, DONE, now=NOW)

    assert (again(mine).state, mine.progress, mine.finished_at) == (JobState.COMPLETED, 100, NOW)
    assert (mine.location_rows, mine.team_rows, mine.people_rows) == (1, 2, 3)
    assert mine.metrics == {"wape_28d": 0.1}


def test_a_job_that_is_wanted_again_waits_again():
    mine = running(rerun_wanted=True)

    forecast_jobs.finish(mine, DONE, now=NOW)

    assert (again(mine).state, mine.rerun_wanted, mine.attempts) == (JobState.QUEUED, False, 0)


def test_the_sweep_takes_up_what_was_left():
    queued(created_at=NOW - 2 * MINUTE)
    queued(created_at=NOW - MINUTE / 2)
    running(heartbeat_at=NOW - 6 * MINUTE)
    running(heartbeat_at=NOW - 4 * MINUTE)

    assert forecast_jobs.sweep(now=NOW) == 2


@pytest.mark.by_itself
@pytest.mark.django_db(transaction=True)
def test_the_sweep_has_the_work_done():
    left = queued(created_at=NOW - 2 * MINUTE)

    forecast_jobs.sweep(now=NOW)

    assert again(left).state == JobState.COMPLETED


def test_the_night_asks_for_each_location_that_is_in_use():
    seen_lately = make.OccupancyFactory(seen_at=NOW - 89 * DAY).site
    seen_long_ago = make.OccupancyFactory(seen_at=NOW - 95 * DAY).site
    with_teams = make.TeamLocationSettingsFactory().site
    unused = SiteFactory()

    forecast_nights.ask_for_all(now=NOW)
    forecast_nights.ask_for_all(now=NOW)

    jobs = ForecastJob.objects.filter(organization=None)
    assert {one.site_id for one in jobs} == {seen_lately.pk, with_teams.pk}
    assert seen_long_ago.pk != unused.pk
    assert jobs.count() == 2
    assert {(one.starts_on, one.ends_on) for one in jobs} == {(TODAY, TODAY + 27 * DAY)}
    assert all(one.force_rebuild for one in jobs)
