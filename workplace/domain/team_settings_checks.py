"""What may be wished for a team: every rule on changed settings, each told with its place.

Source: workplace-api, section 3.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workplace import selectors_capacity
from workplace.domain.refusals import Detail
from workplace.domain.times import written
from workplace.domain.versions import Known
from workplace.models import TeamLocationSettings, TeamSettings
from workplace.selectors_tenants import Tenant

_IDS = ("_id", "team_id", "organization_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationChange:
    """What is wanted at one location: values by field, for those that change."""

    path: str
    site_id: str
    values: Mapping[str, Any]
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChange:
    """What is wanted of one team; `echoes` are fields that cannot be changed, as they were sent along.

    The first of the three ids that is there names the team. `removes_others` forgets every location.
    """

    path: str
    settings_id: str | None = None
    team_id: str | None = None
    external_id: str | None = None
    known: Known = field(default_factory=Known)
    values: Mapping[str, Any] = field(default_factory=dict)
    locations: Sequence[LocationChange] = ()
    echoes: Mapping[str, Any] = field(default_factory=dict)
    removes_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a tenant may name: sites with their seats, and by id where the rest lies or to whom it belongs."""

    sites: Mapping[str, int | None]
    layers: Mapping[str, str]
    zones: Mapping[str, tuple[str, str | None]]
    rooms: Mapping[str, str]
    teams: Mapping[str, str]


def places(changes: Sequence[TeamChange], rows: Sequence[TeamSettings], tenant: Tenant) -> Places:
    """Return what the changes may name: what the tenant sees, and what the rows name already."""
    kept_sites = {each.pk for row in rows for each in row.linked_locations.all()}
    kept_sites |= {each.site_id for row in rows for each in row.locations.all()}
    kept_sites |= {row.default_location_id for row in rows if row.default_location_id}
    named_sites = {site_id for _, site_id in _sites(changes)}
    seen = tenant.sites().filter(pk__in=named_sites).values_list("pk", flat=True)
    layers = tenant.layers().filter(pk__in=_named(changes, "preferred_layers"))
    zones = tenant.zones().filter(pk__in=_named(changes, "preferred_zones"))
    rooms = tenant.rooms().filter(pk__in=_named(changes, "room_id"))
    teams = tenant.teams().filter(pk__in=_named(changes, "adjacent_teams"))
    return Places(
        sites=selectors_capacity.of_sites({*seen, *(kept_sites & named_sites)}),
        layers=dict(layers.values_list("pk", "site_id")),
        zones={
            pk: (site_id, organization_id)
            for pk, site_id, organization_id in zones.values_list(
                "pk", "layer__site_id", "organization_id"
            )
        },
        rooms=dict(rooms.values_list("pk", "site_id")),
        teams=dict(teams.values_list("pk", "organization_id")),
    )


def unknown(changes: Sequence[TeamChange], known: Places) -> list[Detail]:
    """Return what names nothing that the tenant could see."""
    kinds: tuple[tuple[str, str, Collection[str]], ...] = (
        ("preferred_layers", "preferred_layer_ids", known.layers),
        ("preferred_zones", "preferred_zone_ids", known.zones),
        ("adjacent_teams", "adjacent_team_ids", known.teams),
        ("room_id", "room_id", known.rooms),
    )
    lacking = [path for path, site_id in _sites(changes) if site_id not in known.sites]
    for location in _locations(changes):
        for field_name, name, there in kinds:
            named = _listed(location.values.get(field_name))
            if any(each not in there for each in named):
                lacking.append(f"{location.path}.{name}")
    return [Detail(path=path, message="not found") for path in lacking]


def echoes(change: TeamChange, row: TeamSettings) -> Iterator[Detail]:
    """Yield the fields that cannot be changed and were sent with another value."""
    team = row.team
    real = {
        "_id": row.pk,
        "team_id": team.pk,
        "external_id": team.external_id or None,
        "organization_id": team.organization_id,
        "team_name": team.name,
        "head_count": row.head_count,  # type: ignore[attr-defined]  # annotated by the selector
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
    }
    for name, sent in change.echoes.items():
        is_same = sent == real[name] or (name in _IDS and str(sent).lower() == real[name])
        if not is_same:
            yield Detail(
                path=f"{change.path}.{name}", message="cannot be changed", code="read_only"
            )


def location(
    change: LocationChange, merged: TeamLocationSettings, row: TeamSettings, known: Places
) -> Iterator[Detail]:
    """Yield what is wrong with the settings of a team at a location as they would be."""
    seats = known.sites[change.site_id]
    most = merged.max_capacity
    if most is not None and merged.min_capacity > most:
        yield _wrong(change, "min_capacity", "must not be above max_capacity")
    if seats is not None and merged.min_capacity > seats:
        yield _wrong(change, "min_capacity", f"must not be above the location's capacity, {seats}")
    yield from _elsewhere(change, row, known)
    for team_id in change.values.get("adjacent_teams", ()):
        if team_id == row.team_id:
            yield _wrong(change, "adjacent_team_ids", "must not name the team itself")
        elif known.teams[team_id] != row.team.organization_id:
            yield _wrong(change, "adjacent_team_ids", "must name teams of the same organization")


def _elsewhere(change: LocationChange, row: TeamSettings, known: Places) -> Iterator[Detail]:
    site_id, values = change.site_id, change.values
    if any(known.layers[each] != site_id for each in values.get("preferred_layers", ())):
        yield _wrong(change, "preferred_layer_ids", "must name layers of this location")
    owners = (None, row.team.organization_id)
    for zone_site, organization_id in map(
        known.zones.__getitem__, values.get("preferred_zones", ())
    ):
        if zone_site != site_id:
            yield _wrong(change, "preferred_zone_ids", "must name zones of this location")
        elif organization_id not in owners:
            yield _wrong(change, "preferred_zone_ids", "must not name another organization's zones")
    room_id = values.get("room_id")
    if room_id and known.rooms[room_id] != site_id:
        yield _wrong(change, "room_id", "must name a room of this location")


def _wrong(change: LocationChange, name: str, message: str) -> Detail:
    return Detail(path=f"{change.path}.{name}", message=message)


def _locations(changes: Iterable[TeamChange]) -> Iterator[LocationChange]:
    return (location for change in changes for location in change.locations)


def _sites(changes: Iterable[TeamChange]) -> Iterator[tuple[str, str]]:
    """Yield every site that is named, with its place."""
    for change in changes:
        default = change.values.get("default_location_id")
        if default:
            yield f"{change.path}.default_location.location_id", default
        for number, site_id in enumerate(change.values.get("linked_locations", ())):
            yield f"{change.path}.linked_locations[{number}]", site_id
        for each in change.locations:
            yield f"{each.path}.location_id", each.site_id


def _named(changes: Iterable[TeamChange], field_name: str) -> set[str]:
    return {
        each
        for location in _locations(changes)
        for each in _listed(location.values.get(field_name))
    }


def _listed(value: Any) -> Sequence[str]:
    if value is None:
        return ()
    return [value] if isinstance(value, str) else value
