"""What the engines make of the demo's workplace: real forecasts, of past weeks too, and real plans.

At each origin of the past the forecast runs as it would have run then: before the week that it is for,
without any presence from then on. The engines and numpy are loaded by these functions alone.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sites_app.models import Site
from workplace.domain import evolutions, forecast_jobs
from workplace.domain.evolutions import Wish
from workplace.models import Evolution
from workplace.selectors_tenants import Tenant

WEEKS, DAYS = 5, 28
_DAY = dt.timedelta(days=1)
_BEFORE_ANYBODY_COMES = dt.time(3)


def origins(site: Site, *, today: dt.date) -> list[dt.datetime]:
    """List when the forecasts of the last weeks were due, the earliest first."""
    tz = ZoneInfo(site.time_zone)
    days = [today - 7 * week * _DAY for week in range(WEEKS, 0, -1)]
    return [dt.datetime.combine(day, _BEFORE_ANYBODY_COMES, tz) for day in days]


def forecast_week(site: Site, *, origin: dt.datetime) -> None:
    """Forecast the week from an origin of the past on."""
    _forecast(site, days=7, now=origin)


def forecast_ahead(site: Site, *, now: dt.datetime) -> None:
    """Forecast the next four weeks."""
    _forecast(site, days=DAYS, now=now)


def _forecast(site: Site, *, days: int, now: dt.datetime) -> None:
    from workplace.domain import forecast_runs  # it loads numpy

    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    asked = forecast_jobs.request(
        site.pk, starts_on=today, ends_on=today + (days - 1) * _DAY, now=now
    )
    forecast_runs.run(asked.job.pk, clock=lambda: now)


def plan(site: Site, days: Sequence[dt.date], *, now: dt.datetime) -> None:
    """Let the first day's plan stand, and the second one's wait for whoever accepts it."""
    first, second = days[:2]
    tenant = Tenant(organization_id=None, now=now)
    evolutions.accept(_evolve(site, first, now=now).pk, tenant=tenant, now=now)
    _evolve(site, second, now=now)


def _evolve(site: Site, day: dt.date, *, now: dt.datetime) -> Evolution:
    from workplace.domain import evolution_runs  # it loads numpy

    wish = Wish(waits_for_acceptance=True)
    tenant = Tenant(organization_id=None, now=now)
    evolution = evolutions.start(site.pk, day, wish, tenant=tenant, now=now).evolution
    evolution_runs.run(str(evolution.pk), clock=lambda: now)
    return evolution
