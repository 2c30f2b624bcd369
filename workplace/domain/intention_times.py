"""Intention times: from when to when a plan is, and which local day that is.

Source: Workplace API, section 0, "Day"; section 8, POST /intentions; section 13, "Time" and "Intentions".
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.intervals import Interval
from sites_app.domain import operating_hours
from sites_app.domain.operating_hours import SiteOpenings
from sites_app.models import Site
from workplace.domain import times
from workplace.domain.refusals import Detail, Invalid
from workplace.models import LONGEST_PLAN

FURTHEST_DAYS = 90
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """A half-open time with its first and last local day, and when the location is open on them."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    last_day: dt.date
    openings: SiteOpenings

    @property
    def span(self) -> Interval[dt.datetime]:
        return Interval(self.starts_at, self.ends_at)

    @property
    def is_while_open(self) -> bool:
        return self.openings.is_open_within(self.span)

    @property
    def days(self) -> list[dt.date]:
        count = (self.last_day - self.day).days + 1
        return [self.day + number * _ONE_DAY for number in range(count)]


def plan(
    site: Site, *, starts_at: dt.datetime | None, ends_at: dt.datetime | None, now: dt.datetime
) -> PlannedTime:
    """Return when a plan is: from the first moment of today, to the end of the operating day, unless said.

    :raises Invalid: when it is over, too far ahead, too long, or ends before it starts.
    """
    tz = ZoneInfo(site.time_zone)
    today = now.astimezone(tz).date()
    start = times.local_day(today, tz)[0] if starts_at is None else starts_at
    day = start.astimezone(tz).date()
    _check_day(day, today=today)
    end = _end_of(site, start, day, tz) if ends_at is None else ends_at
    _check_end(start, end, now=now)
    return at(site, starts_at=start, ends_at=end)


def at(site: Site, *, starts_at: dt.datetime, ends_at: dt.datetime) -> PlannedTime:
    """Return a known time as a plan at the location."""
    tz = ZoneInfo(site.time_zone)
    day = starts_at.astimezone(tz).date()
    last = (ends_at - dt.timedelta(microseconds=1)).astimezone(tz).date()
    openings = operating_hours.openings(site, first_day=day, last_day=last)
    return PlannedTime(
        starts_at=starts_at, ends_at=ends_at, day=day, last_day=last, openings=openings
    )


def _end_of(site: Site, start: dt.datetime, day: dt.date, tz: ZoneInfo) -> dt.datetime:
    openings = operating_hours.openings(site, first_day=day, last_day=day)
    closing = openings.closing_of(day)
    return closing if closing and closing > start else times.local_day(day, tz)[1]


def _check_day(day: dt.date, *, today: dt.date) -> None:
    if day < today:
        raise _wrong("starts_at", "must not be in the past")
    if (day - today).days > FURTHEST_DAYS:
        raise _wrong("starts_at", f"must be at most {FURTHEST_DAYS} days ahead")


def _check_end(start: dt.datetime, end: dt.datetime, *, now: dt.datetime) -> None:
    if end <= start:
        raise _wrong("ends_at", "must be after starts_at")
    if end <= now:
        raise _wrong("ends_at", "must not be in the past")
    if end - start > LONGEST_PLAN:
        raise _wrong("ends_at", f"must be at most {LONGEST_PLAN.days} days after starts_at")


def _wrong(path: str, message: str) -> Invalid:
    return Invalid([Detail(path=path, message=message)])
