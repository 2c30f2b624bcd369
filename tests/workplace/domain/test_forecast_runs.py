"""A run of the forecast, from presence and plans to rows. Source: workplace-api, sections 5 and 13."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.workplace.forecast_world import DAY, NOW, TODAY, job, seen, world
from workplace.domain import forecast_inputs, forecast_runs
from workplace.forecasting.attendance import AWAY
from workplace.models import (
    ForecastJob,
    JobState,
    LocationForecast,
    Occupancy,
    PersonForecast,
    Quality,
    TeamForecast,
)

pytestmark = pytest.mark.django_db

TUESDAY, SATURDAY = TODAY + DAY, TODAY + 5 * DAY


def run(wanted: ForecastJob, *, now: dt.datetime = NOW) -> ForecastJob:
    forecast_runs.run(wanted.pk, clock=lambda: now)
    wanted.refresh_from_db()
    return wanted


def whole(site, day=TUESDAY) -> LocationForecast:
    return LocationForecast.objects.get(site=site, day=day, organization=None)


def test_a_plan_of_several_days_is_known_of_each_of_them():
    found = world()
    make.IntentionFactory(
        person=found.people[0],
        site=found.site,
        type="ABSENT",
        starts_at=dt.datetime(2030, 1, 3, 23, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 9, 23, tzinfo=dt.UTC),
        created_at=NOW - 10 * DAY,
    )

    inputs = forecast_inputs.load(
        job(found.site), today=TODAY, factor=None, told=lambda _part: None
    )

    declared, first = inputs.situation.attendance.declared, inputs.calendar.first
    assert [first + int(number) * DAY for number in declared.days] == [
        dt.date(2030, 1, day) for day in (4, 5, 6, 7, 8, 9)
    ]
    assert set(declared.plans) == {AWAY}


def test_a_run_says_what_it_made_and_how_good_it_was():
    here = world()

    done = run(job(here.site))

    assert (done.state, done.progress, done.error_code) == (JobState.COMPLETED, 100, "")
    assert (done.started_at, done.finished_at) == (NOW, NOW)
    assert (done.location_rows, done.team_rows, done.people_rows) == (28, 14, 140)
    assert done.quality == Quality.OK
    assert {"wape_28d", "mase_28d", "coverage80_28d", "brier_28d", "gain_28d"} <= set(done.metrics)
    assert 0 <= done.metrics["brier_28d"] < 0.2
    assert 0 <= done.metrics["wape_28d"] < 0.3
    assert done.backtest["model"] == "people"
    assert done.backtest["origins"] == 60
    assert done.backtest["days"][-1][0] == "2030-01-04"  # the last day that was open
    assert all(0 <= came <= 10 for _day, _forecast, came in done.backtest["days"])


def test_who_comes_on_tuesdays_is_expected_on_tuesday():
    here = world()

    run(job(here.site))

    chances = {
        row.person_id: row.probability
        for row in PersonForecast.objects.filter(site=here.site, day=TUESDAY)
    }
    comes = [(1 + number) % 5 < 3 for number in range(10)]
    assert all(
        (chances[person.pk] > 0.5) == is_coming
        for person, is_coming in zip(here.people, comes, strict=True)
    )
    assert float(whole(here.site).forecast) == pytest.approx(6, abs=1)


def test_a_location_is_the_sum_of_its_rows():
    here = world()
    seen(here.site, UserFactory.create_batch(2), first=TODAY - 60 * DAY)  # without a team

    run(job(here.site))

    for row in LocationForecast.objects.filter(site=here.site, organization=None):
        team = TeamForecast.objects.get(site=here.site, day=row.day)
        people = PersonForecast.objects.filter(site=here.site, day=row.day)
        teamless = [each for each in people if each.team_id is None]
        assert len(teamless) == 2
        single = sum(each.probability for each in teamless)
        assert float(row.forecast) == pytest.approx(float(team.forecast) + single, abs=0.011)
        assert row.forecast_inc == team.forecast_inc + -int(
            -(sum(each.probability_inc for each in teamless) - 1e-6) // 1
        )
        own = sum(each.probability for each in people if each.team_id)
        assert float(team.forecast) == pytest.approx(own, abs=0.006)


def test_a_closed_day_expects_nobody():
    here = world()
    make.TeamLocationSettingsFactory(team=here.team, site=here.site, min_capacity=4, target=5)

    run(job(here.site))

    row, team = whole(here.site, SATURDAY), TeamForecast.objects.get(site=here.site, day=SATURDAY)
    assert (row.quality, row.forecast, row.forecast_inc) == (Quality.CLOSED, 0, 0)
    assert (row.low_95, row.high_95, row.hourly) == (0, 0, [])
    assert (team.quality, team.forecast, team.forecast_inc) == (Quality.CLOSED, 0, 0)
    assert set(
        PersonForecast.objects.filter(day=SATURDAY).values_list("probability", "probability_inc")
    ) == {(0.0, 0.0)}
    assert TeamForecast.objects.get(site=here.site, day=TUESDAY).forecast_inc == 5


def test_a_public_holiday_is_closed_only_where_the_site_closes_on_it():
    new_year = dt.date(2030, 1, 1)
    open_, shut = world(public_holidays=False), world(public_holidays=True)
    now = dt.datetime(2029, 12, 31, 6, tzinfo=dt.UTC)
    for here in (open_, shut):
        Occupancy.objects.filter(site=here.site, day__gte=dt.date(2029, 12, 31)).delete()
        run(job(here.site, starts_on=new_year, ends_on=new_year), now=now)

    low, closed = whole(open_.site, new_year), whole(shut.site, new_year)
    assert (low.quality, low.is_holiday) == (Quality.OK, True)
    assert low.forecast > 0
    assert (closed.quality, closed.is_holiday, closed.forecast) == (Quality.CLOSED, True, 0)


def test_borders_of_days_are_the_locations_midnights():
    here = world()

    run(job(here.site, starts_on=dt.date(2030, 3, 31), ends_on=dt.date(2030, 3, 31)))

    row = whole(here.site, dt.date(2030, 3, 31))
    assert row.starts_at == dt.datetime(2030, 3, 30, 23, tzinfo=dt.UTC)
    assert row.ends_at == dt.datetime(2030, 3, 31, 22, tzinfo=dt.UTC)  # 23 hours long


def test_hours_are_open_ones_and_sum_to_the_day():
    here = world()

    run(job(here.site))

    row = whole(here.site)
    assert [slot["hour"] for slot in row.hourly] == list(range(8, 19))
    assert sum(Decimal(str(slot["forecast"])) for slot in row.hourly) == row.forecast
    assert max(row.hourly, key=lambda slot: slot["forecast"])["hour"] == 9


def test_bands_nest_around_the_forecast_and_tell_of_too_many():
    here = world()

    run(job(here.site))

    row = whole(here.site)
    assert row.low_95 <= row.low_80 <= row.forecast <= row.high_80 <= row.high_95
    assert 0 <= row.over_capacity_probability < 0.2
    assert (row.capacity, row.head_count) == (12, 10)


def test_each_company_has_rows_of_its_own_people():
    here = world()
    other = OrganizationFactory()
    theirs = UserFactory.create_batch(5, organization=other)
    seen(here.site, theirs, first=TODAY - 98 * DAY)

    run(job(here.site))

    rows = {
        row.organization_id: row
        for row in LocationForecast.objects.filter(site=here.site, day=TUESDAY)
    }
    assert set(rows) == {None, here.organization.pk, other.pk}
    assert [rows[each].head_count for each in (None, here.organization.pk, other.pk)] == [15, 10, 5]
    assert rows[None].forecast == rows[other.pk].forecast + rows[here.organization.pk].forecast


def test_a_companys_job_counts_its_own_rows():
    here = world()
    seen(here.site, UserFactory.create_batch(3), first=TODAY - 30 * DAY)

    done = run(job(here.site, organization=here.organization))

    assert (done.location_rows, done.team_rows, done.people_rows) == (14, 14, 140)


@pytest.mark.parametrize(("days", "quality"), [(13, "insufficient_history"), (14, "ok")])
def test_fourteen_attended_days_make_a_history(days, quality):
    here = world(weeks=0, operating_hours=[])
    for number in range(1, days + 1):
        day = TODAY - number * DAY
        make.OccupancyFactory(
            site=here.site,
            person=here.people[0],
            seen_at=dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC),
        )

    done = run(job(here.site))

    assert (done.state, done.quality) == (JobState.COMPLETED, quality)
    assert whole(here.site).quality == quality
    if quality != "ok":
        assert done.metrics["wape_28d"] is None
        assert whole(here.site).model_name == "head-count"


def test_without_any_presence_it_is_the_usual_part_of_the_people():
    here = world(weeks=0)

    run(job(here.site))

    assert float(whole(here.site).forecast) == pytest.approx(10 * 0.50)  # a Tuesday
    assert whole(here.site).high_95 <= 10


def test_deleted_presence_teaches_nothing():
    here = world()
    Occupancy.objects.filter(site=here.site).update(deleted_at=NOW)

    assert run(job(here.site)).quality == Quality.INSUFFICIENT_HISTORY


def test_plans_count_in_the_forecast_with_wishes():
    here = world()
    comes, stays, waits, elsewhere = here.people[:4]
    at = dt.datetime(2030, 1, 8, 8, tzinfo=dt.UTC)
    plan = make.IntentionFactory(person=comes, site=here.site, starts_at=at)
    make.IntentionFactory(person=stays, site=here.site, starts_at=at, type="REMOTE")
    make.IntentionFactory(person=waits, site=here.site, starts_at=at, status="PENDING")
    make.IntentionFactory(person=elsewhere, starts_at=at)

    run(job(here.site))

    rows = {
        row.person_id: row for row in PersonForecast.objects.filter(site=here.site, day=TUESDAY)
    }
    assert (rows[comes.pk].probability_inc, rows[comes.pk].intention_id) == (0.97, plan.pk)
    assert rows[stays.pk].probability_inc == 0.03
    assert rows[waits.pk].probability_inc == rows[waits.pk].probability
    assert rows[elsewhere.pk].probability_inc == 0.03
    assert whole(here.site).intentions == 2


@pytest.mark.parametrize(("cases", "rate"), [(49, 0.97), (50, 0.5)])
def test_fifty_kept_and_broken_plans_replace_the_usual_rate(cases, rate):
    here = world(people=25, operating_hours=[])
    Occupancy.objects.filter(site=here.site).delete()
    days = [TODAY - 10 * DAY, TODAY - 9 * DAY]
    pairs = [(person, day) for day in days for person in here.people][:cases]
    for number, (person, day) in enumerate(pairs):
        at = dt.datetime.combine(day, dt.time(8), tzinfo=dt.UTC)
        make.IntentionFactory(person=person, site=here.site, starts_at=at)
        if number % 2:
            make.OccupancyFactory(person=person, site=here.site, seen_at=at)
    seen(here.site, here.people[:25], first=TODAY - 60 * DAY, until=TODAY - 10 * DAY)

    done = run(job(here.site))

    assert done.metrics["show_rate_here"] == rate


def test_nothing_is_known_of_days_before_anybody_was_seen():
    here = world(people=4, weeks=0)
    never, always = here.people[:2], here.people[2:]
    days = [TODAY - number * DAY for number in range(1, 60)]
    for person in always:
        for day in days:
            make.OccupancyFactory(
                site=here.site,
                person=person,
                seen_at=dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC),
            )

    inputs = forecast_inputs.load(job(here.site), today=TODAY, factor=None, told=lambda _part: None)

    seen_at_all = (inputs.situation.attendance.seen != -1).any(axis=0)
    first = inputs.calendar.first + int(seen_at_all.argmax()) * DAY
    assert first == next(day for day in reversed(days) if day.weekday() < 5)
    assert len(never) == 2


def test_a_day_that_was_forecast_before_has_the_rows_of_the_last_run():
    here = world()
    first, second = run(job(here.site)), run(job(here.site, days=7))

    rows = LocationForecast.objects.filter(site=here.site, organization=None)
    assert rows.filter(job=second).count() == 7
    assert rows.filter(job=first).count() == 7
    assert PersonForecast.objects.filter(site=here.site, job=second).count() == 70


def test_queries_do_not_grow_with_people():
    counts = []
    for people in (3, 12):
        here = world(people=people)
        with CaptureQueriesContext(connection) as queries:
            run(job(here.site))
        counts.append(
            len([each for each in queries.captured_queries if "progress" not in each["sql"]])
        )

    assert counts[0] == counts[1]


def test_a_job_in_other_hands_is_left_alone():
    here = world(weeks=0)
    wanted = job(here.site, queued=False, running=True, heartbeat_at=NOW)

    assert run(wanted).state == JobState.RUNNING
    assert not LocationForecast.objects.exists()


def test_a_job_of_a_killed_worker_is_done_by_the_next():
    here = world(weeks=0)
    wanted = job(
        here.site,
        queued=False,
        running=True,
        heartbeat_at=NOW - dt.timedelta(minutes=6),
        attempts=1,
    )

    assert run(wanted).state == JobState.COMPLETED


def test_what_fails_is_told(monkeypatch):
    here = world(weeks=0, operating_hours=[{"days": [9], "open": "08:00", "close": "19:00"}])

    done = run(job(here.site))

    assert (done.state, done.error_code, done.error_message) == (
        JobState.FAILED,
        "internal_error",
        "SlotFormatError",
    )
    assert done.finished_at == NOW
