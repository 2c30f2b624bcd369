"""The days of a plan: its part of each local day, within the hours in which the location is open."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from config import intervals
from config.intervals import Interval
from sites_app.models import Site
from workplace.domain import evolution_days, times
from workplace.models import Intention

Span = Interval[dt.datetime]
ONE_DAY = dt.timedelta(days=1)
FURTHEST = 92
"""How many days are looked at: no plan of a day is published further ahead."""


def of(plan: Intention, *, since: dt.datetime) -> Iterator[dt.date]:
    """Yield the local days of a plan that are not over by then, at most as many as are ever planned."""
    tz = ZoneInfo(plan.site.time_zone)
    yield from between(max(plan.starts_at, since), plan.ends_at, tz=tz)


def between(starts_at: dt.datetime, ends_at: dt.datetime, *, tz: ZoneInfo) -> Iterator[dt.date]:
    """Yield the local days of a half-open time, at most as many as are ever planned."""
    first = starts_at.astimezone(tz).date()
    last = (ends_at - dt.timedelta(microseconds=1)).astimezone(tz).date()
    for number in range(min((last - first).days + 1, FURTHEST)):
        yield first + number * ONE_DAY


def hours(site: Site, day: dt.date) -> Span | None:
    """Return from when to when people sit at a location on that day, None on a closed one."""
    return evolution_days.opening(site, day)


def part(plan: Intention, day: dt.date, *, hours: Span | None) -> Span:
    """Return the part of a plan on a local day that it meets, cut to these hours where they meet too."""
    whole = Interval(plan.starts_at, plan.ends_at)
    that_day = Interval(*times.local_day(day, ZoneInfo(plan.site.time_zone)))
    [own] = intervals.intersect([whole], [that_day])
    shared = intervals.intersect([own], [hours]) if hours else []
    return shared[0] if shared else own
