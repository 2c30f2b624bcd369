"""A day's facts as a seating problem: who may sit where, and how much they would like it.

Imported by the background worker only.
Source: forecasting, "Evolution", "Formulation"; workplace-api, section 13, "Evolution".
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workplace.domain.evolution_facts import DayFacts, Spot, TeamFacts
from workplace.models import Disruption, Flexibility, Priority, SpaceTypePreference
from workplace.seating.problems import MANY_MOVES, Problem, Weights, Whole, make_problem

IMPORTANCE = {Priority.LOW: 0.7, Priority.MEDIUM: 1.0, Priority.HIGH: 1.5}
WISHED, BESIDE, SAME_LAYER, OWN_LAYER, ELSEWHERE = 1.0, 0.9, 0.8, 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Layout:
    """The problem, and which team and spot each of its rows and columns is."""

    problem: Problem
    teams: tuple[TeamFacts, ...]
    spots: tuple[Spot, ...]

    def seats(self, counted: Mapping[tuple[str, str], int]) -> Whole:
        """Give seats by (team, spot) as an array [T, Z]; what is not part of the problem is left out."""
        return _table(self.teams, self.spots, counted)


def lay_out(facts: DayFacts, *, disruption: str) -> Layout:
    previous = _table(facts.teams, facts.spots, facts.previous)
    layers = {
        layer: number for number, layer in enumerate(sorted({_layer(s) for s in facts.spots}))
    }
    areas = [_allowed(team, facts.spots, previous[row]) for row, team in enumerate(facts.teams)]
    allowed = np.array(areas, dtype=np.bool_).reshape(previous.shape)
    wishes = _Wishes(facts)
    problem = make_problem(
        demand=[team.demand for team in facts.teams],
        capacity=[max(0, spot.capacity - spot.taken) for spot in facts.spots],
        layer=[layers[_layer(spot)] for spot in facts.spots],
        exclusive=[spot.is_room for spot in facts.spots],
        preference=np.array([wishes.of(team) for team in facts.teams]).reshape(allowed.shape),
        previous=previous,
        allowed=allowed,
        splittable=[team.allow_split for team in facts.teams],
        wants_room=[team.space_type == SpaceTypePreference.ROOM for team in facts.teams],
        importance=[IMPORTANCE[Priority(team.priority)] for team in facts.teams],
        weights=MANY_MOVES if disruption == Disruption.MAX else Weights(),
    )
    return Layout(problem, facts.teams, facts.spots)


def _table(
    teams: tuple[TeamFacts, ...], spots: tuple[Spot, ...], counted: Mapping[tuple[str, str], int]
) -> Whole:
    rows = {team.id: number for number, team in enumerate(teams)}
    columns = {spot.id: number for number, spot in enumerate(spots)}
    table = np.zeros((len(teams), len(spots)), dtype=np.int64)
    for (team, spot), people in counted.items():
        if team in rows and spot in columns:
            table[rows[team], columns[spot]] = people
    return table


def _layer(spot: Spot) -> str:
    return spot.layer_id or ""


def _allowed(team: TeamFacts, spots: tuple[Spot, ...], before: Whole) -> list[bool]:
    """Say for each spot whether the team may sit there."""
    area = _area(team, spots, before)
    return [
        spot.id in area
        and spot.organization_id in (None, team.organization_id)
        and (not spot.is_room or _may_have_room(team, spot))
        for spot in spots
    ]


def _may_have_room(team: TeamFacts, spot: Spot) -> bool:
    if team.person_id is not None:
        return False
    return team.space_type != SpaceTypePreference.SPACE or spot.id == team.room_id


def _area(team: TeamFacts, spots: tuple[Spot, ...], before: Whole) -> set[str]:
    """Give the spots of the team's area; a fixed team that names none keeps its last ones, if any."""
    everywhere = {spot.id for spot in spots}
    last = {spot.id for spot, people in zip(spots, before, strict=True) if people}
    if team.flexibility == Flexibility.FIX:
        named = team.preferred_zones | ({team.room_id} if team.room_id else set())
        return set(named) or last or everywhere
    if team.flexibility == Flexibility.FLEX:
        layers = _own_layers(team, spots, last)
        return {spot.id for spot in spots if spot.layer_id in layers} if layers else everywhere
    return everywhere


def _own_layers(team: TeamFacts, spots: tuple[Spot, ...], last: set[str]) -> set[str | None]:
    """Source: workplace-api, section 13, "FLEX"."""
    if team.preferred_layers:
        return set(team.preferred_layers)
    return {spot.layer_id for spot in spots if spot.id in team.preferred_zones} or {
        spot.layer_id for spot in spots if spot.id in last
    }


class _Wishes:
    """How much each team would like each spot, 0…1; without any wish all are alike."""

    def __init__(self, facts: DayFacts) -> None:
        self._spots = facts.spots
        self._by_id = {spot.id: spot for spot in facts.spots}
        self._before: dict[str, set[str]] = {}
        for team, spot in facts.previous:
            self._before.setdefault(team, set()).add(spot)

    def of(self, team: TeamFacts) -> list[float]:
        beside = self._places_beside(team)
        if not (team.preferred_zones or team.preferred_layers or team.room_id or beside):
            return [WISHED] * len(self._spots)
        near = frozenset().union(*(spot.neighbours for spot in beside))
        near |= {spot.id for spot in beside}
        layers = {spot.layer_id for spot in beside}
        return [self._liking(team, spot, near, layers) for spot in self._spots]

    def _places_beside(self, team: TeamFacts) -> list[Spot]:
        """Give where the teams sat before, beside which this one would like to be."""
        places = set().union(*(self._before.get(other, set()) for other in team.adjacent))
        return [self._by_id[spot] for spot in sorted(places) if spot in self._by_id]

    def _liking(
        self, team: TeamFacts, spot: Spot, near: frozenset[str], layers: set[str | None]
    ) -> float:
        cases = (
            (spot.id in team.preferred_zones or spot.id == team.room_id, WISHED),
            (spot.id in near, BESIDE),
            (spot.layer_id in layers, SAME_LAYER),
            (spot.layer_id in team.preferred_layers, OWN_LAYER),
        )
        return next((liking for applies, liking in cases if applies), ELSEWHERE)
