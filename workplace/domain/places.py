"""Places: the layer, zone, room and desk that a call names at a location, and whether they fit together.

Source: Workplace API, sections 1, 7 and 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sites_app.models import Room, Site
from workplace.domain.refusals import Detail, Invalid, missing
from workplace.models import Layer, Space, Zone
from workplace.selectors_tenants import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceIds:
    """What a call names; `at` is where in the call, as `allocations[0]`."""

    layer_id: str | None = None
    zone_id: str | None = None
    room_id: str | None = None
    space_id: str | None = None
    at: str = ""

    def path(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name


NOWHERE = PlaceIds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place at a location; the layer is that of the desk, the zone or the room."""

    layer: Layer | None = None
    zone: Zone | None = None
    room: Room | None = None
    space: Space | None = None


def find(site: Site, wanted: PlaceIds, *, tenant: Tenant) -> Place:
    """Return the place at the location; a desk brings its zone along.

    What is another organization's own, or let to one, does not exist for the tenant.

    :raises NotFound: :raises Invalid: when the parts do not fit together.
    """
    space = _space(site, wanted, tenant)
    zone = _zone(site, wanted, tenant) or (space.zone if space else None)
    room = _room(site, wanted, tenant)
    if space is not None and space.zone_id != (zone and zone.pk):
        raise _misfit(wanted, "space_id", "does not stand in this zone")
    layers = [part.layer for part in (space, zone) if part is not None]
    if room is not None and (placement := getattr(room, "placement", None)):
        layers.append(placement.layer)
    return Place(layer=_layer(site, wanted, layers), zone=zone, room=room, space=space)


def _space(site: Site, wanted: PlaceIds, tenant: Tenant) -> Space | None:
    if wanted.space_id is None:
        return None
    seen = tenant.spaces().select_related("layer", "zone__layer")
    space = seen.filter(pk=wanted.space_id, layer__site=site).first()
    if space is None:
        raise missing(wanted.path("space_id"), "Space")
    if not space.is_active:
        raise _misfit(wanted, "space_id", "is not in use")
    return space


def _zone(site: Site, wanted: PlaceIds, tenant: Tenant) -> Zone | None:
    if wanted.zone_id is None:
        return None
    seen = tenant.zones().select_related("layer")
    zone = seen.filter(pk=wanted.zone_id, layer__site=site).first()
    if zone is None:
        raise missing(wanted.path("zone_id"), "Zone")
    if not zone.is_active:
        raise _misfit(wanted, "zone_id", "is not in use")
    return zone


def _room(site: Site, wanted: PlaceIds, tenant: Tenant) -> Room | None:
    if wanted.room_id is None:
        return None
    seen = tenant.rooms().select_related("site", "placement__layer")
    room = seen.filter(pk=wanted.room_id, site=site).first()
    if room is None:
        raise missing(wanted.path("room_id"), "Room")
    return room


def _layer(site: Site, wanted: PlaceIds, implied: Iterable[Layer]) -> Layer | None:
    layers = {layer.pk: layer for layer in implied}
    if wanted.layer_id is not None:
        named = Layer.objects.filter(pk=wanted.layer_id, site=site).first()
        if named is None:
            raise missing(wanted.path("layer_id"), "Layer")
        layers[named.pk] = named
    if len(layers) > 1:
        raise _misfit(wanted, "layer_id", "is not the layer of this zone, room or space")
    return next(iter(layers.values()), None)


def _misfit(wanted: PlaceIds, name: str, message: str) -> Invalid:
    return Invalid([Detail(path=wanted.path(name), message=message)])
