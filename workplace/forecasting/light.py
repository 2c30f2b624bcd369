"""LIGHT: a smoothed level and weekday profile times what a special day brings.

Source: design, forecasting, section 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import short_history, smoothing, special_factors
from workplace.forecasting.special_days import SpecialDays

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What came each day, NaN where unknown: `counts` (known,); `days` go on into the future."""

    counts: Counts
    days: SpecialDays


def forecast(history: History, *, horizon: int) -> Counts:
    """Say what comes on each of the `horizon` days after the history; shape (horizon,)."""
    return np.asarray(forecast_from(history, origins=[len(history.counts)], horizon=horizon)[0])


def forecast_from(history: History, *, origins: Sequence[int], horizon: int) -> Counts:
    """Say what would have been forecast at each origin, which is the number of days known at it.

    Each forecast knows nothing of its origin's day and later. Shape (origins, horizon); NaN beyond the
    days that are marked.
    """
    cleaned = [
        special_factors.clean(history.counts[:origin], history.days.until(origin))
        for origin in origins
    ]
    smoothed = smoothing.smooth(
        _side_by_side([one.counts for one in cleaned]), history.days.weekdays[: max(origins)]
    )
    profiles = smoothed.ahead(np.arange(smoothing.WEEK))
    answers = np.full((len(origins), horizon), np.nan)
    for row, (origin, one) in enumerate(zip(origins, cleaned, strict=True)):
        ahead = history.days.after(origin, horizon)
        normal = short_history.blended(
            one.counts, profiles[row], days=history.days.until(origin), weekdays=ahead.weekdays
        )
        answers[row, : len(ahead)] = normal * one.factors.on(ahead)
    return answers


def _side_by_side(rows: Sequence[Counts]) -> Counts:
    width = max(len(row) for row in rows)
    table = np.full((len(rows), width), np.nan)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
