"""One call that tells of presence: its items, and the import of which it may be a part.

Source: workplace-api, section 4.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from workplace.domain import occupancy, occupancy_sessions
from workplace.domain.occupancy import Failure, Recorded, Told
from workplace.domain.refusals import missing
from workplace.models import OccupancySession
from workplace.selectors_tenants import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Where a call's items belong, and whether an import begins, goes on or ends with it."""

    site_id: str | None = None
    session_id: str | None = None
    is_started: bool = False
    is_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    recorded: Recorded
    session_id: str | None


def take(
    wish: Import,
    items: Sequence[Told | Failure],
    *,
    tenant: Tenant,
    token_id: str,
    now: dt.datetime,
) -> Done:
    """Store the items that can be read; the last call of an import has forecasts made anew.

    A call of which nothing is stored is none of an import's: it can be made again.

    :raises NotFound: for a location or import that the tenant has not.
    :raises SessionClosed: for an import that is over.
    """
    if wish.site_id and not tenant.sites().filter(pk=wish.site_id).exists():
        raise missing("location_id", "Location")
    session = _open_session(wish, tenant=tenant, now=now)
    recorded = occupancy.record(
        [one for one in items if isinstance(one, Told)], tenant=tenant, now=now
    )
    unread = [one for one in items if isinstance(one, Failure)]
    failures = sorted([*unread, *recorded.failures], key=lambda one: one.index)
    if recorded.stored and wish.is_started and wish.site_id:
        session = occupancy_sessions.begin(wish.site_id, tenant=tenant, token_id=token_id, now=now)
    if recorded.stored and session is not None:
        occupancy_sessions.count(session, len(items))
        if wish.is_finished:
            occupancy_sessions.finish(session, now=now)
    return Done(
        recorded=Recorded(stored=recorded.stored, failures=failures),
        session_id=session.pk if session else None,
    )


def _open_session(wish: Import, *, tenant: Tenant, now: dt.datetime) -> OccupancySession | None:
    """Return the import that goes on; None where one begins, or there is none."""
    if wish.site_id is None or wish.session_id is None:
        return None
    return occupancy_sessions.find(wish.session_id, site_id=wish.site_id, tenant=tenant, now=now)
