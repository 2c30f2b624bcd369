"""One run of the forecast from the tables to the tables. It loads numpy: only the worker imports it."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from django.db import IntegrityError, OperationalError, connection, transaction

from config import ids
from sites_app.models import Site
from workplace import selectors_forecast_inputs
from workplace.domain import forecast_inputs, forecast_jobs, forecast_rows
from workplace.domain.forecast_inputs import Inputs
from workplace.domain.forecast_jobs import Done
from workplace.domain.forecast_rows import Rows
from workplace.forecasting import backtests, intervals, outlooks
from workplace.forecasting.intervals import BASE_FACTOR
from workplace.forecasting.outlooks import Outlook, Tried
from workplace.models import (
    ForecastJob,
    LocationForecast,
    PersonForecast,
    Quality,
    TeamForecast,
)

READ, FORESEEN, WRITTEN = 15, 80, 95
"""How far a run has come after each part, in percent."""
_COVERED_DAYS = 28
_FEWEST_COVERED = 14
_SHOWN_DAYS = 7
_BATCH = 2000
_COPIED = 5000
_DAY = dt.timedelta(days=1)

log = structlog.get_logger(__name__)
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bands:
    """The factor of the bands of this run, and what part of the last four weeks they held."""

    factor: float
    coverage: float


def run(job_id: str, *, clock: Clock) -> None:
    """Do a job, unless somebody else has it; what fails is told in its row."""
    job = forecast_jobs.take(job_id, now=clock())
    if job is None:
        return
    try:
        _run(job, clock)
    except (OperationalError, IntegrityError) as error:  # somebody or something went meanwhile
        log.warning("workplace.forecast_interrupted", job=job_id, error=repr(error))
        forecast_jobs.give_back(job)
    except Exception as error:
        log.exception("workplace.forecast_failed", job=job_id)
        forecast_jobs.fail(job, code="internal_error", message=type(error).__name__, now=clock())


def _run(job: ForecastJob, clock: Clock) -> None:
    def told(part: float) -> None:
        progress = READ + int(part * (FORESEEN - READ))
        forecast_jobs.advance(job, progress=progress, now=clock())

    today = clock().astimezone(ZoneInfo(job.site.time_zone)).date()
    bands = _bands(job.site, today)
    inputs = forecast_inputs.load(job, today=today, factor=bands.factor, told=told)
    forecast_jobs.advance(job, progress=READ, now=clock())
    outlook = outlooks.look_ahead(inputs.situation)
    rows = forecast_rows.build(job, inputs, outlook, now=clock())
    if not forecast_jobs.advance(job, progress=FORESEEN, now=clock()):
        return
    _publish(job, inputs, outlook, rows, bands, now=clock())


def _publish(
    job: ForecastJob,
    inputs: Inputs,
    outlook: Outlook,
    rows: Rows,
    bands: _Bands,
    *,
    now: dt.datetime,
) -> None:
    """Put the rows in the place of those of the same days, all at once."""
    with transaction.atomic():
        _take_time()
        Site.objects.select_for_update(no_key=True).get(pk=job.site_id)
        _replace(job, rows)
        forecast_jobs.finish(job, _done(job, inputs, outlook, rows, bands), now=now)


def _take_time() -> None:
    """Let this transaction's statements take longer than a request's may, and wait for others'."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'; SET LOCAL lock_timeout = '30s'")


def _replace(job: ForecastJob, rows: Rows) -> None:
    for model in (LocationForecast, TeamForecast, PersonForecast):
        old = model._default_manager.filter(site=job.site_id)
        old.filter(day__range=(job.starts_on, job.ends_on)).delete()
    LocationForecast.objects.bulk_create(rows.locations, batch_size=_BATCH)
    TeamForecast.objects.bulk_create(rows.teams, batch_size=_BATCH)
    _copy(rows.people)


def _copy(rows: list[PersonForecast]) -> None:
    """Write people's rows by COPY, as there are thousands a day; no statement takes long."""
    fields = [field for field in PersonForecast._meta.concrete_fields if field.name != "id"]
    names = ", ".join(["id", *(str(field.column) for field in fields)])
    statement = f"COPY {PersonForecast._meta.db_table} ({names}) FROM STDIN"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _COPIED):
            with cursor.copy(statement) as out:
                for row in rows[start : start + _COPIED]:
                    values = (getattr(row, field.attname) for field in fields)
                    out.write_row([ids.new_id(), *values])


