"""What a person's chance of coming on a normal day depends on, as numbers known at an origin.

What special days bring is learnt from everybody together (`persons`): one person has too few of them.
Source: design, forecasting, section 7, "Persons".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting.attendance import AWAY, CAME, UNKNOWN, Attendance
from workplace.forecasting.special_days import SpecialDays

Numbers = NDArray[np.float64]
Features = NDArray[np.float32]

HALF_LIVES = (28.0, 84.0, 280.0)
"""In days: four weeks, a quarter, most of a year."""
NAMES = (
    *(f"rate {days:.0f}" for days in HALF_LIVES),
    *(f"weekday rate {days:.0f}" for days in HALF_LIVES),
    *(f"team weekday rate {days:.0f}" for days in HALF_LIVES),
    "week parity rate",
    "last same weekday",
    "same weekday before",
    "days since seen",
    "last ten days",
    "team's last ten days",
    "history",
    "days ahead",
    "August",
    *("Monday", "Tuesday", "Wednesday", "Thursday", "weekend"),
    "plans to come",
    "plans not to come",
    # interactions
    "August × rate",
    "last ten days × days ahead",
    "weekday rate × parity rate",
    "since seen × days ahead",
)
_WEEK = 7
_LONGEST = HALF_LIVES[-1]
_TEN = 10
_LONGEST_AWAY, _REMEMBERED = 60, 120
"""Counted in days on which people come, and in days of the calendar."""
_AUGUST = 8
_OWN_WEIGHT = 2.0
_WEEKDAY_WEIGHT = 2.0
_PARITY_WEIGHT = 2.0
"""Rates are shrunk by so many days: to everybody's, to one's own, to those of the weekday."""


def at(attendance: Attendance, *, origin: int, horizon: int) -> Features:
    """Give the features for each person and day ahead, shape (people, horizon, features).

    Only days before the origin are looked at, and of the days ahead only the calendar and what was told.
    """
    past = Past(attendance, origin)
    ahead = _Ahead.of(attendance.days, origin, horizon)
    told = attendance.declared.known_at(origin, horizon=horizon, number=attendance.people)
    table = np.empty((attendance.people, horizon, len(NAMES)), dtype=np.float32)
    columns = [*past.columns(ahead), *ahead.columns(), told == CAME, told == AWAY]
    for index, column in enumerate(columns):
        table[:, :, index] = column
    _interact(table, first=len(columns))
    return table


def _interact(table: Features, *, first: int) -> None:
    """Fill the last columns, each the product of two earlier ones."""
    position = {name: index for index, name in enumerate(NAMES)}
    pairs = (
        ("August", "rate 84"),
        ("last ten days", "days ahead"),
        ("weekday rate 84", "week parity rate"),
        ("days since seen", "days ahead"),
    )
    for offset, (one, other) in enumerate(pairs):
        np.multiply(
            table[:, :, position[one]],
            table[:, :, position[other]],
            out=table[:, :, first + offset],
        )


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The days ahead: weekday, parity of the week, and whether it is August; all (horizon,)."""

    weekdays: NDArray[np.int64]
    parities: NDArray[np.int64]
    is_august: NDArray[np.bool_]

    @classmethod
    def of(cls, days: SpecialDays, origin: int, horizon: int) -> "_Ahead":
        span = slice(origin, origin + horizon)
        return cls(
            weekdays=days.weekdays[span],
            parities=_parities(days, origin + horizon)[span],
            is_august=np.array(
                [days.day(index).month == _AUGUST for index in range(origin, origin + horizon)]
            ),
        )

    def columns(self) -> list[NDArray[np.float64]]:
        """Give the columns that are the same for everybody, each (horizon,)."""
        flags = [
            np.log(np.arange(1, len(self.weekdays) + 1)),
            self.is_august,
            *(self.weekdays == weekday for weekday in range(4)),
            self.weekdays > 4,
        ]
        return [flag.astype(np.float64) for flag in flags]


