"""What one day at one location looks like before it is seated, as plain values.

Source: workplace-api, section 6; section 13, "Evolution"; forecasting, "Evolution".
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.intervals import Interval
from workplace.models import Flexibility, Priority, SpaceTypePreference


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where people sit: a zone, or with `is_room` a room that one team has alone.

    `desks` are those that nobody holds, with their labels; `taken` counts seats that are not to give.
    `organization_id` is the only one whose teams may sit there, None lets everybody.
    """

    id: str
    layer_id: str | None
    capacity: int
    is_room: bool = False
    organization_id: str | None = None
    neighbours: frozenset[str] = frozenset()
    desks: tuple[tuple[str, frozenset[str]], ...] = ()
    taken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team that comes, or one person without a team (`person_id`).

    `seated` counts the seats that it has already, by spot; of these `vacant` have no person yet, and
    `vacant_desks` no one at them. `joined` counts people who have seats of their own with the team, by
    spot, where it has no row: they are part of the one that it gets there, as are `joined_desks`.
    """

    id: str
    organization_id: str | None
    demand: int
    person_id: str | None = None
    flexibility: str = Flexibility.FREE
    space_type: str = SpaceTypePreference.AUTO
    priority: str = Priority.MEDIUM
    preferred_layers: frozenset[str] = frozenset()
    preferred_zones: frozenset[str] = frozenset()
    adjacent: frozenset[str] = frozenset()
    room_id: str | None = None
    allow_split: bool = True
    seated: Mapping[str, int] = field(default_factory=dict)
    vacant: Mapping[str, int] = field(default_factory=dict)
    vacant_desks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: Mapping[str, int] = field(default_factory=dict)
    joined_desks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Somebody who may come; the likelier ones get the seats of their team."""

    id: str
    team_id: str
    likelihood: float
    wishes: frozenset[str] = frozenset()
    spot_before: str | None = None
    desk_before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """All of a day; `span` None when the location is closed. Seats are `{(team, spot): people}`."""

    site_id: str
    day: dt.date
    organization_id: str | None
    span: Interval[dt.datetime] | None
    spots: tuple[Spot, ...]
    teams: tuple[TeamFacts, ...]
    people: tuple[PersonFacts, ...]
    previous: Mapping[tuple[str, str], int]
    standing: Mapping[tuple[str, str], int]
    kept_rows: int

    @property
    def is_idle(self) -> bool:
        """Whether there is nobody to seat, or nowhere."""
        return self.span is None or not self.spots or not any(team.demand for team in self.teams)

    def digest(self) -> str:
        """Give a digest of all that the plan depends on, the standing one left out."""
        told = hashlib.sha256()
        for part in self._parts():
            told.update(part.encode())
        return told.hexdigest()

    def _parts(self) -> Iterator[str]:
        yield f"{self.site_id} {self.day} {self.organization_id} {self.span}"
        for spot in self.spots:
            yield f"{spot.id} {spot.layer_id} {spot.capacity} {spot.is_room} {spot.organization_id}"
            yield f"{sorted(spot.neighbours)} {[(d, sorted(w)) for d, w in spot.desks]} {spot.taken}"
        for team in self.teams:
            yield f"{team.id} {team.demand} {team.person_id} {team.flexibility} {team.space_type}"
            yield f"{team.priority} {sorted(team.preferred_layers)} {sorted(team.preferred_zones)}"
            yield f"{sorted(team.adjacent)} {team.room_id} {team.allow_split}"
            yield f"{sorted(team.seated.items())} {sorted(team.vacant.items())}"
            yield f"{sorted(team.vacant_desks.items())} {sorted(team.joined.items())}"
            yield f"{sorted(team.joined_desks.items())}"
        for person in self.people:
            yield f"{person.id} {person.team_id} {person.likelihood} {sorted(person.wishes)}"
            yield f"{person.spot_before} {person.desk_before}"
        yield f"{sorted(self.previous.items())}"
