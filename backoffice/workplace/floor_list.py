"""A day's plan as a list of floors: each zone with its teams, their colours and how full it is.

Pure: rows in, plain values out. A team keeps its colour all over the page; one that has none of its own
gets one of twelve by the order of names. The widths of a zone's bar are in hundredths of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BAR = 100.0
COLOURS = (
    "#1f7a8c", "#c2571a", "#5b5ea6", "#4d7c0f", "#b3365b", "#8a6d00",
    "#2563a8", "#7d3c98", "#0b7a5c", "#a3401f", "#55606e", "#9b2c9b",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A team's seats in a place; `people` have a row of their own. Without team: people by themselves."""

    team_id: str | None
    seats: int
    people: int = 0
    is_locked: bool = False
    source: str = ""
    note: str = ""

    @property
    def taken(self) -> int:
        """The seats that count: the people of a team never count beside its own row."""
        return self.seats or self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A zone or room of a floor; `capacity` 0 is unknown."""

    id: str
    name: str
    capacity: int
    is_room: bool = False
    is_active: bool = True
    labels: Sequence[str] = ()
    sittings: Sequence[Sitting] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A sitting as a part of its place's bar, with the name and colour of the team."""

    name: str
    colour: str
    x: float
    width: float
    sitting: Sitting


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlace:
    """A place as it is shown; `free` is negative where too many sit."""

    place: Place
    taken: int
    free: int
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A layer by name with its places in order."""

    name: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFloor:
    """A layer as it is shown."""

    name: str
    places: Sequence[ShownPlace]
    taken: int
    capacity: int


@dataclass(slots=True)
class Palette:
    """Gives every team one colour: its own, or the next of twelve."""

    names: Mapping[str, str]
    own: Mapping[str, str]
    given: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plain = sorted((name, key) for key, name in self.names.items() if not self.own.get(key, ""))
        for number, (_name, key) in enumerate(plain):
            self.given[key] = COLOURS[number % len(COLOURS)]

    def colour(self, team_id: str | None) -> str:
        if team_id is None:
            return "#8a8f98"
        return self.own.get(team_id) or self.given.get(team_id, "#8a8f98")


def shown(floors: Sequence[Floor], palette: Palette, *, alone: str) -> list[ShownFloor]:
    """Lay the floors out from the top of the house down; `alone` names people without a team."""
    return [_floor(floor, palette, alone) for floor in reversed(floors)]


def _floor(floor: Floor, palette: Palette, alone: str) -> ShownFloor:
    places = [_place(place, palette, alone) for place in floor.places]
    return ShownFloor(
        name=floor.name,
        places=places,
        taken=sum(place.taken for place in places),
        capacity=sum(place.place.capacity for place in places if not place.place.is_room),
    )


def _place(place: Place, palette: Palette, alone: str) -> ShownPlace:
    sittings = sorted(place.sittings, key=lambda one: (-one.taken, one.team_id or ""))
    taken = sum(one.taken for one in sittings)
    whole = max(place.capacity, taken) or 1
    segments, x = [], 0.0
    for one in sittings:
        width = round(BAR * one.taken / whole, 2)
        name = palette.names.get(one.team_id, "") if one.team_id else alone
        segments.append(
            Segment(name=name, colour=palette.colour(one.team_id), x=x, width=width, sitting=one)
        )
        x = round(x + width, 2)
    return ShownPlace(place=place, taken=taken, free=place.capacity - taken, segments=segments)
