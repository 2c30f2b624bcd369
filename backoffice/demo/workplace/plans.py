"""What the demo's people have declared: weeks of past plans, those of the days to come, an invitation.

Past plans were mostly kept, as the year of presence tells.
"""

import datetime as dt
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from backoffice.demo.ids import Ids
from backoffice.demo.workplace.house import House
from backoffice.demo.workplace.presence import Calendar, Habit
from backoffice.demo.workplace.teams import Staffed
from organizations.models import User
from sites_app.domain import operating_hours
from sites_app.models import Site
from workplace.models import (
    TYPE_OF_EXTERNAL,
    Allocation,
    AllocationSource,
    AllocationSpace,
    AllocationType,
    Configuration,
    ExternalType,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
)

PAST_DAYS, COMING_DAYS, LOCKED_DAYS = 42, 14, 10
_DAY = dt.timedelta(days=1)
_FROM, _TO = dt.time(9), dt.time(18)
_DECLARE, _SOON, _LATER = 0.4, 0.45, 0.15
_KEPT = 0.95
_THROUGH_THE_SYSTEM = 0.4
_OF_TYPE = {kind: external for external, kind in TYPE_OF_EXTERNAL.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Makes plans at a site, some of them through the connected system."""

    site: Site
    system: Configuration
    ids: Ids
    dice: random.Random
    now: dt.datetime

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.tz).date()

    def past(
        self, habits: Sequence[Habit], came: Collection[tuple[str, dt.date]]
    ) -> Iterator[Intention]:
        """Yield plans of the last weeks; `came` tells who was there when, by id and day."""
        for day in self._working_days(-PAST_DAYS, 0):
            for habit in habits:
                if day < habit.joined_on or self.dice.random() > _DECLARE:
                    continue
                is_in = (habit.person.pk, day) in came
                is_kept = self.dice.random() < _KEPT
                made_at = self._noon(day - self.dice.randint(1, 5) * _DAY)
                yield self._drawn(habit.person, day, is_in=is_in == is_kept, made_at=made_at)

    def coming(self, habits: Sequence[Habit], calendar: Calendar) -> Iterator[Intention]:
        """Yield plans of the next days, fewer the further away."""
        for day in self._working_days(1, COMING_DAYS):
            share = _SOON if (day - self.today).days <= 7 else _LATER
            for habit in habits:
                if day in calendar.holidays or self.dice.random() > share:
                    continue
                is_in = self.dice.random() < habit.chance(day, calendar=calendar)
                made_at = self.now - dt.timedelta(hours=self.dice.randint(2, 60))
                yield self._drawn(habit.person, day, is_in=is_in, made_at=made_at)

    def week_of(self, person: User, inviter: User, days: Sequence[dt.date]) -> list[Intention]:
        """Plan a day in and a day at home, and invite to a third one, in the order of writing."""
        made_at = self.now - dt.timedelta(hours=20)
        kinds = (IntentionType.SPACE, IntentionType.REMOTE)
        own = [
            self._plan(person, day, kind, made_at=made_at)
            for day, kind in zip(days, kinds, strict=False)
        ]
        host = self._plan(inviter, days[2], IntentionType.SPACE, made_at=made_at)
        invitation = self._plan(person, days[2], IntentionType.SPACE, made_at=made_at)
        invitation.status = IntentionStatus.PENDING
        invitation.source = IntentionSource.INVITE
        invitation.parent = host
        invitation.invited_by = invitation.created_by = inviter
        return [*own, host, invitation]

    def _drawn(self, person: User, day: dt.date, *, is_in: bool, made_at: dt.datetime) -> Intention:
        away = IntentionType.ABSENT if self.dice.random() < 0.2 else IntentionType.REMOTE
        kind = IntentionType.SPACE if is_in else away
        plan = self._plan(person, day, kind, made_at=made_at)
        if self.dice.random() < _THROUGH_THE_SYSTEM:
            plan.configuration = self.system
            plan.external_id = f"CAL-{plan.pk[-10:]}"
            plan.external_type = _OF_TYPE.get(kind, ExternalType.DESK_BOOKING)
            plan.source = IntentionSource.EXTERNAL
            plan.created_by = None
        return plan

    def _plan(
        self, person: User, day: dt.date, kind: IntentionType, *, made_at: dt.datetime
    ) -> Intention:
        return Intention(
            id=self.ids.new(),
            organization_id=person.organization_id,
            status=IntentionStatus.ACCEPTED,
            type=kind,
            site=self.site,
            person=person,
            starts_at=dt.datetime.combine(day, _FROM, self.tz),
            ends_at=dt.datetime.combine(day, _TO, self.tz),
            timezone=self.site.time_zone,
            day=day,
            created_by=person,
            source=IntentionSource.USER,
            created_at=made_at,
            updated_at=made_at,
        )

    def _noon(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(12, self.dice.randint(0, 59)), self.tz)

    def _working_days(self, first: int, last: int) -> list[dt.date]:
        days = (self.today + number * _DAY for number in range(first, last))
        return [day for day in days if day.isoweekday() <= 5]


def locked(
    staffed: Staffed, house: House, days: Sequence[dt.date], *, ids: Ids, now: dt.datetime
) -> tuple[list[Allocation], list[AllocationSpace]]:
    """Give a team the same desks of its zone on all these days, decided by hand."""
    zone = house.zone(staffed.story.zones[0])
    desks = house.desks(zone)[: len(staffed.people)]
    openings = operating_hours.openings(house.site, first_day=days[0], last_day=days[-1])
    rows, held = [], []
    for day in days:
        opening = openings.on(day)[0]
        row = Allocation(
            id=ids.new(),
            organization=staffed.team.organization,
            site=house.site,
            layer=zone.layer,
            zone=zone,
            type=AllocationType.SPACE,
            seats=len(desks),
            team=staffed.team,
            starts_at=opening.start,
            ends_at=opening.end,
            source=AllocationSource.MANUAL,
            is_locked=True,
            created_at=now - _DAY,
            updated_at=now - _DAY,
        )
        rows.append(row)
        during = DateTimeTZRange(opening.start, opening.end)
        held += [AllocationSpace(allocation=row, space=desk, during=during) for desk in desks]
    return rows, held


def days_ahead(site: Site, calendar: Calendar, *, today: dt.date, number: int) -> list[dt.date]:
    """List the next days on which the site is open and that are no public holidays."""
    last = today + 3 * number * _DAY + 14 * _DAY
    openings = operating_hours.openings(site, first_day=today, last_day=last)
    found = [today + later * _DAY for later in range(1, (last - today).days)]
    return [day for day in found if openings.on(day) and day not in calendar.holidays][:number]
