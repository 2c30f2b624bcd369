"""What is asked of one day at one location: teams, zones, wishes and what each thing costs.

Costs are whole thousandths, so that sums are exact and the same input gives the same plan on
every machine.
"""

import hashlib
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Whole: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

COST_SCALE = 1000  # costs are counted in thousandths


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What one thing costs: a person unseated, a zone or layer more than one, a seat moved, …

    `move` is per person who sits elsewhere than before, `preference` per person in the least
    liked zone, `wrong_kind` per person of a team that asked for a room and sits in the open.
    """

    unseated: float = 1000
    zone_split: float = 60
    layer_split: float = 80
    move: float = 8
    preference: float = 5
    wrong_kind: float = 20


MANY_MOVES = Weights(move=0.5)  # a day on which people may be moved about freely


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One day at one location; T teams, Z zones (rooms among them).

    `demand` [T] people; `capacity` [Z] seats that are free to give; `layer` [Z] number of the
    layer; `exclusive` [Z] usable by one team only (a room); `preference` [T, Z] 0…1; `previous`
    [T, Z] seats of the day before; `allowed` [T, Z]; `splittable` [T] may sit in several zones;
    `wants_room` [T] would rather have exclusive zones; `importance` [T] weighs those without a seat.
    :raises ValueError: for shapes that do not fit together or numbers out of range.
    """

    demand: Whole
    capacity: Whole
    layer: Whole
    exclusive: Mask
    preference: npt.NDArray[np.float64]
    previous: Whole
    allowed: Mask
    splittable: Mask
    wants_room: Mask
    importance: npt.NDArray[np.float64]
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        teams, zones = len(self.demand), len(self.capacity)
        by_team = (self.demand, self.splittable, self.wants_room, self.importance)
        by_zone = (self.capacity, self.layer, self.exclusive)
        by_both = (self.preference, self.previous, self.allowed)
        if (
            any(values.shape != (teams,) for values in by_team)
            or any(values.shape != (zones,) for values in by_zone)
            or any(values.shape != (teams, zones) for values in by_both)
        ):
            raise ValueError("Teams and zones of a seating problem differ in number")
        if any(values.size and values.min() < 0 for values in (*by_zone, *by_both, self.demand)):
            raise ValueError("A seating problem has no negative numbers")
        if self.preference.size and self.preference.max() > 1:
            raise ValueError("A preference lies between 0 and 1")

    @property
    def teams(self) -> int:
        return len(self.demand)

    @property
    def zones(self) -> int:
        return len(self.capacity)


def make_problem(
    *,
    demand: npt.ArrayLike,
    capacity: npt.ArrayLike,
    layer: npt.ArrayLike | None = None,
    exclusive: npt.ArrayLike | None = None,
    preference: npt.ArrayLike | None = None,
    previous: npt.ArrayLike | None = None,
    allowed: npt.ArrayLike | None = None,
    splittable: npt.ArrayLike | None = None,
    wants_room: npt.ArrayLike | None = None,
    importance: npt.ArrayLike | None = None,
    weights: Weights | None = None,
) -> Problem:
    """Give the problem with what is left out at its quiet default: one layer, no wishes, no past."""
    people = np.asarray(demand, dtype=np.int64)
    seats = np.asarray(capacity, dtype=np.int64)
    shape = (len(people), len(seats))

    def filled(
        values: npt.ArrayLike | None, size: tuple[int, ...], default: float, kind: type
    ) -> npt.NDArray:
        return (
            np.full(size, default, dtype=kind) if values is None else np.asarray(values, dtype=kind)
        )

    return Problem(
        demand=people,
        capacity=seats,
        layer=filled(layer, shape[1:], 0, np.int64),
        exclusive=filled(exclusive, shape[1:], 0, np.bool_),
        preference=filled(preference, shape, 0.5, np.float64),
        previous=filled(previous, shape, 0, np.int64),
        allowed=filled(allowed, shape, 1, np.bool_),
        splittable=filled(splittable, shape[:1], 1, np.bool_),
        wants_room=filled(wants_room, shape[:1], 0, np.bool_),
        importance=filled(importance, shape[:1], 1, np.float64),
        weights=weights or Weights(),
    )


def digest(problem: Problem) -> str:
    """Give 64 hex digits that are equal for equal problems, and in practice for no others."""
    told = hashlib.sha256(repr(problem.weights).encode())
    for field in fields(problem):
        values = getattr(problem, field.name)
        if isinstance(values, np.ndarray):
            told.update(f"{field.name}{values.dtype.str}{values.shape}".encode())
            told.update(np.ascontiguousarray(values).tobytes())
    return told.hexdigest()
