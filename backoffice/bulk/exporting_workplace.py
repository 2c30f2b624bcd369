"""What the export writes of the workplace beside plain fields: lists of ids, members, settings."""

from collections.abc import Callable, Mapping
from typing import Any

from backoffice.bulk.teams import MANY
from backoffice.bulk.workplace_forms import TEAM_LOCATIONS, TEAM_WISHES

PREFETCHED: Mapping[str, tuple[str, ...]] = {
    "zones": ("neighbours",),
    "teams": (
        "memberships",
        "settings__linked_locations",
        *(f"settings__locations__{relation}" for relation, _ in MANY.values()),
    ),
    "allocations": ("held_spaces",),
}


def _of_zone(zone: Any) -> Mapping[str, Any]:
    return {"neighbours": _ids(zone.neighbours)}


def _of_team(team: Any) -> Mapping[str, Any]:
    members = sorted(team.memberships.all(), key=lambda one: one.person_id)
    listed = [{"user": one.person_id, "isPrimary": one.is_primary} for one in members]
    settings = getattr(team, "settings", None)
    return {"members": listed, **({} if settings is None else _of_settings(settings))}


def _of_settings(settings: Any) -> Mapping[str, Any]:
    wishes = {
        one.name: one.codec.write(getattr(settings, one.attribute)) for one in TEAM_WISHES.fields
    }
    locations = sorted(settings.locations.all(), key=lambda one: one.site_id)
    return {
        TEAM_WISHES.key: settings.pk,
        **wishes,
        "linkedLocations": _ids(settings.linked_locations),
        TEAM_LOCATIONS.name: [_of_location(one) for one in locations],
    }


def _of_location(here: Any) -> Mapping[str, Any]:
    plain = {
        one.name: one.codec.write(getattr(here, one.attribute)) for one in TEAM_LOCATIONS.fields
    }
    return plain | {name: _ids(getattr(here, relation)) for name, (relation, _) in MANY.items()}


def _of_allocation(allocation: Any) -> Mapping[str, Any]:
    return {"spaces": sorted(one.space_id for one in allocation.held_spaces.all())}


def _ids(related: Any) -> list[str]:
    return sorted(one.pk for one in related.all())


EXTRAS: Mapping[str, Callable[[Any], Mapping[str, Any]]] = {
    "zones": _of_zone,
    "teams": _of_team,
    "allocations": _of_allocation,
}
