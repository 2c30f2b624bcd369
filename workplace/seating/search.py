"""Large-neighbourhood search: lift a few teams, put them down again, keep what is better or nearly.

The number of rounds is the budget, never the clock, and chance comes from a seed, so that the same
problem gives the same plan.
"""

import math
from bisect import bisect_right
from itertools import accumulate
from random import Random

from workplace.seating.board import Board, Seating
from workplace.seating.placing import place

FEWEST, MOST = 2, 8  # teams lifted in one round
FIRST_TEMPERATURE = 60_000.0  # thousandths of cost; falls evenly to 0
RENEWED_EVERY = 50  # rounds after which the costly teams and the layers' teams are looked up again
NEAR_SHARE = 0.75  # of the rounds lift teams that have to do with each other


class Search:
    """One search on one board; `best` are the cheapest seatings seen and `best_cost` what they cost."""

    def __init__(self, board: Board, *, seed: int) -> None:
        self.board = board
        self.best = list(board.seatings)
        self.best_cost = board.cost
        self._random = Random(seed)  # noqa: S311 - a repeatable plan is wanted, not a secret
        self._tables = board.tables
        self._layer: list[int] = board.tables.problem.layer.tolist()
        self._teams = [team for team, people in enumerate(board.tables.demand) if people]
        self._avoidable: list[int] = []
        self._on_layer: dict[int, list[int]] = {}

    def run(self, rounds: int) -> None:
        if len(self._teams) < FEWEST:
            return
        for number in range(rounds):
            if number % RENEWED_EVERY == 0:
                self._renew()
            self._round(FIRST_TEMPERATURE * (1 - number / rounds))

    def _renew(self) -> None:
        seatings, least = self.board.seatings, self._tables.least
        self._avoidable = list(
            accumulate(max(1, seatings[team].cost - least[team]) for team in self._teams)
        )
        self._on_layer = {}
        for team in self._teams:
            for layer in {self._layer[zone] for zone in seatings[team].zones}:
                self._on_layer.setdefault(layer, []).append(team)

    def _round(self, temperature: float) -> None:
        cost_before = self.board.cost
        teams = self._chosen()
        seats_before = [(team, self.board.lift(team)) for team in teams]
        self._arrange(teams)
        for team in teams:
            self.board.put(team, place(self.board, team))
        if not self._accepts(self.board.cost - cost_before, temperature):
            self._undo(seats_before)
        elif self.board.cost < self.best_cost:
            self.best, self.best_cost = list(self.board.seatings), self.board.cost

    def _accepts(self, dearer: int, temperature: float) -> bool:
        return dearer <= 0 or self._random.random() < math.exp(-dearer / temperature)

    def _undo(self, seats_before: list[tuple[int, Seating]]) -> None:
        for team, _ in seats_before:
            self.board.lift(team)
        for team, seating in seats_before:
            self.board.put(team, seating)

    def _chosen(self) -> list[int]:
        count = min(self._random.randint(FEWEST, MOST), len(self._teams))
        if self._random.random() >= NEAR_SHARE:
            return self._random.sample(self._teams, count)
        first = self._costly_team()
        near = self._on_layer.get(self._layer_near(first), self._teams)
        others = self._random.sample(near, min(count, len(near)))
        return [first, *(team for team in others if team != first)][:count]

    def _costly_team(self) -> int:
        """Pick a team; one whose cost could be avoided by much is picked more often."""
        drawn = self._random.random() * self._avoidable[-1]
        return self._teams[min(bisect_right(self._avoidable, drawn), len(self._teams) - 1)]

    def _layer_near(self, team: int) -> int:
        """Pick a layer where the team sits, where it sat before, or any."""
        drawn = self._random.random()
        zones = self.board.seatings[team].zones
        before: list[int] = self._tables.problem.previous[team].nonzero()[0].tolist()
        if drawn < 0.4 and zones:
            return self._layer[self._random.choice(zones)]
        if drawn < 0.8 and before:
            return self._layer[self._random.choice(before)]
        return self._random.choice(self._layer)

    def _arrange(self, teams: list[int]) -> None:
        """Put the lifted teams into chance order (half the time), the largest first, or leave them."""
        drawn = self._random.random()
        if drawn < 0.5:
            self._random.shuffle(teams)
        elif drawn < 0.75:
            teams.sort(key=lambda team: -self._tables.demand[team])
