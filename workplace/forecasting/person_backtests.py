"""Forecasting the past from people upwards: what the sum of their chances would have been, and was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import backtests, light, metrics, persons
from workplace.forecasting.attendance import CAME, UNKNOWN, Attendance
from workplace.forecasting.logistic import Logistic

Counts = NDArray[np.float64]

_FEWEST_KNOWN_DAYS = 70
_ORIGINS_PER_MODEL = 15
_MOST_ROWS = 100_000
_ROUNDS_OF_BRIER = 5
_MOST_CELLS = 40_000_000
"""People times days ahead times rounds; of larger locations fewer rounds are tried."""
_FEWEST_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBacktests:
    """What was forecast (`totals`) and came (`actuals`), both (origins, days ahead); and the last Brier."""

    totals: Counts
    actuals: Counts
    brier: float


def run(
    attendance: Attendance, *, others: light.History | None, horizon: int
) -> PersonBacktests | None:
    """Forecast from every origin with a model that is at most 75 days old; None where none is possible."""
    starts = backtests.origins(
        attendance.known_days,
        rounds=_rounds(attendance.people, horizon),
        fewest=_FEWEST_KNOWN_DAYS,
    )
    if not starts:
        return None
    models: dict[int, Logistic | None] = {}
    totals, briers = [], []
    for number, start in enumerate(starts):
        first = starts[number - number % _ORIGINS_PER_MODEL]
        if first not in models:
            models[first] = persons.train(attendance, until=first, most_rows=_MOST_ROWS)
        chances = persons.chances(attendance, models[first], origin=start, horizon=horizon)
        totals.append(_belonging(attendance, chances, start))
        briers.append(_brier(attendance, chances, start))
    forecasts = np.stack(totals) + _others(others, starts, horizon)
    return PersonBacktests(
        totals=forecasts,
        actuals=backtests.following(_counts(attendance, others), starts, horizon=horizon),
        brier=float(np.nanmean(briers[-_ROUNDS_OF_BRIER:])),
    )


def _rounds(people: int, horizon: int) -> int:
    fitting = _MOST_CELLS // max(people * horizon * 6, 1)
    return int(np.clip(fitting, _FEWEST_ROUNDS, backtests.ROUNDS))


def _belonging(attendance: Attendance, chances: Counts, origin: int) -> Counts:
    """Sum the chances of those who belonged here at the origin."""
    joined = (attendance.seen[:, :origin] != UNKNOWN).any(axis=1)
    total: Counts = chances[joined].sum(axis=0)
    return total


def _brier(attendance: Attendance, chances: Counts, origin: int) -> float:
    seen = attendance.seen[:, origin : origin + chances.shape[1]]
    closed = attendance.days.is_closed[origin : origin + seen.shape[1]]
    outcomes = np.where((seen == UNKNOWN) | closed, np.nan, seen)
    return metrics.brier(outcomes, chances[:, : seen.shape[1]])


def _others(others: light.History | None, starts: list[int], horizon: int) -> Counts:
    if others is None:
        return np.zeros((len(starts), horizon))
    return light.forecast_from(others, origins=starts, horizon=horizon)


def _counts(attendance: Attendance, others: light.History | None) -> Counts:
    came = (attendance.seen == CAME).sum(axis=0).astype(np.float64)
    if others is not None:
        came += np.nan_to_num(others.counts)
    return np.where(attendance.days.is_closed[: len(came)], np.nan, came)
