"""What special days bring of what their weekday brings: learnt by name, by kind, and from before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workplace.forecasting.special_days import Kind, SpecialDays

Counts = NDArray[np.float64]

_NEIGHBOURS = 6
_KIND_WEIGHT = 1.5
_PRIOR_WEIGHT = 2.0
_PRIORS = {
    Kind.HOLIDAY: 0.40,
    Kind.YEAR_END: 0.70,
    Kind.BRIDGE: 0.75,
    Kind.WORKED_HOLIDAY: 0.85,
}
_WEEKEND_PRIOR = 0.90
_LARGEST_RATIO = 3.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """A special day of the past: what came, over what its weekday brings otherwise."""

    kind: Kind
    name: str
    is_weekend: bool
    ratio: float


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A history without its special days: `counts` (NaN where closed or unknown) and what they taught."""

    counts: Counts
    factors: "Factors"


class Factors:
    """The expected ratio of each special day."""

    def __init__(self, seen: Iterable[_Seen]) -> None:
        self._of_kind: dict[tuple[Kind, bool], list[float]] = defaultdict(list)
        self._of_name: dict[tuple[str, bool], list[float]] = defaultdict(list)
        for one in seen:
            self._of_kind[one.kind, one.is_weekend].append(one.ratio)
            self._of_name[one.name, one.is_weekend].append(one.ratio)

    def on(self, days: SpecialDays) -> Counts:
        """Give the factor of each day: 1 for a normal one, 0 for a closed one; shape (days,)."""
        return np.array(
            [
                self._factor(Kind(kind), name, is_weekend=bool(weekend))
                for kind, name, weekend in zip(days.kinds, days.names, days.is_weekend, strict=True)
            ]
        )

    def _factor(self, kind: Kind, name: str, *, is_weekend: bool) -> float:
        if kind == Kind.NORMAL:
            return 1.0
        if kind == Kind.CLOSED:
            return 0.0
        prior = _WEEKEND_PRIOR if is_weekend else _PRIORS[kind]
        pooled = _shrunk(self._of_kind.get((kind, is_weekend), []), prior, _PRIOR_WEIGHT)
        return _shrunk(self._of_name.get((name, is_weekend), []), pooled, _KIND_WEIGHT)


def clean(counts: Counts, days: SpecialDays) -> Cleaned:
    """Put the median of the six nearest normal days of its weekday in the place of each special day."""
    cleaned = np.where(days.is_closed, np.nan, counts)
    normal = {weekday: _normal_days(counts, days, weekday) for weekday in range(7)}
    seen = []
    for index in np.flatnonzero(~days.is_normal & ~np.isnan(cleaned)):
        expected = _expected(counts, normal[int(days.weekdays[index])], int(index))
        cleaned[index] = expected
        if expected > 0:
            seen.append(_seen(counts[index] / expected, days, int(index)))
    return Cleaned(cleaned, Factors(seen))


def _normal_days(counts: Counts, days: SpecialDays, weekday: int) -> NDArray[np.int64]:
    return np.flatnonzero(days.is_normal & (days.weekdays == weekday) & ~np.isnan(counts))


def _expected(counts: Counts, normal: NDArray[np.int64], index: int) -> float:
    """Give the median of the nearest normal days; NaN where there are none."""
    if len(normal) == 0:
        return float("nan")
    place = int(np.searchsorted(normal, index))
    window = normal[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
    nearest = window[np.argsort(np.abs(window - index), kind="stable")[:_NEIGHBOURS]]
    return float(np.median(counts[nearest]))


def _seen(ratio: float, days: SpecialDays, index: int) -> _Seen:
    return _Seen(
        kind=Kind(int(days.kinds[index])),
        name=days.names[index],
        is_weekend=bool(days.is_weekend[index]),
        ratio=min(float(ratio), _LARGEST_RATIO),
    )


def _shrunk(ratios: list[float], towards: float, weight: float) -> float:
    return (sum(ratios) + weight * towards) / (len(ratios) + weight)
