"""Week calendar: every start that a room's week offers, and why each of the others cannot be had."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from booking.domain import notice, rules, schedules
from booking.domain.availability import BusyKind, Span
from booking.domain.schedules import RoomSchedule
from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours
from sites_app.models import Room

SHORTEST_STEP_MINUTES = 30
DAYS = 7


class SlotReason(StrEnum):
    """Why a start can, or cannot, be booked."""

    FREE = "free"
    PAST = "past"
    NOTICE = "notice"
    BOOKED = "booked"
    HELD = "held"
    BLOCKED = "blocked"
    SHORT = "short"


_TAKEN_BY = {
    BusyKind.MEETING: SlotReason.BOOKED,
    BusyKind.HOLD: SlotReason.HELD,
    BusyKind.BLOCK: SlotReason.BLOCKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A start in UTC, the wall clock's time then, and whether it can be booked."""

    starts_at: dt.datetime
    wall: dt.datetime
    reason: SlotReason

    @property
    def is_free(self) -> bool:
        return self.reason == SlotReason.FREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A local day's starts in order, none when it is closed; `closure` is why, if staff said so."""

    date: dt.date
    slots: tuple[Slot, ...]
    closure: rules.ClosedPeriod | None

    def at(self, time: dt.time) -> Slot | None:
        return next((slot for slot in self.slots if slot.wall.time() == time), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from a Monday; `times` are the starts of any of them on the wall."""

    monday: dt.date
    days: tuple[Day, ...]

    @property
    def times(self) -> list[dt.time]:
        return sorted({slot.wall.time() for day in self.days for slot in day.slots})

    @property
    def has_free_start(self) -> bool:
        return any(slot.is_free for day in self.days for slot in day.slots)


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def of_room(
    room: Room,
    *,
    monday: dt.date,
    duration_minutes: int,
    is_new_person: bool,
    now: dt.datetime,
) -> Week:
    """Lay out the week of a room, fetched with its site, for meetings of that length; one query."""
    start = dt.datetime.combine(monday, dt.time(), tzinfo=dt.UTC)
    end = start + dt.timedelta(days=DAYS)
    calendar = schedules.of_rooms([room], start=start, end=end, now=now, as_offered=True)[room.id]
    first = notice.first_allowed_start(tz=calendar.tz, is_new_person=is_new_person, now=now)
    asked = _Asked(calendar=calendar, minutes=duration_minutes, now=now, first_allowed=first)
    days = (asked.day(monday + dt.timedelta(days=number)) for number in range(DAYS))
    return Week(monday=monday, days=tuple(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    calendar: RoomSchedule
    minutes: int
    now: dt.datetime
    first_allowed: dt.datetime

    def day(self, date: dt.date) -> Day:
        whole = Interval(
            opening_hours.to_instant(day=date, minutes=0, tz=self.calendar.tz),
            opening_hours.to_instant(day=date, minutes=24 * 60, tz=self.calendar.tz),
        )
        slots = tuple(self._slot(start) for start in self._grid(whole))
        met = (
            closed for closed in self.calendar.closures if intervals.overlaps(closed.span, whole)
        )
        return Day(date=date, slots=slots, closure=next(met, None))

    def _grid(self, day: Span) -> Iterator[dt.datetime]:
        minutes = max(SHORTEST_STEP_MINUTES, self.calendar.room.step_duration)
        step, length = dt.timedelta(minutes=minutes), dt.timedelta(minutes=self.minutes)
        for span in self.calendar.open_spans:
            start = span.start
            while (
                intervals.contains(day, Interval(start, start + length))
                and start + length <= span.end
            ):
                yield start
                start += step

    def _slot(self, start: dt.datetime) -> Slot:
        wall = start.astimezone(self.calendar.tz).replace(tzinfo=None)
        return Slot(starts_at=start, wall=wall, reason=self._reason(start))

    def _reason(self, start: dt.datetime) -> SlotReason:
        if start < self.now:
            return SlotReason.PAST
        shape = schedules.shape(self.calendar.room, duration_minutes=self.minutes)
        wanted = shape.blocked_span(start)
        met = [entry for entry in self.calendar.taken if intervals.overlaps(entry.span, wanted)]
        if met:
            begins_free = all(entry.span.start >= start + _A_STEP for entry in met)
            return SlotReason.SHORT if begins_free else _TAKEN_BY[met[0].kind]
        return SlotReason.FREE if start >= self.first_allowed else SlotReason.NOTICE


_A_STEP = dt.timedelta(minutes=SHORTEST_STEP_MINUTES)
