"""Operating hours: when a whole site is open for its people, whatever the hours of its rooms.

Source: Workplace API, section 13, "Bulk forms" and "Forecasts"; booking rule R5.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from config import intervals
from config.intervals import Interval
from sites_app.domain import opening_hours, public_holidays
from sites_app.domain.opening_hours import SlotFormatError, Slots, Span
from sites_app.models import Closure, OpeningException, Site

ALL_DAY: Slots = (Interval(0, opening_hours.MINUTES_PER_DAY),)


@dataclass(frozen=True, slots=True)
class SiteHours:
    """The slots of each weekday, counted from Monday = 0; None is every weekday, all day."""

    by_weekday: Mapping[int, Slots] | None

    def on_weekday(self, weekday: int, /) -> Slots:
        """Give the slots of a weekday counted from Monday = 0."""
        return ALL_DAY if self.by_weekday is None else self.by_weekday.get(weekday, ())


def parse(entries: Iterable[Mapping[str, Any]]) -> SiteHours:
    """Read `[{"days": [1, …, 7], "open": "07:00", "close": "21:00"}]`; no entry is all day, every day.

    Entries about one day add up; `24:00` may close.

    :raises SlotFormatError: when a time or weekday is none.
    """
    found: dict[int, list[Interval[int]]] = {}
    is_said = False
    for entry in entries:
        is_said = True
        slots = opening_hours.parse_slots(f"{entry.get('open', '')}-{entry.get('close', '')}")
        for day in entry.get("days", ()):
            if day not in range(1, 8):
                raise SlotFormatError(
                    f"{day} is no weekday: write 1 (Monday) to 7 (Sunday)",
                    f"{day} n'est pas un jour de semaine : écrivez 1 (lundi) à 7 (dimanche)",
                )
            found.setdefault(day - 1, []).extend(slots)
    if not is_said:
        return SiteHours(None)
    return SiteHours({day: tuple(intervals.merge(slots)) for day, slots in found.items()})


def check(stored: object) -> None:
    """Accept only what `parse` reads: a list of objects with weekdays, an opening and a closing time.

    :raises SlotFormatError: when it is anything else.
    """
    if not isinstance(stored, list) or not all(map(_is_entry, stored)):
        raise SlotFormatError(
            'write a list such as [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]',
            "écrivez une liste telle que"
            ' [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]',
        )
    parse(stored)


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, Mapping) or set(entry) != {"days", "open", "close"}:
        return False
    days, times = entry["days"], (entry["open"], entry["close"])
    are_days = isinstance(days, list) and bool(days) and all(type(day) is int for day in days)
    return are_days and all(isinstance(time, str) and len(time) == 5 for time in times)


@dataclass(frozen=True)
class SiteOpenings:
    """When a site is open on some local days in a row: spans in UTC, half-open and sorted."""

    tz: ZoneInfo
    spans: tuple[Span, ...]

    def on(self, day: dt.date) -> list[Span]:
        """List the open spans of one local day."""
        return [span for span in self.spans if self._day(span) == day]

    def is_open_on(self, day: dt.date) -> bool:
        return day in self._open_days

    def is_open_within(self, wanted: Span) -> bool:
        """Say whether the site is open for any of that time."""
        return any(intervals.overlaps(span, wanted) for span in self.spans)

    def is_open_throughout(self, wanted: Span) -> bool:
        """Say whether the site is open for all of that time."""
        before = bisect_right(self._merged, wanted.start, key=lambda span: span.start)
        return before > 0 and intervals.contains(self._merged[before - 1], wanted)

    @cached_property
    def _merged(self) -> list[Span]:
        return intervals.merge(self.spans)

    @cached_property
    def _open_days(self) -> frozenset[dt.date]:
        return frozenset(map(self._day, self.spans))

    def closing_of(self, day: dt.date) -> dt.datetime | None:
        """Return when the site closes for the day, None when it does not open."""
        return max((span.end for span in self.on(day)), default=None)

    def _day(self, span: Span) -> dt.date:
        return opening_hours.local_day(span.start, tz=self.tz)


def openings(site: Site, *, first_day: dt.date, last_day: dt.date) -> SiteOpenings:
    """Read when a site is open from the first to the last local day, both included, in two queries.

    Closures of the whole site are cut out; a closed date beats a dated exception, which beats a
    public holiday, which beats the week.
    """
    tz = ZoneInfo(site.time_zone)
    exceptions = OpeningException.objects.filter(site=site, date__range=(first_day, last_day))
    spans = opening_hours.open_intervals(
        first_day=first_day,
        last_day=last_day,
        hours=parse(site.operating_hours),
        tz=tz,
        exceptions={one.date: one.slots for one in exceptions},
        closed_dates=site.closed_dates,
        closures=_closures(site, first_day, last_day, tz),
        holidays=holidays_of(site, first_day=first_day, last_day=last_day),
    )
    return SiteOpenings(tz, tuple(spans))


def holidays_of(site: Site, *, first_day: dt.date, last_day: dt.date) -> frozenset[dt.date]:
    """Return the public holidays on which the site is closed: none unless staff switched them on."""
    if not site.public_holidays:
        return frozenset()
    return public_holidays.between(
        country=site.holiday_country or site.country,
        subdivision=site.holiday_subdivision,
        first_day=first_day,
        last_day=last_day,
    )


def _closures(site: Site, first_day: dt.date, last_day: dt.date, tz: ZoneInfo) -> list[Span]:
    start = opening_hours.to_instant(day=first_day, minutes=0, tz=tz)
    end = opening_hours.to_instant(day=last_day + dt.timedelta(days=1), minutes=0, tz=tz)
    found = Closure.objects.filter(site=site, room=None, starts_at__lt=end, ends_at__gt=start)
    return [Interval(starts, ends) for starts, ends in found.values_list("starts_at", "ends_at")]
