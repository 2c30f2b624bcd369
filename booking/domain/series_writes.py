"""Writing a series: its row, its meetings under the constraint of any other, one mail."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking.domain import booking_writes, holds, mails, series_mails
from booking.domain.booking_plans import Plan
from booking.domain.limits import LimitReached
from booking.domain.series_scopes import Skipped
from booking.models import Meeting, MeetingSeries
from config.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The meetings written, and the dates on which a booking limit was reached."""

    meetings: Mapping[dt.date, Meeting]
    refused: Mapping[dt.date, DomainError]


def new_series(plan: Plan, rule: str, *, now: dt.datetime) -> MeetingSeries:
    """Write the series that the plan's meeting begins."""
    wall = plan.starts_at.astimezone(ZoneInfo(plan.room.site.time_zone))
    return MeetingSeries.objects.create(
        room=plan.room,
        rule=rule.strip().upper().removeprefix("RRULE:"),
        starts_on=wall.date(),
        wall_time=wall.time(),
        duration_minutes=plan.request.duration_minutes,
        created_at=now,
    )


def remember(series: MeetingSeries, skipped: Sequence[Skipped]) -> None:
    """Keep which dates are still to be had."""
    series.skipped = [entry.stored() for entry in skipped]
    series.save(update_fields=["skipped"])


def book(
    plans: Mapping[dt.date, Plan],
    series: MeetingSeries,
    *,
    room_ids: Sequence[str],
    now: dt.datetime,
) -> Booked:
    """Write the meetings, their reservations and events, by date, under the rooms' locks.

    :raises SlotTaken: :raises TooManyOpenRequests:
    """
    booked: dict[dt.date, Meeting] = {}
    refused: dict[dt.date, DomainError] = {}
    for on, plan in plans.items():
        holds.make_room(room_ids, span=plan.blocked, now=now)
        try:
            booked[on] = booking_writes.write(plan, room_ids=room_ids, series=series, now=now)
        except LimitReached as refusal:
            refused[on] = refusal
    return Booked(meetings=booked, refused=refused)


def tell(
    booked: Sequence[Meeting], plan: Plan, skipped: Sequence[Skipped], *, now: dt.datetime
) -> None:
    """Tell the person about all meetings in one mail."""
    if len(booked) == 1 and not skipped:
        booking_writes.tell(booked[0], plan, now=now)
    elif booked[0].is_confirmed:
        series_mails.confirmed(booked, skipped, now=now)
    elif booking_writes.is_newcomer(plan):
        series_mails.requested(booked, now=now)
    else:
        for meeting in booked:  # each waits for its own button
            mails.confirm_link(meeting, now=now)
