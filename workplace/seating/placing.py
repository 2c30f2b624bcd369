"""The cheapest seats that one team finds on the board as it stands.

One zone where one holds the team; where that costs more than a split might, or where none does,
zones of one layer; else zones of several layers. Who then remains has no seat.
"""

import numpy as np
import numpy.typing as npt

from workplace.seating.board import NO_SEATS, Board, Seating, seating_of
from workplace.seating.problems import Whole
from workplace.seating.tables import NEVER, Tables


def place(board: Board, team: int) -> Seating:
    """Give the cheapest seats found for a team that is not on the board; nothing is put down."""
    tables = board.tables
    people = tables.demand[team]
    if people == 0:
        return NO_SEATS
    free = board.free * tables.allowed[team]
    costs = np.where(free >= people, tables.alone[team], NEVER)
    zone = int(costs.argmin()) if len(costs) else 0
    alone = int(costs[zone]) if len(costs) else NEVER
    whole = Seating((zone,), (people,), alone)
    if alone < NEVER and (alone <= tables.split_above[team] or not tables.splittable[team]):
        return whole
    if not tables.splittable[team]:
        return _in_the_largest_zone(tables, team, free)
    split = _on_one_layer(tables, team, free)
    if alone < NEVER and (split is None or alone <= split.cost):
        return whole
    return split or _across_layers(tables, team, free)


def _on_one_layer(tables: Tables, team: int, free: Whole) -> Seating | None:
    """Fill every layer that can hold the team, zone by zone, and give the cheapest layer's seats."""
    free = free[tables.grid] * tables.grid_mask
    rows = np.flatnonzero(free.sum(axis=1) >= tables.demand[team])
    if not len(rows):
        return None
    free = free[rows]
    seat, previous = tables.grid_seat[team, rows], tables.grid_previous[team, rows]
    missing = np.full((len(rows), 1), tables.demand[team])
    taken = np.zeros_like(free)
    total = np.full(len(rows), -tables.zone_split)
    each = np.arange(len(rows))
    while missing.any():
        people = np.minimum(free, missing)
        cost = _cost_of_next_zone(tables, people, seat, previous)
        best = _cheapest_by_person(cost, people)
        chosen = people[each, best]
        taken[each, best] += chosen
        free[each, best] = 0
        total += np.where(chosen > 0, cost[each, best], 0)
        missing -= chosen[:, None]
    row = int(total.argmin())
    columns = np.flatnonzero(taken[row])
    zones = tables.grid[rows[row], columns]
    return Seating(tuple(zones.tolist()), tuple(taken[row, columns].tolist()), int(total[row]))


def _across_layers(tables: Tables, team: int, free: Whole) -> Seating:
    """Fill zone by zone wherever there is room, a further layer at its price."""
    layer, missing = tables.problem.layer, tables.demand[team]
    seat, previous = tables.seat[team], tables.problem.previous[team]
    further_layer = np.full(len(free), tables.layer_split)
    taken = np.zeros_like(free)
    free = free.copy()
    while missing and free.any():
        people = np.minimum(free, missing)
        cost = _cost_of_next_zone(tables, people, seat, previous) + further_layer
        zone = int(_cheapest_by_person(cost, people))
        taken[zone] = people[zone]
        missing -= int(people[zone])
        free[zone] = 0
        further_layer[layer == layer[zone]] = 0
    return seating_of(tables, team, taken)


def _in_the_largest_zone(tables: Tables, team: int, free: Whole) -> Seating:
    """Seat as many as one zone holds: a team that is never split stays together without the rest."""
    taken = np.zeros_like(free)
    if len(free):
        zone = int(free.argmax())
        taken[zone] = min(int(free[zone]), tables.demand[team])
    return seating_of(tables, team, taken)


def _cost_of_next_zone(tables: Tables, people: Whole, seat: Whole, previous: Whole) -> Whole:
    moved = np.maximum(0, people - previous)
    return np.asarray(tables.zone_split + seat * people + tables.move * moved)


def _cheapest_by_person(cost: Whole, people: Whole) -> npt.NDArray[np.intp]:
    price = np.where(people > 0, cost / np.maximum(people, 1), np.inf)
    return np.asarray(price.argmin(axis=-1))
