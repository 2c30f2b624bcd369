"""Opening hours: slot strings, the spans of one local day, and their exact instants in UTC.

A slot is an interval of minutes since local midnight by the clock on the wall, 0 to 1440.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from config import intervals
from config.intervals import Interval

MINUTES_PER_DAY = 24 * 60
SATURDAY, SUNDAY = 5, 6

Slot = Interval[int]
Span = Interval[datetime]
Slots = tuple[Slot, ...]


class SlotFormatError(ValueError):
    """A slot string that cannot be read; `message` and `message_fr` say why."""

    def __init__(self, message: str, message_fr: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_fr = message_fr


class NonExistentLocalTime(ValueError):
    """A wall time that the zone's clocks never show: in a gap, or beyond the calendar."""


class Hours(Protocol):
    """Weekly hours of a room or a site."""

    def on_weekday(self, weekday: int, /) -> Slots:
        """Give the slots of a weekday counted from Monday = 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekHours:
    """The slots of each kind of weekday; no slot means closed."""

    week: Slots
    saturday: Slots
    sunday: Slots

    def on_weekday(self, weekday: int) -> Slots:
        """Give the slots of a weekday counted from Monday = 0."""
        return {SATURDAY: self.saturday, SUNDAY: self.sunday}.get(weekday, self.week)


def parse_week(*, week: str, saturday: str, sunday: str) -> WeekHours:
    """Read the three slot strings of a room.

    :raises SlotFormatError: when one of them is malformed.
    """
    return WeekHours(
        week=parse_slots(week), saturday=parse_slots(saturday), sunday=parse_slots(sunday)
    )


@lru_cache(maxsize=1024)
def parse_slots(text: str) -> Slots:
    """Read "09:00-12:00,14:00-18:00" into sorted slots; "" is closed all day.

    "24:00" may end a slot. Touching slots become one.

    :raises SlotFormatError: when a slot is malformed, reversed, or overlaps another.
    Source: Public API, `slotWeek`, `slotSaturday`, `slotSunday`.
    """
    if not text.strip():
        return ()
    slots = sorted((_parse_slot(part) for part in text.split(",")), key=lambda slot: slot.start)
    for earlier, later in pairwise(slots):
        if intervals.overlaps(earlier, later):
            raise _overlapping(earlier, later)
    return tuple(intervals.merge(slots))


def format_slots(slots: Iterable[Slot]) -> str:
    """Write slots as the slot string that reads back as the same slots."""
    return ",".join(f"{_clock(slot.start)}-{_clock(slot.end)}" for slot in slots)


def local_spans(
    *,
    day: date,
    hours: Hours,
    exceptions: Mapping[date, str],
    closed_dates: Collection[date],
    holidays: Collection[date] = (),
) -> Slots:
    """Give the slots of one local day.

    A closed date beats a dated exception, which beats a public holiday, which beats the week:
    staff may open on a holiday, and nobody is let into a site that is shut.

    :raises SlotFormatError: when the day's exception is malformed.
    """
    if day in closed_dates:
        return ()
    if day in exceptions:
        return parse_slots(exceptions[day])
    if day in holidays:
        return ()
    return hours.on_weekday(day.weekday())


def open_intervals(
    *,
    first_day: date,
    last_day: date,
    hours: Hours,
    tz: tzinfo,
    exceptions: Mapping[date, str],
    closed_dates: Collection[date],
    closures: Iterable[Span] = (),
    holidays: Collection[date] = (),
) -> list[Span]:
    """Give the open spans in UTC of all local days from first to last, both included.

    Spans of one day that touch are one; spans of two days stay apart even when they touch,
    because a booking fits one span of one day. Closures are cut out.

    :raises SlotFormatError: when an exception is malformed.
    """
    spans: list[Span] = []
    for offset in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=offset)
        slots = local_spans(
            day=day,
            hours=hours,
            exceptions=exceptions,
            closed_dates=closed_dates,
            holidays=holidays,
        )
        spans.extend(_on_the_clock(day, slots, tz))
    return intervals.subtract(spans, closures)


def day_intervals(*, day: date, slots: Iterable[Slot], tz: tzinfo) -> list[Span]:
    """Turn one day's slots into spans in UTC; one lost in a clock change is left out."""
    return list(_on_the_clock(day, tuple(slots), tz))


