"""Calendar feeds, joined from ready-made events: of rooms, of a person, of a company.

Source: Public API, GET /api/icsfeed; public-api, sections 2 and 6; safety, S-32.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings

from booking import selectors_calendar_links
from booking import selectors_feeds as selectors
from booking.domain import calendar_entries, ics
from booking.models import CalendarLink
from booking.selectors_feeds import FeedRoom, FeedRow
from config.errors import DomainError

MAX_ROOMS = 100
DEFAULT_PAST = dt.timedelta(days=365)
GONE_STAYS = dt.timedelta(days=30)
"""How long a cancelled meeting stays in its owner's calendar, as such. Source: public-api, section 2."""


class BadRooms(DomainError):
    """No rooms were named, or something that is no room."""

    code = "BAD_ROOMS"
    message = 'Bad request: "rooms" query parameter is missing, empty, or contains invalid IDs.'


class TooManyRooms(DomainError):
    """One feed is asked to hold more rooms than a calendar program can show."""

    code = "TOO_MANY_ROOMS"
    message = f"At most {MAX_ROOMS} rooms per feed"


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar, and the instant at which the first of its held requests lapses."""

    body: bytes
    next_change_at: dt.datetime | None


def of_rooms(
    room_ids: Collection[str],
    *,
    sees_all: bool,
    start: dt.datetime,
    end: dt.datetime | None,
    now: dt.datetime,
) -> Feed:
    """Join the events of the rooms that overlap `[start, end)`; `end` None is no end.

    Without `sees_all` (a caller with a token has it) subjects show only where everybody may see
    them. An event that is not made yet is made and stored on the way.

    :raises BadRooms: when one of the rooms does not exist.
    """
    rooms = selectors.rooms(room_ids)
    if len(rooms) != len(room_ids):
        raise BadRooms
    rows = selectors.events(
        room_ids=room_ids,
        mute_room_ids=[room.id for room in rooms if not room.shows_subjects],
        sees_all=sees_all,
        start=start,
        end=end,
        now=now,
    )
    lapses = [row.hold_expires_at for row in rows if row.hold_expires_at]
    return Feed(ics.feed(_events(rows), name=_name(rooms)), min(lapses, default=None))


def of_link(link: CalendarLink, *, now: dt.datetime) -> bytes:
    """Join the meetings of a person, or of a company, with their subjects; from a year ago, no end.

    What was cancelled or ran out stays for thirty days as `STATUS:CANCELLED`, so that programs which
    only ever add take it out.
    """
    meetings = selectors_calendar_links.meetings_of(
        link, since=now - DEFAULT_PAST, gone_since=now - GONE_STAYS, now=now
    )
    owner = link.person.full_name or link.person.email if link.person else str(link.organization)
    events = map(calendar_entries.for_guests, meetings)
    return ics.feed(events, name=f"{settings.BRAND_NAME}: {owner}")


def _events(rows: Sequence[FeedRow]) -> list[bytes]:
    missing = [row.meeting_id for row in rows if row.event is None]
    made: dict[str, calendar_entries.Variants] = {}
    for first in range(0, len(missing), calendar_entries.BATCH):
        made |= calendar_entries.build(missing[first : first + calendar_entries.BATCH])
    events = []
    for row in rows:
        if row.event is not None:
            events.append(row.event)
        elif variants := made.get(row.meeting_id):
            events.append(variants.busy if row.is_hidden else variants.detailed)
    return events


def _name(rooms: Sequence[FeedRoom]) -> str:
    return rooms[0].label if len(rooms) == 1 else settings.BRAND_NAME
