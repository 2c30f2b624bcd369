"""Reasons: each move says why, the first reason that applies."""

import numpy as np
import pytest

from workplace.seating.problems import Problem, make_problem
from workplace.seating.reasons import Move, Reason, moves


def reason_of(problem: Problem, seats: list[list[int]]) -> Reason:
    (move,) = moves(problem, np.array(seats))
    return move.reason


def test_who_stays_has_no_move() -> None:
    problem = make_problem(demand=[3], capacity=[4, 4], previous=[[3, 0]])

    assert moves(problem, np.array([[3, 0]])) == []


def test_a_team_without_a_past_is_new_and_one_with_more_people_has_grown() -> None:
    new = make_problem(demand=[3], capacity=[4])
    grown = make_problem(demand=[3], capacity=[4], previous=[[2]])

    assert moves(new, np.array([[3]])) == [
        Move(team=0, people=3, from_zone=None, to_zone=0, reason=Reason.NEW)
    ]
    assert moves(grown, np.array([[3]])) == [
        Move(team=0, people=1, from_zone=None, to_zone=0, reason=Reason.GROWN)
    ]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"capacity": [0, 4]}, Reason.CLOSED),
        ({"capacity": [4, 4], "allowed": [[False, True]]}, Reason.AREA),
        ({"capacity": [4, 4], "exclusive": [False, True], "wants_room": [True]}, Reason.ROOM),
        ({"capacity": [2, 4]}, Reason.TOO_SMALL),
        ({"capacity": [4, 4], "preference": [[0.1, 0.9]]}, Reason.PREFERRED),
        ({"capacity": [4, 4]}, Reason.BALANCED),
    ],
)
def test_why_a_team_left_its_zone(facts: dict[str, object], reason: Reason) -> None:
    problem = make_problem(demand=[3], previous=[[3, 0]], **facts)

    assert reason_of(problem, [[0, 3]]) is reason


def test_a_team_that_comes_together_says_so() -> None:
    problem = make_problem(demand=[4], capacity=[4, 4], previous=[[2, 2]])

    assert moves(problem, np.array([[4, 0]])) == [
        Move(team=0, people=2, from_zone=1, to_zone=0, reason=Reason.TOGETHER)
    ]


def test_a_team_that_made_way_says_for_whom() -> None:
    problem = make_problem(demand=[3, 4], capacity=[4, 3], previous=[[3, 0], [0, 0]])

    assert moves(problem, np.array([[0, 3], [4, 0]])) == [
        Move(team=0, people=3, from_zone=0, to_zone=1, reason=Reason.MADE_WAY, other_team=1),
        Move(team=1, people=4, from_zone=None, to_zone=0, reason=Reason.NEW),
    ]


def test_gains_are_paired_with_losses_the_larger_first() -> None:
    problem = make_problem(demand=[6], capacity=[6, 6, 6], previous=[[4, 1, 0]])

    found = [
        (move.people, move.from_zone, move.to_zone)
        for move in moves(problem, np.array([[0, 0, 6]]))
    ]

    assert found == [(4, 0, 2), (1, 1, 2), (1, None, 2)]
