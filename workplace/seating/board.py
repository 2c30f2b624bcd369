"""Where the teams sit while a plan is sought: a team is put down with its seats and lifted again."""

from typing import NamedTuple

import numpy as np

from workplace.seating.problems import Whole
from workplace.seating.tables import Tables


class Seating(NamedTuple):
    """One team's seats: people by zone, and what they cost in thousandths."""

    zones: tuple[int, ...]
    people: tuple[int, ...]
    cost: int


NO_SEATS = Seating((), (), 0)


class Board:
    """Free seats by zone and each team's seating; a room has no free seat once a team is in it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.free: Whole = tables.problem.capacity.copy()
        self.seatings: list[Seating] = [NO_SEATS] * tables.teams
        self.cost = 0
        self._exclusive: list[bool] = tables.problem.exclusive.tolist()
        self._capacity: list[int] = tables.problem.capacity.tolist()

    def put(self, team: int, seating: Seating) -> None:
        for zone, people in zip(seating.zones, seating.people, strict=True):
            if self._exclusive[zone]:
                self.free[zone] = 0
            else:
                self.free[zone] -= people
        self.seatings[team] = seating
        self.cost += seating.cost

    def lift(self, team: int) -> Seating:
        """Take the team's seats back and give what they were."""
        seating = self.seatings[team]
        for zone, people in zip(seating.zones, seating.people, strict=True):
            if self._exclusive[zone]:
                self.free[zone] = self._capacity[zone]
            else:
                self.free[zone] += people
        self.seatings[team] = NO_SEATS
        self.cost -= seating.cost
        return seating


def seats_of(tables: Tables, seatings: list[Seating]) -> Whole:
    """Give the seatings as one array [T, Z] of people."""
    seats = np.zeros((tables.teams, tables.problem.zones), dtype=np.int64)
    for team, seating in enumerate(seatings):
        seats[team, list(seating.zones)] = seating.people
    return seats


def seating_of(tables: Tables, team: int, seats: Whole) -> Seating:
    """Give one team's people by zone [Z] as a seating with its cost."""
    zones = np.flatnonzero(seats)
    cost = tables.cost_of(team, zones, seats[zones])
    return Seating(tuple(zones.tolist()), tuple(seats[zones].tolist()), cost)
