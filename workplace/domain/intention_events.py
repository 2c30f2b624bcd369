"""Intention events: what happened to an intention, for the change feed and webhooks.

Source: Workplace API, section 0, "Audit/webhooks".
"""

import datetime as dt

from apitokens.domain import events
from apitokens.models import EventType
from workplace.models import Intention


def record(event_type: EventType, intention: Intention, *, now: dt.datetime) -> None:
    """Note an event of an intention in the caller's transaction; its id and state are told, no name."""
    events.record(
        type=event_type,
        kind="intention",
        object_id=intention.id,
        organization_id=intention.organization_id,
        people=[intention.person_id, intention.invited_by_id],
        data={
            "status": intention.status,
            "type": intention.type,
            "siteId": intention.site_id,
            "date": intention.day.isoformat(),
        },
        now=now,
    )