# --- how good it was ------------------------------------------------------------------------


def _bands(site: Site, today: dt.date) -> _Bands:
    """Carry the factor of the last run on, widened or narrowed by what its bands held."""
    last = selectors_forecast_inputs.last_completed(site.pk)
    factor = float(last.metrics.get("band_factor", BASE_FACTOR)) if last else BASE_FACTOR
    coverage = _published_coverage(site, today)
    if last is None or last.finished_at is None or last.finished_at.date() >= today:
        return _Bands(factor=factor, coverage=coverage)  # one step a day
    return _Bands(factor=intervals.adapted(factor, coverage=coverage), coverage=coverage)


def _published_coverage(site: Site, today: dt.date) -> float:
    """Give the part of the last four weeks' days within the bands that were published for them."""
    first = today - _COVERED_DAYS * _DAY
    published = selectors_forecast_inputs.published_bands(
        site, first_day=first, last_day=today - _DAY
    )
    if len(published) < _FEWEST_COVERED:
        return float("nan")
    came = np.zeros(_COVERED_DAYS)
    for _person, days in selectors_forecast_inputs.days_seen(site, first=first, end=today):
        came[days] += 1
    held = [low <= came[(day - first).days] <= high for day, low, high in published]
    return sum(map(bool, held)) / len(held)


def _done(job: ForecastJob, inputs: Inputs, outlook: Outlook, rows: Rows, bands: _Bands) -> Done:
    """Count what the job's tenant may see, and say how good it was."""
    own = job.organization_id
    teams = {
        team_id
        for team_id, facts in inputs.teams.items()
        if own is None or facts.team.organization_id == own
    }
    people = {one.id for one in inputs.members if own is None or one.organization_id == own}
    tried = _tried(job, inputs, outlook)
    return Done(
        location_rows=sum(own is None or row.organization_id == own for row in rows.locations),
        team_rows=sum(row.team_id in teams for row in rows.teams),
        people_rows=sum(row.person_id in people for row in rows.people),
        quality=Quality.INSUFFICIENT_HISTORY if outlook.is_short else Quality.OK,
        metrics=_metrics(tried, bands, inputs),
        backtest=_backtest(tried, outlook, inputs),
    )


def _tried(job: ForecastJob, inputs: Inputs, outlook: Outlook) -> Tried:
    if job.organization_id is None:
        return outlook.tried
    if job.organization_id not in inputs.organizations:
        return outlooks.UNTRIED
    return outlook.groups[inputs.organizations.index(job.organization_id)]


def _metrics(tried: Tried, bands: _Bands, inputs: Inputs) -> dict[str, Any]:
    measured = tried.measured
    coverage = measured.coverage_80 if math.isnan(bands.coverage) else bands.coverage
    return {
        "wape_28d": _number(measured.wape),
        "mase_28d": _number(measured.mase),
        "coverage80_28d": _number(coverage),
        "brier_28d": _number(measured.brier),
        "last_week_wape_28d": _number(measured.naive_wape),
        "gain_28d": _number(measured.gain),
        "band_factor": round(bands.factor, 4),
        "show_rate_here": inputs.rates.here,
        "show_rate_away": inputs.rates.away,
    }


def _backtest(tried: Tried, outlook: Outlook, inputs: Inputs) -> dict[str, Any]:
    """Keep the last week of every round, as plots show it: what was forecast and what came."""
    if tried.past is None:
        return {"model": outlook.model, "origins": 0, "days": []}
    calendar = inputs.calendar
    starts = backtests.origins(calendar.known, rounds=len(tried.past.forecasts))
    days = []
    for start, forecasts, actuals in zip(
        starts, tried.past.forecasts, tried.past.actuals, strict=True
    ):
        for ahead in range(min(backtests.DAYS_BETWEEN, _SHOWN_DAYS, len(forecasts))):
            if not math.isnan(actuals[ahead]):
                day = calendar.first + (start + ahead) * _DAY
                days.append(
                    [day.isoformat(), round(float(forecasts[ahead]), 2), int(actuals[ahead])]
                )
    return {"model": outlook.model, "origins": len(starts), "days": days}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
