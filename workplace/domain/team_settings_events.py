"""Team settings events: wishes that are made, changed or deleted, for the change feed and webhooks.

Source: Workplace API, section 0, "Audit/webhooks".
"""

import datetime as dt
from collections.abc import Iterable

from apitokens.domain import events
from apitokens.domain.events import Happening
from apitokens.models import EventType
from workplace.models import TeamSettings


def record(event_type: EventType, rows: Iterable[TeamSettings], *, now: dt.datetime) -> None:
    """Note an event of each row, whose team is at hand, in the caller's transaction."""
    events.record_all((_happening(event_type, row) for row in rows), now=now)


def _happening(event_type: EventType, row: TeamSettings) -> Happening:
    return Happening(
        type=event_type,
        kind="team_settings",
        object_id=row.id,
        organization_id=row.team.organization_id,
        data={"teamId": row.team_id},
    )
