"""How good the forecasts of past days were, measured against who came; a pure engine.

A forecast counts only if it stood before anybody could come. Beside it stands what costs nothing:
that as many come as a week before. Source: forecasting, "Anchor".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

FIRST_ARRIVALS = dt.timedelta(hours=6)
"""From a day's midnight on; a forecast made later has seen people come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """How many came, how many were expected between `low` and `high`, how many came a week before."""

    came: int
    expected: float
    low: float
    high: float
    week_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Shares between 0 and 1; errors are sums of misses over the sum of who came.

    `gain` is by which part the error is smaller than that of last week's value, over the days that
    have one (below 0: larger); None where there is nothing to compare.
    """

    days: int
    error: float
    within_band: float
    week_before_error: float | None
    gain: float | None


def stood_in_time(*, made_at: dt.datetime, day_starts_at: dt.datetime) -> bool:
    """Say whether a forecast stood before the first arrivals of its day."""
    return made_at <= day_starts_at + FIRST_ARRIVALS


def measured(days: Sequence[PastDay]) -> Accuracy | None:
    """Measure the days; None when nobody came on any of them."""
    if not sum(day.came for day in days):
        return None
    known = [day for day in days if day.week_before is not None]
    naive = _error([(day.came, float(day.week_before or 0)) for day in known])
    same_days = _error([(day.came, day.expected) for day in known])
    return Accuracy(
        days=len(days),
        error=_error([(day.came, day.expected) for day in days]) or 0.0,
        within_band=sum(day.low <= day.came <= day.high for day in days) / len(days),
        week_before_error=naive,
        gain=1 - same_days / naive if naive and same_days is not None else None,
    )


def _error(pairs: Sequence[tuple[int, float]]) -> float | None:
    came = sum(actual for actual, _expected in pairs)
    return sum(abs(actual - expected) for actual, expected in pairs) / came if came else None
