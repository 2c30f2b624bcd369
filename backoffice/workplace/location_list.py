"""The list of locations: one line each, in a fixed number of queries."""

import datetime as dt
from dataclasses import dataclass

from sites_app.domain import local_days
from sites_app.models import Site
from workplace import selectors_runs
from workplace.models import ForecastJob, LocationForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRow:
    """A site with what it expects today and tomorrow, by its own clock."""

    site: Site
    capacity: int | None
    today: LocationForecast | None
    tomorrow: LocationForecast | None
    job: ForecastJob | None


def rows(*, now: dt.datetime) -> list[LocationRow]:
    """List the sites that have layers or forecasts, by name, in four queries."""
    sites = list(selectors_runs.locations())
    forecasts = selectors_runs.near_forecasts(today=now.date())
    jobs = selectors_runs.newest_jobs()
    return [_row(site, forecasts, jobs, now=now) for site in sites]


def _row(
    site: Site,
    forecasts: dict[tuple[str, dt.date], LocationForecast],
    jobs: dict[str, ForecastJob],
    *,
    now: dt.datetime,
) -> LocationRow:
    today = local_days.today_at(site, now=now)
    return LocationRow(
        site=site,
        capacity=site.seats,  # type: ignore[attr-defined]  # annotated
        today=forecasts.get((site.pk, today)),
        tomorrow=forecasts.get((site.pk, today + dt.timedelta(days=1))),
        job=jobs.get(site.pk),
    )
