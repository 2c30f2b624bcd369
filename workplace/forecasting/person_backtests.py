"""Forecasting the past from people upwards: what the sum of their chances would have been, and was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import backtests, light, metrics, persons
from workplace.forecasting.attendance import CAME, UNKNOWN, Attendance, Indices
from workplace.forecasting.intervals import Backtests
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
class Tested:
    """The backtests of some people, and how good the last chances were."""

    past: Backtests
    brier: float


def run(
    attendance: Attendance,
    *,
    others: light.History | None,
    horizon: int,
    groups: Sequence[Indices],
    told: Callable[[float], None],
) -> list[Tested]:
    """Forecast from every origin with a model that is at most 75 days old.

    The first answer is for everybody together with the `others`, then one for the people of each group,
    by their indices; none where no backtest is possible. `told` hears what part is done.
    """
    starts = backtests.origins(
        attendance.known_days,
        rounds=_rounds(attendance.people, horizon),
        fewest=_FEWEST_KNOWN_DAYS,
    )
    if not starts:
        return []
    sums, briers = [], []
    model: Logistic | None = None
    for number, start in enumerate(starts):
        if number % _ORIGINS_PER_MODEL == 0:
            model = persons.train(attendance, until=start, most_rows=_MOST_ROWS)
        chances = persons.chances(attendance, model, origin=start, horizon=horizon)
        joined = _joined(attendance, chances, start)
        sums.append([joined.sum(axis=0), *(joined[group].sum(axis=0) for group in groups)])
        briers.append(_briers(attendance, chances, start, groups))
        told((number + 1) / len(starts))
    forecasts = np.array(sums)
    forecasts[:, 0] += _others(others, starts, horizon)
    counts = [_counts(attendance, others), *(_came(attendance, group) for group in groups)]
    quality = _means(np.array(briers[-_ROUNDS_OF_BRIER:]))
    return [
        Tested(
            past=Backtests(
                forecasts=forecasts[:, index],
                actuals=backtests.following(each, starts, horizon=horizon),
            ),
            brier=float(quality[index]),
        )
        for index, each in enumerate(counts)
    ]


def _rounds(people: int, horizon: int) -> int:
    fitting = _MOST_CELLS // max(people * horizon * 6, 1)
    return int(np.clip(fitting, _FEWEST_ROUNDS, backtests.ROUNDS))


def _joined(attendance: Attendance, chances: Counts, origin: int) -> Counts:
    """Keep the chances of those who belonged here at the origin."""
    joined = (attendance.seen[:, :origin] != UNKNOWN).any(axis=1)
    return np.where(joined[:, None], chances, 0.0)


def _briers(
    attendance: Attendance, chances: Counts, origin: int, groups: Sequence[Indices]
) -> list[float]:
    seen = attendance.seen[:, origin : origin + chances.shape[1]]
    closed = attendance.days.is_closed[origin : origin + seen.shape[1]]
    outcomes = np.where((seen == UNKNOWN) | closed, np.nan, seen)
    known = chances[:, : seen.shape[1]]
    return [
        metrics.brier(outcomes, known),
        *(metrics.brier(outcomes[group], known[group]) for group in groups),
    ]


def _means(rows: Counts) -> Counts:
    """Give the mean of each column's known values; NaN for a column without one."""
    known = ~np.isnan(rows)
    number = known.sum(axis=0)
    means = np.where(known, rows, 0.0).sum(axis=0) / np.maximum(number, 1)
    return np.where(number > 0, means, np.nan)


def _others(others: light.History | None, starts: Sequence[int], horizon: int) -> Counts:
    if others is None:
        return np.zeros((len(starts), horizon))
    return light.forecast_from(others, origins=starts, horizon=horizon)


def _came(attendance: Attendance, group: Indices) -> Counts:
    came = (attendance.seen[group] == CAME).sum(axis=0).astype(np.float64)
    return np.where(attendance.days.is_closed[: len(came)], np.nan, came)


def _counts(attendance: Attendance, others: light.History | None) -> Counts:
    came = _came(attendance, np.arange(attendance.people))
    return came if others is None else came + np.nan_to_num(others.counts)
