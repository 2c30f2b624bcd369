"""Chances from features: logistic regression by Newton's method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]

_RIDGE = 30.0
"""Pulls each coefficient but the constant towards 0, as this many rows would."""
_ROUNDS = 12
_ENOUGH = 1e-5
_BLOCK_ROWS = 20_000
_TINY = 1e-9
_FURTHEST, _HALVINGS = 20.0, 40
"""How far log-odds are moved at most, and how often the step is halved to find it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """A fitted model: `coefficients` (features + 1,), the constant last, of standardised features."""

    means: Numbers
    spreads: Numbers
    coefficients: Numbers

    def chances(self, features: Matrix) -> Numbers:
        """Give the chance of each row of features (rows, features)."""
        weights = self.coefficients[:-1] / self.spreads
        constant = self.coefficients[-1] - float(self.means @ weights)
        return sigmoid(features @ weights + constant)


def fit(features: Matrix, outcomes: NDArray[np.bool_]) -> Logistic:
    """Fit outcomes (rows,) to features (rows, features); a feature that never changes counts for nothing."""
    means = features.mean(axis=0, dtype=np.float64)
    spreads = features.std(axis=0, dtype=np.float64)
    spreads = np.where(spreads > 1e-9, spreads, 1.0)
    table = np.empty((len(features), features.shape[1] + 1), dtype=np.float32)
    table[:, :-1] = (features - means) / spreads
    table[:, -1] = 1.0
    coefficients = _newton(table, outcomes.astype(np.float64))
    return Logistic(means=means, spreads=spreads, coefficients=coefficients)


def sigmoid(scores: Numbers) -> Numbers:
    """Turn log-odds into chances."""
    return 1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))


def shifted(chances: Numbers, *, total: float) -> Numbers:
    """Move the log-odds of all chances (people,) by the same step, so that they sum to a total."""
    odds = np.log(np.clip(chances, _TINY, 1.0 - _TINY))
    odds -= np.log1p(-np.clip(chances, _TINY, 1.0 - _TINY))
    low, high = -_FURTHEST, _FURTHEST
    for _ in range(_HALVINGS):
        step = (low + high) / 2
        low, high = (low, step) if float(sigmoid(odds + step).sum()) > total else (step, high)
    return sigmoid(odds + high)


def _newton(table: Matrix, outcomes: Numbers) -> Numbers:
    """Climb to the coefficients that make the outcomes likeliest."""
    width = table.shape[1]
    ridge = np.full(width, _RIDGE)
    ridge[-1] = 1e-6
    found = np.zeros(width)
    for _ in range(_ROUNDS):
        gradient, curvature = -ridge * found, np.diag(ridge)
        for start in range(0, len(table), _BLOCK_ROWS):
            block = table[start : start + _BLOCK_ROWS].astype(np.float64)
            chances = sigmoid(block @ found)
            gradient += block.T @ (outcomes[start : start + _BLOCK_ROWS] - chances)
            curvature += (block * (chances * (1.0 - chances))[:, None]).T @ block
        step = np.linalg.solve(curvature, gradient)
        found += step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return found
