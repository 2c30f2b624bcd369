"""Seats beside a team: where one person sits who comes after the day's plan was published.

Values in, values out; the whole day is not solved anew for one person.
Source: workplace API, section 8, "Flow"; forecasting, "Evolution".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place for one person; `is_teams` where it is one of the seats that the team has."""

    zone_id: str
    layer_id: str
    space_id: str | None
    is_teams: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneState:
    """What a zone still has on a day.

    `free` counts the seats that nobody has. `team_seats` are the person's team's, of which
    `team_spare` are not taken by anybody of it. `free_spaces` are the desks without a person, in
    the order in which they are given; a zone may have none, only a number of seats.
    """

    zone_id: str
    layer_id: str
    free: int
    team_seats: int = 0
    team_spare: int = 0
    neighbours: frozenset[str] = frozenset()
    free_spaces: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is a seat for the person: one that nobody has, or one that the team does not need."""
        return self.free > 0 or self.team_spare > 0

    def seat(self, last_space: str | None) -> Seat:
        """Give the person a seat here, at their last desk where that is free."""
        desks = [last_space] if last_space in self.free_spaces else self.free_spaces
        return Seat(
            zone_id=self.zone_id,
            layer_id=self.layer_id,
            space_id=next(iter(desks), None),
            is_teams=self.team_spare > 0,
        )


def choose(
    zones: Sequence[ZoneState],
    *,
    wanted_zone: str | None = None,
    last_zone: str | None = None,
    last_space: str | None = None,
    allowed: Collection[str] | None = None,
) -> Seat | None:
    """Return the best seat, or None where nothing is free.

    The zone that was asked for comes first; then a seat that the team has and nobody of it takes,
    another one in the team's zones, one next to them, on their floor, anywhere. Among equals the
    zone where the person last sat, then the one with the most of the team, then the emptiest.
    Nobody sits outside `allowed`. A person keeps their last desk where it is free.
    """
    open_zones = [zone for zone in zones if zone.is_open and _may_sit(zone, allowed)]
    if not open_zones:
        return None
    near = _Nearness.of(zones)
    best = min(
        open_zones,
        key=lambda zone: (
            zone.zone_id != wanted_zone,
            near.steps(zone),
            zone.zone_id != last_zone,
            -zone.team_seats,
            -zone.free,
            zone.zone_id,
        ),
    )
    return best.seat(last_space)


def _may_sit(zone: ZoneState, allowed: Collection[str] | None) -> bool:
    return allowed is None or zone.zone_id in allowed


@dataclass(frozen=True, slots=True)
class _Nearness:
    """Where a team sits, and which zones and floors are close to that."""

    beside: frozenset[str]
    layers: frozenset[str]

    @classmethod
    def of(cls, zones: Sequence[ZoneState]) -> "_Nearness":
        own = [zone for zone in zones if zone.team_seats > 0]
        listed = {neighbour for zone in own for neighbour in zone.neighbours}
        own_ids = {zone.zone_id for zone in own}
        listing = {zone.zone_id for zone in zones if zone.neighbours & own_ids}
        return cls(frozenset(listed | listing), frozenset(zone.layer_id for zone in own))

    def steps(self, zone: ZoneState) -> int:
        if zone.team_spare > 0:
            return 0
        if zone.team_seats > 0:
            return 1
        if zone.zone_id in self.beside:
            return 2
        return 3 if zone.layer_id in self.layers else 4
