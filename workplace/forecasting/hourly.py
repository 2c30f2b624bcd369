"""How a day's people spread over its hours: the share of each hour, by weekday, of the last weeks.

Source: design, forecasting, sections 2c and 7.
"""

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting.special_days import SpecialDays

Counts = NDArray[np.float64]

HOURS = 24
SUNDAY = 6
_HALF_LIFE_DAYS = 28.0
_USUAL_WEIGHT = 3.0
"""The usual morning counts as much as so many people."""
_USUAL = np.full(HOURS, 0.01)
_USUAL[[7, 8, 9, 10, 11, 12, 13, 14]] = [0.10, 0.26, 0.25, 0.10, 0.04, 0.03, 0.07, 0.03]
_USUAL /= _USUAL.sum()


def split(totals: Counts, *, arrivals: Counts, days: SpecialDays, is_open: Counts) -> Counts:
    """Spread the totals of the days ahead over their hours, shape (days ahead, 24).

    `arrivals` (known days, 24) tells of the past, and `days` marks known days and those ahead. An hour
    takes part as far as it `is_open`, 0 to 1, shape (days ahead, 24); each row sums to its day's total.
    """
    known = len(arrivals)
    shares = profiles(arrivals, days.until(known))
    rows = _rows(days)[known : known + len(totals)]
    weighted = shares[rows] * is_open
    sums = weighted.sum(axis=1, keepdims=True)
    even = np.divide(1.0, HOURS)
    spread = np.where(sums > 0, weighted / np.where(sums > 0, sums, 1.0), even)
    return totals[:, None] * spread


def profiles(arrivals: Counts, days: SpecialDays) -> Counts:
    """Give the share of each hour on each weekday, shape (7, 24); holidays count as Sundays.

    A day counts half after four weeks; where nobody came, the usual morning of an office stands in.
    """
    weights = 0.5 ** ((len(arrivals) - 1 - np.arange(len(arrivals))) / _HALF_LIFE_DAYS)
    is_row = np.eye(SUNDAY + 1)[_rows(days)]
    sums = (is_row * weights[:, None]).T @ np.nan_to_num(arrivals) + _USUAL_WEIGHT * _USUAL
    shares: Counts = sums / sums.sum(axis=1, keepdims=True)
    return shares


def _rows(days: SpecialDays) -> NDArray[np.int64]:
    """Give the weekday whose profile each day follows."""
    return np.where(days.is_normal, days.weekdays, SUNDAY)
