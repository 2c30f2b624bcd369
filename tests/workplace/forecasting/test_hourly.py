"""How a day spreads over its hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workplace.forecasting.worlds import days
from workplace.forecasting import hourly


def arrivals_at(hour: int, number: int) -> np.ndarray:
    found = np.zeros((number, 24))
    found[:, hour] = 100.0
    return found


def test_day_sums_to_its_total_and_follows_its_weekday():
    arrivals = arrivals_at(9, 56)
    arrivals[::7] = arrivals_at(14, 8)  # Mondays

    found = hourly.split(
        np.array([50.0, 70.0]), arrivals=arrivals, days=days(58), is_open=np.ones((2, 24))
    )

    assert found.sum(axis=1) == pytest.approx([50, 70])
    assert found[0].argmax() == 14
    assert found[1][9] > 65


def test_closed_hours_take_no_part():
    is_open = np.zeros((1, 24))
    is_open[0, 10:12] = 1

    found = hourly.split(
        np.array([30.0]), arrivals=arrivals_at(9, 28), days=days(29), is_open=is_open
    )

    assert set(np.flatnonzero(found[0])) == {10, 11}
    assert found.sum() == pytest.approx(30)


def test_without_a_past_it_is_an_offices_morning():
    found = hourly.split(
        np.array([100.0]), arrivals=np.zeros((0, 24)), days=days(1), is_open=np.ones((1, 24))
    )

    assert found[0].argmax() == 8
    assert found.sum() == pytest.approx(100)


def test_recent_weeks_count_more():
    arrivals = np.concatenate([arrivals_at(8, 84), arrivals_at(11, 56)])

    shares = hourly.profiles(arrivals, days(140))

    assert np.all(shares.argmax(axis=1) == 11)
    assert shares.sum(axis=1) == pytest.approx(np.ones(7))


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1000), st.lists(st.floats(0, 1), min_size=24, max_size=24))
def test_hours_always_sum_to_the_day(total, is_open):
    found = hourly.split(
        np.array([total]), arrivals=arrivals_at(9, 14), days=days(15), is_open=np.array([is_open])
    )

    assert found.sum() == pytest.approx(total)
    assert np.all(found >= 0)
