"""A problem's costs worked out once, in whole thousandths, and what given seats cost."""

from dataclasses import dataclass

import numpy as np

from workplace.seating.problems import COST_SCALE, Problem, Whole

NEVER = 1 << 60  # dearer than every plan


@dataclass(frozen=True, kw_only=True)
class Tables:
    """`seat` [T, Z] is the cost of one person there, `unseated` [T] that of one without a seat,
    `alone` [T, Z] that of the whole team in one zone, `least` [T] the cheapest of these, and
    `split_above` [T] the cost from which two zones may be cheaper than one. `grid` [layers, widest]
    holds the zones layer by layer, `grid_mask` is 1 where one stands; `grid_seat` and
    `grid_previous` [T, layers, widest] follow it.
    """

    problem: Problem
    unseated: Whole
    zone_split: int
    layer_split: int
    move: int
    seat: Whole
    alone: Whole
    least: list[int]
    split_above: list[int]
    demand: list[int]
    splittable: list[bool]
    allowed: Whole
    layer_members: Whole
    grid: Whole
    grid_mask: Whole
    grid_seat: Whole
    grid_previous: Whole

    @property
    def teams(self) -> int:
        return len(self.demand)

    def cost_of(self, team: int, zones: Whole, people: Whole) -> int:
        """Give what one team's people in these zones cost, the unseated of the team included."""
        problem = self.problem
        layers = len(np.unique(problem.layer[zones]))
        moved = int(np.maximum(0, people - problem.previous[team, zones]).sum())
        return (
            int(self.unseated[team]) * (self.demand[team] - int(people.sum()))
            + self.zone_split * max(0, len(zones) - 1)
            + self.layer_split * max(0, layers - 1)
            + self.move * moved
            + int((self.seat[team, zones] * people).sum())
        )


def tables_of(problem: Problem) -> Tables:
    weights = problem.weights
    seat = _seat_costs(problem)
    move, zone_split = _scaled(weights.move), _scaled(weights.zone_split)
    people = problem.demand[:, None]
    alone = seat * people + move * np.maximum(0, people - problem.previous)
    alone = np.where(problem.allowed, alone, NEVER)
    holds = problem.allowed & (problem.capacity[None, :] >= people)
    least = np.where(holds, alone, NEVER).min(axis=1, initial=NEVER)
    cheapest = np.where(problem.allowed, seat, NEVER).min(axis=1, initial=NEVER)
    grid, grid_mask = _grid(problem)
    return Tables(
        problem=problem,
        unseated=np.rint(problem.importance * (weights.unseated * COST_SCALE)).astype(np.int64),
        zone_split=zone_split,
        layer_split=_scaled(weights.layer_split),
        move=move,
        seat=seat,
        alone=alone,
        least=np.where(least == NEVER, 0, least).tolist(),
        split_above=np.where(
            cheapest == NEVER, NEVER, zone_split + cheapest * problem.demand
        ).tolist(),
        demand=problem.demand.tolist(),
        splittable=problem.splittable.tolist(),
        allowed=problem.allowed.astype(np.int64),
        layer_members=(np.unique(problem.layer)[:, None] == problem.layer).astype(np.int64),
        grid=grid,
        grid_mask=grid_mask,
        grid_seat=seat[:, grid],
        grid_previous=problem.previous[:, grid],
    )


def cost_by_team(tables: Tables, seats: Whole) -> Whole:
    """Give what each team's seats [T, Z] cost, in thousandths; the whole plan costs their sum."""
    problem = tables.problem
    used = seats > 0
    layers = (used.astype(np.int64) @ tables.layer_members.T > 0).sum(axis=1)
    return np.asarray(
        tables.unseated * (problem.demand - seats.sum(axis=1))
        + tables.zone_split * np.maximum(0, used.sum(axis=1) - 1)
        + tables.layer_split * np.maximum(0, layers - 1)
        + tables.move * np.maximum(0, seats - problem.previous).sum(axis=1)
        + (tables.seat * seats).sum(axis=1)
    )


def _scaled(weight: float) -> int:
    return round(weight * COST_SCALE)


def _seat_costs(problem: Problem) -> Whole:
    dislike = (1 - problem.preference) * (problem.weights.preference * COST_SCALE)
    in_the_open = problem.wants_room[:, None] & ~problem.exclusive[None, :]
    return np.rint(dislike).astype(np.int64) + in_the_open * _scaled(problem.weights.wrong_kind)


def _grid(problem: Problem) -> tuple[Whole, Whole]:
    by_layer = [np.flatnonzero(problem.layer == number) for number in np.unique(problem.layer)]
    width = max((len(zones) for zones in by_layer), default=0)
    grid = np.zeros((len(by_layer), width), dtype=np.int64)
    mask = np.zeros_like(grid)
    for row, zones in enumerate(by_layer):
        grid[row, : len(zones)] = zones
        mask[row, : len(zones)] = 1
    return grid, mask
