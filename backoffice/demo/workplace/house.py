"""The demo's floors, zones, desks, and the rooms that lie on the floors."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from backoffice.demo.ids import Ids
from backoffice.demo.workplace.story import FLOORS, FloorStory, ZoneStory
from organizations.models import Organization
from sites_app.models import Room, Site
from workplace.models import Layer, RoomPlacement, Space, Zone

OPERATING_HOURS = [{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}]
_PLACES_OF_DESKS = ("daylight", "standing", "two screens")


@dataclass(frozen=True, slots=True)
class House:
    """The rows of a site's workplace; `beside` are pairs of zones that are neighbours."""

    site: Site
    layers: list[Layer] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    placements: list[RoomPlacement] = field(default_factory=list)
    beside: list[tuple[Zone, Zone]] = field(default_factory=list)

    def zone(self, name: str) -> Zone:
        return next(zone for zone in self.zones if zone.name == name)

    def desks(self, zone: Zone) -> list[Space]:
        return [space for space in self.spaces if space.zone is zone]


def build(
    site: Site, rooms: Sequence[Room], company: Organization, *, ids: Ids, dice: random.Random
) -> House:
    """Make up the floors of a site; most zones are the company's own."""
    house = House(site)
    left = [room for room in rooms if room.site is site and room.is_booked_by_the_hour]
    for ordinal, floor in enumerate(FLOORS):
        layer = Layer(id=ids.new(), site=site, name=floor.name, ordinal=ordinal)
        house.layers.append(layer)
        for room in left[ordinal : ordinal + floor.rooms]:
            house.placements.append(RoomPlacement(room=room, layer=layer))
        _zones(house, layer, floor, company, ids=ids, dice=dice)
    return house


def _zones(
    house: House,
    layer: Layer,
    floor: FloorStory,
    company: Organization,
    *,
    ids: Ids,
    dice: random.Random,
) -> None:
    for told in floor.zones:
        zone = Zone(
            id=ids.new(),
            layer=layer,
            name=told.name,
            capacity=told.seats,
            labels=list(told.labels),
            x=told.x,
            y=told.y,
            organization=None if told.is_shared else company,
        )
        house.zones.append(zone)
        house.beside.extend((zone, house.zone(name)) for name in told.beside)
        house.spaces.extend(_desks(zone, told, ids=ids, dice=dice))


def _desks(zone: Zone, told: ZoneStory, *, ids: Ids, dice: random.Random) -> list[Space]:
    return [
        Space(
            id=ids.new(),
            layer=zone.layer,
            zone=zone,
            name=f"{told.name} {number}",
            labels=sorted(dice.sample(_PLACES_OF_DESKS, k=dice.choice((0, 1, 1, 2)))),
        )
        for number in range(1, told.seats + 1)
    ]
