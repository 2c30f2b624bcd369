"""Small problems solved to the optimum, and lower bounds, by HiGHS where highspy is installed."""

import importlib.util
from dataclasses import dataclass

import numpy as np

from workplace.seating.linear_models import LinearModel
from workplace.seating.problems import Whole
from workplace.seating.tables import Tables

MOST_TEAMS, MOST_ZONES = 150, 15  # solved whole up to this size


@dataclass(frozen=True, kw_only=True)
class Exact:
    """A bound that no plan undercuts, in thousandths, and the optimal seats where they are proved."""

    bound: int
    seats: Whole | None = None


def is_installed() -> bool:
    return importlib.util.find_spec("highspy") is not None


def is_small(tables: Tables) -> bool:
    return tables.teams <= MOST_TEAMS and tables.problem.zones <= MOST_ZONES


def solved(tables: Tables) -> Exact | None:
    """Solve the whole problem; None where the solver gave up without any bound."""
    model = LinearModel()
    teams, zones = _pairs(tables)
    most = np.minimum(tables.problem.demand[teams], tables.problem.capacity[zones])
    move = tables.move
    people = model.columns(tables.seat[teams, zones] + move, upper=most, whole=True)
    stays = model.columns(
        np.full(len(teams), -move), upper=np.minimum(most, tables.problem.previous[teams, zones])
    )
    used = model.columns(np.full(len(teams), tables.zone_split), upper=1, whole=True)
    unseated = model.columns(tables.unseated, upper=tables.problem.demand)
    first = -(tables.zone_split + tables.layer_split)
    seated = model.columns(np.full(tables.teams, first), upper=1, whole=True)
    model.rows(len(teams), [(people, 1), (used, -most)], upper=0)
    model.rows(len(teams), [(stays, 1), (people, -1)], upper=0)
    _capacity_rows(model, tables, zones, people, used)
    _team_rows(model, tables, teams, people, unseated, used, seated)
    _layer_rows(model, tables, teams, zones, used)
    values, bound = model.minimum(whole=True)
    if bound is None:
        return None
    seats = None
    if values is not None:
        seats = np.zeros((tables.teams, tables.problem.zones), dtype=np.int64)
        seats[teams, zones] = np.rint(values[people]).astype(np.int64)
    return Exact(bound=bound, seats=seats)


def bounded(tables: Tables) -> Exact | None:
    """Give the bound of the problem in which people are divided and a zone is paid by the seat.

    A team that uses the share s of what it could have in a zone pays that share of a zone split,
    and likewise for layers: never more than it would pay in a real plan.
    """
    problem = tables.problem
    model = LinearModel()
    teams, zones = _pairs(tables)
    most = np.minimum(problem.demand[teams], problem.capacity[zones])
    by_layer = (problem.capacity * tables.allowed) @ tables.layer_members.T
    row = np.searchsorted(np.unique(problem.layer), problem.layer[zones])
    most_of_layer = np.minimum(problem.demand[teams], by_layer[teams, row])
    share = tables.zone_split / most + tables.layer_split / most_of_layer
    upper = np.minimum(most, problem.previous[teams, zones])
    known = np.flatnonzero(upper)
    moved = model.columns(tables.seat[teams, zones] + share + tables.move, upper=most)
    stays = model.columns((tables.seat[teams, zones] + share)[known], upper=upper[known])
    unseated = model.columns(tables.unseated, upper=problem.demand)
    both_teams = np.concatenate([teams, teams[known]])
    both_zones = np.concatenate([zones, zones[known]])
    both = np.concatenate([moved, stays])
    model.sums(both_teams, both, tables.teams, also=unseated, lower=problem.demand)
    model.sums(both_zones, both, problem.zones, upper=problem.capacity)
    _, bound = model.minimum(whole=False)
    if bound is None:
        return None
    first = (tables.zone_split + tables.layer_split) * int((problem.demand > 0).sum())
    return Exact(bound=max(0, bound - first))


def _pairs(tables: Tables) -> tuple[Whole, Whole]:
    problem = tables.problem
    possible = problem.allowed & (problem.capacity > 0)[None, :] & (problem.demand > 0)[:, None]
    teams, zones = np.nonzero(possible)
    return teams, zones


def _capacity_rows(
    model: LinearModel, tables: Tables, zones: Whole, people: Whole, used: Whole
) -> None:
    problem = tables.problem
    model.sums(zones, people, problem.zones, upper=problem.capacity)
    shared = problem.exclusive[zones]
    model.sums(zones[shared], used[shared], problem.zones, upper=np.ones(problem.zones))


def _team_rows(
    model: LinearModel,
    tables: Tables,
    teams: Whole,
    people: Whole,
    unseated: Whole,
    used: Whole,
    seated: Whole,
) -> None:
    problem = tables.problem
    model.sums(
        teams, people, tables.teams, also=unseated, lower=problem.demand, upper=problem.demand
    )
    model.sums(teams, used, tables.teams, also=seated, also_by=-1, lower=np.zeros(tables.teams))
    together = ~problem.splittable[teams]
    model.sums(teams[together], used[together], tables.teams, upper=np.ones(tables.teams))


def _layer_rows(
    model: LinearModel, tables: Tables, teams: Whole, zones: Whole, used: Whole
) -> None:
    names, row = np.unique(tables.problem.layer, return_inverse=True)
    layers = model.columns(
        np.full(tables.teams * len(names), tables.layer_split), upper=1, whole=True
    )
    own_layer = layers[teams * len(names) + row[zones]]
    model.rows(len(teams), [(used, 1), (own_layer, -1)], upper=0)
