"""What to believe of a history of a few weeks: its last fortnight, until the model is trusted.

Source: design, forecasting, section 7, "Short history".
"""

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting.special_days import SpecialDays

Counts = NDArray[np.float64]

FEWEST_DAYS = 14
"""Attended days below which there is no model, only a rate."""
ENOUGH_DAYS = 120
_FORTNIGHT = 14


def attended_days(counts: Counts) -> int:
    """Count the days on which anybody came."""
    return int(np.count_nonzero(np.nan_to_num(counts) > 0))


def blended(
    cleaned: Counts, profile: Counts, *, days: SpecialDays, weekdays: NDArray[np.int64]
) -> Counts:
    """Give what normal days of the weekdays bring, shape (weekdays,).

    From 14 attended days to 120 the smoothed `profile` (7,) takes over from the last fortnight's means of
    the same weekday.
    """
    trust = trust_in_model(attended_days(cleaned))
    if trust == 1:
        return profile[weekdays]
    recent = _means_of_weekdays(cleaned[-_FORTNIGHT:], days.weekdays[-_FORTNIGHT:])
    recent = np.where(np.isnan(recent), profile, recent)
    return (trust * profile + (1 - trust) * recent)[weekdays]


def trust_in_model(attended: int) -> float:
    """Give the model's part of the blend, from 0 at 14 attended days to 1 at 120."""
    return float(np.clip((attended - FEWEST_DAYS) / (ENOUGH_DAYS - FEWEST_DAYS), 0.0, 1.0))


def _means_of_weekdays(counts: Counts, weekdays: NDArray[np.int64]) -> Counts:
    """Give the mean of each weekday, shape (7,); NaN for one without a known day."""
    is_weekday = np.eye(7, dtype=bool)[weekdays].T & ~np.isnan(counts)
    number = is_weekday.sum(axis=1)
    sums = is_weekday @ np.nan_to_num(counts)
    return np.where(number > 0, sums / np.maximum(number, 1), np.nan)
