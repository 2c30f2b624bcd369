"""The day's numbers for the back office's start page."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from booking.models import Meeting, MeetingStatus, Reservation
from organizations.models import (
    EmailStatus,
    JoinRequest,
    JoinStatus,
    Organization,
    OrganizationStatus,
    OutgoingEmail,
)

SOON = dt.timedelta(hours=6)
CONTRACT_NOTICE = dt.timedelta(days=60)
PLOTTED_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class DayNumbers:
    """What needs a look now; a day is one of the zone that `now` is in."""

    meetings_today: int
    rooms_busy: int
    holds_expiring: int
    mails_failed: int
    contracts_ending: int
    approvals_waiting: int
    registrations_waiting: int


def day_numbers(*, now: dt.datetime) -> DayNumbers:
    """Count today's meetings, busy rooms, holds that end within six hours, lost mails and the like."""
    start, end = _day(now)
    today = Meeting.objects.filter(
        status=MeetingStatus.CONFIRMED, starts_at__gte=start, starts_at__lt=end
    )
    expiring = Meeting.objects.filter(
        status=MeetingStatus.PENDING, hold_expires_at__gt=now, hold_expires_at__lte=now + SOON
    )
    busy = Reservation.objects.filter(holds=True, blocked__contains=now)
    contracts = Organization.objects.filter(
        is_archived=False,
        rental_end_on__gte=now.date(),
        rental_end_on__lte=(now + CONTRACT_NOTICE).date(),
    )
    return DayNumbers(
        meetings_today=today.count(),
        rooms_busy=busy.values("room").distinct().count(),
        holds_expiring=expiring.count(),
        mails_failed=OutgoingEmail.objects.filter(status=EmailStatus.FAILED).count(),
        contracts_ending=contracts.count(),
        approvals_waiting=JoinRequest.objects.filter(status=JoinStatus.WAITING).count(),
        registrations_waiting=Organization.objects.filter(
            status=OrganizationStatus.PENDING, is_archived=False
        ).count(),
    )


def meetings_by_day(*, now: dt.datetime) -> list[tuple[dt.date, int]]:
    """Count the confirmed meetings of each of the next fourteen days, today first."""
    start, _end = _day(now)
    rows = (
        Meeting.objects.filter(
            status=MeetingStatus.CONFIRMED,
            starts_at__gte=start,
            starts_at__lt=start + dt.timedelta(days=PLOTTED_DAYS),
        )
        .annotate(day=TruncDate("starts_at", tzinfo=now.tzinfo))
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    counts = dict(rows)
    days = [start.date() + dt.timedelta(days=number) for number in range(PLOTTED_DAYS)]
    return [(day, counts.get(day, 0)) for day in days]


def next_meetings(*, now: dt.datetime, limit: int = 8) -> QuerySet[Meeting]:
    """List the meetings that run or come next."""
    return (
        Meeting.objects.filter(
            ends_at__gt=now, status__in=(MeetingStatus.CONFIRMED, MeetingStatus.PENDING)
        )
        .select_related("room__site", "organization")
        .order_by("starts_at", "id")[:limit]
    )


def _day(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + dt.timedelta(days=1)
