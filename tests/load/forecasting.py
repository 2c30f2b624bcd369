"""`make bench-forecast`: our forecasts beside last week's value and an eight-week mean.

`--data` names a directory with the data sets; without it the small simulated ones of the tests are taken.
statsforecast's AutoARIMA joins in where the extra `bench` is installed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.load import forecasting_data as data
from tests.load.forecasting_data import Office, Series
from workplace.forecasting import (
    backtests,
    hourly,
    intervals,
    light,
    metrics,
    outlooks,
    persons,
    special_days,
)
from workplace.forecasting.attendance import NOTHING_DECLARED, Attendance, Declared

Counts = NDArray[np.float64]
Model = Callable[[Series, int], Counts]
SMALL = Path(__file__).resolve().parent.parent / "data" / "forecasting"
BUSINESS_DAYS = 20
HOURLY_ORIGINS, HOURLY_DAYS = 10, 7


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# --- the models -----------------------------------------------------------------------------


def ours(series: Series, origin: int) -> Counts:
    days = series.days.until(origin + series.horizon)
    history = light.History(counts=series.counts[:origin], days=days)
    return light.forecast(history, horizon=series.horizon)


def last_week(series: Series, origin: int) -> Counts:
    return metrics.last_week(series.counts[:origin], horizon=series.horizon)


def eight_weeks(series: Series, origin: int) -> Counts:
    """Mean of the last eight known same weekdays."""
    week = []
    for offset in range(7):
        same = series.counts[:origin][::-1][6 - offset :: 7]
        known = same[~np.isnan(same)][:8]
        week.append(known.mean() if len(known) else 0.0)
    return np.resize(np.array(week), series.horizon)


def auto_arima(series: Series, origin: int) -> Counts:
    """statsforecast's AutoARIMA with a weekly season; unknown days are last week's."""
    history = series.counts[:origin].copy()
    for day in np.flatnonzero(np.isnan(history)):
        history[day] = history[day - 7] if day >= 7 else 0.0
    models = import_module("statsforecast.models")
    found = models.AutoARIMA(season_length=7).forecast(y=history, h=series.horizon)
    return np.maximum(np.asarray(found["mean"], dtype=float), 0.0)


def models() -> dict[str, Model]:
    found: dict[str, Model] = {
        "ours": ours,
        "last week's value": last_week,
        "8-week mean": eight_weeks,
    }
    if find_spec("statsforecast"):
        found["AutoARIMA"] = auto_arima
    return found


# --- daily ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    mase: float
    wape: float
    holidays: float
    seconds: float


def score(series: Series, model: Model) -> Score:
    started = time.process_time()
    forecasts = np.stack([model(series, origin) for origin in series.origins])
    seconds = (time.process_time() - started) / len(series.origins)
    actuals = backtests.following(series.counts, series.origins, horizon=series.horizon)
    kinds = np.stack(
        [series.days.kinds[start : start + series.horizon] for start in series.origins]
    )
    scales = [metrics.scale_of(series.counts[:start]) for start in series.origins]
    errors = np.abs(actuals - forecasts) / np.array(scales)[:, None]
    on_holidays = errors[(kinds == special_days.Kind.HOLIDAY) & ~np.isnan(errors)]
    return Score(
        mase=float(np.nanmean(errors)),
        wape=metrics.wape(actuals, forecasts),
        holidays=float(on_holidays.mean()) if len(on_holidays) else float("nan"),
        seconds=seconds,
    )


def coverage(series: Series) -> tuple[float, float]:
    """Share of days within the bands of 80 and 95 %, each calibrated on what was known at its origin."""
    inside: dict[float, list[float]] = {level: [] for level in intervals.LEVELS}
    for origin in series.origins:
        days = series.days.until(origin + series.horizon)
        history = light.History(counts=series.counts[:origin], days=days)
        past = backtests.run(history, horizon=series.horizon)
        widths = intervals.calibrate(past) if past else None
        if widths is None:
            continue
        expected = light.forecast(history, horizon=series.horizon)
        actual = series.counts[origin : origin + series.horizon]
        for level, shares in inside.items():
            band = widths.band(expected, level=level)
            shares.append(metrics.coverage(actual, band.low, band.high))
    low, high = (float(np.nanmean(shares)) for shares in inside.values())
    return low, high


def daily(found: list[Series]) -> None:
    say("Daily, up to 28 days ahead (14 for a short series); MASE below 1 beats last week's past")
    say(
        f"{'series':30}{'model':20}{'MASE':>8}{'WAPE %':>8}{'holidays':>10}{'s/fit':>8}{'80/95 %':>10}"
    )
    means: dict[str, list[Score]] = {name: [] for name in models()}
    for series in found:
        bands = coverage(series)
        for name, model in models().items():
            one = score(series, model)
            means[name].append(one)
            told = f"{bands[0]:6.0%}/{bands[1]:.0%}" if name == "ours" else ""
            say(
                f"{series.name:30}{name:20}{one.mase:8.3f}{one.wape * 100:8.1f}"
                f"{one.holidays:10.2f}{one.seconds:8.3f}{told:>10}"
            )
    for name, scores in means.items():
        mase = np.mean([one.mase for one in scores])
        wape = np.mean([one.wape for one in scores]) * 100
        holidays = np.nanmean([one.holidays for one in scores])
        say(f"{'mean':30}{name:20}{mase:8.3f}{wape:8.1f}{holidays:10.2f}")
    naive, own = means["last week's value"], means["ours"]
    better = 1 - np.mean([one.mase for one in own]) / np.mean([one.mase for one in naive])
    worst = max(a.mase / b.mase for a, b in zip(own, naive, strict=True))
    say(f"ours: {better:.1%} below last week's value on average; on the worst series {worst:.2f} ×")
    say()


# --- hourly ---------------------------------------------------------------------------------


def by_hour(found: list[Series]) -> None:
    measured = [one for one in found if one.hourly is not None]
    if not measured:
        return
    say("Hourly, a week ahead, up to 10 weekly origins")
    say(f"{'series':30}{'ours WAPE %':>14}{'last week %':>14}{'4-week mean %':>15}")
    for series in measured:
        shown = [metrics.wape(actual, forecast) for actual, forecast in _hourly(series)]
        say(f"{series.name:30}{shown[0] * 100:14.1f}{shown[1] * 100:14.1f}{shown[2] * 100:15.1f}")
    say()


def _hourly(series: Series) -> Iterator[tuple[Counts, Counts]]:
    """Yield what came beside ours, last week's hours, and the mean of the same hours of four weeks."""
    assert series.hourly is not None
    rounds = HOURLY_ORIGINS if len(series.counts) > 200 else 3
    starts = [len(series.counts) - HOURLY_DAYS * back for back in range(rounds, 0, -1)]
    actual = np.stack([series.hourly[start : start + HOURLY_DAYS] for start in starts])
    forecasts = [_split(series, start) for start in starts]
    weeks = [
        [series.hourly[start - 7 * back : start - 7 * back + 7] for start in starts]
        for back in range(1, 5)
    ]
    yield actual, np.stack(forecasts)
    yield actual, np.stack(weeks[0])
    known = np.array(weeks)
    number = (~np.isnan(known)).sum(axis=0)
    yield actual, np.where(number > 0, np.nansum(known, axis=0) / np.maximum(number, 1), np.nan)


