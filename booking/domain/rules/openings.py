"""The rule of opening hours: the room is open from the start to the end."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from booking.domain.rules import starts
from booking.domain.rules.facts import BookingContext, ClosedPeriod, Code, Span, Violation
from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours


def violations(ctx: BookingContext) -> Iterator[Violation]:
    """Tell that the room is closed on that day or at that time."""
    if any(_fits(ctx, span) for span in ctx.open_spans):
        return
    code, message, message_fr = _closed_sentence(ctx)
    since, until = _shut_around(ctx)
    closure = _closure_in_the_way(ctx)
    yield Violation(
        code=code,
        message=message,
        message_fr=message_fr,
        since=since,
        until=until,
        earliest_ok=starts.first_fitting_start(ctx),
        reason=closure.reason if closure else "",
        reason_fr=closure.reason_fr if closure else "",
    )


def _fits(ctx: BookingContext, span: Span) -> bool:
    # Differences rather than ends: adding an absurd duration would leave the calendar.
    minutes = (span.end - ctx.starts_at) / timedelta(minutes=1)
    return span.start <= ctx.starts_at < span.end and ctx.duration_minutes <= minutes


def _closed_sentence(ctx: BookingContext) -> tuple[Code, str, str]:
    hours = _hours_of_the_day(ctx)
    if not hours:
        return (
            Code.CLOSED_DAY,
            "The room is closed on that day",
            "La salle est fermée ce jour-là",
        )
    return (
        Code.CLOSED_TIME,
        f"The room is closed at the requested time (open {hours})",
        f"La salle est fermée à l'heure demandée (ouverte {hours})",
    )


def _hours_of_the_day(ctx: BookingContext) -> str:
    """Write when the room really opens that day: on the wall, closures cut out."""
    day = opening_hours.local_day(ctx.starts_at, tz=ctx.tz)
    spans = sorted(
        (span for span in ctx.open_spans if opening_hours.local_day(span.start, tz=ctx.tz) == day),
        key=lambda span: span.start,
    )
    return ",".join(
        f"{span.start.astimezone(ctx.tz):%H:%M}-{_closing_time(span, ctx.tz)}" for span in spans
    )


def _closing_time(span: Span, tz: tzinfo) -> str:
    clock = f"{span.end.astimezone(tz):%H:%M}"
    return "24:00" if clock == "00:00" else clock


def _shut_around(ctx: BookingContext) -> tuple[datetime | None, datetime | None]:
    """Give the shut stretch around the start, or that cuts the meeting short.

    A meeting that starts while the room is open but runs too long meets the stretch after it. Where the
    room is open on both sides of midnight there is none: it is the rest of the day, too short for it.
    """
    spans = sorted(ctx.open_spans, key=lambda span: span.start)
    if not spans or ctx.starts_at < spans[0].start:
        return None, spans[0].start if spans else None
    for earlier, later in pairwise(spans):
        if ctx.starts_at < later.start:
            is_shut_between = earlier.end < later.start
            return earlier.end if is_shut_between else ctx.starts_at, later.start
    return spans[-1].end, None


def _closure_in_the_way(ctx: BookingContext) -> ClosedPeriod | None:
    a_day = opening_hours.MINUTES_PER_DAY
    minutes = min(max(ctx.duration_minutes, 1), a_day)
    try:
        meeting = Interval(ctx.starts_at, ctx.starts_at + timedelta(minutes=minutes))
    except OverflowError:
        return None
    met = [period for period in ctx.closures if intervals.overlaps(period.span, meeting)]
    return min(met, key=lambda period: period.span.start, default=None)
