"""From what the engine foresees to the rows that callers read, each the sum of its parts.

It loads numpy: only the background worker imports it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from workplace.domain import forecast_bands, forecast_wishes, times
from workplace.domain.forecast_bands import Numbers
from workplace.domain.forecast_inputs import Inputs
from workplace.domain.forecast_wishes import (
    NOBODY,
    Expected,
    PersonDay,
)
from workplace.forecasting import hourly
from workplace.forecasting.outlooks import Outlook
from workplace.models import (
    ForecastJob,
    LocationForecast,
    PersonForecast,
    Quality,
    TeamForecast,
)

MODEL_VERSION = "1"
MODEL_NAMES = {
    "people": "people+special-days",
    "counts": "seasonal-level+special-days",
    "head-count": "head-count",
}
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a run writes."""

    locations: list[LocationForecast]
    teams: list[TeamForecast]
    people: list[PersonForecast]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One day ahead: its number from the origin on, its borders in UTC and what it is."""

    offset: int
    on: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_open: bool
    is_holiday: bool
    quality: Quality


def build(job: ForecastJob, inputs: Inputs, outlook: Outlook, *, now: dt.datetime) -> Rows:
    """Make the rows of every day of the job."""
    maker = _Maker(job, inputs, outlook, now)
    for day in maker.days():
        maker.make(day)
    return maker.rows


class _Maker:
    """Makes the rows of one run, day by day."""

    def __init__(
        self, job: ForecastJob, inputs: Inputs, outlook: Outlook, now: dt.datetime
    ) -> None:
        self.job, self.inputs, self.outlook, self.now = job, inputs, outlook, now
        self.rows = Rows([], [], [])
        self.wishes = {
            team_id: forecast_wishes.limits_of(facts.settings)
            for team_id, facts in inputs.teams.items()
        }
        self.hourly = self._shares()
        self.bands = forecast_bands.of_days(outlook.totals, outlook.tried.widths)
        self.organization_bands = [
            forecast_bands.of_days(outlook.chances[group].sum(axis=0), tried.widths)
            for group, tried in zip(inputs.situation.groups, outlook.groups, strict=True)
        ]

    def days(self) -> Iterator[_Day]:
        calendar = self.inputs.calendar
        tz = ZoneInfo(calendar.site.time_zone)
        for number in range((self.job.ends_on - self.job.starts_on).days + 1):
            on = self.job.starts_on + number * _DAY
            starts_at, ends_at = times.local_day(on, tz)
            is_open = not bool(calendar.marked.is_closed[calendar.number(on)])
            yield _Day(
                offset=(on - calendar.origin).days,
                on=on,
                starts_at=starts_at,
                ends_at=ends_at,
                is_open=is_open,
                is_holiday=on in calendar.holidays,
                quality=forecast_wishes.quality(is_open=is_open, is_short=self.outlook.is_short),
            )

    def make(self, day: _Day) -> None:
        """Make one day's rows: people, then teams from them, then the location from these."""
        people = self._people(day)
        by_team: dict[str | None, list[PersonDay]] = {team_id: [] for team_id in self.inputs.teams}
        for person in people:
            by_team.setdefault(person.team_id, []).append(person)
        teams = {
            team_id: forecast_wishes.of_team(by_team[team_id], self.wishes[team_id], day=day.on)
            if day.is_open
            else NOBODY
            for team_id in self.inputs.teams
        }
        self.rows.people.extend(self._person_row(person, day) for person in people)
        self.rows.teams.extend(
            self._team_row(team_id, expected, by_team[team_id], day)
            for team_id, expected in teams.items()
        )
        self._add_locations(teams, by_team.get(None, []), day)

    def _people(self, day: _Day) -> list[PersonDay]:
        chances = self.outlook.chances[:, day.offset]
        return [
            forecast_wishes.with_plans(
                person_id=one.id,
                organization_id=one.organization_id,
                team_id=one.team_id if one.team_id in self.inputs.teams else None,
                probability=round(float(chance), 4),
                plans=self.inputs.plans.get((one.id, day.on), ()),
                rates=self.inputs.rates,
            )
            for one, chance in zip(self.inputs.members, chances, strict=True)
        ]

    def _person_row(self, person: PersonDay, day: _Day) -> PersonForecast:
        return PersonForecast(
            person_id=person.person_id,
            site=self.job.site,
            team_id=person.team_id,
            job=self.job,
            day=day.on,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            probability=person.probability if day.is_open else 0.0,
            probability_inc=person.probability_inc if day.is_open else 0.0,
            intention_id=person.intention_id,
            created_at=self.now,
        )

    def _team_row(
        self, team_id: str, expected: Expected, people: Sequence[PersonDay], day: _Day
    ) -> TeamForecast:
        facts, wishes = self.inputs.teams[team_id], self.wishes[team_id]
        chances = np.array([person.probability for person in people])
        heads = max(facts.head_count, len(people))
        return TeamForecast(
            team_id=team_id,
            site=self.job.site,
            job=self.job,
            day=day.on,
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            head_count=facts.head_count,
            min_capacity=wishes.min_capacity,
            target=wishes.target,
            contingency=wishes.contingency,
            co_attendance=round(expected.forecast / heads, 4) if heads else None,
            forecast=_decimal(expected.forecast),
            forecast_inc=expected.forecast_inc,
            **forecast_bands.of_team(expected.forecast, chances, most=len(people)),
            intentions=expected.intentions,
            is_holiday=day.is_holiday,
            quality=day.quality,
            created_at=self.now,
        )

    def _add_locations(
        self, teams: dict[str, Expected], teamless: Sequence[PersonDay], day: _Day
    ) -> None:
        others = float(self.outlook.others[day.offset]) if day.is_open else 0.0
        whole = forecast_wishes.of_place(
            teams.values(), teamless if day.is_open else (), others=others
        )
        bands = {level: band[:, day.offset] for level, band in self.bands.items()}
        self._add_location(None, whole, bands, len(self.inputs.members), day)
        for number, organization_id in enumerate(self.inputs.organizations):
            own = forecast_wishes.of_place(
                [
                    expected
                    for team_id, expected in teams.items()
                    if self.inputs.teams[team_id].team.organization_id == organization_id
                ],
                [one for one in teamless if one.organization_id == organization_id]
                if day.is_open
                else (),
                others=0.0,
            )
            heads = len(self.inputs.situation.groups[number])
            found = self.organization_bands[number]
            bands = {level: band[:, day.offset] for level, band in found.items()}
            self._add_location(organization_id, own, bands, heads, day)

    def _add_location(
        self,
        organization_id: str | None,
        expected: Expected,
        bands: dict[float, Numbers],
        heads: int,
        day: _Day,
    ) -> None:
        capacity = self.inputs.capacity
        self.rows.locations.append(
            LocationForecast(
                organization_id=organization_id,
                site=self.job.site,
                job=self.job,
                day=day.on,
                starts_at=day.starts_at,
                ends_at=day.ends_at,
                capacity=capacity,
                head_count=heads,
                forecast=_decimal(expected.forecast),
                forecast_inc=expected.forecast_inc,
                **(
                    forecast_bands.in_people(bands) if day.is_open else forecast_bands.in_people({})
                ),
                intentions=expected.intentions,
                over_capacity_probability=forecast_bands.over_capacity(
                    expected.forecast, bands, capacity
                )
                if day.is_open
                else forecast_bands.over_capacity(0.0, {}, capacity),
                is_holiday=day.is_holiday,
                quality=day.quality,
                model_name=MODEL_NAMES[self.outlook.model],
                model_version=MODEL_VERSION,
                hourly=self._hours(expected.forecast, day) if day.is_open else [],
                created_at=self.now,
            )
        )

    def _shares(self) -> Numbers:
        """Give the share of each hour of each day ahead, shape (days, 24)."""
        return hourly.split(
            np.ones(self.inputs.calendar.horizon),
            arrivals=self.inputs.arrivals,
            days=self.inputs.calendar.marked,
            is_open=self.inputs.open_hours,
        )

    def _hours(self, forecast: float, day: _Day) -> list[dict[str, float]]:
        """Spread a day over its open hours; what rounding leaves goes to the largest of them."""
        opened = np.flatnonzero(self.inputs.open_hours[day.offset])
        amounts = {int(hour): round(forecast * self.hourly[day.offset, hour], 2) for hour in opened}
        if amounts:
            largest = max(amounts, key=lambda hour: amounts[hour])
            amounts[largest] = round(amounts[largest] + forecast - sum(amounts.values()), 2)
        return [{"hour": hour, "forecast": amount} for hour, amount in amounts.items()]


def _decimal(number: float) -> Decimal:
    return Decimal(str(number)).quantize(Decimal("0.01"))
