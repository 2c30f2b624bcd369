"""Bands as wide as past forecasts were wrong."""

import numpy as np
import pytest

from tests.workplace.forecasting.worlds import days
from workplace.forecasting import backtests, intervals, light, metrics
from workplace.forecasting.intervals import Backtests, Widths


def errors_of(errors: np.ndarray, *, horizon: int = 1) -> Backtests:
    forecasts = np.full((len(errors), horizon), 100.0)
    return Backtests(forecasts=forecasts, actuals=forecasts + errors[:, None])


def test_width_is_the_error_of_the_right_rank():
    found = intervals.calibrate(errors_of(np.arange(1.0, 20.0)))  # 1 to 19

    assert found.by_level[0.80][0] == pytest.approx(0.16)  # ⌈20 × 0.8⌉
    assert found.by_level[0.95][0] == pytest.approx(0.19)  # ⌈20 × 0.95⌉
    assert found.factor == 1.05


def test_band_grows_as_the_root_and_is_never_below_nothing():
    widths = Widths(by_level={0.80: (0.5, 2.0, 2.0, 2.0, 2.0)}, usual=100.0, factor=1.0)

    band = widths.band(np.array([100.0, 400, 25, 4, 0, 1, 1, 49]), level=0.80)

    assert list(band.low) == [50, 300, 0, 0, 0, 0, 0, 0]
    assert list(band.high) == [150, 500, 50, 29, 0, 26, 26, 189]  # a small one counts as a quarter


def test_small_days_do_not_widen_large_ones():
    """Counts of a Poisson process: a relative width would be that of the small days."""
    forecasts = np.resize([100.0, 100, 100, 100, 25], (200, 5))
    actuals = np.random.default_rng(3).poisson(forecasts).astype(float)

    widths = intervals.calibrate(Backtests(forecasts=forecasts, actuals=actuals), factor=1.0)
    band = widths.band(forecasts[0], level=0.80)

    held = (actuals >= band.low) & (actuals <= band.high)
    assert held[:, :4].mean() == pytest.approx(0.80, abs=0.05)
    assert held[:, 4].mean() == pytest.approx(0.80, abs=0.08)


def test_a_forecast_without_a_past_may_miss_by_half():
    band = intervals.unmeasured(np.full(3, 40.0)).band(np.full(3, 40.0), level=0.80)

    assert (list(band.low), list(band.high)) == ([20] * 3, [60] * 3)
    assert intervals.unmeasured(np.zeros(3)).band(np.zeros(3), level=0.95).high.max() == 0


@pytest.mark.parametrize(
    ("ahead", "bucket"),
    [(1, 0), (7, 0), (8, 1), (14, 1), (15, 2), (28, 2), (29, 3), (56, 3), (57, 4), (120, 4)],
)
def test_days_ahead_have_their_bucket(ahead, bucket):
    assert intervals.buckets_of(ahead)[-1] == bucket


def test_bucket_without_a_test_takes_its_neighbours_width():
    found = intervals.calibrate(errors_of(np.arange(1.0, 20.0), horizon=7))

    assert found.by_level[0.80] == pytest.approx((0.16,) * 5, rel=0.1)
    assert len(set(found.by_level[0.80])) == 1


@pytest.mark.parametrize("actuals", [np.full((3, 2), np.nan), np.zeros((0, 2))])
def test_nothing_to_read_gives_no_widths(actuals):
    assert intervals.calibrate(Backtests(forecasts=np.ones_like(actuals), actuals=actuals)) is None


@pytest.mark.parametrize(
    ("coverage", "factor"),
    [(0.779, 1.1025), (0.78, 1.05), (0.86, 1.05), (0.861, 1.0), (float("nan"), 1.05)],
)
def test_bands_widen_and_narrow_by_what_they_held(coverage, factor):
    assert intervals.adapted(1.05, coverage=coverage) == pytest.approx(factor)


def test_widening_and_narrowing_end():
    assert intervals.adapted(2.0, coverage=0.1) == 2.0
    assert intervals.adapted(0.8, coverage=1.0) == 0.8


def test_origins_are_five_days_apart_and_the_last_has_five_days_behind_it():
    assert backtests.origins(100, rounds=3) == [85, 90, 95]
    assert backtests.origins(33) == [28]
    assert backtests.origins(32) == []
    assert len(backtests.origins(1000)) == 60


def test_short_history_has_no_backtest():
    history = light.History(counts=np.ones(32), days=days(60))

    assert backtests.run(history, horizon=28) is None


def test_bands_hold_as_many_as_they_say():
    level = np.resize([100.0, 120, 110, 130, 80, 20, 10], 700)
    counts = np.random.default_rng(11).poisson(level).astype(float)
    inside = []
    for origin in range(420, 672, 28):
        history = light.History(counts=counts[:origin], days=days(origin + 28))
        widths = intervals.calibrate(backtests.run(history, horizon=28))
        band = widths.band(light.forecast(history, horizon=28), level=0.80)
        inside.append(metrics.coverage(counts[origin : origin + 28], band.low, band.high))

    assert 0.75 <= np.mean(inside) <= 0.92
