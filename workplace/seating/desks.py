"""Persons to zones and desks once the teams have their seats: as many as can keep their desk do."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import lap
import numpy as np

from workplace.seating.problems import Whole

SAME_DESK, LABEL = 10, 2  # what a lost desk costs, and each label that a desk lacks


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

    Where fewer seats than people are left in a zone, its first people stay. People beyond the seats
    get None, the last ones first.
    """
    left = seats.tolist()
    chosen: list[int | None] = [None] * len(people)
    known = range(min(len(people), sum(left)))
    for number in known:
        zone = people[number].zone_before
        if zone is not None and left[zone]:
            chosen[number] = zone
            left[zone] -= 1
    others = (zone for zone, free in enumerate(left) for _ in range(free))
    for number in known:
        if chosen[number] is None:
            chosen[number] = next(others)
    return chosen


def desks_of_people(people: Sequence[Person], desks: Sequence[Desk]) -> list[Hashable | None]:
    """Give each person in one zone a desk of it; None where the desks do not suffice.

    What is lost is least in all: a linear assignment problem, solved after Jonker and Volgenant (1987).
    """
    if not people or not desks:
        return [None] * len(people)
    cost = np.array([[_cost(person, desk) for desk in desks] for person in people], dtype=float)
    _total, desk_of, _person_at = lap.lapjv(cost, extend_cost=True)
    return [desks[desk].key if desk >= 0 else None for desk in desk_of.tolist()]


def _cost(person: Person, desk: Desk) -> int:
    lost = person.desk_before is not None and person.desk_before != desk.key
    return SAME_DESK * lost + LABEL * len(person.wishes - desk.labels)
