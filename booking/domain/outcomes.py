"""What a booking came to, for every edge that asks for one."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.models import Meeting
from sites_app.models import Room


class OutcomeStatus(StrEnum):
    """Source: Public API, POST /api/meeting-request, "Response Scenarios"."""

    ACCEPTED = "ACCEPTED"
    REQUEST_ACCEPTED = "REQUEST_ACCEPTED"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingOutcome:
    """A booking, or why there is none. Instants are in the site's zone; prices None if unpriced.

    An anonymous visitor of the website, who may not learn whether the address is known, is told
    no ids, no end of the hold and no prices. Ids are also None for an archived account and in a
    dry run, which leaves nothing behind.
    """

    status: OutcomeStatus
    meeting_id: str | None = None
    person_id: str | None = None
    room_name: str
    site_name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    duration_minutes: int
    hold_expires_at: dt.datetime | None = None
    price: Decimal | None = None
    price_gross: Decimal | None = None
    currency: str = "EUR"


def of_meeting(meeting: Meeting, *, status: OutcomeStatus) -> MeetingOutcome:
    """Tell about a meeting whose room and site are loaded."""
    tz = ZoneInfo(meeting.room.site.time_zone)
    return MeetingOutcome(
        status=status,
        meeting_id=meeting.id,
        person_id=meeting.organizer_id,
        room_name=meeting.room.display_name,
        site_name=meeting.room.site.name,
        starts_at=meeting.starts_at.astimezone(tz),
        ends_at=meeting.ends_at.astimezone(tz),
        duration_minutes=meeting.duration_minutes,
        hold_expires_at=meeting.hold_expires_at,
        price=meeting.price,
        price_gross=meeting.price_gross,
        currency=meeting.currency,
    )


def without_ids(meeting: Meeting, *, status: OutcomeStatus) -> MeetingOutcome:
    """Tell about a meeting that will not stay: a dry run's."""
    return replace(of_meeting(meeting, status=status), meeting_id=None, person_id=None)


def for_stranger(outcome: MeetingOutcome) -> MeetingOutcome:
    """Leave out whatever differs between known and unknown addresses."""
    return replace(
        outcome,
        meeting_id=None,
        person_id=None,
        hold_expires_at=None,
        price=None,
        price_gross=None,
    )


def archived(room: Room, *, starts_at: dt.datetime, ends_at: dt.datetime) -> MeetingOutcome:
    """Tell that nothing was booked because the account is archived."""
    tz = ZoneInfo(room.site.time_zone)
    return MeetingOutcome(
        status=OutcomeStatus.ARCHIVED,
        room_name=room.display_name,
        site_name=room.site.name,
        starts_at=starts_at.astimezone(tz),
        ends_at=ends_at.astimezone(tz),
        duration_minutes=int((ends_at - starts_at).total_seconds()) // 60,
        currency=room.site.currency,
    )
