"""The forecast of a location: from its people upwards where they are known, from its counts else.

Source: design, forecasting, section 5 and section 7.
"""

from collections.abc import Callable, Sequence
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
from workplace.forecasting.attendance import CAME, Attendance, Indices
from workplace.forecasting.intervals import BASE_FACTOR, Backtests, Widths
from workplace.forecasting.person_backtests import Tested

Counts = NDArray[np.float64]

IDENTIFIED_PART = 0.70
"""From this part of the people on, the sum of their chances tells more than the counts alone."""
_RECENT_DAYS = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a location's forecast depends on.

    `attendance` tells of the people who belong here; `others` (known days,) counts everybody else who
    came, NaN where unknown. `usual_rates` (7,), Monday first, are what part of people comes elsewhere;
    `factor` is the one by which the last bands were widened. Each of the `groups`, indices of people, is
    measured for itself too. `told` hears what part of the work is done.
    """

    attendance: Attendance
    others: Counts
    horizon: int
    usual_rates: Counts
    factor: float = BASE_FACTOR
    groups: Sequence[Indices] = ()
    told: Callable[[float], None] = lambda _part: None


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
class Tried:
    """What the past says of a forecast; without `widths` there is no past to measure by."""

    widths: Widths | None = None
    measured: Measured = Measured()
    past: Backtests | None = field(repr=False, default=None)


UNTRIED = Tried()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What to expect on each day ahead.

    `chances` (people, days), `others` and `totals` (days,): the totals are the sums of the two. `tried` is
    of the totals, `groups` of each group's people. `is_short` says that the history is too short for a
    model.
    """

    chances: Counts
    others: Counts
    totals: Counts
    tried: Tried
    groups: Sequence[Tried]
    model: str
    is_short: bool


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
    people = np.arange(situation.attendance.people)
    return _counts_of(situation.attendance, people) + np.nan_to_num(situation.others)


def _counts_of(attendance: Attendance, people: Indices) -> Counts:
    came = (attendance.seen[people] == CAME).sum(axis=0).astype(np.float64)
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
        tried=UNTRIED,
        groups=[UNTRIED for _ in situation.groups],
        model="head-count",
        is_short=True,
    )


def _bottom_up(situation: Situation, counts: Counts) -> Outlook:
    """Sum the chances of the people, and add what the counts of all others lead to expect."""
    chances = _chances(situation)
    others = _others_ahead(situation)
    tested = _test_people(situation)
    everybody = _tried(situation, counts, tested[0]) if tested else UNTRIED
    return Outlook(
        chances=chances,
        others=others,
        totals=chances.sum(axis=0) + others,
        tried=everybody,
        groups=_tried_groups(situation, tested),
        model="people",
        is_short=False,
    )


def _from_counts(situation: Situation, counts: Counts) -> Outlook:
    """Trust the counts; what the people known do not explain is the others'."""
    history = light.History(counts=counts, days=situation.attendance.days)
    chances = _chances(situation)
    expected = light.forecast(history, horizon=situation.horizon)
    others = np.maximum(expected - chances.sum(axis=0), 0.0)
    past = backtests.run(history, horizon=situation.horizon)
    tried = _tried(situation, counts, Tested(past=past, brier=float("nan"))) if past else UNTRIED
    return Outlook(
        chances=chances,
        others=others,
        totals=chances.sum(axis=0) + others,
        tried=tried,
        groups=_tried_groups(situation, _test_people(situation) if situation.groups else []),
        model="counts",
        is_short=False,
    )


def _chances(situation: Situation) -> Counts:
    attendance = situation.attendance
    return persons.chances(
        attendance,
        persons.train(attendance),
        origin=attendance.known_days,
        horizon=situation.horizon,
    )


def _test_people(situation: Situation) -> list[Tested]:
    return person_backtests.run(
        situation.attendance,
        others=_known_others(situation),
        horizon=situation.horizon,
        groups=situation.groups,
        told=situation.told,
    )


def _tried_groups(situation: Situation, tested: Sequence[Tested]) -> list[Tried]:
    if not tested:
        return [UNTRIED for _ in situation.groups]
    return [
        _tried(situation, _counts_of(situation.attendance, group), each)
        for group, each in zip(situation.groups, tested[1:], strict=True)
    ]


def _tried(situation: Situation, counts: Counts, tested: Tested) -> Tried:
    widths = intervals.calibrate(tested.past, factor=situation.factor)
    return Tried(
        widths=widths,
        measured=measure(counts, tested.past, widths, brier=tested.brier),
        past=tested.past,
    )


def measure(counts: Counts, past: Backtests, widths: Widths | None, *, brier: float) -> Measured:
    """Measure the backtests whose days ahead lie in the last four weeks, beside last week's value."""
    if widths is None:
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
