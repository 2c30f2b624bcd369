"""A location's presence and plans as the arrays that the forecasting engine reads.

It loads numpy: only the background worker imports it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from sites_app.domain import opening_hours, operating_hours
from sites_app.domain.operating_hours import SiteOpenings
from sites_app.models import Site
from workplace import selectors_capacity, selectors_forecast_inputs
from workplace.domain.forecast_wishes import USUAL_RATES, Plan, ShowRates
from workplace.forecasting import special_days
from workplace.forecasting.attendance import AWAY, CAME, UNKNOWN, Attendance, Declared
from workplace.forecasting.hourly import HOURS
from workplace.forecasting.intervals import BASE_FACTOR
from workplace.forecasting.outlooks import Situation
from workplace.forecasting.special_days import Region, SpecialDays
from workplace.models import PRESENT_TYPES, ForecastJob
from workplace.selectors_forecast_inputs import Member, TeamFacts

Numbers = NDArray[np.float64]

HISTORY_DAYS = 396
"""Thirteen months, for as long as presence is kept."""
ARRIVAL_DAYS = 84
FEWEST_CASES = 50
"""From so many plans on, how many were kept is measured."""
_USUAL_WEEK = (0.40, 0.50, 0.45, 0.50, 0.35, 0.03, 0.02)
_HEARD_DAYS = 56
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days of a forecast: those known, `first` up to `origin`, and those ahead, `origin` to `end`."""

    site: Site
    first: dt.date
    origin: dt.date
    end: dt.date
    openings: SiteOpenings
    marked: SpecialDays
    holidays: frozenset[dt.date]

    @property
    def known(self) -> int:
        return (self.origin - self.first).days

    @property
    def horizon(self) -> int:
        return (self.end - self.origin).days

    def number(self, day: dt.date) -> int:
        return (day - self.first).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that one run reads. `plans` are those for the days ahead, by person and day."""

    calendar: Calendar
    members: Sequence[Member]
    organizations: Sequence[str]
    teams: dict[str, TeamFacts]
    plans: dict[tuple[str, dt.date], list[Plan]]
    rates: ShowRates
    situation: Situation
    arrivals: Numbers
    open_hours: Numbers
    capacity: int | None


def load(
    job: ForecastJob, *, today: dt.date, factor: float | None, told: Callable[[float], None]
) -> Inputs:
    """Read everything in a number of queries that does not depend on people or days."""
    site = job.site
    calendar = _calendar(site, job, today)
    members = selectors_forecast_inputs.members(site, today=calendar.origin)
    seen, others = _presence(calendar, members)
    accepted = selectors_forecast_inputs.accepted(
        [one.id for one in members], first_day=calendar.first, last_day=calendar.end
    )
    declared = _declared(calendar, members, accepted)
    organizations = sorted({one.organization_id for one in members if one.organization_id})
    team_ids = sorted({one.team_id for one in members if one.team_id})
    attendance = Attendance(
        seen=seen,
        teams=np.array(
            [team_ids.index(one.team_id) if one.team_id else -1 for one in members], dtype=np.int64
        ),
        days=calendar.marked,
        declared=declared,
    )
    return Inputs(
        calendar=calendar,
        members=members,
        organizations=organizations,
        teams=selectors_forecast_inputs.teams(site, set(team_ids)),
        plans=_plans_ahead(calendar, members),
        rates=show_rates(attendance),
        situation=Situation(
            attendance=attendance,
            others=others,
            horizon=calendar.horizon,
            usual_rates=_usual_rates(organizations, calendar),
            factor=BASE_FACTOR if factor is None else factor,
            groups=[_people_of(members, one) for one in organizations],
            told=told,
        ),
        arrivals=_arrivals(calendar),
        open_hours=_open_hours(calendar),
        capacity=selectors_capacity.of_site(site),
    )


def _calendar(site: Site, job: ForecastJob, today: dt.date) -> Calendar:
    origin = min(today, job.starts_on)
    first, end = origin - HISTORY_DAYS * _DAY, job.ends_on + _DAY
    openings = operating_hours.openings(site, first_day=first, last_day=job.ends_on)
    region = Region(
        country=site.holiday_country or site.country, subdivision=site.holiday_subdivision
    )
    tz = ZoneInfo(site.time_zone)
    is_open = {opening_hours.local_day(span.start, tz=tz) for span in openings.spans}
    every = [first + number * _DAY for number in range((end - first).days)]
    return Calendar(
        site=site,
        first=first,
        origin=origin,
        end=end,
        openings=openings,
        marked=special_days.mark(
            first_day=first, days=len(every), region=region, closed=set(every) - is_open
        ),
        holidays=frozenset(
            special_days.public_holidays(region=region, first_day=origin, last_day=end)
        ),
    )


def _presence(calendar: Calendar, members: Sequence[Member]) -> tuple[NDArray[np.int8], Numbers]:
    """Give who of the members came when, and how many others came each known day.

    Nothing is known of anybody before the first day on which presence was seen at all.
    """
    rows = selectors_forecast_inputs.days_seen(
        calendar.site, first=calendar.first, end=calendar.origin
    )
    place = {one.id: number for number, one in enumerate(members)}
    seen = np.full((len(members), calendar.known), AWAY, dtype=np.int8)
    others = np.zeros(calendar.known)
    start = np.array([max(calendar.number(one.created_on), 0) for one in members], dtype=np.int64)
    for person_id, days in rows:
        number = place.get(person_id)
        if number is None:
            others[days] += 1
        else:
            seen[number, days] = CAME
            start[number] = min(days)
    begun = min((min(days) for _person, days in rows), default=0)
    not_yet = np.arange(calendar.known)[None, :] < np.maximum(start, begun)[:, None]
    seen[not_yet] = UNKNOWN
    seen[:, calendar.marked.is_closed[: calendar.known]] = UNKNOWN
    return seen, others


def _declared(calendar: Calendar, members: Sequence[Member], accepted: Sequence[Any]) -> Declared:
    """Give the accepted plans, one entry for each of their days: to come to this location, or not to."""
    place = {one.id: number for number, one in enumerate(members)}
    tz = ZoneInfo(calendar.site.time_zone)
    rows = [
        (
            place[person_id],
            number,
            calendar.number(opening_hours.local_day(told_at, tz=tz)),
            CAME if kind in PRESENT_TYPES and site_id == calendar.site.pk else AWAY,
        )
        for person_id, first, last, told_at, kind, site_id in accepted
        for number in range(
            calendar.number(max(first, calendar.first)),
            calendar.number(min(last, calendar.end)) + 1,
        )
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Declared(
        people=table[:, 0],
        days=table[:, 1],
        known_from=table[:, 2],
        plans=table[:, 3].astype(np.int8),
    )


def show_rates(attendance: Attendance) -> ShowRates:
    """Measure what part of plans was kept, where there were enough of them.

    Source: workplace-api, section 5, "`_inc` rule": the measured show rate from 50 cases on.
    """
    declared, known = attendance.declared, attendance.known_days
    past = (declared.days >= 0) & (declared.days < known)
    outcomes = attendance.seen[declared.people[past], declared.days[past]]
    plans = declared.plans[past]
    return ShowRates(
        here=_kept(outcomes[plans == CAME], USUAL_RATES.here),
        away=_kept(outcomes[plans == AWAY], USUAL_RATES.away),
    )


def _kept(outcomes: NDArray[np.int8], usual: float) -> float:
    known = outcomes[outcomes != UNKNOWN]
    return round(float((known == CAME).mean()), 4) if len(known) >= FEWEST_CASES else usual


def _plans_ahead(
    calendar: Calendar, members: Sequence[Member]
) -> dict[tuple[str, dt.date], list[Plan]]:
    rows = selectors_forecast_inputs.intentions(
        [one.id for one in members], first_day=calendar.origin, last_day=calendar.end
    )
    found: dict[tuple[str, dt.date], list[Plan]] = {}
    for person_id, first, last, plan_id, status, kind, site_id in rows.values_list(
        "person_id", "day", "last_day", "pk", "status", "type", "site_id"
    ):
        plan = Plan(id=plan_id, status=status, type=kind, is_here=site_id == calendar.site.pk)
        day = max(first, calendar.origin)
        while day <= min(last, calendar.end):
            found.setdefault((str(person_id), day), []).append(plan)
            day += _DAY
    return found


def _people_of(members: Sequence[Member], organization_id: str) -> NDArray[np.int64]:
    return np.array(
        [number for number, one in enumerate(members) if one.organization_id == organization_id],
        dtype=np.int64,
    )


def _usual_rates(organizations: Sequence[str], calendar: Calendar) -> Numbers:
    """Give what part of the companies' people comes on each weekday wherever they were seen lately.

    Without anybody seen it is what is usual in offices.
    """
    people, by_weekday = selectors_forecast_inputs.seen_elsewhere(
        organizations, first=calendar.origin - _HEARD_DAYS * _DAY, end=calendar.origin
    )
    if not people:
        return np.array(_USUAL_WEEK)
    days = Counter(dict(by_weekday))
    weeks = _HEARD_DAYS / 7
    return np.array([min(days[weekday] / (people * weeks), 1.0) for weekday in range(1, 8)])


def _arrivals(calendar: Calendar) -> Numbers:
    """Give how many first arrived in each hour of the last twelve weeks, shape (known days, 24)."""
    found = np.zeros((calendar.known, HOURS))
    first = max(calendar.origin - ARRIVAL_DAYS * _DAY, calendar.first)
    offset = calendar.number(first)
    for day, hour, people in selectors_forecast_inputs.arrivals(
        calendar.site, first=first, end=calendar.origin
    ):
        found[day + offset, hour] = people
    return found


def _open_hours(calendar: Calendar) -> Numbers:
    """Give for each day ahead what part of each local hour the location is open, shape (days, 24)."""
    found = np.zeros((calendar.horizon, HOURS))
    tz = ZoneInfo(calendar.site.time_zone)
    for span in calendar.openings.spans:
        day = (opening_hours.local_day(span.start, tz=tz) - calendar.origin).days
        if 0 <= day < calendar.horizon:
            _fill(found[day], span.start.astimezone(tz), span.end.astimezone(tz))
    return np.minimum(found, 1.0)


def _fill(hours: Numbers, start: dt.datetime, end: dt.datetime) -> None:
    """Add a span of one local day to its hours."""
    opens = start.hour + start.minute / 60
    closes = HOURS if end.date() > start.date() else end.hour + end.minute / 60
    for hour in range(HOURS):
        hours[hour] += max(min(closes, hour + 1) - max(opens, hour), 0.0)
