"""When rooms are open: the rows of the database put before the engine of opening hours."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import rules
from booking.domain.availability import Span
from booking.selectors import Obstacle
from config.intervals import Interval
from sites_app.domain import opening_hours, public_holidays
from sites_app.models import Room, Site


@dataclass(frozen=True, slots=True)
class Openings:
    """Open spans over one range; rooms of a site with the same hours and closures share theirs."""

    start: dt.datetime
    end: dt.datetime
    known: dict[tuple[Any, ...], tuple[Span, ...]]

    def of(
        self,
        room: Room,
        obstacles: Sequence[Obstacle],
        closures: tuple[rules.ClosedPeriod, ...],
    ) -> tuple[Span, ...]:
        """Return the room's open spans on every local day of the range, whole, closures cut out."""
        key = room.site_id, room.slot_week, room.slot_saturday, room.slot_sunday, closures
        if key not in self.known:
            self.known[key] = tuple(self._made(room, obstacles, closures))
        return self.known[key]

    def _made(
        self,
        room: Room,
        obstacles: Sequence[Obstacle],
        closures: tuple[rules.ClosedPeriod, ...],
    ) -> Iterable[Span]:
        tz = ZoneInfo(room.site.time_zone)
        first_day = opening_hours.local_day(self.start, tz=tz)
        last_day = last_day_of(self.end, tz)
        return opening_hours.open_intervals(
            first_day=first_day,
            last_day=last_day,
            hours=week_hours(room),
            tz=tz,
            exceptions={
                row.starts_at.date(): row.text for row in obstacles if row.kind == "exception"
            },
            closed_dates=room.site.closed_dates,
            closures=[closure.span for closure in closures],
            holidays=_holidays(room.site, first_day, last_day),
        )


def closures_among(obstacles: Iterable[Obstacle]) -> Iterator[rules.ClosedPeriod]:
    """Yield the closures among the rows, with their reasons."""
    for row in obstacles:
        if row.kind == "closure":
            span = Interval(row.starts_at, row.ends_at)
            yield rules.ClosedPeriod(span=span, reason=row.reason, reason_fr=row.reason_fr)


def last_day_of(end: dt.datetime, tz: ZoneInfo) -> dt.date:
    """Give the last local day of a range that does not hold its end."""
    return opening_hours.local_day(end - dt.timedelta(microseconds=1), tz=tz)


def _holidays(site: Site, first_day: dt.date, last_day: dt.date) -> frozenset[dt.date]:
    if not site.public_holidays:
        return frozenset()
    return public_holidays.between(country=site.country, first_day=first_day, last_day=last_day)


def week_hours(room: Room) -> opening_hours.WeekHours:
    """Return the room's weekly opening hours."""
    return opening_hours.parse_week(
        week=room.slot_week, saturday=room.slot_saturday, sunday=room.slot_sunday
    )
