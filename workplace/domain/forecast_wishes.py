"""The forecasts "with wishes": what intentions, minimum targets and contingencies make of chances.

Pure. Source: workplace-api, section 5, "`_inc` rule"; section 13, "Forecasts".
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from workplace.models import (
    OPEN_STATUSES,
    PRESENT_TYPES,
    IntentionStatus,
    Quality,
    TeamLocationSettings,
)

_DUST = 1e-6
"""Sums of chances are exact up to this; less than it never makes another seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRates:
    """What part of people come who said they do, and of those who said they do not."""

    here: float = 0.97
    away: float = 0.03


USUAL_RATES = ShowRates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a person declared for a day, at this location (`is_here`) or another."""

    id: str
    status: str
    type: str
    is_here: bool

    @property
    def is_to_come(self) -> bool:
        """Whether it is a plan, accepted or not yet, to be at this location."""
        return self.is_here and self.type in PRESENT_TYPES and self.status in OPEN_STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDay:
    """A person's chance of coming, by itself and with what they declared."""

    person_id: str
    organization_id: str | None
    team_id: str | None
    probability: float
    probability_inc: float
    intention_id: str | None
    is_coming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWishes:
    """A team's limits at a location; `fixed_days` are ISO weekdays."""

    min_capacity: int = 0
    max_capacity: int | None = None
    target: int | None = None
    contingency: int = 0
    fixed_days: frozenset[int] = frozenset()


def limits_of(here: TeamLocationSettings | None) -> TeamWishes:
    """Read a team's limits off its settings at a location; without settings there it has none."""
    if here is None:
        return TeamWishes()
    return TeamWishes(
        min_capacity=here.min_capacity,
        max_capacity=here.max_capacity,
        target=here.target,
        contingency=here.contingency,
        fixed_days=frozenset(here.fixed_days),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many are expected: `forecast` to two decimals, `forecast_inc` with wishes, `intentions` told."""

    forecast: float
    forecast_inc: int
    intentions: int


NOBODY = Expected(forecast=0.0, forecast_inc=0, intentions=0)


def with_plans(
    *,
    person_id: str,
    organization_id: str | None,
    team_id: str | None,
    probability: float,
    plans: Iterable[Plan],
    rates: ShowRates,
) -> PersonDay:
    """Say how likely somebody comes who declared these plans for the day.

    An accepted plan to be here counts before one to be elsewhere, and that before none.
    """
    told = sorted(plans, key=lambda plan: (not plan.is_here, plan.id))
    accepted = [plan for plan in told if plan.status == IntentionStatus.ACCEPTED]
    here = next((plan for plan in accepted if plan.is_to_come), None)
    away = next((plan for plan in accepted if not plan.is_to_come), None)
    shown = here or away or next((plan for plan in told if plan.is_to_come), None)
    chance = rates.here if here else rates.away if away else probability
    return PersonDay(
        person_id=person_id,
        organization_id=organization_id,
        team_id=team_id,
        probability=probability,
        probability_inc=chance,
        intention_id=shown.id if shown else None,
        is_coming=any(plan.is_to_come for plan in told),
    )


def of_team(people: Iterable[PersonDay], wishes: TeamWishes, *, day: dt.date) -> Expected:
    """Sum a team's people of an open day, within its limits and targets."""
    found = list(people)
    forecast = _sum(person.probability for person in found)
    wished = (
        math.fsum(person.probability_inc for person in found) * (100 + wishes.contingency) / 100
    )
    return Expected(
        forecast=forecast,
        forecast_inc=_limited(_up(wished), wishes, forecast=forecast, day=day),
        intentions=sum(person.is_coming for person in found),
    )


def of_place(
    teams: Iterable[Expected], teamless: Iterable[PersonDay], *, others: float
) -> Expected:
    """Sum a location's teams, its people without one, and those whom nobody knows."""
    sums, singles = list(teams), list(teamless)
    return Expected(
        forecast=round(
            sum(team.forecast for team in sums)
            + _sum(person.probability for person in singles)
            + round(others, 2),
            2,
        ),
        forecast_inc=sum(team.forecast_inc for team in sums)
        + _up(sum(person.probability_inc for person in singles) + others),
        intentions=sum(team.intentions for team in sums)
        + sum(person.is_coming for person in singles),
    )


def quality(*, is_open: bool, is_short: bool) -> Quality:
    """Say how far a day's forecast can be trusted."""
    if not is_open:
        return Quality.CLOSED
    return Quality.INSUFFICIENT_HISTORY if is_short else Quality.OK


def _limited(seats: int, wishes: TeamWishes, *, forecast: float, day: dt.date) -> int:
    is_expected = forecast > 0 or day.isoweekday() in wishes.fixed_days
    wanted = seats if wishes.target is None else wishes.target
    if wishes.target is None and is_expected:
        wanted = max(wanted, wishes.min_capacity)
    return wanted if wishes.max_capacity is None else min(wanted, wishes.max_capacity)


def _sum(chances: Iterable[float]) -> float:
    return round(math.fsum(chances), 2)


def _up(number: float) -> int:
    return math.ceil(number - _DUST)
