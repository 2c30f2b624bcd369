"""Allocation events: seats and rooms that are given, changed or taken back, for the change feed and webhooks.

Source: Workplace API, section 0, "Audit/webhooks".
"""

import datetime as dt
from collections.abc import Iterable

from apitokens.domain import events
from apitokens.domain.events import Happening
from apitokens.models import EventType
from config import instants
from workplace.models import Allocation


def record(event_type: EventType, rows: Iterable[Allocation], *, now: dt.datetime) -> None:
    """Note an event of each row in the caller's transaction; ids and times are told, no name."""
    events.record_all((_happening(event_type, row) for row in rows), now=now)


def _happening(event_type: EventType, row: Allocation) -> Happening:
    return Happening(
        type=event_type,
        kind="allocation",
        object_id=row.id,
        organization_id=row.organization_id,
        people=[row.person_id],
        data={
            "type": row.type,
            "source": row.source,
            "siteId": row.site_id,
            "startsAt": instants.written(row.starts_at),
            "endsAt": instants.written(row.ends_at),
        },
    )
