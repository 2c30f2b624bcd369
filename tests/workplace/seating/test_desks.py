"""Desks: as many as can keep their zone and desk do; wishes come next."""

import random

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from workplace.seating.desks import LABEL, SAME_DESK, Desk, Person, desks_of_people, zones_of_people


def test_people_stay_in_their_zone_where_their_team_still_has_seats_there() -> None:
    people = [Person(key="a", zone_before=1), Person(key="b", zone_before=0), Person(key="c")]

    assert zones_of_people(people, np.array([1, 1, 1])) == [1, 0, 2]


def test_people_beyond_the_seats_have_none_the_last_first() -> None:
    people = [Person(key="a"), Person(key="b")]

    assert zones_of_people(people, np.array([0, 1])) == [1, None]
    assert zones_of_people(people, np.array([0, 0])) == [None, None]
    assert zones_of_people([], np.array([2])) == []


def test_a_desk_is_kept_before_wishes_are_met() -> None:
    desks = [Desk(key=1, labels=frozenset({"window"})), Desk(key=2)]
    people = [Person(key="a", wishes=frozenset({"window"})), Person(key="b", desk_before=1)]

    assert desks_of_people(people, desks) == [2, 1]


def test_wishes_decide_where_nobody_sat_before() -> None:
    desks = [Desk(key=1), Desk(key=2, labels=frozenset({"quiet"}))]
    people = [Person(key="a", wishes=frozenset({"quiet"})), Person(key="b")]

    assert desks_of_people(people, desks) == [2, 1]


def test_too_few_desks_leave_people_without_and_no_desk_is_given_twice() -> None:
    people = [Person(key=number) for number in range(3)]

    given = desks_of_people(people, [Desk(key=1), Desk(key=2)])

    assert sorted(desk for desk in given if desk is not None) == [1, 2]
    assert given.count(None) == 1
    assert desks_of_people(people, []) == [None, None, None]


def test_the_first_of_a_zone_stay_in_it_where_its_seats_do_not_suffice() -> None:
    people = [Person(key=number, zone_before=1) for number in range(3)]

    assert zones_of_people(people, np.array([1, 2])) == [1, 1, 0]


@pytest.mark.parametrize("seed", range(30))
def test_no_other_assignment_loses_fewer_desks_and_wishes(seed: int) -> None:
    """Beside another solver of the same problem, also with more people than desks."""
    chance = random.Random(seed)
    labels = ["window", "quiet", "standing"]
    desks = [
        Desk(key=number, labels=frozenset(chance.sample(labels, chance.randint(0, 3))))
        for number in range(chance.randint(1, 12))
    ]
    people = [
        Person(
            key=number,
            desk_before=chance.choice([None, *(desk.key for desk in desks), "another zone's"]),
            wishes=frozenset(chance.sample(labels, chance.randint(0, 2))),
        )
        for number in range(chance.randint(1, 12))
    ]

    def cost(person: Person, desk: Desk) -> int:
        lost = person.desk_before is not None and person.desk_before != desk.key
        return SAME_DESK * lost + LABEL * len(person.wishes - desk.labels)

    given = desks_of_people(people, desks)

    costs = np.array([[cost(person, desk) for desk in desks] for person in people])
    least = costs[linear_sum_assignment(costs)].sum()
    seated = [
        (person, desk) for person, desk in zip(people, given, strict=True) if desk is not None
    ]
    assert len({desk for _, desk in seated}) == len(seated) == min(len(people), len(desks))
    assert sum(cost(person, desks[desk]) for person, desk in seated) == least
