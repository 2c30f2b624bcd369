"""The ready-made VEVENTs of meetings: made when a meeting changes, so that feeds only join them.

Triggers drop the entry of a meeting whose text or place changed, whatever code path wrote it; what
is missing is made again here. An entry is made under a lock on its meeting, so that no older text
can be stored after a newer one.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from booking.domain import ics, meetings
from booking.models import CalendarEntry, Meeting, MeetingStatus

BATCH = 200
_STATUS: dict[str, ics.Status] = {
    MeetingStatus.CONFIRMED: "CONFIRMED",
    MeetingStatus.PENDING: "TENTATIVE",
}


class Variants(NamedTuple):
    """One meeting's VEVENT with and without its subject."""

    detailed: bytes
    busy: bytes


def facts(meeting: Meeting) -> ics.EventFacts:
    """Return what the calendars of rooms say about a meeting, fetched with its room and site."""
    return ics.EventFacts(
        uid=uid(meeting.id),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=meeting.name,
        description=meeting.description,
        location=_place(meeting),
        status=_STATUS.get(meeting.status, "CANCELLED"),
        sequence=meeting.sequence,
        created_at=meeting.created_at,
        revised_at=meeting.revised_at,
    )


def facts_for_guests(meeting: Meeting) -> ics.EventFacts:
    """Return the same for who comes to it: the street is told too, so that they find the place."""
    return replace(facts(meeting), location=_way_there(meeting))


def for_guests(meeting: Meeting) -> bytes:
    """Return the meeting's VEVENT for who comes to it, from the stored one if there is one."""
    entry = getattr(meeting, "calendar_entry", None)
    if entry is None or not (meeting.is_confirmed or meeting.is_pending):
        return ics.detailed(facts_for_guests(meeting))
    return ics.relocated(bytes(entry.detailed), was=_place(meeting), now=_way_there(meeting))


def _place(meeting: Meeting) -> str:
    """Source: public-api, section 2, GET /api/icsfeed, "`LOCATION` is room then site"."""
    return f"{meeting.room.display_name}, {meeting.room.site.name}"


def _way_there(meeting: Meeting) -> str:
    address = meeting.room.site.full_address
    return f"{_place(meeting)}, {address}" if address else _place(meeting)


def uid(meeting_id: str) -> str:
    """Return the meeting's name in all calendars; it never changes."""
    return f"{meeting_id}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"


def refresh(meeting: Meeting) -> None:
    """Store the entry of a meeting that was just written, in the same transaction."""
    _store([meeting])


@transaction.atomic
def build(meeting_ids: Iterable[str]) -> dict[str, Variants]:
    """Make and store the entries of these meetings as they are now; the answer is by meeting id."""
    ids = meetings.lock(Meeting.objects.filter(id__in=list(meeting_ids)))
    return _store(Meeting.objects.select_related("room__site").filter(id__in=ids).order_by("id"))


def build_missing(limit: int = BATCH) -> int:
    """Make up to `limit` entries that feeds would otherwise have to make; return how many."""
    missing = (
        Meeting.objects.filter(
            status__in=(MeetingStatus.CONFIRMED, MeetingStatus.PENDING), calendar_entry=None
        )
        .order_by("-starts_at", "id")
        .values_list("id", flat=True)[:limit]
    )
    return len(build(missing))


def _store(meetings: Iterable[Meeting]) -> dict[str, Variants]:
    made = {}
    for meeting in meetings:
        said = facts(meeting)
        made[meeting.id] = Variants(ics.detailed(said), ics.busy(said))
    CalendarEntry.objects.bulk_create(
        [
            CalendarEntry(meeting_id=id_, detailed=v.detailed, busy=v.busy)
            for id_, v in made.items()
        ],
        update_conflicts=True,
        unique_fields=["meeting"],
        update_fields=["detailed", "busy"],
    )
    return made
