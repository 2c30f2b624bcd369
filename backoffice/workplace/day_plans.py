"""A day's plan read from the tables and laid out by floors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from backoffice.workplace import floor_list
from backoffice.workplace.floor_list import Floor, Palette, Place, ShownFloor, Sitting
from sites_app.models import Room, Site
from workplace import selectors_plans
from workplace.models import Layer, RoomPlacement, Team, Zone
from workplace.selectors_plans import Seating

Notes = Mapping[tuple[str | None, str], str]
NO_NOTES: Notes = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The floors of a location with who sits there; seats are those of active zones."""

    floors: Sequence[ShownFloor]
    taken: int
    capacity: int

    @property
    def is_empty(self) -> bool:
        return not self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A location's layers, zones and rooms, read once."""

    layers: Sequence[Layer]
    zones: Sequence[Zone]
    rooms: Sequence[tuple[Room, str]]


def house(site: Site, *, room_ids: Iterable[str]) -> House:
    """Read the layers, their zones, and those rooms that lie on a layer, in three queries."""
    placed = RoomPlacement.objects.filter(layer__site=site, room__in=list(room_ids))
    return House(
        layers=list(selectors_plans.layers(site.pk)),
        zones=list(selectors_plans.zones(site.pk)),
        rooms=[(one.room, one.layer_id) for one in placed.select_related("room")],
    )


def teams_of(rows: Sequence[Seating]) -> dict[str, Team]:
    """Read the teams that have seats, in one query."""
    return selectors_plans.teams(sorted({row.team_id for row in rows if row.team_id}))


def laid_out(
    found: House, rows: Sequence[Seating], *, teams: Mapping[str, Team], notes: Notes = NO_NOTES
) -> DayPlan:
    """Put rows on their floors; the people of a team count only where it has no row of its own.

    `notes` say why a team, or people without one, sit in a place.
    """
    sittings = _by_place(rows, notes)
    floors = floor_list.shown(
        [_floor(layer, found, sittings) for layer in found.layers],
        palette_of(teams),
        alone=gettext("People without a team"),
    )
    return DayPlan(
        floors=floors,
        taken=sum(floor.taken for floor in floors),
        capacity=sum(zone.capacity for zone in found.zones if zone.is_active),
    )


def palette_of(teams: Mapping[str, Team]) -> Palette:
    return Palette(
        names={key: team.name for key, team in teams.items()},
        own={key: team.color for key, team in teams.items()},
    )


def _by_place(rows: Sequence[Seating], notes: Notes) -> Mapping[str, Sequence[Sitting]]:
    """Join a team's own rows and its people's in each zone or room."""
    together: dict[str, dict[str | None, list[Seating]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        place = row.room_id or row.zone_id
        if place is not None:
            together[place][row.team_id].append(row)
    return {
        place: [
            _sitting(team_id, parts, notes.get((team_id, place), ""))
            for team_id, parts in teams.items()
        ]
        for place, teams in together.items()
    }


def _sitting(team_id: str | None, parts: Sequence[Seating], note: str) -> Sitting:
    return Sitting(
        team_id=team_id,
        seats=sum(part.seats for part in parts),
        people=sum(part.people for part in parts),
        is_locked=any(part.is_locked for part in parts),
        source=", ".join(sorted({part.source for part in parts})),
        note=note,
    )


def _floor(layer: Layer, found: House, sittings: Mapping[str, Sequence[Sitting]]) -> Floor:
    zones = [
        Place(
            id=zone.pk,
            name=zone.name,
            capacity=zone.capacity,
            is_active=zone.is_active,
            labels=zone.labels,
            sittings=sittings.get(zone.pk, ()),
        )
        for zone in found.zones
        if zone.layer_id == layer.pk
    ]
    rooms = [
        Place(
            id=room.pk,
            name=room.display_name,
            capacity=room.nb_seat or room.max_person,
            is_room=True,
            sittings=sittings.get(room.pk, ()),
        )
        for room, layer_id in found.rooms
        if layer_id == layer.pk
    ]
    return Floor(name=layer.name, places=[*zones, *rooms])
