"""From when on somebody may start a meeting, and the first start that fits."""

from datetime import UTC, datetime, timedelta, tzinfo

from booking.domain import availability
from booking.domain.rules.facts import BookingContext
from sites_app.domain import opening_hours


def earliest_allowed(ctx: BookingContext) -> datetime:
    """Give the first instant at which the person of the context may start."""
    return earliest_start(
        now=ctx.now,
        tz=ctx.tz,
        notice_days=ctx.new_person_min_days if ctx.is_new_person else 0,
        grace_minutes=ctx.grace_minutes,
    )


def earliest_start(
    *, now: datetime, tz: tzinfo, notice_days: int, grace_minutes: int = 0
) -> datetime:
    """Give the first instant at which somebody may start a meeting.

    Notice counts in local days: the first allowed one begins at its midnight. Without notice it is
    now, less the minutes of grace.
    Source: Public API, "Meetings must be booked at least 2 days in advance".
    """
    if notice_days <= 0:
        return now - timedelta(minutes=grace_minutes)
    first_day = opening_hours.local_day(now, tz=tz) + timedelta(days=notice_days)
    return opening_hours.to_instant(day=first_day, minutes=0, tz=tz)


def first_fitting_start(ctx: BookingContext) -> datetime | None:
    """Give the first start that keeps the date and opening rules, if one is known."""
    longest = max(
        ((span.end - span.start) // timedelta(minutes=1) for span in ctx.open_spans), default=0
    )
    if ctx.duration_minutes > longest:
        return None
    starts = availability.bookable_starts(
        open_spans=ctx.open_spans,
        blocked=(),
        shape=availability.MeetingShape(duration_minutes=max(ctx.duration_minutes, 1)),
        step_minutes=max(ctx.step_minutes, 0),
        not_before=max(ctx.starts_at, earliest_allowed(ctx)).astimezone(UTC),
    )
    return next(starts, None)
