"""Reading the body of `PUT /workplace/v1/team/settings`: a merge patch for each team.

A field that is absent stays, `null` resets it. Source: workplace-api, section 3.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request

from workplace.api import versions
from workplace.api.fields import Fields
from workplace.domain.team_settings_checks import LocationChange, TeamChange
from workplace.models import Flexibility, Priority, SpaceTypePreference

MOST_SEATS = 100_000
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_ECHOES = (
    "_id",
    "team_id",
    "external_id",
    "organization_id",
    "team_name",
    "head_count",
    "created_at",
    "updated_at",
)
Readers = Mapping[str, tuple[str, Any, Callable[[Fields, str], Any]]]
"""For each name in a body: the field behind it, what `null` resets it to, and how it is read."""


def _seats(fields: Fields, name: str) -> int | None:
    return fields.integer(name, minimum=0, maximum=MOST_SEATS)


def _percent(fields: Fields, name: str) -> int | None:
    return fields.integer(name, minimum=0, maximum=100)


def _one_of(words: Sequence[str]) -> Callable[[Fields, str], str | None]:
    return lambda fields, name: fields.choice(name, among=words)


def _color(fields: Fields, name: str) -> str | None:
    color = fields.text(name)
    if color is not None and not _COLOR.fullmatch(color):
        fields.note(name, "must be a colour such as #3366cc")
    return color.lower() if color else None


def _weekdays(fields: Fields, name: str) -> Sequence[int]:
    days = fields.array(name, most=7) or ()
    if any(isinstance(day, bool) or day not in range(1, 8) for day in days):
        fields.note(name, "must list ISO weekdays, 1 (Monday) to 7 (Sunday)")
        return ()
    return sorted({int(day) for day in days})


def _place(fields: Fields, name: str) -> str | None:
    value = fields.raw(name)
    if not isinstance(value, dict):
        fields.note(name, "must be an object with location_id")
        return None
    place = Fields(values=value, problems=fields.problems, at=fields.path(name))
    place.only("location_id", "name")
    place.require("location_id")
    return place.id("location_id")


TEAM: Readers = {
    "color": ("color", "", _color),
    "space_type_preference": (
        "space_type_preference",
        SpaceTypePreference.AUTO.value,
        _one_of(SpaceTypePreference.values),
    ),
    "priority": ("priority", Priority.MEDIUM.value, _one_of(Priority.values)),
    "default_location": ("default_location_id", None, _place),
    "linked_locations": ("linked_locations", (), Fields.ids),
}
LOCATION: Readers = {
    "type": ("type", Flexibility.FREE.value, _one_of(Flexibility.values)),
    "min_capacity": ("min_capacity", 0, _seats),
    "max_capacity": ("max_capacity", None, _seats),
    "target": ("target", None, _seats),
    "contingency": ("contingency", 0, _percent),
    "fixed_days": ("fixed_days", [], _weekdays),
    "preferred_layer_ids": ("preferred_layers", (), Fields.ids),
    "preferred_zone_ids": ("preferred_zones", (), Fields.ids),
    "adjacent_team_ids": ("adjacent_teams", (), Fields.ids),
    "room_id": ("room_id", None, Fields.id),
    "allow_split": ("allow_split", True, Fields.boolean),
}


def read(body: Fields, request: HttpRequest | Request) -> Sequence[TeamChange]:
    """Read what is wanted of each team, in the body's order.

    :raises Invalid: with everything that is wrong.
    """
    body.only("team_settings")
    body.require("team_settings")
    if body.raw("team_settings") == []:
        body.note("team_settings", "must have at least 1 item")
    changes = [_team(item, request) for item in body.items("team_settings")]
    body.problems.refuse()
    return changes


def _team(item: Fields, request: HttpRequest | Request) -> TeamChange:
    item.only(*_ECHOES, *TEAM, "settings", "version")
    if not any(item.raw(name) for name in ("_id", "team_id", "external_id")):
        item.note("team_id", "is required, or _id, or external_id", code="required")
    return TeamChange(
        path=item.at,
        settings_id=item.id("_id"),
        team_id=item.id("team_id"),
        external_id=item.text("external_id"),
        known=versions.known(item, request),
        values=_values(item, TEAM),
        locations=_locations(item),
        echoes={name: item.values[name] for name in _ECHOES if item.has(name)},
        removes_others=item.has("settings") and item.raw("settings") is None,
    )


def _locations(item: Fields) -> Sequence[LocationChange]:
    found: dict[str | None, LocationChange] = {}
    for entry in item.items("settings"):
        entry.only("location_id", "_remove", *LOCATION)
        entry.require("location_id")
        site_id = entry.id("location_id")
        if site_id in found and site_id:
            entry.note("location_id", "is there twice")
        found[site_id] = LocationChange(
            path=entry.at,
            site_id=site_id or "",
            values=_values(entry, LOCATION),
            is_removed=entry.boolean("_remove") or False,
        )
    return list(found.values())


def _values(fields: Fields, readers: Readers) -> dict[str, Any]:
    """Return the value of each field that was sent."""
    return {
        field: default if fields.raw(name) is None else read(fields, name)
        for name, (field, default, read) in readers.items()
        if fields.has(name)
    }