@lru_cache(maxsize=8192)
def _on_the_clock(day: date, slots: Slots, tz: tzinfo) -> tuple[Span, ...]:
    borders = (
        (
            to_instant(day=day, minutes=slot.start, tz=tz),
            to_instant(day=day, minutes=slot.end, tz=tz),
        )
        for slot in slots
    )
    return tuple(intervals.merge(Interval(start, end) for start, end in borders if start < end))


def to_instant(*, day: date, minutes: int, tz: tzinfo) -> datetime:
    """Give the instant in UTC at which the wall clock shows `minutes` after midnight.

    1440 is the next midnight. A time in a gap moves to the end of the gap; an ambiguous time is
    the first of the two.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    instant = _first_instant(wall, tz)
    return instant if _shows(instant, wall, tz) else _end_of_gap(wall, tz)


def resolve_wall(wall: datetime, *, tz: tzinfo) -> datetime:
    """Give the instant in UTC of a naive local time; an ambiguous one is the first.

    :raises NonExistentLocalTime: when the zone's clocks skip that time.
    Source: Public API, "Times": a non-existent local time is 400, an ambiguous one is the first.
    """
    try:
        instant = _first_instant(wall, tz)
        if _shows(instant, wall, tz):
            return instant
    except OverflowError:
        pass
    raise NonExistentLocalTime(f"The local time {wall:%Y-%m-%d %H:%M} does not exist in {tz}")


def local_day(instant: datetime, *, tz: tzinfo) -> date:
    """Give the date on the wall; at the very ends of the calendar, the date in UTC."""
    try:
        return instant.astimezone(tz).date()
    except OverflowError:
        return instant.date()


def _first_instant(wall: datetime, tz: tzinfo) -> datetime:
    return wall.replace(tzinfo=tz, fold=0).astimezone(UTC)


def _shows(instant: datetime, wall: datetime, tz: tzinfo) -> bool:
    return instant.astimezone(tz).replace(tzinfo=None) == wall.replace(tzinfo=None)


def _end_of_gap(wall: datetime, tz: tzinfo) -> datetime:
    """Find, to the second, the clock change that swallows `wall`.

    In a gap fold 1 reads the clock as already changed (too early an instant) and fold 0 as not
    yet changed (too late), so the change lies between the two and halving finds it.
    """
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    after = _first_instant(wall, tz)
    old_offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(tz).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def _parse_slot(part: str) -> Slot:
    opens, _, closes = part.partition("-")
    start, end = _parse_minutes(opens.strip()), _parse_minutes(closes.strip())
    if start is None or end is None:
        raise _malformed(part.strip())
    if end <= start:
        raise _reversed(part.strip())
    return Interval(start, end)


def _parse_minutes(text: str) -> int | None:
    hours, colon, minutes = text.partition(":")
    is_clock = len(text) == 5 and colon and text.isascii() and (hours + minutes).isdigit()
    if not is_clock or len(hours) != 2 or int(minutes) > 59:
        return None
    total = int(hours) * 60 + int(minutes)
    return total if total <= MINUTES_PER_DAY else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _malformed(part: str) -> SlotFormatError:
    return SlotFormatError(
        f'"{part}" is not a time slot: write HH:MM-HH:MM, for example 09:00-18:00',
        f"« {part} » n'est pas un créneau : écrivez HH:MM-HH:MM, par exemple 09:00-18:00",
    )


def _reversed(part: str) -> SlotFormatError:
    return SlotFormatError(
        f'The time slot "{part}" must end after it starts; no slot runs over midnight',
        f"Le créneau « {part} » doit finir après son début ; aucun créneau ne passe minuit",
    )


def _overlapping(earlier: Slot, later: Slot) -> SlotFormatError:
    one, other = format_slots([earlier]), format_slots([later])
    return SlotFormatError(
        f'The time slots "{one}" and "{other}" overlap',
        f"Les créneaux « {one} » et « {other} » se chevauchent",
    )
