"""A year of who came to the demo's workplace, and how likely each is to come on a day.

Hybrid weeks with full Tuesdays and Thursdays and empty Fridays, holidays and bridges, a quiet August,
Christmas, one day of strikes, and a team that joined. All of it is thrown with dice from the seed.
"""

import datetime as dt
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from backoffice.demo.ids import Ids
from backoffice.demo.workplace.teams import Company, Staffed
from organizations.models import User
from sites_app.domain import public_holidays
from sites_app.models import Site
from workplace.domain.occupancy_rows import Sighting

DAYS = 365
_DAY = dt.timedelta(days=1)
_FRIDAY = 5
_USUAL, _OTHER, _ON_FRIDAYS = 0.9, 0.22, 0.10
_ON_HOLIDAYS, _ON_BRIDGES, _ON_STRIKE, _IN_AUGUST, _AT_CHRISTMAS = 0.02, 0.25, 0.12, 0.55, 0.15
_STRIKE_DAYS_AGO = 16
_HOURS = (9.0, 0.6)
_LENGTH = (8.6, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Somebody's usual week: ISO weekdays, how keen they are, and when they are away for days."""

    person: User
    team: Staffed
    joined_on: dt.date
    days: Collection[int]
    keenness: float
    away: Sequence[tuple[dt.date, dt.date]]

    def chance(self, day: dt.date, *, calendar: "Calendar") -> float:
        """Say how likely they come on a day."""
        if day < self.joined_on or any(first <= day <= last for first, last in self.away):
            return 0.0
        weekday = day.isoweekday()
        base = _USUAL if weekday in self.days else _OTHER
        if weekday == _FRIDAY and weekday not in self.days:
            base = _ON_FRIDAYS
        return min(0.97, base * self.keenness * calendar.factor(day))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What is special about days: public holidays with their bridges, a strike, how each day went."""

    holidays: Collection[dt.date]
    strike_on: dt.date
    luck: Sequence[float]
    first_day: dt.date

    def factor(self, day: dt.date) -> float:
        """Return by which factor more or fewer come."""
        return self._season(day) * self._luck(day)

    def _season(self, day: dt.date) -> float:
        if day.isoweekday() > _FRIDAY:
            return 0.0
        cases = (
            (day in self.holidays, _ON_HOLIDAYS),
            (day == self.strike_on, _ON_STRIKE),
            ((day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3), _AT_CHRISTMAS),
            (self._is_bridge(day), _ON_BRIDGES),
            (day.month == 8, _IN_AUGUST),
        )
        return next((factor for applies, factor in cases if applies), 1.0)

    def _is_bridge(self, day: dt.date) -> bool:
        if day.isoweekday() == 1:
            return day + _DAY in self.holidays
        return day.isoweekday() == _FRIDAY and day - _DAY in self.holidays

    def _luck(self, day: dt.date) -> float:
        number = (day - self.first_day).days
        return self.luck[number] if 0 <= number < len(self.luck) else 1.0


def calendar_of(site: Site, *, today: dt.date, dice: random.Random) -> Calendar:
    """Read the site's public holidays, and choose the day on which no train went."""
    first_day = today - DAYS * _DAY
    holidays = public_holidays.between(
        country=site.holiday_country, first_day=first_day, last_day=today + 60 * _DAY
    )
    strike = today - _STRIKE_DAYS_AGO * _DAY
    while strike.isoweekday() != 4 or strike in holidays:
        strike -= _DAY
    return Calendar(
        holidays=holidays,
        strike_on=strike,
        luck=[min(1.12, dice.gauss(1.0, 0.05)) for _ in range(DAYS + 1)],
        first_day=first_day,
    )


def habits(company: Company, *, today: dt.date, dice: random.Random) -> list[Habit]:
    """Throw the usual week of everybody; most have been here from the beginning.

    The people who were made for the company are known since they joined it.
    """
    first_day = today - DAYS * _DAY
    found = [
        _habit(person, staffed, first_day=first_day, today=today, dice=dice)
        for staffed in company.teams
        for person in staffed.people
    ]
    newcomers = set(company.newcomers)
    for habit in found:
        if habit.person in newcomers:
            habit.person.created_at = dt.datetime.combine(habit.joined_on, dt.time(7), dt.UTC)
    return found


def _habit(
    person: User, team: Staffed, *, first_day: dt.date, today: dt.date, dice: random.Random
) -> Habit:
    joined_on = first_day
    if team.story.joined_days_ago is not None:
        joined_on = today - team.story.joined_days_ago * _DAY
    elif dice.random() < 0.06:
        joined_on = first_day + dice.randint(30, DAYS - 30) * _DAY
    days = {day for day in team.story.days if dice.random() < 0.9}
    if dice.random() < 0.45:
        days.add(dice.choice((1, 2, 3, 4)))
    return Habit(
        person=person,
        team=team,
        joined_on=joined_on,
        days=days,
        keenness=dice.uniform(0.7, 1.1),
        away=list(_away(first_day, dice)),
    )


def _away(first_day: dt.date, dice: random.Random) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield the holidays of a year: weeks in summer and at Christmas, one more, and a few days ill."""
    for year in (first_day.year, first_day.year + 1):
        summer = dt.date(year, 7, 12) + dice.randint(0, 35) * _DAY
        yield summer, summer + dice.choice((13, 13, 20)) * _DAY
        if dice.random() < 0.6:
            yield dt.date(year, 12, 22), dt.date(year, 12, 31)
    for length in (6, 2, 1, 0):
        start = first_day + dice.randint(0, DAYS) * _DAY
        yield start, start + length * _DAY


def days(calendar: Calendar) -> Iterator[dt.date]:
    """Yield the days of the year, today as the last."""
    yield from (calendar.first_day + number * _DAY for number in range(DAYS + 1))


def on(
    day: dt.date,
    habits: Sequence[Habit],
    calendar: Calendar,
    site: Site,
    *,
    ids: Ids,
    dice: random.Random,
    now: dt.datetime,
) -> Iterator[Sighting]:
    """Yield who was seen on a day, each once; nobody has been seen in the future."""
    tz = ZoneInfo(site.time_zone)
    today = now.astimezone(tz).date()
    for habit in habits:
        if dice.random() >= habit.chance(day, calendar=calendar):
            continue
        came_at = _at(day, dice.gauss(*_HOURS), tz)
        left_at = came_at + dt.timedelta(minutes=round(60 * max(2.0, dice.gauss(*_LENGTH))))
        if came_at <= now:
            left_at = min(left_at, now) if day == today else left_at
            yield _sighting(habit, site, day, came_at, left_at, ids=ids)


def _at(day: dt.date, hour: float, tz: ZoneInfo) -> dt.datetime:
    minutes = round(60 * min(max(hour, 7.1), 12.0))
    local = dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), tz)
    return local.astimezone(dt.UTC)


def _sighting(
    habit: Habit,
    site: Site,
    day: dt.date,
    came_at: dt.datetime,
    left_at: dt.datetime,
    *,
    ids: Ids,
) -> Sighting:
    left_at = left_at.replace(microsecond=0)
    return Sighting(
        id=ids.new(),
        person_id=habit.person.pk,
        site_id=site.pk,
        seen_at=came_at,
        day=day,
        team_id=habit.team.team.pk,
        first_seen_at=came_at,
        last_seen_at=left_at,
        created_at=left_at,
        updated_at=left_at,
    )
