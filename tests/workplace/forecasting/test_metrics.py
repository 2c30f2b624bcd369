"""How errors are measured."""

import math

import numpy as np
import pytest

from workplace.forecasting import metrics

NAN = float("nan")


def test_wape_is_errors_over_what_came():
    assert metrics.wape(np.array([10.0, 30.0, NAN]), np.array([12.0, 26.0, 5.0])) == 0.15


def test_mase_is_errors_over_the_usual_weekly_change():
    assert metrics.scale_of(np.arange(15.0) * 2) == 14
    assert metrics.mase(np.array([7.0]), np.array([0.0]), scale=14.0) == 0.5


def test_coverage_counts_the_ends():
    actual = np.array([1.0, 2.0, 3.0, 4.0, NAN])

    assert metrics.coverage(actual, np.full(5, 2.0), np.full(5, 3.0)) == 0.5


def test_brier_is_squared_distance():
    assert metrics.brier(np.array([1.0, 0.0]), np.array([0.5, 0.3])) == pytest.approx(0.17)


def test_gain_over_last_weeks_value():
    assert metrics.gain(0.08, 0.10) == pytest.approx(0.2)
    assert metrics.gain(0.12, 0.10) == pytest.approx(-0.2)


def test_last_week_repeats_and_fills_the_unknown_from_weeks_before():
    history = np.arange(14.0)
    history[10] = NAN

    assert list(metrics.last_week(history, horizon=9)) == [7, 8, 9, 3, 11, 12, 13, 7, 8]


@pytest.mark.parametrize(
    "found",
    [
        metrics.wape(np.array([NAN]), np.array([1.0])),
        metrics.mase(np.array([NAN]), np.array([1.0]), scale=1.0),
        metrics.coverage(np.array([NAN]), np.array([1.0]), np.array([1.0])),
        metrics.brier(np.array([NAN]), np.array([1.0])),
        metrics.scale_of(np.ones(5)),
        metrics.gain(1.0, 0.0),
    ],
)
def test_measure_of_nothing_is_nan(found):
    assert math.isnan(found)
