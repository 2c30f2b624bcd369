"""How good forecasts were. Days that are unknown (NaN) do not count; a measure of nothing is NaN."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
WEEK = 7


def wape(actual: Numbers, forecast: Numbers) -> float:
    """Sum of absolute errors over the sum of what came: 0.05 is five per cent."""
    known = _known(actual, forecast)
    total = float(np.abs(actual[known]).sum())
    return float(np.abs(actual - forecast)[known].sum()) / total if total else float("nan")


def scale_of(history: Numbers, *, season: int = WEEK) -> float:
    """Mean absolute change from one season to the next, by which errors are scaled."""
    changes = np.abs(history[season:] - history[:-season])
    changes = changes[~np.isnan(changes)]
    return float(changes.mean()) if len(changes) else float("nan")


def mase(actual: Numbers, forecast: Numbers, *, scale: float) -> float:
    """Mean absolute error in units of the scale: below 1 beats last week's value in the past."""
    errors = np.abs(actual - forecast)[_known(actual, forecast)]
    return float(errors.mean()) / scale if len(errors) and scale else float("nan")


def coverage(actual: Numbers, low: Numbers, high: Numbers) -> float:
    """Share of the days within their band, its ends included."""
    known = _known(actual, low)
    inside = (actual >= low) & (actual <= high)
    return float(inside[known].mean()) if known.any() else float("nan")


def brier(outcomes: Numbers, probabilities: Numbers) -> float:
    """Mean squared distance of probabilities from what happened, 1 or 0."""
    known = _known(outcomes, probabilities)
    return float(((outcomes - probabilities)[known] ** 2).mean()) if known.any() else float("nan")


def last_week(history: Numbers, *, horizon: int) -> Numbers:
    """Give the value of the last known same weekday for each day ahead: what costs nothing."""
    week = history[-WEEK:].copy()
    for index in np.flatnonzero(np.isnan(week)):
        earlier = history[len(history) - WEEK + index :: -WEEK]
        known = earlier[~np.isnan(earlier)]
        week[index] = known[0] if len(known) else 0.0
    return np.resize(week, horizon)


def gain(forecast_error: float, naive_error: float) -> float:
    """Say by which part an error is smaller than that of last week's value; below 0 it is larger."""
    return 1 - forecast_error / naive_error if naive_error else float("nan")


def _known(one: Numbers, other: Numbers) -> NDArray[np.bool_]:
    return ~np.isnan(one) & ~np.isnan(other)
