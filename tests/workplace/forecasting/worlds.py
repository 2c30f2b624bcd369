"""Made-up places and people for the tests of the forecasts."""

import datetime as dt

import numpy as np

from workplace.forecasting import special_days
from workplace.forecasting.attendance import NOTHING_DECLARED, Attendance, Declared
from workplace.forecasting.special_days import Region, SpecialDays

MONDAY = dt.date(2025, 1, 13)
NO_HOLIDAYS = Region()
WEEK = np.array([100.0, 120.0, 110.0, 130.0, 80.0, 10.0, 5.0])


def days(number: int, *, first_day: dt.date = MONDAY, region: Region = NO_HOLIDAYS, closed=()):
    return special_days.mark(first_day=first_day, days=number, region=region, closed=closed)


def weekly(number: int) -> np.ndarray:
    """Counts that are the same every week."""
    return np.resize(WEEK, number)


def weekends(number: int) -> set[dt.date]:
    every = (MONDAY + dt.timedelta(days=offset) for offset in range(number))
    return {day for day in every if day.weekday() > 4}


def office(
    rates: np.ndarray,
    *,
    known: int,
    teams: np.ndarray | None = None,
    declared: Declared = NOTHING_DECLARED,
    marked: SpecialDays | None = None,
) -> Attendance:
    """People who come by chance at rates (people, 7), Monday first, always by the same dice."""
    marked = marked or days(known + 28)
    dice = np.random.default_rng(7).random((len(rates), known))
    seen = (dice < rates[:, marked.weekdays[:known]]).astype(np.int8)
    return Attendance(
        seen=seen,
        teams=np.zeros(len(rates), dtype=np.int64) if teams is None else teams,
        days=marked,
        declared=declared,
    )
