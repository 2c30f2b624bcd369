"""Runs of the forecast: asked for, taken in hand by one worker, finished, taken up again when it dies.

The states in the database are the truth; a job that runs says so by its heartbeat.
Source: workplace-api, section 5, `POST /forecast/start`; sections 12 and 13.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from config import background
from sites_app.models import Site
from workplace.domain.refusals import Detail, Invalid, QueueUnavailable, missing
from workplace.models import ACTIVE_STATES, ForecastJob, Intention, JobState, Occupancy, Quality
from workplace.selectors_tenants import Tenant

TASK = "workplace.run_forecast"
USUAL_DAYS, MOST_DAYS = 28, 92
MOST_DAYS_AHEAD = 92
FRESH = dt.timedelta(hours=6)
LOST = dt.timedelta(minutes=5)
"""A running job without a sign of life for so long has lost its worker."""
LEFT = dt.timedelta(minutes=1)
"""A queued job that is older was missed by the broker."""
MOST_ATTEMPTS = 3
_TRIES = 5
_DAY = dt.timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWish:
    """What a caller asks for; None takes the usual, today and the 27 days after it."""

    site_id: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    is_rebuild: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The local days that are wanted, both included."""

    starts_on: dt.date
    ends_on: dt.date

    def is_within(self, job: ForecastJob) -> bool:
        return job.starts_on <= self.starts_on and self.ends_on <= job.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedForecast:
    """The job that does what was asked for; `is_reused` says that it was there before."""

    job: ForecastJob
    is_reused: bool


def start(wish: ForecastWish, *, tenant: Tenant, now: dt.datetime) -> StartedForecast:
    """Give the job of a location's forecast: the active one, a fresh one, or else a new one.

    :raises NotFound: when the tenant has no such location.
    :raises Invalid: when the days are none that can be forecast.
    :raises QueueUnavailable: when other callers were faster again and again.
    """
    site = tenant.sites().filter(pk=wish.site_id).first()
    if site is None:
        raise missing("location_id", "Location")
    window = _window(wish, today=_today(site, now))
    return _ask(wish, window, tenant.organization_id, now)


def request(
    site_id: str, *, starts_on: dt.date, ends_on: dt.date, now: dt.datetime
) -> StartedForecast:
    """Ask for the operator's forecast of a location, whatever was made before.

    Planning, imports and the night ask here; an active job takes the wish over.
    """
    wish = ForecastWish(site_id=site_id, starts_on=starts_on, ends_on=ends_on, is_rebuild=True)
    window = Window(starts_on=starts_on, ends_on=ends_on)
    return _ask(wish, window, None, now)


def _ask(
    wish: ForecastWish, window: Window, organization_id: str | None, now: dt.datetime
) -> StartedForecast:
    """Reuse or make a job; whoever loses the race for making it finds the winner's.

    :raises QueueUnavailable: when jobs come and go all the time.
    """
    for _ in range(_TRIES):
        found = _reuse(wish, window, organization_id, now) or _create(
            wish, window, organization_id, now
        )
        if found is not None:
            return found
    raise QueueUnavailable


def _today(site: Site, now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(site.time_zone)).date()


def _window(wish: ForecastWish, *, today: dt.date) -> Window:
    starts_on = wish.starts_on or today
    ends_on = wish.ends_on or starts_on + (USUAL_DAYS - 1) * _DAY
    problems = []
    if starts_on < today - _DAY:
        problems.append(Detail(path="starts_at", message="must not be before yesterday"))
    if starts_on > today + MOST_DAYS_AHEAD * _DAY:
        problems.append(
            Detail(path="starts_at", message=f"must be at most {MOST_DAYS_AHEAD} days ahead")
        )
    if ends_on < starts_on:
        problems.append(Detail(path="starts_at", message="must not be after ends_at"))
    if (ends_on - starts_on).days >= MOST_DAYS:
        problems.append(Detail(path="ends_at", message=f"must make at most {MOST_DAYS} days"))
    if problems:
        raise Invalid(problems)
    return Window(starts_on=starts_on, ends_on=ends_on)


def _of_tenant(site_id: str, organization_id: str | None) -> Any:
    return ForecastJob.objects.filter(
        site=site_id, organization=organization_id, state__in=ACTIVE_STATES
    )


def _reuse(
    wish: ForecastWish, window: Window, organization_id: str | None, now: dt.datetime
) -> StartedForecast | None:
    """Give the active job, widened to the wish, or one that is fresh enough."""
    with transaction.atomic():
        job = _of_tenant(wish.site_id, organization_id).select_for_update(no_key=True).first()
        if job is not None:
            _take_over(job, wish, window)
        elif not wish.is_rebuild:
            job = _fresh(wish.site_id, window, organization_id, now)
        if job is None:
            return None
        job.reused_count += 1
        job.save()
    return StartedForecast(job=job, is_reused=True)


