"""Reads for calendar feeds: which rooms, and the ready-made events of their meetings."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection

from sites_app.models import PUBLIC_TYPES, Room


class FeedRow(NamedTuple):
    """A meeting in a feed: its VEVENT, None while it is not made, and until when it holds its slot."""

    meeting_id: str
    is_hidden: bool
    event: bytes | None
    hold_expires_at: dt.datetime | None


class FeedRoom(NamedTuple):
    id: str
    name: str
    public_name: str
    type: str
    site_name: str
    site_is_public: bool
    busy_only: bool

    @property
    def label(self) -> str:
        return f"{self.public_name or self.name}, {self.site_name}"

    @property
    def shows_subjects(self) -> bool:
        """Whether anybody may read the subjects of meetings that are not private."""
        return self.site_is_public and not self.busy_only and self.type in PUBLIC_TYPES


_EVENTS = """
SELECT m.id, hidden, CASE WHEN hidden THEN e.busy ELSE e.detailed END,
       CASE WHEN m.status = 'pending' THEN m.hold_expires_at END
  FROM booking_meeting m
  LEFT JOIN booking_calendarentry e ON e.meeting_id = m.id
 CROSS JOIN LATERAL (SELECT NOT %(sees_all)s AND (m.is_private OR m.room_id = ANY(%(mute)s)))
            AS seen (hidden)
 WHERE m.room_id = ANY(%(rooms)s)
   AND (m.status = 'confirmed' OR (m.status = 'pending' AND m.hold_expires_at > %(now)s))
   AND m.ends_at > %(start)s AND (%(end)s::timestamptz IS NULL OR m.starts_at < %(end)s)
 ORDER BY m.starts_at, m.id
"""


def rooms(room_ids: Collection[str]) -> Sequence[FeedRoom]:
    """Return those of the rooms that exist, by id."""
    rows = Room.objects.filter(id__in=room_ids).order_by("id")
    fields = ("id", "name", "public_name", "type", "site__name", "site__is_public")
    return [FeedRoom._make(row) for row in rows.values_list(*fields, "site__busy_only")]


def events(
    *,
    room_ids: Collection[str],
    mute_room_ids: Collection[str],
    sees_all: bool,
    start: dt.datetime,
    end: dt.datetime | None,
    now: dt.datetime,
) -> Sequence[FeedRow]:
    """Return confirmed meetings and live holds that overlap `[start, end)`, by start, in one query.

    Without `sees_all`, private meetings and those of mute rooms come without their subject.
    """
    parameters: dict[str, Any] = {
        "rooms": list(room_ids),
        "mute": list(mute_room_ids),
        "sees_all": sees_all,
        "start": start,
        "end": end,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, parameters)
        return [
            FeedRow(id_, hidden, None if event is None else bytes(event), expires)
            for id_, hidden, event, expires in cursor.fetchall()
        ]
