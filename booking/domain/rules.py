"""Booking rules: every reason why a wanted meeting may not be, told at once and never raised.

The order is dates, duration, people, opening hours; the first violation is the one to say.
Source: Public API, POST /api/meeting-request, "Error Response Examples".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from booking.domain import availability
from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours

MIN_DURATION_MINUTES = 30

Span = Interval[datetime]


class Code(StrEnum):
    TODAY_OR_PAST = "TODAY_OR_PAST"
    NOTICE_TOO_SHORT = "NOTICE_TOO_SHORT"
    IN_THE_PAST = "IN_THE_PAST"
    DURATION_TOO_SHORT = "DURATION_TOO_SHORT"
    DURATION_OUT_OF_RANGE = "DURATION_OUT_OF_RANGE"
    DURATION_STEP = "DURATION_STEP"
    TOO_MANY_PEOPLE = "TOO_MANY_PEOPLE"
    CLOSED_TIME = "CLOSED_TIME"
    CLOSED_DAY = "CLOSED_DAY"
    SLOT_TAKEN = "SLOT_TAKEN"  # no rule of the room: told beside the rules
    LIMIT_REACHED = "LIMIT_REACHED"  # nor this one: it depends on what else somebody booked


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriod:
    """A closure of the site or the room, with its reason in both languages."""

    span: Span
    reason: str = ""
    reason_fr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule.

    `since` and `until` bound, half-open, the starts that the rule forbids around the wanted one,
    where it forbids a stretch of time; None is no bound. `earliest_ok` is the first start on the
    grid, not before the wanted one, that keeps the date and opening rules, as far as the known
    openings reach; other bookings are not looked at. `reason` is why staff closed the room.
    """

    code: Code
    message: str
    message_fr: str
    since: datetime | None = None
    until: datetime | None = None
    earliest_ok: datetime | None = None
    reason: str = ""
    reason_fr: str = ""

    @property
    def is_overridable(self) -> bool:
        """Staff may override every rule but the capacity of the room (booking rule R9)."""
        return self.code != Code.TOO_MANY_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingContext:
    """Everything the rules look at. Instants are aware; room limits of 0 mean no limit.

    `open_spans` come from `opening_hours.open_intervals`, closures already cut out: at least all
    of the wanted local day, and as many days after today and after it as `earliest_ok` may reach.
    """

    now: datetime
    tz: tzinfo
    is_new_person: bool
    starts_at: datetime
    duration_minutes: int
    attendees: int
    open_spans: tuple[Span, ...]
    closures: tuple[ClosedPeriod, ...] = ()
    min_duration_minutes: int = 0
    max_duration_minutes: int = 0
    step_minutes: int = 0
    max_persons: int = 0
    new_person_min_days: int = 2
    grace_minutes: int = 0


def violations(ctx: BookingContext) -> list[Violation]:
    """List every broken rule in the documented order; none means bookable."""
    return [
        *_date_violations(ctx),
        *_duration_violations(ctx),
        *_people_violations(ctx),
        *_opening_violations(ctx),
    ]


def _date_violations(ctx: BookingContext) -> Iterator[Violation]:
    earliest = _earliest_allowed(ctx)
    if ctx.starts_at >= earliest:
        return
    code, message, message_fr = _date_sentence(ctx)
    yield Violation(
        code=code,
        message=message,
        message_fr=message_fr,
        until=earliest,
        earliest_ok=_first_fitting_start(ctx),
    )


def _earliest_allowed(ctx: BookingContext) -> datetime:
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


def _counts_in_days(ctx: BookingContext) -> bool:
    return ctx.is_new_person and ctx.new_person_min_days > 0


def _date_sentence(ctx: BookingContext) -> tuple[Code, str, str]:
    if not _counts_in_days(ctx):
        return (
            Code.IN_THE_PAST,
            "Cannot book meetings for past dates",
            "Impossible de réserver à une date passée",
        )
    wanted = opening_hours.local_day(ctx.starts_at, tz=ctx.tz)
    if wanted <= opening_hours.local_day(ctx.now, tz=ctx.tz):
        return (
            Code.TODAY_OR_PAST,
            "Cannot book meetings for today or past dates",
            "Impossible de réserver pour aujourd'hui ou à une date passée",
        )
    days = ctx.new_person_min_days
    return (
        Code.NOTICE_TOO_SHORT,
        f"Meetings must be booked at least {days} days in advance",
        f"Les réunions doivent être réservées au moins {days} jours à l'avance",
    )


def _duration_violations(ctx: BookingContext) -> Iterator[Violation]:
    return duration_violations(
        ctx.duration_minutes,
        shortest=ctx.min_duration_minutes,
        longest=ctx.max_duration_minutes,
        step=ctx.step_minutes,
    )


def duration_violations(
    minutes: int, *, shortest: int, longest: int, step: int
) -> Iterator[Violation]:
    """Tell what is wrong with a duration by a room's limits, of which 0 is none."""
    if minutes < MIN_DURATION_MINUTES:
        yield Violation(
            code=Code.DURATION_TOO_SHORT,
            message=f"Duration must be at least {MIN_DURATION_MINUTES} minutes",
            message_fr=f"La durée doit être d'au moins {MIN_DURATION_MINUTES} minutes",
        )
    is_too_short = shortest > 0 and minutes < shortest
    if is_too_short or 0 < longest < minutes:
        yield _out_of_range(shortest, longest)
    if step > 0 and minutes % step:
        yield Violation(
            code=Code.DURATION_STEP,
            message=f"Duration must be a multiple of {step} minutes",
            message_fr=f"La durée doit être un multiple de {step} minutes",
        )


def _out_of_range(shortest: int, longest: int) -> Violation:
    if shortest and longest:
        limits, limits_fr = f"between {shortest} and {longest}", f"entre {shortest} et {longest}"
    elif shortest:
        limits, limits_fr = f"at least {shortest}", f"d'au moins {shortest}"
    else:
        limits, limits_fr = f"at most {longest}", f"d'au plus {longest}"
    return Violation(
        code=Code.DURATION_OUT_OF_RANGE,
        message=f"Duration must be {limits} minutes",
        message_fr=f"La durée doit être {limits_fr} minutes",
    )


def _people_violations(ctx: BookingContext) -> Iterator[Violation]:
    return people_violations(ctx.attendees, most=ctx.max_persons)


def people_violations(attendees: int, *, most: int) -> Iterator[Violation]:
    """Tell that too many come for a room, of which 0 holds any number."""
    if 0 < most < attendees:
        noun, noun_fr = ("person", "personne") if most == 1 else ("persons", "personnes")
        yield Violation(
            code=Code.TOO_MANY_PEOPLE,
            message=f"This room holds at most {most} {noun}",
            message_fr=f"Cette salle accueille au plus {most} {noun_fr}",
        )


def _opening_violations(ctx: BookingContext) -> Iterator[Violation]:
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
        earliest_ok=_first_fitting_start(ctx),
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

    A meeting that starts while the room is open but runs too long meets the stretch after it.
    """
    spans = sorted(ctx.open_spans, key=lambda span: span.start)
    if not spans or ctx.starts_at < spans[0].start:
        return None, spans[0].start if spans else None
    for earlier, later in pairwise(spans):
        if ctx.starts_at < later.start:
            return earlier.end, later.start
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


def _first_fitting_start(ctx: BookingContext) -> datetime | None:
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
        not_before=max(ctx.starts_at, _earliest_allowed(ctx)).astimezone(UTC),
    )
    return next(starts, None)
