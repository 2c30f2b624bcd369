"""What the Workplace API shows of an allocation, and what it reads of one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from workplace.api.fields import Fields
from workplace.api.versions import known
from workplace.domain.allocation_wishes import Patch, Wanted
from workplace.domain.times import Span, written
from workplace.models import Allocation, AllocationType

WRITTEN = (
    "location_id",
    "starts_at",
    "ends_at",
    "timezone",
    "type",
    "team_id",
    "team_external_id",
    "people_id",
    "people_external_id",
    "layer_id",
    "zone_id",
    "room_id",
    "spaces",
    "seats",
    "locked",
    "external_id",
)
READ_ONLY = (
    "location_name",
    "layer_name",
    "zone_name",
    "source",
    "evolution_id",
    "intention_id",
    "created_at",
    "updated_at",
)
_PLACES = ("zone_id", "room_id", "spaces")
_ALWAYS_MEANT = ("_id", "version", "timezone")
_MOST_SEATS = 100_000
_LAST_INSTANT = 999_999
_MICROSECOND = dt.timedelta(microseconds=1)


def shown(row: Allocation) -> dict[str, Any]:
    """Show an allocation that comes with its details. Source: workplace-api, section 7, Object."""
    return {
        "_id": row.id,
        "external_id": row.external_id or None,
        "location_id": row.site_id,
        "location_name": row.site.name,
        "layer_id": row.layer_id,
        "layer_name": row.layer.name if row.layer else None,
        "zone_id": row.zone_id,
        "zone_name": row.zone.name if row.zone else None,
        "room_id": row.room_id,
        "type": row.type,
        "spaces": [held.space_id for held in row.held_spaces.all()],
        "seats": row.seats,
        "people_id": row.person_id,
        "team_id": row.team_id,
        "starts_at": written(row.starts_at),
        "ends_at": written(row.ends_at),
        "timezone": row.site.time_zone,
        "source": row.source,
        "locked": row.is_locked,
        "evolution_id": str(row.evolution_id) if row.evolution_id else None,
        "intention_id": row.intention_id,
        "version": row.version,
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
    }


def wanted(item: Fields, zones: Mapping[str, ZoneInfo]) -> Wanted | None:
    """Read a new allocation; None when anything of it is wrong. `zones` are the locations' clocks."""
    item.only(*WRITTEN)
    item.require("location_id", "starts_at", "ends_at", "type")
    values = _values(item, zones)
    needed = ("site_id", "starts_at", "ends_at", "type")
    if any(values.get(name) is None for name in needed):
        return None
    if values["starts_at"] >= values["ends_at"]:
        item.note("ends_at", "must be after starts_at")
        return None
    return Wanted(
        at=item.at, **{name: value for name, value in values.items() if value is not None}
    )


def patch(item: Fields, request: Any, *, row: Allocation | None, site_zone: ZoneInfo) -> Patch:
    """Read what is to change in an allocation; whoever sends back what was shown changes nothing by it."""
    item.only("_id", "version", *WRITTEN, *READ_ONLY)
    _check_read_only(item, row)
    item = _without_echoes(item, row)
    values = _values(item, {}, day_zone=site_zone)
    changes = {name: value for name, value in values.items() if _NAMES[name] in item.values}
    for name in ("site_id", "starts_at", "ends_at", "type", "is_locked"):
        if name in changes and item.raw(_NAMES[name]) is None:
            item.note(_NAMES[name], "must not be null")
    for name, reset in (("space_ids", ()), ("external_id", "")):
        if name in changes and changes[name] is None:
            changes[name] = reset
    start = changes.get("starts_at") or (row and row.starts_at)
    end = changes.get("ends_at") or (row and row.ends_at)
    if start and end and start >= end:
        item.note("ends_at", "must be after starts_at")
    return Patch(
        at=item.at,
        allocation_id=item.id("_id") or "",
        changes=changes,
        known=known(item, request),
    )


_NAMES = {
    "site_id": "location_id",
    "starts_at": "starts_at",
    "ends_at": "ends_at",
    "type": "type",
    "team_id": "team_id",
    "team_external_id": "team_external_id",
    "person_id": "people_id",
    "person_external_id": "people_external_id",
    "layer_id": "layer_id",
    "zone_id": "zone_id",
    "room_id": "room_id",
    "space_ids": "spaces",
    "seats": "seats",
    "is_locked": "locked",
    "external_id": "external_id",
}


def _values(
    item: Fields, zones: Mapping[str, ZoneInfo], *, day_zone: ZoneInfo | None = None
) -> dict[str, Any]:
    site_id = item.id("location_id")
    span = item.span(day_zone=day_zone or zones.get(site_id or "") or dt.UTC)
    spaces = item.ids("spaces")
    return {
        "site_id": site_id,
        "starts_at": span.starts_at,
        "ends_at": _half_open(span),
        "type": item.choice("type", among=tuple(AllocationType.values)),
        "team_id": item.id("team_id"),
        "team_external_id": item.text("team_external_id"),
        "person_id": item.id("people_id"),
        "person_external_id": item.text("people_external_id"),
        "layer_id": item.id("layer_id"),
        "zone_id": item.id("zone_id"),
        "room_id": item.id("room_id"),
        "space_ids": None if spaces is None else tuple(spaces),
        "seats": item.integer("seats", minimum=1, maximum=_MOST_SEATS),
        "is_locked": item.boolean("locked"),
        "external_id": item.text("external_id"),
    }


def _half_open(span: Span) -> dt.datetime | None:
    """Return the end of a stored time: a day's last moment is the next one's first."""
    end = span.ends_at
    if end is not None and end.microsecond == _LAST_INSTANT:
        return end + _MICROSECOND
    return end


def _without_echoes(item: Fields, row: Allocation | None) -> Fields:
    """Leave out what is as it was shown: instants above all, whose digits would be read in `timezone`.

    A layer is no echo where the zone, room or desks on it go and it alone is to stay.
    """
    if row is None:
        return item
    stored = shown(row)
    places = [name for name in _PLACES if item.has(name)]
    is_left_alone = bool(places) and not any(item.raw(name) for name in places)
    meant = {*_ALWAYS_MEANT, *(["layer_id"] if is_left_alone else [])}
    values = {
        name: value
        for name, value in item.values.items()
        if name in meant or name not in stored or value != stored[name]
    }
    return Fields(values=values, problems=item.problems, at=item.at)


def _check_read_only(item: Fields, row: Allocation | None) -> None:
    if row is None:
        return
    stored = shown(row)
    for name in READ_ONLY:
        if item.has(name) and item.values[name] != stored[name]:
            item.note(name, "cannot be written")
