"""The plan of a day: the best seats found, what they cost, and how far they may be from the best."""

from dataclasses import dataclass

import numpy as np

from workplace.seating import exact
from workplace.seating.board import Board, seats_of
from workplace.seating.greedy import greedy, resumed
from workplace.seating.problems import COST_SCALE, Problem, Whole, digest
from workplace.seating.repairs import seat_the_rest
from workplace.seating.search import Search
from workplace.seating.tables import Tables, cost_by_team, tables_of

ROUNDS = 8_000
WORTH_SHARE = 0.01  # a plan replaces a good one only if it is cheaper by more than this …
WORTH_PEOPLE = 1  # … and more people than this sit elsewhere


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Seats [T, Z] in people; costs in the units of the weights; `solver` is `lns` or `exact`.

    `lower_bound` is None where nothing was proved; `greedy_cost` is that of the first plan.
    """

    seats: Whole
    cost: float
    greedy_cost: float
    lower_bound: float | None
    solver: str
    digest: str

    @property
    def gap(self) -> float | None:
        """Give by what share the cost may be above the best possible one."""
        if self.lower_bound is None:
            return None
        return (self.cost - self.lower_bound) / self.cost if self.cost else 0.0


def solve(problem: Problem, *, rounds: int = ROUNDS, standing: Whole | None = None) -> Plan:
    """Seat the teams; `standing` [T, Z] is today's plan where there is one, and a start like any other.

    Equal problems with equal standing plans and rounds give equal plans.
    """
    tables = tables_of(problem)
    first = greedy(tables)
    told = digest(problem)
    if not problem.teams or not problem.zones:
        return _plan(tables, first.cost, _all_unseated(tables), None, "lns", told)
    greedy_cost = first.cost
    seats = _searched(
        tables, _best_start(tables, first, standing), rounds=rounds, seed=int(told, 16)
    )
    proof = _proof(tables)
    cost = int(cost_by_team(tables, seats).sum())
    if proof and proof.seats is not None and cost_by_team(tables, proof.seats).sum() < cost:
        return _plan(tables, greedy_cost, proof.seats, proof.bound, "exact", told)
    return _plan(tables, greedy_cost, seats, proof.bound if proof else None, "lns", told)


def is_worth_it(problem: Problem, plan: Plan, standing: Whole) -> bool:
    """Say whether the plan should replace the standing one [T, Z].

    One that seats other numbers of people, breaks a capacity or leaves an area is always replaced.
    """
    if not is_valid(problem, standing) or (standing.sum(axis=1) != plan.seats.sum(axis=1)).any():
        return True
    moved = int(np.maximum(0, plan.seats - standing).sum())
    return moved > WORTH_PEOPLE and plan.cost < cost_of(problem, standing) * (1 - WORTH_SHARE)


def cost_of(problem: Problem, seats: Whole) -> float:
    """Give what seats [T, Z] cost, in the units of the weights."""
    return float(cost_by_team(tables_of(problem), seats).sum() / COST_SCALE)


def is_valid(problem: Problem, seats: Whole) -> bool:
    """Say whether seats [T, Z] keep every capacity, area, room of one team and undivided team."""
    used = seats > 0
    return bool(
        (seats >= 0).all()
        and (seats.sum(axis=1) <= problem.demand).all()
        and (seats.sum(axis=0) <= problem.capacity).all()
        and not (used & ~problem.allowed).any()
        and (used.sum(axis=0)[problem.exclusive] <= 1).all()
        and (used.sum(axis=1)[~problem.splittable] <= 1).all()
    )


def _best_start(tables: Tables, first: Board, standing: Whole | None) -> Board:
    seat_the_rest(first)
    if standing is None:
        return first
    again = resumed(tables, standing)
    seat_the_rest(again)
    return min(first, again, key=lambda board: board.cost)


def _searched(tables: Tables, board: Board, *, rounds: int, seed: int) -> Whole:
    search = Search(board, seed=seed)
    search.run(rounds)
    best = Board(tables)
    for team, seating in enumerate(search.best):
        best.put(team, seating)
    seat_the_rest(best)
    return seats_of(tables, best.seatings)


def _proof(tables: Tables) -> exact.Exact | None:
    if not exact.is_installed():
        return None
    return exact.solved(tables) if exact.is_small(tables) else exact.bounded(tables)


def _all_unseated(tables: Tables) -> Whole:
    return np.zeros((tables.teams, tables.problem.zones), dtype=np.int64)


def _plan(
    tables: Tables, greedy_cost: int, seats: Whole, bound: int | None, solver: str, told: str
) -> Plan:
    return Plan(
        seats=seats,
        cost=int(cost_by_team(tables, seats).sum()) / COST_SCALE,
        greedy_cost=greedy_cost / COST_SCALE,
        lower_bound=None if bound is None else bound / COST_SCALE,
        solver=solver,
        digest=told,
    )