def _split(series: Series, start: int) -> Counts:
    assert series.hourly is not None
    days = series.days.until(start + HOURLY_DAYS)
    history = light.History(counts=series.counts[:start], days=days)
    return hourly.split(
        light.forecast(history, horizon=HOURLY_DAYS),
        arrivals=series.hourly[:start],
        days=days,
        is_open=np.ones((HOURLY_DAYS, hourly.HOURS)),
    )


# --- people ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class People:
    """Chances beside outcomes, and sums beside counts, of all origins."""

    brier: float
    wape: float


def people(found: Office, *, declared: Declared, starts: list[int]) -> People:
    """Forecast twenty business days from each start, by people and by their sum."""
    briers, sums, counts = [], [], []
    for start in starts:
        origin, horizon = _span(found, start)
        known = found.until(origin, declared=declared)
        chances = persons.chances(known, persons.train(known), origin=origin, horizon=horizon)
        seen = found.seen[:, origin : origin + horizon]
        outcomes = np.where(seen >= 0, seen, np.nan)
        is_open = ~np.isnan(outcomes).all(axis=0)
        briers.append(((outcomes - chances) ** 2)[~np.isnan(outcomes)])
        sums.append(np.where(seen >= 0, chances, 0.0).sum(axis=0)[is_open])
        counts.append(np.nansum(outcomes, axis=0)[is_open])
    return People(
        brier=float(np.concatenate(briers).mean()),
        wape=metrics.wape(np.concatenate(counts), np.concatenate(sums)),
    )


