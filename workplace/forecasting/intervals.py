"""Bands around forecasts, as wide as past forecasts were wrong: split-conformal prediction.

Errors grow as the root of what is forecast: widths are parts of the root of a forecast times the usual
one, by how far ahead it looks. Taken as parts of the forecast itself, small days would widen large ones.
Source: design, forecasting, section 3.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEVELS = (0.80, 0.95)
BASE_FACTOR = 1.05
"""By this the bands are wider than the backtests ask for, which had fewer surprises to tell of."""
TOO_NARROW, TOO_WIDE = 0.78, 0.86
_STEP = 1.05
_SMALLEST_FACTOR, _LARGEST_FACTOR = 0.80, 2.0
_LAST_DAYS_OF_BUCKETS = (7, 14, 28, 56, 92)
_UNMEASURED = ((0.80, 0.5), (0.95, 0.95))
_FLOOR_PART = 0.25
"""A small forecast is taken for this part of the usual one, so that its errors do not count without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtests:
    """Forecasts of the past beside what came; both have the shape (origins, days ahead), NaN unknown."""

    forecasts: Numbers
    actuals: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The ends of a band, shape (days ahead,); the low end is at least 0."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """The half-widths of each level by bucket of days ahead, and the size of the `usual` forecast.

    `by_level` maps a level to as many numbers as there are buckets; an empty bucket took its neighbour's.
    """

    by_level: Mapping[float, tuple[float, ...]]
    usual: float
    factor: float = BASE_FACTOR

    def band(self, forecast: Numbers, *, level: float) -> Band:
        """Give the band of a level around a forecast of days 1, 2, … ahead."""
        buckets = buckets_of(len(forecast))
        width = np.array(self.by_level[level])[buckets] * self.factor
        half = width * _sizes(forecast, self.usual)
        half = np.where(forecast > 0, half, 0.0)
        return Band(low=np.maximum(forecast - half, 0.0), high=forecast + half)


def calibrate(backtests: Backtests, *, factor: float = BASE_FACTOR) -> Widths | None:
    """Read the widths off the errors of the backtests; None where there is nothing to read."""
    known = ~np.isnan(backtests.actuals) & (backtests.forecasts > 0)
    if not known.any():
        return None
    usual = float(backtests.forecasts[known].mean())
    errors = np.abs(backtests.actuals - backtests.forecasts)
    relative = errors / _sizes(backtests.forecasts, usual)
    buckets = np.broadcast_to(buckets_of(relative.shape[1]), relative.shape)
    by_level = {
        level: _filled_up(
            [
                _quantile(relative[known & (buckets == bucket)], level)
                for bucket in range(len(_LAST_DAYS_OF_BUCKETS))
            ]
        )
        for level in LEVELS
    }
    return Widths(by_level=by_level, usual=usual, factor=factor)


def unmeasured(forecast: Numbers) -> Widths:
    """Say how unsure a forecast is that nothing was ever measured of."""
    some = forecast[forecast > 0]
    by_level = {level: (width,) * len(_LAST_DAYS_OF_BUCKETS) for level, width in _UNMEASURED}
    return Widths(by_level=by_level, usual=float(some.mean()) if len(some) else 1.0, factor=1.0)


def adapted(factor: float, *, coverage: float) -> float:
    """Widen bands that held too little of the last four weeks, narrow those that held too much."""
    if math.isnan(coverage):
        return factor
    if coverage < TOO_NARROW:
        return min(factor * _STEP, _LARGEST_FACTOR)
    if coverage > TOO_WIDE:
        return max(factor / _STEP, _SMALLEST_FACTOR)
    return factor


def buckets_of(horizon: int) -> NDArray[np.int64]:
    """Number the bucket of each day ahead, shape (horizon,); the last takes all that is further."""
    ahead = np.arange(1, horizon + 1)
    found = np.searchsorted(np.array(_LAST_DAYS_OF_BUCKETS), ahead)
    return np.minimum(found, len(_LAST_DAYS_OF_BUCKETS) - 1)


def _sizes(forecast: Numbers, usual: float) -> Numbers:
    """Give what an error is measured by: the root of the forecast times the usual one."""
    return np.sqrt(np.maximum(forecast, _FLOOR_PART * usual) * usual)


def _quantile(errors: Numbers, level: float) -> float:
    """Give the error that a new one exceeds with chance 1 − level at most; NaN without errors."""
    if len(errors) == 0:
        return float("nan")
    rank = min(math.ceil((len(errors) + 1) * level), len(errors))
    return float(np.partition(errors, rank - 1)[rank - 1])


def _filled_up(widths: list[float]) -> tuple[float, ...]:
    """Give an empty bucket the width of the nearest nearer one, or else of the nearest further one."""
    known = [width for width in widths if not math.isnan(width)]
    latest, filled = known[0], []
    for width in widths:
        latest = latest if math.isnan(width) else width
        filled.append(latest)
    return tuple(filled)
