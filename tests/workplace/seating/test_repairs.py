"""Repairs: a chain of moves makes a seat where one team's choice stands in another's way."""

import numpy as np

from workplace.seating.board import Board, Seating, seating_of, seats_of
from workplace.seating.greedy import resumed
from workplace.seating.placing import place
from workplace.seating.problems import make_problem
from workplace.seating.repairs import seat_the_rest
from workplace.seating.tables import cost_by_team, tables_of


def test_a_chain_over_two_teams_frees_the_seat() -> None:
    problem = make_problem(
        demand=[2, 2, 2],
        capacity=[2, 2, 2],
        allowed=[[True, False, False], [True, True, False], [False, True, True]],
    )
    tables = tables_of(problem)
    board = Board(tables)
    board.put(1, seating_of(tables, 1, np.array([2, 0, 0])))
    board.put(2, seating_of(tables, 2, np.array([0, 2, 0])))
    board.put(0, place(board, 0))

    seat_the_rest(board)

    seats = seats_of(tables, board.seatings)
    assert seats.tolist() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
    assert board.cost == cost_by_team(tables, seats).sum()
    assert board.free.tolist() == [0, 0, 0]


def test_rooms_of_one_team_and_undivided_teams_are_left_alone() -> None:
    problem = make_problem(
        demand=[2, 2],
        capacity=[2, 2],
        exclusive=[False, True],
        allowed=[[True, False], [True, True]],
        splittable=[True, False],
    )
    tables = tables_of(problem)
    board = Board(tables)
    board.put(1, seating_of(tables, 1, np.array([2, 0])))
    board.put(0, Seating((), (), 2 * int(tables.unseated[0])))

    seat_the_rest(board)

    assert seats_of(tables, board.seatings).tolist() == [[0, 0], [2, 0]]


def test_a_plan_is_resumed_where_its_seats_still_do() -> None:
    problem = make_problem(demand=[3, 2], capacity=[3, 4])
    tables = tables_of(problem)

    board = resumed(tables, np.array([[0, 3], [2, 0]]))
    smaller = resumed(
        tables_of(make_problem(demand=[3, 2], capacity=[1, 4])), np.array([[0, 3], [2, 0]])
    )

    assert seats_of(tables, board.seatings).tolist() == [[0, 3], [2, 0]]
    assert seats_of(smaller.tables, smaller.seatings).tolist() == [[0, 3], [1, 1]]
