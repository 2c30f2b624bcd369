"""A seat for everybody for whom the others can make one, however much has to move."""

from collections import deque
from typing import NamedTuple

import numpy as np

from workplace.seating.board import Board, Seating, seating_of, seats_of
from workplace.seating.problems import Whole


class Step(NamedTuple):
    """One link of a chain: `team` gives up seats in `left` (None: it had none) for ones in `zone`."""

    team: int
    left: int | None
    zone: int


def seat_the_rest(board: Board) -> None:
    """Seat people who have no seat by chains of moves that end at a free one.

    Teams that stay whole and rooms of one team are left as they are; among the others nobody who
    could have a seat remains without (an augmenting path of a flow).
    """
    missing = [
        team
        for team, seating in enumerate(board.seatings)
        if board.tables.splittable[team] and sum(seating.people) < board.tables.demand[team]
    ]
    if missing:
        _Repair(board).run(missing)


class _Repair:
    def __init__(self, board: Board) -> None:
        problem = board.tables.problem
        self._board = board
        self._seats: Whole = seats_of(board.tables, board.seatings)
        self._open = problem.allowed & ~problem.exclusive[None, :]
        self._may_move = problem.splittable[:, None] & (self._seats >= 0)
        self._free: Whole = np.where(problem.exclusive, 0, board.free)

    def run(self, teams: list[int]) -> None:
        for team in teams:
            while self._missing(team):
                chain = self._chain(team)
                if not chain:
                    break
                self._apply(chain, self._missing(team))
        self._put_down()

    def _missing(self, team: int) -> int:
        return self._board.tables.demand[team] - int(self._seats[team].sum())

    def _chain(self, team: int) -> list[Step]:
        """Give the shortest chain of moves that frees a seat for the team, or none."""
        came: dict[int, Step] = {}
        waiting: deque[int] = deque()
        self._reach(team, None, came, waiting)
        while waiting:
            zone = waiting.popleft()
            if self._free[zone] > 0:
                return _followed_back(came, zone)
            for other in np.flatnonzero(self._seats[:, zone] * self._may_move[:, zone]).tolist():
                self._reach(other, zone, came, waiting)
        return []

    def _reach(
        self, team: int, left: int | None, came: dict[int, Step], waiting: deque[int]
    ) -> None:
        for zone in np.flatnonzero(self._open[team]).tolist():
            if zone not in came:
                came[zone] = Step(team, left, zone)
                waiting.append(zone)

    def _apply(self, chain: list[Step], wanted: int) -> None:
        given = [int(self._seats[step.team, step.left]) for step in chain if step.left is not None]
        people = min(wanted, int(self._free[chain[-1].zone]), *given)
        for step in chain:
            self._seats[step.team, step.zone] += people
            if step.left is not None:
                self._seats[step.team, step.left] -= people
        self._free[chain[-1].zone] -= people

    def _put_down(self) -> None:
        changed: list[tuple[int, Seating]] = []
        for team, seating in enumerate(self._board.seatings):
            repaired = seating_of(self._board.tables, team, self._seats[team])
            if set(zip(*repaired[:2], strict=True)) != set(zip(*seating[:2], strict=True)):
                changed.append((team, repaired))
        for team, _ in changed:
            self._board.lift(team)
        for team, repaired in changed:
            self._board.put(team, repaired)


def _followed_back(came: dict[int, Step], zone: int) -> list[Step]:
    chain = [came[zone]]
    while chain[0].left is not None:
        chain.insert(0, came[chain[0].left])
    return chain
