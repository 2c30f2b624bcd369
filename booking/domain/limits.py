"""Booking limits: how much a person or a company may book within a day, week or month.

None is set by default. Whoever books is looked at under a lock of their own, taken after the
rooms' and the person's, so that of two bookings at the limit one passes. Times of a period are
those of the site.
Source: booking rule R10.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from booking.domain import meetings as stored_meetings
from booking.domain.availability import Span
from booking.domain.booking_plans import RulesBroken
from booking.domain.rules import Code, Violation
from booking.models import BookingLimit, LimitPeriod, LimitScope, Meeting
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.models import Room

LOCK = 0x6C696D74  # any number that no other lock's first half is

_PERIODS_FR = {"day": "jour", "week": "semaine", "month": "mois"}
_SCOPES_FR = {"person": "personne", "organization": "organisation"}


class LimitReached(RulesBroken):
    """One more booking would be more than a person or a company may have."""

    code = "LIMIT_REACHED"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A booking about to be made; `meeting_id` is its own when it is only changed or confirmed."""

    room: Room
    starts_at: dt.datetime
    duration_minutes: int
    person_id: str
    organization_id: str | None
    meeting_id: str | None = None

    @classmethod
    def of(cls, meeting: Meeting) -> "Booking":
        """Look at a person's meeting as it is, or is about to be, stored."""
        assert meeting.organizer_id is not None
        return cls(
            room=meeting.room,
            starts_at=meeting.starts_at,
            duration_minutes=meeting.duration_minutes,
            person_id=meeting.organizer_id,
            organization_id=meeting.organization_id,
            meeting_id=meeting.id,
        )


def check(booking: Booking, *, now: dt.datetime) -> None:
    """Refuse a booking beyond a limit, inside the caller's transaction, which holds the rooms.

    Confirmed meetings and live holds of the period count. One query where no limit is set.

    :raises LimitReached: with every limit in the way.
    """
    limits = BookingLimit.objects.filter(room_type__in=["", booking.room.type])
    broken = list(_violations(booking, list(limits.order_by("-scope", "period", "id")), now=now))
    if broken:
        raise LimitReached(broken)


def _violations(
    booking: Booking, limits: list[BookingLimit], *, now: dt.datetime
) -> Iterator[Violation]:
    for limit in limits:  # people's before companies': one order of locks
        owner = booking.person_id if limit.scope == LimitScope.PERSON else booking.organization_id
        if owner is None:
            continue
        _lock(owner)
        yield from _broken(limit, booking, owner, now=now)


def _lock(owner: str) -> None:
    """Let others of this person or company wait until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, owner])


def _broken(
    limit: BookingLimit, booking: Booking, owner: str, *, now: dt.datetime
) -> Iterator[Violation]:
    period = span_of(limit.period, booking.starts_at, tz=ZoneInfo(booking.room.site.time_zone))
    meetings = _counted(limit, booking, owner, now=now).filter(
        starts_at__gte=period.start, starts_at__lt=period.end
    )
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    found = meetings.aggregate(count=Count("id"), length=Sum(length))
    minutes = (found["length"] or dt.timedelta()) // dt.timedelta(minutes=1)
    if limit.count is not None and found["count"] + 1 > limit.count:
        yield _violation(limit, limit.count, period, noun=("booking", "réservation"))
    if limit.minutes is not None and minutes + booking.duration_minutes > limit.minutes:
        yield _violation(limit, limit.minutes, period, noun=("minute", "minute"))


def _counted(
    limit: BookingLimit, booking: Booking, owner: str, *, now: dt.datetime
) -> QuerySet[Meeting]:
    is_theirs = Q(organizer=owner) if limit.scope == LimitScope.PERSON else Q(organization=owner)
    meetings = Meeting.objects.filter(stored_meetings.live(now=now), is_theirs)
    if limit.room_type:
        meetings = meetings.filter(room__type=limit.room_type)
    return meetings.exclude(id=booking.meeting_id) if booking.meeting_id else meetings


def span_of(period: str, moment: dt.datetime, *, tz: ZoneInfo) -> Span:
    """Return the local day, week from Monday or month around an instant, half-open, in UTC."""
    day = opening_hours.local_day(moment, tz=tz)
    first, after = _days_of(period, day)
    return Interval(
        opening_hours.to_instant(day=first, minutes=0, tz=tz),
        opening_hours.to_instant(day=after, minutes=0, tz=tz),
    )


def _days_of(period: str, day: dt.date) -> tuple[dt.date, dt.date]:
    if period == LimitPeriod.DAY:
        return day, day + dt.timedelta(days=1)
    if period == LimitPeriod.WEEK:
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + dt.timedelta(weeks=1)
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1)


def _violation(limit: BookingLimit, most: int, period: Span, *, noun: tuple[str, str]) -> Violation:
    plural = "" if most == 1 else "s"
    return Violation(
        code=Code.LIMIT_REACHED,
        message=(
            f"Booking limit reached: at most {most} {noun[0]}{plural} "
            f"per {limit.period} and {limit.scope}"
        ),
        message_fr=(
            f"Limite de réservation atteinte : au plus {most} {noun[1]}{plural} "
            f"par {_PERIODS_FR[limit.period]} et par {_SCOPES_FR[limit.scope]}"
        ),
        since=period.start,
        until=period.end,
    )
