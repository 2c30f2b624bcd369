"""The bands around forecasts, in whole people, and how likely they reach past the seats.

It loads numpy: only the background worker imports it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import intervals
from workplace.forecasting.intervals import Widths

Numbers = NDArray[np.float64]
_SIGMAS = {0.80: 1.2816, 0.95: 1.9600}


def of_days(totals: Numbers, widths: Widths | None) -> dict[float, Numbers]:
    """Give the low and high ends of each level, shape (2, days)."""
    found = {}
    for level in intervals.LEVELS:
        band = (widths or intervals.unmeasured(totals)).band(totals, level=level)
        found[level] = np.stack([band.low, band.high])
    return found


def of_team(forecast: float, chances: Numbers, *, most: int) -> dict[str, int]:
    """Give a team's bands, as if its people decided one by one."""
    sigma = math.sqrt(float((chances * (1 - chances)).sum())) if forecast else 0.0
    return in_people(
        {
            level: np.array(
                [max(forecast - reach * sigma, 0.0), min(forecast + reach * sigma, float(most))]
            )
            for level, reach in _SIGMAS.items()
        }
    )


def in_people(bands: dict[float, Numbers]) -> dict[str, int]:
    """Widen the bands to whole people, the wider level around the narrower."""
    if not bands:
        return {"low_80": 0, "high_80": 0, "low_95": 0, "high_95": 0}
    (low_80, high_80), (low_95, high_95) = (
        (math.floor(float(ends[0]) + 1e-9), math.ceil(float(ends[1]) - 1e-9))
        for ends in (bands[level] for level in intervals.LEVELS)
    )
    return {
        "low_80": low_80,
        "high_80": max(high_80, low_80),
        "low_95": min(low_95, low_80),
        "high_95": max(high_95, high_80, low_80),
    }


def over_capacity(
    forecast: float, bands: dict[float, Numbers], capacity: int | None
) -> float | None:
    """Say how likely more come than fit in: as errors are that the 80 % band was read off."""
    if capacity is None:
        return None
    if not bands:
        return 0.0
    sigma = (float(bands[0.80][1]) - forecast) / _SIGMAS[0.80]
    if sigma <= 0:
        return float(forecast > capacity)
    return round(0.5 * math.erfc((capacity + 0.5 - forecast) / sigma / math.sqrt(2)), 4)
