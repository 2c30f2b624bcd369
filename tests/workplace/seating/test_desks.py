"""Desks: as many as can keep their zone and desk do; wishes come next."""

import numpy as np

from workplace.seating.desks import Desk, Person, desks_of_people, zones_of_people


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
