"""Meeting events: what happened to a meeting, told alike wherever it happens.

Source: public-api, section 7, `changes`; safety, S-11.
"""

import datetime as dt
from typing import Any

from apitokens.domain import events
from booking.models import Meeting


def record(event_type: str, meeting: Meeting, *, now: dt.datetime, **data: Any) -> None:
    """Note an event of a meeting with its room, in the caller's transaction; `data` is told beside."""
    events.record(
        type=event_type,
        kind="meeting",
        object_id=meeting.id,
        organization_id=meeting.organization_id,
        people=_people_of(meeting),
        data={"roomId": meeting.room_id, **data},
        now=now,
    )


def _people_of(meeting: Meeting) -> list[str | None]:
    """Return whose own meeting it is: its organizer's, and that of whoever booked it over the API."""
    token = meeting.api_token
    return [meeting.organizer_id, token.owner_id if token else None]