def _take_over(job: ForecastJob, wish: ForecastWish, window: Window) -> None:
    """Make an active job do what is asked for as well; a running one is to run again for that."""
    is_covered = window.is_within(job)
    job.starts_on = min(job.starts_on, window.starts_on)
    job.ends_on = max(job.ends_on, window.ends_on)
    job.force_rebuild = job.force_rebuild or wish.is_rebuild
    if job.state == JobState.RUNNING and (wish.is_rebuild or not is_covered):
        job.rerun_wanted = True


def _fresh(
    site_id: str, window: Window, organization_id: str | None, now: dt.datetime
) -> ForecastJob | None:
    """Give a completed job of the last six hours that covers the days, if nothing changed since."""
    done = ForecastJob.objects.filter(
        site=site_id,
        organization=organization_id,
        state=JobState.COMPLETED,
        finished_at__gt=now - FRESH,
        starts_on__lte=window.starts_on,
        ends_on__gte=window.ends_on,
    )
    job = done.order_by("-finished_at", "-pk").select_for_update(no_key=True).first()
    if job is None or _has_changed(site_id, job.finished_at):
        return None
    return job


def _has_changed(site_id: str, since: dt.datetime | None) -> bool:
    """Say whether presence or plans at the location changed since."""
    return (
        Occupancy.objects.filter(site=site_id, updated_at__gt=since).exists()
        or Intention.objects.filter(site=site_id, updated_at__gt=since).exists()
    )


def _create(
    wish: ForecastWish, window: Window, organization_id: str | None, now: dt.datetime
) -> StartedForecast | None:
    """Queue a new job; None when somebody else was faster."""
    try:
        with transaction.atomic():
            job = ForecastJob.objects.create(
                organization_id=organization_id,
                site_id=wish.site_id,
                starts_on=window.starts_on,
                ends_on=window.ends_on,
                force_rebuild=wish.is_rebuild,
                created_at=now,
            )
            background.after_commit(TASK, job.pk)
    except IntegrityError as error:
        if "forecast_job_one_is_active" not in str(error):
            raise
        return None
    return StartedForecast(job=job, is_reused=False)


# --- in a worker's hands --------------------------------------------------------------------


def take(job_id: str, *, now: dt.datetime) -> ForecastJob | None:
    """Take a job in hand that waits, or whose worker is lost; None when it is not to be had."""
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - LOST)
    taken = ForecastJob.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING,
        progress=0,
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        error_code="",
        error_message="",
    )
    if not taken:
        return None
    job = ForecastJob.objects.select_related("site").get(pk=job_id)
    if job.attempts <= MOST_ATTEMPTS:
        return job
    fail(job, code="worker_lost", message="The work was begun several times and lost", now=now)
    return None


def advance(job: ForecastJob, *, progress: int, now: dt.datetime) -> bool:
    """Say how far a job has come, and that its worker lives; false when another has it by now."""
    mine = ForecastJob.objects.filter(
        pk=job.pk, state=JobState.RUNNING, attempts=job.attempts, progress__lte=progress
    )
    return bool(mine.update(progress=progress, heartbeat_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run made: rows of each kind that its tenant may see, and how good it measured itself."""

    location_rows: int
    team_rows: int
    people_rows: int
    quality: Quality
    metrics: Mapping[str, Any]
    backtest: Mapping[str, Any]


def finish(job: ForecastJob, done: Done, *, now: dt.datetime) -> None:
    """Close a job, within the transaction of its rows; one that is wanted again waits again."""
    current = ForecastJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    current.location_rows = done.location_rows
    current.team_rows = done.team_rows
    current.people_rows = done.people_rows
    current.quality = done.quality
    current.metrics, current.backtest = dict(done.metrics), dict(done.backtest)
    if current.rerun_wanted:
        current.state, current.rerun_wanted, current.attempts = JobState.QUEUED, False, 0
        background.after_commit(TASK, job.pk)
    else:
        current.state, current.progress, current.finished_at = JobState.COMPLETED, 100, now
    current.save()


def fail(job: ForecastJob, *, code: str, message: str, now: dt.datetime) -> None:
    """Close a job that came to nothing; what was forecast before stays."""
    ForecastJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=JobState.FAILED, error_code=code, error_message=message, finished_at=now
    )


def give_back(job: ForecastJob) -> None:
    """Let a job wait again whose work was cut short by something that passes."""
    ForecastJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=JobState.QUEUED
    )


def sweep(*, now: dt.datetime) -> int:
    """Send the jobs again that the broker missed or whose worker died; return how many."""
    left = Q(state=JobState.QUEUED, created_at__lt=now - LEFT)
    lost = Q(state=JobState.RUNNING, heartbeat_at__lt=now - LOST)
    found = ForecastJob.objects.filter(left | lost).order_by("created_at", "pk")
    job_ids = list(found.values_list("pk", flat=True)[:100])
    for job_id in job_ids:
        background.after_commit(TASK, job_id)
    return len(job_ids)
