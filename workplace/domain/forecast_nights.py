"""The nightly forecast of every location that is in use. Source: forecasting, section 7."""

import datetime as dt
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError
from django.db.models import Exists, OuterRef, Q

from sites_app.models import Site
from workplace.domain import forecast_jobs
from workplace.models import Occupancy, TeamLocationSettings

USED = dt.timedelta(days=90)
_DAY = dt.timedelta(days=1)

log = structlog.get_logger(__name__)


def ask_for_all(*, now: dt.datetime) -> int:
    """Ask for the next four weeks of each location that was used or has teams; return how many.

    A location that fails holds up no other.
    """
    seen = Occupancy.objects.filter(
        site=OuterRef("pk"), deleted_at=None, day__gte=(now - USED).date()
    )
    teams = TeamLocationSettings.objects.filter(site=OuterRef("pk"))
    sites = Site.objects.filter(Q(Exists(seen)) | Q(Exists(teams))).order_by("pk")
    return sum(_ask(site, now) for site in sites)


def _ask(site: Site, now: dt.datetime) -> bool:
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    last = today + (forecast_jobs.USUAL_DAYS - 1) * _DAY
    try:
        forecast_jobs.request(site.pk, starts_on=today, ends_on=last, now=now)
    except DatabaseError:
        log.exception("workplace.forecast_not_asked_for", site=site.pk)
        return False
    return True
