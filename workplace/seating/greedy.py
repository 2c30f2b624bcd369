"""First plans: teams put down one after the other, or the seats of a plan that stands already."""

import numpy as np

from workplace.seating.board import Board, seating_of
from workplace.seating.placing import place
from workplace.seating.problems import Whole
from workplace.seating.tables import Tables


def greedy(tables: Tables) -> Board:
    """Seat the teams with restricted areas first, then the larger ones, each as cheaply as it can."""
    board = Board(tables)
    for team in _order(tables):
        board.put(team, place(board, team))
    return board


def resumed(tables: Tables, seats: Whole) -> Board:
    """Keep each team of an earlier plan [T, Z] whose seats still do, and seat the others greedily."""
    board = Board(tables)
    problem = tables.problem
    waiting = []
    for team in _order(tables):
        wanted = seats[team]
        fits = (wanted <= board.free * tables.allowed[team]).all()
        together = problem.splittable[team] or np.count_nonzero(wanted) <= 1
        if fits and together and wanted.sum() == problem.demand[team]:
            board.put(team, seating_of(tables, team, wanted))
        else:
            waiting.append(team)
    for team in waiting:
        board.put(team, place(board, team))
    return board


def _order(tables: Tables) -> list[int]:
    problem = tables.problem
    unrestricted = problem.allowed.all(axis=1)
    return [int(team) for team in np.lexsort((-problem.demand, unrestricted))]