def _span(found: Office, start: int) -> tuple[int, int]:
    origin = int(found.business_days[start])
    return origin, int(found.business_days[start + BUSINESS_DAYS - 1]) - origin + 1


def frequency_brier(found: Office, starts: list[int]) -> float:
    """Score how often each came on that weekday, of all history."""
    errors = []
    for start in starts:
        origin, horizon = _span(found, start)
        past, weekdays = found.seen[:, :origin], found.days.weekdays
        is_weekday = np.eye(7)[weekdays[:origin]]
        rates = ((past == 1) @ is_weekday + 1) / ((past >= 0) @ is_weekday + 2)
        seen = found.seen[:, origin : origin + horizon]
        distance = (seen - rates[:, weekdays[origin : origin + horizon]]) ** 2
        errors.append(distance[seen >= 0])
    return float(np.concatenate(errors).mean())


def counts_wape(found: Office, starts: list[int]) -> float:
    """Score the counts of the office alone, without its people."""
    counts = np.where(found.days.is_closed, np.nan, (found.seen == 1).sum(axis=0))
    sums, came = [], []
    for start in starts:
        origin, horizon = _span(found, start)
        history = light.History(counts=counts[:origin], days=found.days)
        sums.append(light.forecast(history, horizon=horizon))
        came.append(counts[origin : origin + horizon])
    return metrics.wape(np.concatenate(came), np.concatenate(sums))


def by_people(found: Office) -> None:
    last = len(found.business_days) - BUSINESS_DAYS
    starts = [last - BUSINESS_DAYS * back for back in range(5, -1, -1)]
    say(
        f"People: {len(found.seen)} simulated, 6 origins × 20 business days; and their sum, 16 origins"
    )
    say(f"{'weekday frequency':40}Brier {frequency_brier(found, starts):.4f}")
    plain = people(found, declared=NOTHING_DECLARED, starts=starts)
    say(f"{'ours, nothing declared':40}Brier {plain.brier:.4f}")
    if found.declared is not None:
        told = people(found, declared=found.declared, starts=starts)
        say(f"{'ours with intentions':40}Brier {told.brier:.4f}")
    year = [last - 16 * back for back in range(15, -1, -1)]
    summed = people(found, declared=NOTHING_DECLARED, starts=year)
    say(f"{'location, sum of its people':40}WAPE {summed.wape:.1%}")
    say(f"{'location, counts alone':40}WAPE {counts_wape(found, year):.1%}")
    say()


# --- cost -----------------------------------------------------------------------------------


def cost() -> None:
    say("CPU of a whole forecast with its backtests: 12 months of history, 28 days ahead")
    for number in (500, 5000):
        started = time.process_time()
        outlooks.look_ahead(_made_up(number))
        say(f"{number:6} people {time.process_time() - started:8.1f} s")


def _made_up(number: int) -> outlooks.Situation:
    """Make people who come at random, on business days alone."""
    first, known, horizon = data.dt.date(2025, 1, 1), 365, 28
    every = [first + data.dt.timedelta(days=offset) for offset in range(known + horizon)]
    weekends = {day for day in every if day.weekday() > 4}
    days = special_days.mark(first_day=first, days=len(every), region=data.FRANCE, closed=weekends)
    chance = np.random.default_rng(1)
    seen = (chance.random((number, known)) < chance.beta(1.5, 2, (number, 1))).astype(np.int8)
    teams = chance.integers(0, max(number // 10, 1), number)
    return outlooks.Situation(
        attendance=Attendance(seen=seen, teams=teams, days=days),
        others=np.zeros(known),
        horizon=horizon,
        usual_rates=np.full(7, 0.4),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="")
    directory = Path(parser.parse_args().data or SMALL)
    found = list(data.series(directory))
    daily(found)
    by_hour(found)
    if (directory / data.PEOPLE).exists():
        by_people(data.office(directory))
    cost()


if __name__ == "__main__":
    main()
