"""Who comes: one logistic model of all people, trained on what was known at origins of the past.

It knows normal days alone. On special days all chances are moved so far that their sum is to a normal
day's as it was before on such days, by name and kind, as for counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import logistic, person_features, special_factors
from workplace.forecasting.attendance import CAME, UNKNOWN, Attendance
from workplace.forecasting.logistic import Logistic
from workplace.forecasting.special_factors import Factors

Numbers = NDArray[np.float64]

HORIZON = 28
_DAYS_BETWEEN_ORIGINS = 14
_MOST_ORIGINS = 52
_FEWEST_KNOWN_DAYS = 28
MOST_ROWS = 400_000
_SEED = 20


@dataclass(frozen=True, slots=True)
class _Sample:
    """Rows to learn from: features (rows, features) and whether the person came."""

    features: NDArray[np.float32]
    outcomes: NDArray[np.bool_]


def train(
    attendance: Attendance, *, until: int | None = None, most_rows: int = MOST_ROWS
) -> Logistic | None:
    """Learn from the days before `until` (default: all known); None where there is too little.

    Of larger numbers of people a part is taken, so that the rows stay about the same.
    """
    end = attendance.known_days if until is None else until
    origins = training_origins(end)
    part = _part_of_people(attendance, most_rows // max(len(origins) * HORIZON, 1))
    samples = [
        _sample(part, origin=origin, horizon=min(HORIZON, end - origin)) for origin in origins
    ]
    if not samples:
        return None
    outcomes = np.concatenate([one.outcomes for one in samples])
    if outcomes.all() or not outcomes.any():
        return None
    return logistic.fit(np.concatenate([one.features for one in samples]), outcomes)


def chances(
    attendance: Attendance, model: Logistic | None, *, origin: int, horizon: int
) -> Numbers:
    """Give each person's chance of coming on each day ahead, 0 on closed days; (people, horizon).

    Without a model it is how often they came on that weekday.
    """
    if model is None:
        normal = _frequencies(attendance, origin=origin, horizon=horizon)
    else:
        table = person_features.at(attendance, origin=origin, horizon=horizon)
        normal = model.chances(table.reshape(-1, table.shape[2])).reshape(table.shape[:2])
    closed = attendance.days.is_closed[origin : origin + horizon]
    found = _on_special_days(attendance, normal, origin=origin)
    return np.where(closed[None, :], 0.0, found)


def _on_special_days(attendance: Attendance, normal: Numbers, *, origin: int) -> Numbers:
    """Bring the sums of special days to what such days brought; who told a plan is left alone."""
    horizon = normal.shape[1]
    seen = attendance.seen[:, :origin]
    came = np.where((seen != UNKNOWN).any(axis=0), (seen == CAME).sum(axis=0), np.nan)
    cleaned = special_factors.clean(came, attendance.days.until(origin))
    factors = cleaned.factors.on(attendance.days.after(origin, horizon))
    told = attendance.declared.known_at(origin, horizon=horizon, number=attendance.people)
    found = normal.copy()
    for day in np.flatnonzero((factors != 0.0) & (factors != 1.0)):
        free = told[:, day] == UNKNOWN
        wanted = float(factors[day] * normal[free, day].sum())
        found[free, day] = logistic.shifted(normal[free, day], total=wanted)
    return found


def usual_chances(attendance: Attendance, rates: Numbers, *, horizon: int) -> Numbers:
    """Give everybody the rates (7,) of the weekdays, less on special days; (people, horizon)."""
    ahead = attendance.days.after(attendance.known_days, horizon)
    one = np.clip(rates[ahead.weekdays] * Factors(()).on(ahead), 0.0, 1.0)
    return np.tile(one, (attendance.people, 1))


def _frequencies(attendance: Attendance, *, origin: int, horizon: int) -> Numbers:
    """Give the rate of each weekday, shrunk to the person's own and that to everybody's."""
    ahead = attendance.days.after(origin, horizon)
    past = person_features.Past(attendance, origin)
    _, own, _ = past.rates(person_features.HALF_LIVES[-1])
    return np.asarray(own[:, ahead.weekdays])


def training_origins(end: int) -> Sequence[int]:
    """Give the origins to learn from, one every two weeks, the latest first."""
    latest = end - _DAYS_BETWEEN_ORIGINS // 2
    return range(latest, _FEWEST_KNOWN_DAYS - 1, -_DAYS_BETWEEN_ORIGINS)[:_MOST_ORIGINS]


def _part_of_people(attendance: Attendance, most: int) -> Attendance:
    """Take whole teams in an order of chance that is always the same, until there are people enough."""
    if attendance.people <= most:
        return attendance
    number = int(attendance.teams.max(initial=-1)) + 2
    order = np.random.default_rng(_SEED).permutation(number)
    by_team = np.argsort(order[attendance.teams + 1], kind="stable")
    return attendance.of_people(np.sort(by_team[:most]))


def _sample(attendance: Attendance, *, origin: int, horizon: int) -> _Sample:
    """Take the known outcomes of normal days after an origin."""
    outcomes = attendance.seen[:, origin : origin + horizon]
    usable = (outcomes != UNKNOWN) & attendance.days.is_normal[origin : origin + horizon]
    table = person_features.at(attendance, origin=origin, horizon=horizon)
    return _Sample(features=table[usable], outcomes=outcomes[usable] == CAME)
