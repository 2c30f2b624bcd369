"""From seats by team to the rows of a day: people get zones and desks, moves get their reasons.

Imported by the background worker only. Source: workplace-api, section 13, "Evolution".
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from workplace.domain.evolution_facts import DayFacts, PersonFacts, Spot, TeamFacts
from workplace.domain.evolution_problems import Layout
from workplace.domain.evolution_rows import PlannedRow
from workplace.seating import reasons
from workplace.seating.desks import Desk, Person, desks_of_people, zones_of_people
from workplace.seating.problems import Whole


class _Slot(NamedTuple):
    """A seat of a team in a spot; who has it, if that is known; `is_kept` where a kept row gives it."""

    team: TeamFacts
    spot: int
    person: PersonFacts | None
    is_kept: bool = False


def rows(facts: DayFacts, layout: Layout, seats: Whole, *, by_zone: bool) -> list[PlannedRow]:
    """Give the rows of the plan: one per team and spot, one per person; desks unless `by_zone`."""
    coming: dict[str, list[PersonFacts]] = defaultdict(list)
    for person in facts.people:
        coming[person.team_id].append(person)
    slots = [
        slot
        for number, team in enumerate(layout.teams)
        for slot in _slots(layout, team, seats[number], coming[team.id])
    ]
    desks: dict[int, Hashable] = {} if by_zone else _desks(layout, slots)
    return [
        *_team_rows(facts, layout, slots, desks),
        *_people_rows(facts, layout, slots, desks),
    ]


def moves(layout: Layout, seats: Whole) -> list[dict[str, Any]]:
    """Give the moves since the day before with their reasons, as they are kept with the run."""
    return [
        {
            **_who(layout.teams[move.team]),
            "people": move.people,
            "from": None if move.from_zone is None else layout.spots[move.from_zone].id,
            "to": layout.spots[move.to_zone].id,
            "reason": str(move.reason),
            "other_team_id": (
                None if move.other_team is None else layout.teams[move.other_team].id
            ),
        }
        for move in reasons.moves(layout.problem, seats)
    ]


def unseated(layout: Layout, seats: Whole) -> list[dict[str, Any]]:
    missing = layout.problem.demand - seats.sum(axis=1)
    return [
        {**_who(layout.teams[number]), "unseated": int(missing[number])}
        for number in np.flatnonzero(missing)
    ]


def figures(facts: DayFacts, layout: Layout, seats: Whole) -> dict[str, int]:
    """Count what became of the teams; seats of kept rows count as seated."""
    problem = layout.problem
    used = seats > 0
    layers = [len({layout.spots[z].layer_id for z in np.flatnonzero(row)}) for row in used]
    kept = sum(sum(team.seated.values()) for team in facts.teams)
    return {
        "seated": int(seats.sum()) + kept,
        "unseated": int(problem.demand.sum() - seats.sum()),
        "teams_split": int((used.sum(axis=1) > 1).sum()),
        "layers_split": sum(count > 1 for count in layers),
        "people_moved": _moved(problem.previous, seats),
    }


def _moved(previous: Whole, seats: Whole) -> int:
    """Count people of teams that sat somewhere before and sit elsewhere now."""
    known = previous.sum(axis=1) > 0
    return int(np.maximum(0, seats - previous)[known].sum())


def _who(team: TeamFacts) -> dict[str, str | None]:
    if team.person_id is not None:
        return {"team_id": None, "people_id": team.person_id}
    return {"team_id": team.id, "people_id": None}


def _slots(
    layout: Layout, team: TeamFacts, seats: Whole, coming: Sequence[PersonFacts]
) -> Iterator[_Slot]:
    """Give the team's seats with the people in them, the likeliest first, in their last zone if they can."""
    vacant = np.array([team.vacant.get(spot.id, 0) for spot in layout.spots], dtype=np.int64)
    columns = {spot.id: number for number, spot in enumerate(layout.spots)}
    people = [Person(key=one.id, zone_before=columns.get(one.spot_before or "")) for one in coming]
    left_of_kept = vacant.copy()
    left = seats + vacant
    for person, spot in zip(coming, zones_of_people(people, seats + vacant), strict=True):
        if spot is None:
            continue
        left[spot] -= 1
        is_kept = left_of_kept[spot] > 0
        left_of_kept[spot] -= is_kept
        yield _Slot(team, spot, person, is_kept=bool(is_kept))
    for spot in np.flatnonzero(left - left_of_kept).tolist():
        for _ in range(int(left[spot] - left_of_kept[spot])):
            yield _Slot(team, spot, None)


def _desks(layout: Layout, slots: Sequence[_Slot]) -> dict[int, Hashable]:
    """Give a desk to each slot, by its number; people beside a kept row have desks of that row."""
    pools: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        pools[(slot.spot, slot.team.id if slot.is_kept else "")].append(number)
    found: dict[int, Hashable] = {}
    for (spot, team_id), numbers in pools.items():
        desks = _desks_of(layout.spots[spot], slots[numbers[0]].team if team_id else None)
        people = [_at_desk(slots[number]) for number in numbers]
        given = zip(numbers, desks_of_people(people, desks), strict=True)
        found.update((number, desk) for number, desk in given if desk is not None)
    return found


def _desks_of(spot: Spot, team: TeamFacts | None) -> list[Desk]:
    if team is not None:
        return [Desk(key=desk) for desk in team.vacant_desks.get(spot.id, ())]
    return [Desk(key=desk, labels=labels) for desk, labels in spot.desks]


def _at_desk(slot: _Slot) -> Person:
    if slot.person is None:
        return Person(key=None)
    return Person(
        key=slot.person.id, desk_before=slot.person.desk_before, wishes=slot.person.wishes
    )


def _team_rows(
    facts: DayFacts, layout: Layout, slots: Sequence[_Slot], desks: Mapping[int, Hashable]
) -> Iterator[PlannedRow]:
    grouped: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        if slot.team.person_id is None and not slot.is_kept:
            grouped[(slot.team.id, slot.spot)].append(number)
    for (_, number_of_spot), numbers in grouped.items():
        team, spot = slots[numbers[0]].team, layout.spots[number_of_spot]
        seats = len(numbers) + team.joined.get(spot.id, 0)
        given = [str(desks[number]) for number in numbers if number in desks]
        given += team.joined_desks.get(spot.id, ())
        yield _row(facts, team, spot, seats=seats, spaces=given if len(given) == seats else [])


def _people_rows(
    facts: DayFacts, layout: Layout, slots: Sequence[_Slot], desks: Mapping[int, Hashable]
) -> Iterator[PlannedRow]:
    for number, slot in enumerate(slots):
        if slot.person is not None:
            desk = [str(desks[number])] if number in desks else []
            spot = layout.spots[slot.spot]
            yield _row(facts, slot.team, spot, seats=1, spaces=desk, person_id=slot.person.id)


def _row(
    facts: DayFacts,
    team: TeamFacts,
    spot: Spot,
    *,
    seats: int,
    spaces: Sequence[str],
    person_id: str | None = None,
) -> PlannedRow:
    """Give a row; a person sits in the team's room without having it."""
    assert facts.span is not None
    return PlannedRow(
        organization_id=team.organization_id,
        team_id=None if team.person_id else team.id,
        person_id=person_id,
        layer_id=spot.layer_id,
        zone_id=None if spot.is_room else spot.id,
        room_id=spot.id if spot.is_room and person_id is None else None,
        seats=seats,
        space_ids=tuple(sorted(spaces)),
        starts_at=facts.span.start,
        ends_at=facts.span.end,
    )
