"""The level and the weekday profile of many histories at once, smoothed on a grid of speeds."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Days = NDArray[np.int64]

_LEVEL_SPEEDS = (0.01, 0.03, 0.06, 0.1, 0.2, 0.35)
_PROFILE_SPEEDS = (0.03, 0.08, 0.15, 0.25)
_SPEEDS = np.array(list(product(_LEVEL_SPEEDS, _PROFILE_SPEEDS))).T
_CLIP = 0.6
"""Errors count up to this part of the mean."""
_HALF_LIFE_DAYS = 180.0
_FORGETTING = 0.5 ** (1 / _HALF_LIFE_DAYS)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Smoothed:
    """What the best speeds made of each history: `level` (rows,), `profile` (rows, 7), Monday first."""

    level: Matrix
    profile: Matrix

    def ahead(self, weekdays: Days) -> Matrix:
        """Give what normal days of these weekdays bring, at least nothing; shape (rows, days)."""
        expected = self.level[:, None] + self.profile[:, weekdays]
        return np.maximum(expected, 0.0)


def smooth(counts: Matrix, weekdays: Days) -> Smoothed:
    """Smooth each row of counts (rows, days), in which NaN is unknown, with the speeds that suit it.

    The speeds of a row are those with the least absolute error seven days ahead, an error counting half
    after 180 days.
    """
    run = _Run(counts, weekdays)
    for day in range(counts.shape[1]):
        run.step(day)
    return run.best()


class _Run:
    """All rows under all speeds, one day after the other; arrays have the shape (rows, speeds)."""

    def __init__(self, counts: Matrix, weekdays: Days) -> None:
        self.counts, self.weekdays = counts, weekdays
        self.known = ~np.isnan(counts)
        self.filled = np.where(self.known, counts, 0.0)
        means = self.filled.sum(axis=1) / np.maximum(self.known.sum(axis=1), 1)
        self.clip = np.maximum(_CLIP * means, 1e-9)[:, None]
        rows, speeds = len(counts), _SPEEDS.shape[1]
        level, profile = _start(self.filled, self.known, weekdays)
        self.level = np.repeat(level[:, None], speeds, axis=1)
        self.profile = np.repeat(profile.T[:, :, None], speeds, axis=2)
        self.errors = np.zeros((rows, speeds))
        self.levels_of_week = [self.level.copy() for _ in range(WEEK)]

    def step(self, day: int) -> None:
        """Learn from one day."""
        weekday, known = self.weekdays[day], self.known[:, day, None]
        actual = self.filled[:, day, None]
        profile = self.profile[weekday]
        week_ahead = self.levels_of_week[day % WEEK] + profile
        self.levels_of_week[day % WEEK] = self.level.copy()
        self.errors = np.where(
            known, self.errors * _FORGETTING + np.abs(actual - week_ahead), self.errors
        )
        error = np.clip(actual - self.level - profile, -self.clip, self.clip) * known
        self.level += _SPEEDS[0] * error
        profile += _SPEEDS[1] * error

    def best(self) -> Smoothed:
        """Give each row's state under its best speeds."""
        chosen = self.errors.argmin(axis=1)
        rows = np.arange(len(chosen))
        return Smoothed(level=self.level[rows, chosen], profile=self.profile[:, rows, chosen].T)


def _start(filled: Matrix, known: NDArray[np.bool_], weekdays: Days) -> tuple[Matrix, Matrix]:
    """Give the level (rows,) and profile (rows, 7) of the first four weeks that are known."""
    early = known & (np.cumsum(known, axis=1) <= 4 * WEEK)
    level = (filled * early).sum(axis=1) / np.maximum(early.sum(axis=1), 1)
    is_weekday = np.eye(WEEK)[weekdays]
    number = early @ is_weekday
    sums = (filled * early) @ is_weekday
    profile = np.where(number > 0, sums / np.maximum(number, 1) - level[:, None], 0.0)
    return level, profile
