"""Persons to zones and desks once the teams have their seats: as many as can keep their desk do."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from workplace.seating.problems import Whole

SAME_ZONE, LABEL = 1, 2  # what a lost zone and each label that a desk lacks cost …
SAME_DESK = 10  # … beside a lost desk


@dataclass(frozen=True, kw_only=True)
class Person:
    """One who comes that day, or a seat whose person is not known yet; wishes are labels of desks."""

    key: Hashable
    zone_before: int | None = None
    desk_before: Hashable | None = None
    wishes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Desk:
    key: Hashable
    labels: frozenset[str] = field(default_factory=frozenset)


def zones_of_people(people: Sequence[Person], seats: Whole) -> list[int | None]:
    """Give each person of one team a zone of the team's seats [Z]; as many as can stay in theirs.

    People beyond the seats get None, the last ones first.
    """
    zones = np.repeat(np.arange(len(seats)), seats)
    known = people[: len(zones)]
    chosen: list[int | None] = [None] * len(people)
    if not known:
        return chosen
    before = np.array([-1 if p.zone_before is None else p.zone_before for p in known])
    cost = (before[:, None] != zones[None, :]).astype(np.int64) * SAME_ZONE
    for person, slot in zip(*linear_sum_assignment(cost), strict=True):
        chosen[int(person)] = int(zones[slot])
    return chosen


def desks_of_people(people: Sequence[Person], desks: Sequence[Desk]) -> list[Hashable | None]:
    """Give each person in one zone a desk of it; None where the desks do not suffice."""
    chosen: list[Hashable | None] = [None] * len(people)
    if not people or not desks:
        return chosen
    cost = np.array([[_cost(person, desk) for desk in desks] for person in people])
    for person, desk in zip(*linear_sum_assignment(cost), strict=True):
        chosen[int(person)] = desks[int(desk)].key
    return chosen


def _cost(person: Person, desk: Desk) -> int:
    lost = person.desk_before is not None and person.desk_before != desk.key
    return SAME_DESK * lost + LABEL * len(person.wishes - desk.labels)
