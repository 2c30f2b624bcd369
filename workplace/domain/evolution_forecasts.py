"""The forecast that an evolution needs: asked for where it is missing or old, and waited for.

Source: workplace-api, section 6, "Missing/stale forecast → a forecast job is chained first".
"""

import datetime as dt

from config.errors import DomainError
from workplace.domain import evolution_cut_off, evolution_days, forecast_jobs
from workplace.domain.forecast_jobs import ForecastWish
from workplace.models import Evolution, ForecastJob, TeamForecast
from workplace.selectors_tenants import Tenant

FRESH = dt.timedelta(days=2)
"""Every night makes a new forecast, and plans update it: an older one was missed twice."""


def is_awaited(evolution: Evolution, *, now: dt.datetime) -> bool:
    """Ask for the day's forecast if need be; say whether the run has to wait for it.

    A run waits once: what it finds then, be it nothing, is what it goes by.
    """
    if evolution.forecast_job_id is None:
        if not _is_needed(evolution, now=now):
            return False
        evolution.forecast_job = _asked_for(evolution, now=now)
        evolution.save(update_fields=["forecast_job"])
    job = ForecastJob.objects.filter(pk=evolution.forecast_job_id).first()
    return job is not None and job.is_active


def _is_needed(evolution: Evolution, *, now: dt.datetime) -> bool:
    if evolution_days.opening(evolution.site, evolution.day) is None:
        return False
    if evolution_cut_off.is_over(evolution.site, evolution.day, at=evolution.created_at):
        return False  # who has accepted counts
    known = TeamForecast.objects.filter(
        site=evolution.site, day=evolution.day, created_at__gt=now - FRESH
    )
    if evolution.organization_id is not None:
        known = known.filter(team__organization=evolution.organization_id)
    return not known.exists()


def _asked_for(evolution: Evolution, *, now: dt.datetime) -> ForecastJob | None:
    wish = ForecastWish(site_id=evolution.site_id, starts_on=evolution.day, ends_on=evolution.day)
    tenant = Tenant(organization_id=evolution.organization_id, now=now)
    try:
        return forecast_jobs.start(wish, tenant=tenant, now=now).job
    except DomainError:
        return None  # no forecast can be made of that day: heads stand for it
