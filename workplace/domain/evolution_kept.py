"""Rows that an evolution keeps, counted: what teams and people have already, and where.

A person who has a seat of their own is one head of their primary team, which needs one seat less, and
is among the seats of a team whose row stands in the same spot: nobody counts twice, nobody is left out.
Source: workplace-api, section 13, "Evolution".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workplace.domain import zone_loads
from workplace.domain.evolution_facts import TeamFacts
from workplace.models import Allocation

Places = defaultdict[str, Counter[str]]
Desks = defaultdict[str, defaultdict[str, list[str]]]


def seats(rows: Iterable[Allocation]) -> dict[tuple[str, str], int]:
    """Count the seats of each team in each spot; people without a team count as their own."""
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        spot = row.zone_id or row.room_id
        if spot is None:
            continue
        if row.person_id is None and row.team_id is not None:
            found[(row.team_id, spot)] += row.seats or 0
        elif row.team_id is None and row.person_id is not None:
            found[(row.person_id, spot)] += 1
    return dict(found)


def without_joined(
    counted: Mapping[tuple[str, str], int], teams: Iterable[TeamFacts]
) -> dict[tuple[str, str], int]:
    """Leave the people out of their team's seats who have kept rows of their own."""
    joined = {(team.id, spot): people for team in teams for spot, people in team.joined.items()}
    left = {key: number - joined.get(key, 0) for key, number in counted.items()}
    return {key: number for key, number in left.items() if number > 0}


def loads(rows: Iterable[Allocation]) -> dict[str, int]:
    """Count the most seats that kept rows take of each zone at one moment."""
    by_zone: dict[str, list[zone_loads.Seats]] = defaultdict(list)
    for row in rows:
        if row.zone_id:
            by_zone[row.zone_id].append(
                zone_loads.Seats(
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    seats=1 if row.person_id else row.seats or 0,
                    team_id=row.team_id,
                    is_person=row.person_id is not None,
                )
            )
    return {zone_id: zone_loads.most_taken(found) for zone_id, found in by_zone.items()}


def places_of_people(rows: Iterable[Allocation]) -> tuple[dict[str, str], dict[str, str]]:
    """Return each person's spot and desk of that day."""
    spots: dict[str, str] = {}
    desks: dict[str, str] = {}
    for row in rows:
        if row.person_id is None:
            continue
        if row.zone_id:
            spots[row.person_id] = row.zone_id
        for held in row.held_spaces.all():
            desks[row.person_id] = held.space_id
    return spots, desks


def _places() -> Places:
    return defaultdict(Counter)


def _desks() -> Desks:
    return defaultdict(lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class KeptSeats:
    """What kept rows give, by team and spot.

    `rows` are teams' own; `members` the people who sit with a team, at its `desks`; `heads` those who
    count in a team and do not sit among its own row's seats. `taken` are all desks that people have.
    """

    rows: Places = field(default_factory=_places)
    row_desks: Desks = field(default_factory=_desks)
    members: Places = field(default_factory=_places)
    desks: Desks = field(default_factory=_desks)
    heads: Places = field(default_factory=_places)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, kept: Sequence[Allocation], *, homes: Mapping[str, str]) -> "KeptSeats":
        """Count kept rows; `homes` are the primary teams of people."""
        found = cls()
        for row in kept:
            if row.person_id is None and row.team_id is not None:
                found.rows[row.team_id][_spot(row)] += row.seats or 0
                found.row_desks[row.team_id][_spot(row)] += _held(row)
        for row in kept:
            if row.person_id is not None:
                found._count(row, home=homes.get(row.person_id, row.team_id))
        return found

    def of_team(self, team_id: str) -> Mapping[str, Any]:
        """Return the team's `seated`, `vacant`, `vacant_desks`, `joined` and `joined_desks`."""
        rows, members = self.rows.get(team_id, Counter()), self.members.get(team_id, Counter())
        joined = {spot: people for spot, people in members.items() if spot not in rows}
        return {
            "seated": dict(rows + self.heads.get(team_id, Counter())),
            "vacant": {
                spot: places - members[spot]
                for spot, places in rows.items()
                if places > members[spot]
            },
            "vacant_desks": self._vacant_desks(team_id),
            "joined": joined,
            "joined_desks": {
                spot: tuple(self.desks[team_id][spot])
                for spot in joined
                if self.desks[team_id][spot]
            },
        }

    def _count(self, row: Allocation, *, home: str | None) -> None:
        spot = _spot(row)
        if row.team_id is not None:
            self.members[row.team_id][spot] += 1
            self.desks[row.team_id][spot] += _held(row)
            self.taken.update(_held(row))
        is_among_home = row.team_id == home and spot in self.rows.get(home or "", ())
        if home is not None and not is_among_home:
            self.heads[home][spot] += 1

    def _vacant_desks(self, team_id: str) -> dict[str, tuple[str, ...]]:
        vacant = {
            spot: tuple(desk for desk in ids if desk not in self.taken)
            for spot, ids in self.row_desks.get(team_id, {}).items()
        }
        return {spot: ids for spot, ids in vacant.items() if ids}


def _spot(row: Allocation) -> str:
    return row.zone_id or row.room_id or row.layer_id or row.site_id


def _held(row: Allocation) -> list[str]:
    return [desk.space_id for desk in row.held_spaces.all()]
