"""Availability: what is free, what is busy, and at which instants a meeting may start.

All spans are half-open and in UTC, so that a day of a clock change has its true length: 46, 48 or
50 half hours. Open spans come from `opening_hours.open_intervals`, one or more a day; a meeting
lies in one of them. Blocked spans already hold their own setup and cleaning minutes; the setup
and cleaning of the wanted meeting must miss them, yet need not fit the opening hours.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config import intervals
from config.intervals import Interval

DEFAULT_STEP_MINUTES = 30

Span = Interval[datetime]


class BusyKind(StrEnum):
    MEETING = "meeting"
    HOLD = "hold"
    BLOCK = "block"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Busy:
    """A span in which the room cannot be had, and why."""

    span: Span
    kind: BusyKind


class SlotState(StrEnum):
    """What stands in the way of one wanted time; `CLOSED` is told before `TAKEN`."""

    BOOKABLE = "bookable"
    CLOSED = "closed"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingShape:
    """How long a meeting is, and the minutes that the room needs before and after it.

    :raises ValueError: for a duration below one minute or negative setup or cleaning.
    """

    duration_minutes: int
    setup_minutes: int = 0
    cleaning_minutes: int = 0

    def __post_init__(self) -> None:
        if self.duration_minutes < 1 or min(self.setup_minutes, self.cleaning_minutes) < 0:
            raise ValueError("A meeting lasts at least a minute; setup and cleaning at least none")

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def setup(self) -> timedelta:
        return timedelta(minutes=self.setup_minutes)

    @property
    def cleaning(self) -> timedelta:
        return timedelta(minutes=self.cleaning_minutes)

    def meeting_span(self, starts_at: datetime) -> Span:
        return Interval(starts_at, starts_at + self.duration)

    def blocked_span(self, starts_at: datetime) -> Span:
        """Give the span that the meeting takes from the room, setup and cleaning in."""
        return Interval(starts_at - self.setup, starts_at + self.duration + self.cleaning)


def busy(*, window: Span, open_spans: Iterable[Span], taken: Iterable[Busy]) -> list[Busy]:
    """List what cannot be had in the window, sorted by start and cut to its borders.

    Time both shut and taken shows once, as taken: with what is open and not blocked it covers the
    window exactly.
    """
    taken = list(taken)
    inside = [
        Busy(_cut(entry.span, window), entry.kind)
        for entry in taken
        if intervals.overlaps(entry.span, window)
    ]
    available = [*open_spans, *(entry.span for entry in taken)]
    shut = intervals.subtract([window], available)
    inside.extend(Busy(span, BusyKind.CLOSED) for span in shut)
    return sorted(inside, key=lambda entry: (entry.span.start, entry.span.end))


def _cut(span: Span, window: Span) -> Span:
    """Cut a span that reaches into the window to its borders."""
    if intervals.contains(window, span):
        return span
    return Interval(max(span.start, window.start), min(span.end, window.end))


def bookable_starts(
    *,
    open_spans: Iterable[Span],
    blocked: Iterable[Span],
    shape: MeetingShape,
    step_minutes: int = 0,
    not_before: datetime | None = None,
) -> Iterator[datetime]:
    """Yield, in order, the starts on the grid at which the meeting can be booked.

    The grid runs from the opening of each span by `step_minutes` (30 if 0) of real time.

    :param not_before: the first allowed instant, itself allowed.
    Source: booking rules R2 and R6.
    """
    step = timedelta(minutes=step_minutes or DEFAULT_STEP_MINUTES)
    before, after = shape.setup, shape.duration + shape.cleaning
    obstacles = intervals.merge(blocked)
    passed = 0
    for start in _grid(open_spans, shape.duration, step, not_before):
        begins, ends = start - before, start + after
        while passed < len(obstacles) and obstacles[passed].end <= begins:
            passed += 1
        if passed == len(obstacles) or ends <= obstacles[passed].start:
            yield start


def starts_within(
    *,
    allowed: Iterable[Span],
    open_spans: Iterable[Span],
    blocked: Iterable[Span],
    shape: MeetingShape,
    step_minutes: int = 0,
    most: int = 1,
) -> Iterator[datetime]:
    """Yield, in order, the first starts on the grid in each allowed span, at most `most` in each.

    The meeting lies wholly in the allowed span and in one open span. Both sorts are sorted, and
    neither overlaps itself; whatever blocks is jumped over, so that full calendars cost little.
    """
    step = timedelta(minutes=step_minutes or DEFAULT_STEP_MINUTES)
    obstacles = intervals.merge(blocked)
    passed = 0
    for opening, span in _common(open_spans, allowed):
        start = _on_grid(opening.start, span.start, step)
        found = 0
        while found < most and start + shape.duration <= span.end:
            begins, ends = start - shape.setup, start + shape.duration + shape.cleaning
            while passed < len(obstacles) and obstacles[passed].end <= begins:
                passed += 1
            if passed < len(obstacles) and obstacles[passed].start < ends:
                start = _on_grid(opening.start, obstacles[passed].end + shape.setup, step)
                continue
            yield start
            found += 1
            start += step


def _common(open_spans: Iterable[Span], allowed: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Yield what an open and an allowed span share, with the open span whose grid it is."""
    allowed = list(allowed)
    first = 0
    for opening in open_spans:
        while first < len(allowed) and allowed[first].end <= opening.start:
            first += 1
        index = first
        while index < len(allowed) and allowed[index].start < opening.end:
            wish = allowed[index]
            yield opening, Interval(max(opening.start, wish.start), min(opening.end, wish.end))
            index += 1


def _on_grid(origin: datetime, wanted: datetime, step: timedelta) -> datetime:
    """Return the first instant on the grid from `origin` that is not before `wanted`."""
    return origin if wanted <= origin else origin - ((origin - wanted) // step) * step


def slot_state(
    *,
    starts_at: datetime,
    open_spans: Iterable[Span],
    blocked: Iterable[Span],
    shape: MeetingShape,
) -> SlotState:
    """Say whether a meeting can start at any given instant, on the grid or not."""
    meeting = shape.meeting_span(starts_at)
    if not any(intervals.contains(span, meeting) for span in open_spans):
        return SlotState.CLOSED
    wanted = shape.blocked_span(starts_at)
    if any(intervals.overlaps(span, wanted) for span in blocked):
        return SlotState.TAKEN
    return SlotState.BOOKABLE


def nearest_starts(
    *, wanted: datetime, starts: Iterable[datetime], count: int = 3
) -> Sequence[datetime]:
    """Pick the starts nearest to the wanted one, nearest first; earlier wins a tie."""
    return sorted(starts, key=lambda start: (abs(start - wanted), start))[:count]


def _grid(
    open_spans: Iterable[Span],
    duration: timedelta,
    step: timedelta,
    not_before: datetime | None,
) -> Iterator[datetime]:
    for span in sorted(open_spans, key=lambda span: span.start):
        start = span.start
        if not_before is not None and start < not_before:
            start += -((start - not_before) // step) * step
        while start + duration <= span.end:
            yield start
            start += step
