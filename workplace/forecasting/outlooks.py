"""The forecast of a location: from its people upwards where they are known, from its counts else.

Source: design, forecasting, section 5 and section 7.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting import (
    backtests,
    intervals,
    light,
    metrics,
    person_backtests,
    persons,
    short_history,
)
from workplace.forecasting.attendance import CAME, Attendance
from workplace.forecasting.intervals import BASE_FACTOR, Backtests, Widths

Counts = NDArray[np.float64]

IDENTIFIED_PART = 0.70
"""From this part of the people on, the sum of their chances tells more than the counts alone."""
_RECENT_DAYS = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a location's forecast depends on.

    `attendance` tells of the people who belong here; `others` (known days,) counts everybody else who
    came, NaN where unknown. `usual_rates` (7,), Monday first, are what part of people comes elsewhere;
    `factor` is the one by which the last bands were widened.
    """

    attendance: Attendance
    others: Counts
    horizon: int
    usual_rates: Counts
    factor: float = BASE_FACTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How good the forecasts of the last weeks were, and those of last week's value; NaN is unknown."""

    wape: float = float("nan")
    mase: float = float("nan")
    coverage_80: float = float("nan")
    brier: float = float("nan")
    naive_wape: float = float("nan")

    @property
    def gain(self) -> float:
        """The part by which the error is smaller than that of last week's value."""
        return metrics.gain(self.wape, self.naive_wape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What to expect on each day ahead.

    `chances` (people, days), `others` and `totals` (days,): the totals are the sums of the two. Without
    `widths` there is no past to measure by. `is_short` says that the history is too short for a model.
    """

    chances: Counts
    others: Counts
    totals: Counts
    widths: Widths | None
    measured: Measured
    model: str
    is_short: bool
    backtests: Backtests | None = field(repr=False, default=None)


def look_ahead(situation: Situation) -> Outlook:
    """Say how many come on each day ahead, who, and how sure that is."""
    counts = total_counts(situation)
    if short_history.attended_days(counts) < short_history.FEWEST_DAYS:
        return _from_head_count(situation)
    if _identified_part(situation) >= IDENTIFIED_PART:
        return _bottom_up(situation, counts)
    return _from_counts(situation, counts)


def total_counts(situation: Situation) -> Counts:
    """Count who came each known day, identified or not; NaN where the location was closed."""
    attendance = situation.attendance
    came = (attendance.seen == CAME).sum(axis=0) + np.nan_to_num(situation.others)
    return np.where(attendance.days.is_closed[: len(came)], np.nan, came)


def _identified_part(situation: Situation) -> float:
    recent = slice(-_RECENT_DAYS, None)
    identified = float((situation.attendance.seen[:, recent] == CAME).sum())
    others = float(np.nansum(situation.others[recent]))
    return identified / (identified + others) if identified + others else 1.0


def _from_head_count(situation: Situation) -> Outlook:
    """Expect of everybody what is usual elsewhere, as long as hardly anything was seen."""
    chances = persons.usual_chances(
        situation.attendance, situation.usual_rates, horizon=situation.horizon
    )
    return Outlook(
        chances=chances,
        others=np.zeros(situation.horizon),
        totals=chances.sum(axis=0),
        widths=None,
        measured=Measured(),
        model="head-count",
        is_short=True,
    )


def _bottom_up(situation: Situation, counts: Counts) -> Outlook:
    """Sum the chances of the people, and add what the counts of all others lead to expect."""
    attendance, horizon = situation.attendance, situation.horizon
    model = persons.train(attendance)
    chances = persons.chances(attendance, model, origin=attendance.known_days, horizon=horizon)
    others = _others_ahead(situation)
    tested = person_backtests.run(attendance, others=_known_others(situation), horizon=horizon)
    past = Backtests(forecasts=tested.totals, actuals=tested.actuals) if tested else None
    brier = tested.brier if tested else float("nan")
    return _outlook(situation, counts, chances, others, past, brier=brier, model="people")


def _from_counts(situation: Situation, counts: Counts) -> Outlook:
    """Trust the counts; what the people known do not explain is the others'."""
    attendance, horizon = situation.attendance, situation.horizon
    history = light.History(counts=counts, days=attendance.days)
    model = persons.train(attendance)
    chances = persons.chances(attendance, model, origin=attendance.known_days, horizon=horizon)
    total = light.forecast(history, horizon=horizon)
    others = np.maximum(total - chances.sum(axis=0), 0.0)
    past = backtests.run(history, horizon=horizon)
    return _outlook(situation, counts, chances, others, past, brier=float("nan"), model="counts")


def _outlook(
    situation: Situation,
    counts: Counts,
    chances: Counts,
    others: Counts,
    past: Backtests | None,
    *,
    brier: float,
    model: str,
) -> Outlook:
    widths = intervals.calibrate(past, factor=situation.factor) if past else None
    return Outlook(
        chances=chances,
        others=others,
        totals=chances.sum(axis=0) + others,
        widths=widths,
        measured=measure(counts, past, widths, brier=brier),
        model=model,
        is_short=False,
        backtests=past,
    )


def measure(
    counts: Counts, past: Backtests | None, widths: Widths | None, *, brier: float
) -> Measured:
    """Measure the backtests whose days ahead lie in the last four weeks, beside last week's value."""
    if past is None or widths is None:
        return Measured(brier=brier)
    starts = backtests.origins(len(counts), rounds=len(past.forecasts))
    recent = slice(-(persons.HORIZON // backtests.DAYS_BETWEEN), None)
    forecasts, actuals = past.forecasts[recent], past.actuals[recent]
    naive = np.stack(
        [metrics.last_week(counts[:start], horizon=forecasts.shape[1]) for start in starts[recent]]
    )
    bands = [widths.band(row, level=intervals.LEVELS[0]) for row in forecasts]
    return Measured(
        wape=metrics.wape(actuals, forecasts),
        mase=metrics.mase(actuals, forecasts, scale=metrics.scale_of(counts)),
        coverage_80=metrics.coverage(
            actuals, np.stack([one.low for one in bands]), np.stack([one.high for one in bands])
        ),
        brier=brier,
        naive_wape=metrics.wape(actuals, naive),
    )


def _known_others(situation: Situation) -> light.History | None:
    """Give the history of the others; None where there were none."""
    if not np.nansum(situation.others):
        return None
    days = situation.attendance.days
    closed = days.is_closed[: len(situation.others)]
    return light.History(counts=np.where(closed, np.nan, situation.others), days=days)


def _others_ahead(situation: Situation) -> Counts:
    history = _known_others(situation)
    if history is None:
        return np.zeros(situation.horizon)
    return light.forecast(history, horizon=situation.horizon)
