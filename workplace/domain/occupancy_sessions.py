"""Imports of presence in several requests, after which forecasts are made anew once.

Source: workplace-api, section 4, "Sessions".
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from sites_app.models import Site
from workplace.domain import forecast_jobs
from workplace.domain.refusals import Conflict, Detail, missing
from workplace.models import OccupancySession
from workplace.selectors_tenants import Tenant

OPEN_FOR = dt.timedelta(hours=24)


class SessionClosed(Conflict):
    """The import was finished, or stood open for more than a day."""

    code = "session_closed"
    message = "This session is closed"


def begin(site_id: str, *, tenant: Tenant, token_id: str, now: dt.datetime) -> OccupancySession:
    """Open an import for a location."""
    return OccupancySession.objects.create(
        organization_id=tenant.organization_id,
        site_id=site_id,
        api_token_id=token_id,
        started_at=now,
        expires_at=now + OPEN_FOR,
    )


def find(session_id: str, *, site_id: str, tenant: Tenant, now: dt.datetime) -> OccupancySession:
    """Return an open import of the tenant and location.

    :raises NotFound: :raises SessionClosed:
    """
    session = OccupancySession.objects.filter(
        pk=session_id, organization=tenant.organization_id, site=site_id
    ).first()
    if session is None:
        raise missing("session_id", "Session")
    if session.finished_at is not None or session.expires_at <= now:
        raise SessionClosed([Detail(path="session_id", message=SessionClosed.message)])
    return session


def count(session: OccupancySession, received: int) -> None:
    """Note how many more items the import brought."""
    OccupancySession.objects.filter(pk=session.pk).update(received=F("received") + received)


def finish(session: OccupancySession, *, now: dt.datetime) -> None:
    """Close an import, and have the location's forecast made anew, once for all its calls."""
    with transaction.atomic():
        unfinished = OccupancySession.objects.filter(pk=session.pk, finished_at=None)
        if unfinished.update(finished_at=now):
            forecast_anew(session.site, now=now)


def forecast_anew(site: Site, *, now: dt.datetime) -> None:
    """Ask for the forecast of the next four weeks of a location whose presence has changed."""
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    last = today + dt.timedelta(days=forecast_jobs.USUAL_DAYS - 1)
    forecast_jobs.request(site.pk, starts_on=today, ends_on=last, now=now)
