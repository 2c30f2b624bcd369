"""Imports of presence in several requests, after which forecasts are made anew once.

Source: workplace-api, section 4, "Sessions".
"""

import datetime as dt

from django.db import transaction
from django.db.models import F

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


def finish(session: OccupancySession, *, now: dt.datetime) -> bool:
    """Close an import; tell whether this call did, so that what follows is done once."""
    with transaction.atomic():
        closed = OccupancySession.objects.filter(pk=session.pk, finished_at=None).update(
            finished_at=now
        )
    return bool(closed)
