"""What the Workplace API reads and shows of presence. Source: workplace-api, section 4."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from workplace.api.fields import Fields
from workplace.domain.occupancy import Failure, Told
from workplace.domain.occupancy_imports import Done
from workplace.domain.refusals import Detail
from workplace.domain.times import written, written_or_none
from workplace.models import Occupancy

FIELDS = (
    "people_id",
    "people_external_id",
    "location_id",
    "location_external_id",
    "seen_at",
    "timezone",
    "team_id",
    "first_seen_at",
    "last_seen_at",
)
_RESULTS = ("created", "updated", "restored")


def told(
    index: int, value: Any, *, site_id: str | None, zones: Mapping[str, ZoneInfo]
) -> Told | Failure:
    """Read an item, or say what is wrong with it; `zones` are the locations' clocks."""
    if not isinstance(value, dict):
        return Failure(index=index, detail=Detail(path="", message="must be an object"))
    item = Fields(values=value)
    item.only(*FIELDS)
    found = _values(item, site_id, zones)
    if item.problems.found:
        return Failure(index=index, detail=item.problems.found[0])
    return Told(index=index, **found)


def _values(item: Fields, site_id: str | None, zones: Mapping[str, ZoneInfo]) -> dict[str, Any]:
    item.require("seen_at")
    own_site, external_site = item.id("location_id"), item.text("location_external_id")
    _one_of(item, "people_id", "people_external_id", required=True)
    _one_of(item, "location_id", "location_external_id", required=site_id is None)
    place = None if external_site else own_site or site_id
    read_in = item.zone()
    day_zone = read_in or zones.get(place or "") or ZoneInfo("UTC")
    moments = {
        name: item.instant(
            name, read_in=read_in if item.is_naive(name) else None, day_zone=day_zone
        )
        for name in ("seen_at", "first_seen_at", "last_seen_at")
    }
    return {
        "site_id": place,
        "external_site_id": external_site,
        "person_id": item.id("people_id"),
        "external_person_id": item.text("people_external_id"),
        "team_id": item.id("team_id"),
        **moments,
    }


def _one_of(item: Fields, name: str, other: str, *, required: bool) -> None:
    has = [item.raw(each) is not None for each in (name, other)]
    if all(has):
        item.note(other, f"must not come together with {name}")
    elif required and not any(has):
        item.note(name, f"or {other} is required", code="required")


def shown(row: Occupancy) -> dict[str, Any]:
    """Show a record."""
    return {
        "_id": row.pk,
        "people_id": row.person_id,
        "location_id": row.site_id,
        "seen_at": written(row.seen_at),
        "team_id": row.team_id,
        "first_seen_at": written_or_none(row.first_seen_at),
        "last_seen_at": written_or_none(row.last_seen_at),
        "created_at": written(row.created_at),
        "updated_at": written(row.updated_at),
    }


def outcome(done: Done, *, received: int, is_bare: bool) -> dict[str, Any]:
    """Show what became of every item."""
    stored, failures = done.recorded.stored, done.recorded.failures
    results = Counter(one.result for one in stored)
    return {
        "occupancy": [shown(one.row) | {"result": one.result} for one in stored],
        "summary": {
            "received": received,
            **{name: results[name] for name in _RESULTS},
            "duplicates": results["duplicate"],
            "failed": len(failures),
        },
        "errors": [_error(one, is_bare=is_bare) for one in failures],
        "session_id": done.session_id,
    }


def _error(failure: Failure, *, is_bare: bool) -> dict[str, Any]:
    detail = _placed(failure, is_bare=is_bare)
    code = detail.code or "validation_failed"
    return {"index": failure.index, "path": detail.path, "code": code, "message": detail.message}


def details(failures: Sequence[Failure], *, is_bare: bool) -> list[Detail]:
    """Tell what is wrong with each item, where none is right."""
    return [_placed(one, is_bare=is_bare) for one in failures]


def _placed(failure: Failure, *, is_bare: bool) -> Detail:
    """Return the detail with its place in the call: `occupancy[0].seen_at`, of a bare item `seen_at`."""
    inner = failure.detail
    at = "" if is_bare else f"occupancy[{failure.index}]"
    path = ".".join(part for part in (at, inner.path) if part)
    return Detail(path=path, message=inner.message, code=inner.code)
