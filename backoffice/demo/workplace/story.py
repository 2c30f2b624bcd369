"""What the demo's workplace is made of: floors, zones and teams. All of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass

from workplace.models import Flexibility, Priority, SpaceTypePreference


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStory:
    """A neighbourhood with its seats and its middle in metres; a shared one is everybody's."""

    name: str
    seats: int
    x: float
    y: float
    labels: Sequence[str] = ()
    beside: Sequence[str] = ()
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorStory:
    """A floor with its zones and how many of the site's meeting rooms lie on it."""

    name: str
    zones: Sequence[ZoneStory]
    rooms: int = 1


FLOORS = (
    FloorStory(
        name="Ground floor",
        zones=(
            ZoneStory(name="Counter Hall", seats=14, x=18, y=8, labels=("screen", "lively")),
            ZoneStory(
                name="Garden side",
                seats=10,
                x=34,
                y=8,
                labels=("daylight",),
                beside=("Counter Hall",),
                is_shared=True,
            ),
            ZoneStory(name="Street side", seats=8, x=6, y=8, beside=("Counter Hall",)),
            ZoneStory(
                name="The Vault", seats=6, x=18, y=17, labels=("quiet",), beside=("Counter Hall",)
            ),
        ),
    ),
    FloorStory(
        name="First floor",
        zones=(
            ZoneStory(name="Library", seats=12, x=18, y=8, labels=("quiet", "daylight")),
            ZoneStory(
                name="Reading corner",
                seats=6,
                x=34,
                y=8,
                labels=("quiet",),
                beside=("Library",),
                is_shared=True,
            ),
            ZoneStory(
                name="Studio", seats=12, x=6, y=8, labels=("screen", "lively"), beside=("Library",)
            ),
            ZoneStory(
                name="Balcony side", seats=8, x=18, y=17, labels=("daylight",), beside=("Library",)
            ),
        ),
    ),
    FloorStory(
        name="Second floor",
        zones=(
            ZoneStory(name="Glass roof", seats=12, x=18, y=8, labels=("daylight", "screen")),
            ZoneStory(
                name="Terrace side", seats=10, x=34, y=8, labels=("daylight",), beside=("Glass roof",)
            ),
            ZoneStory(name="The Attic", seats=8, x=6, y=8, labels=("quiet",), beside=("Glass roof",)),
            ZoneStory(name="Chimney corner", seats=6, x=18, y=17, beside=("Glass roof",)),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamStory:
    """A team: its heads of 120, its ISO weekdays at the office, and what it wishes for.

    `joined_days_ago` is since when the whole team works here; None is always.
    """

    name: str
    heads: int
    color: str
    days: Sequence[int]
    type: str = Flexibility.FREE
    zones: Sequence[str] = ()
    beside: Sequence[str] = ()
    fewest: int = 0
    most: int | None = None
    contingency: int = 0
    fixed_days: Sequence[int] = ()
    priority: str = Priority.MEDIUM
    prefers: str = SpaceTypePreference.AUTO
    allow_split: bool = True
    joined_days_ago: int | None = None


TEAMS = (
    TeamStory(
        name="Management", heads=5, color="#5b5ea6", days=(1, 2, 4), type=Flexibility.FIX,
        zones=("The Vault",), fewest=2, fixed_days=(2,), priority=Priority.HIGH,
        prefers=SpaceTypePreference.SPACE,
    ),
    TeamStory(
        name="Finance", heads=8, color="#2563a8", days=(2, 4), type=Flexibility.FLEX,
        zones=("Street side",), contingency=10,
    ),
    TeamStory(
        name="People & culture", heads=7, color="#b3365b", days=(2, 3, 4), beside=("Management",),
    ),
    TeamStory(
        name="Legal", heads=5, color="#55606e", days=(2, 4), type=Flexibility.FIX,
        zones=("Chimney corner",), allow_split=False,
    ),
    TeamStory(
        name="Sales France", heads=11, color="#c2571a", days=(1, 4), type=Flexibility.FLEX,
        zones=("Counter Hall",), contingency=20, fixed_days=(1,),
    ),
    TeamStory(
        name="Sales Benelux", heads=8, color="#a3401f", days=(1, 2), beside=("Sales France",),
        contingency=10,
    ),
    TeamStory(
        name="Marketing", heads=9, color="#8a6d00", days=(2, 4), type=Flexibility.FLEX,
        zones=("Studio",), beside=("Design",),
    ),
    TeamStory(
        name="Design", heads=6, color="#7d3c98", days=(2, 3, 4), type=Flexibility.FIX,
        zones=("Studio",), allow_split=False,
    ),
    TeamStory(
        name="Public sector", heads=13, color="#1f7a8c", days=(2, 4), contingency=10, most=12,
    ),
    TeamStory(
        name="Industry", heads=12, color="#0b7a5c", days=(2, 3), contingency=10,
        beside=("Public sector",),
    ),
    TeamStory(
        name="Data", heads=9, color="#4d7c0f", days=(2, 4), type=Flexibility.FLEX,
        zones=("Library",), beside=("Engineering",),
    ),
    TeamStory(
        name="Engineering", heads=12, color="#0f766e", days=(2, 4), fewest=2, most=12,
        fixed_days=(4,), beside=("Data", "Product"),
    ),
    TeamStory(name="Product", heads=7, color="#9b2c9b", days=(2, 4), beside=("Engineering",)),
    TeamStory(
        name="Nova lab", heads=8, color="#92400e", days=(3, 4), zones=("Glass roof",),
        beside=("Engineering",), joined_days_ago=140,
    ),
)  # fmt: skip

HEADS = sum(team.heads for team in TEAMS)
MEMBERS_TEAM, DEVELOPERS_TEAM, LOCKED_TEAM = "Management", "Engineering", "Management"
