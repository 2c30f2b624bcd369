"""What somebody who has logged in sees of their own bookings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from booking.models import Meeting, MeetingStatus

MOST = 50
STANDING = (MeetingStatus.CONFIRMED, MeetingStatus.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One line of the list; instants are in the site's zone."""

    meeting_id: str
    room_id: str
    subject: str
    room_name: str
    site_name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_pending: bool
    is_in_series: bool
    price_gross: Decimal | None
    currency: str


def upcoming(*, user_id: str, now: dt.datetime) -> QuerySet[Meeting]:
    """Find the bookings of a person that are not over, the soonest first."""
    return (
        Meeting.objects.filter(organizer_id=user_id, ends_at__gt=now, status__in=STANDING)
        .select_related("room__site")
        .order_by("starts_at", "id")
    )


def past(*, user_id: str, now: dt.datetime) -> QuerySet[Meeting]:
    """Find the bookings of a person that took place, the latest first."""
    return (
        Meeting.objects.filter(
            organizer_id=user_id, ends_at__lte=now, status=MeetingStatus.CONFIRMED
        )
        .select_related("room__site")
        .order_by("-starts_at", "-id")
    )


def of_ids(meeting_ids: Sequence[str]) -> list[Booking]:
    """List those bookings, the soonest first; one query."""
    meetings = Meeting.objects.filter(pk__in=meeting_ids).select_related("room__site")
    return [line(meeting) for meeting in meetings.order_by("starts_at", "id")[:MOST]]


def line(meeting: Meeting) -> Booking:
    """Return what a list tells of a booking that was read with its room and site."""
    tz = ZoneInfo(meeting.room.site.time_zone)
    return Booking(
        meeting_id=meeting.id,
        room_id=meeting.room_id,
        subject=meeting.name,
        room_name=meeting.room.display_name,
        site_name=meeting.room.site.name,
        starts_at=meeting.starts_at.astimezone(tz),
        ends_at=meeting.ends_at.astimezone(tz),
        is_pending=meeting.is_pending,
        is_in_series=meeting.series_id is not None,
        price_gross=meeting.price_gross,
        currency=meeting.currency,
    )
