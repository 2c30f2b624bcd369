"""Forecasting the past again and again, each time knowing only what was known then."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import light
from workplace.forecasting.intervals import Backtests

Counts = NDArray[np.float64]

ROUNDS = 60
DAYS_BETWEEN = 5
FEWEST_KNOWN_DAYS = 28
"""A backtest needs this much history before its origin."""


def origins(known_days: int, *, rounds: int = ROUNDS, fewest: int = FEWEST_KNOWN_DAYS) -> list[int]:
    """Give the numbers of days known at the origins, the earliest first, one every five days."""
    latest = known_days - DAYS_BETWEEN
    return list(range(latest, fewest - 1, -DAYS_BETWEEN))[:rounds][::-1]


def run(history: light.History, *, horizon: int, rounds: int = ROUNDS) -> Backtests | None:
    """Forecast from every origin; None for a history that is too short for one."""
    starts = origins(len(history.counts), rounds=rounds)
    if not starts:
        return None
    return Backtests(
        forecasts=light.forecast_from(history, origins=starts, horizon=horizon),
        actuals=following(history.counts, starts, horizon=horizon),
    )


def following(counts: Counts, starts: Sequence[int], *, horizon: int) -> Counts:
    """Give what came after each origin, shape (origins, horizon); NaN for what has not come yet."""
    padded = np.concatenate([counts, np.full(horizon, np.nan)])
    return np.stack([padded[start : start + horizon] for start in starts])