class Past:
    """What the days before an origin say of each person; holidays and their like say nothing."""

    def __init__(self, attendance: Attendance, origin: int) -> None:
        self.days = attendance.days.until(origin)
        seen = attendance.seen[:, :origin]
        self.known = ((seen != UNKNOWN) & self.days.is_normal).astype(np.float32)
        self.came = ((seen == CAME) & self.days.is_normal).astype(np.float32)
        self.teams = attendance.teams
        self.age = (origin - 1 - np.arange(origin)).astype(np.float64)
        self.is_weekday = np.eye(_WEEK)[self.days.weekdays]
        self.usual = float(self.came.sum()) / max(float(self.known.sum()), 1.0)

    def columns(self, ahead: _Ahead) -> list[Numbers]:
        """Give the personal columns, each (people, horizon) or (people, 1)."""
        rates = [self.rates(half_life) for half_life in HALF_LIVES]
        longest_overall, longest_own, _ = rates[-1]
        parity = self._parity_rates(longest_own)
        recent = self._ratio(*self._sums(np.where(self.age < _TEN, 1.0, 0.0)), longest_overall)
        return [
            *(overall[:, None] for overall, _, _ in rates),
            *(own[:, ahead.weekdays] for _, own, _ in rates),
            *(team[:, ahead.weekdays] for _, _, team in rates),
            parity[:, ahead.weekdays * 2 + ahead.parities],
            *(self._last_outcome(back)[:, ahead.weekdays] for back in (1, 2)),
            np.log1p(self._days_since_seen())[:, None],
            recent[:, None],
            self._team_recent(recent)[:, None],
            np.log1p(self.known.sum(axis=1))[:, None],
        ]

    def _sums(self, weights: Numbers) -> tuple[Numbers, Numbers]:
        weights = weights.astype(np.float32)
        return self.came @ weights, self.known @ weights

    def rates(self, half_life: float) -> tuple[Numbers, Numbers, Numbers]:
        """Give the decayed rates: overall (people,), by weekday and the team's by weekday (people, 7)."""
        weights = 0.5 ** (self.age / half_life)
        overall = self._ratio(*self._sums(weights), self.usual)
        came, known = self._sums(weights[:, None] * self.is_weekday)
        own = (came + _WEEKDAY_WEIGHT * overall[:, None]) / (known + _WEEKDAY_WEIGHT)
        return overall, own, self._of_team(came, known, overall)

    def _of_team(self, came: Numbers, known: Numbers, overall: Numbers) -> Numbers:
        """Pool weekdays over each team, its member included; without a team everybody is one."""
        number = int(self.teams.max(initial=-1)) + 2
        groups = self.teams + 1
        sums = np.zeros((2, number, _WEEK))
        np.add.at(sums[0], groups, came)
        np.add.at(sums[1], groups, known)
        size = np.bincount(groups, minlength=number)
        means = np.bincount(groups, weights=overall, minlength=number) / np.maximum(size, 1)
        pooled = (sums[0] + 2 * means[:, None]) / (sums[1] + 2)
        return np.asarray(pooled[groups])

    def _ratio(self, came: Numbers, known: Numbers, towards: Numbers | float) -> Numbers:
        return np.asarray((came + _OWN_WEIGHT * towards) / (known + _OWN_WEIGHT))

    def _parity_rates(self, weekday_rates: Numbers) -> Numbers:
        """Give the rates of each weekday in even and in odd weeks, shape (people, 14)."""
        slots = self.days.weekdays * 2 + _parities(self.days, len(self.days))
        weights = 0.5 ** (self.age / _LONGEST)
        came, known = self._sums(weights[:, None] * np.eye(2 * _WEEK)[slots])
        towards = np.repeat(weekday_rates, 2, axis=1)
        return (came + _PARITY_WEIGHT * towards) / (known + _PARITY_WEIGHT)

    def _last_outcome(self, back: int) -> Numbers:
        """Give what happened on the last (or the one before) normal day of each weekday, (people, 7).

        1 came, -1 stayed away, 0 unknown.
        """
        outcomes = np.zeros((len(self.came), _WEEK))
        for weekday in range(_WEEK):
            days = np.flatnonzero(self.days.is_normal & (self.days.weekdays == weekday))
            if len(days) >= back:
                day = days[-back]
                outcomes[:, weekday] = 2 * self.came[:, day] - self.known[:, day]
        return outcomes

    def _days_since_seen(self) -> Numbers:
        """Count the days since somebody came on which they might have come, at most 60.

        Holidays, closed days and the turn of the year are none: after them nobody has been away longer.
        """
        came, known = self.came[:, ::-1][:, :_REMEMBERED], self.known[:, ::-1][:, :_REMEMBERED]
        is_before = np.logical_or.accumulate(came > 0, axis=1)
        since = (known * ~is_before).sum(axis=1)
        ever = came.any(axis=1)
        return np.where(ever, np.minimum(since, _LONGEST_AWAY), _LONGEST_AWAY).astype(np.float64)

    def _team_recent(self, recent: Numbers) -> Numbers:
        groups = self.teams + 1
        size = np.bincount(groups)
        sums = np.bincount(groups, weights=recent)
        return np.asarray((sums / np.maximum(size, 1))[groups])


def _parities(days: SpecialDays, number: int) -> NDArray[np.int64]:
    """Give 0 or 1 for every other week, by the calendar, so that it means the same at every origin."""
    monday_count = (days.first_day.toordinal() - 1 + np.arange(number)) // _WEEK
    return np.asarray(monday_count % 2, dtype=np.int64)
