"""What callers want of an allocation, before anything of it is looked up.

Source: workplace-api, section 7; section 13, "Evolution".
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workplace.domain.refusals import Detail
from workplace.domain.versions import Known
from workplace.models import Allocation, AllocationSource

PLACE_FIELDS = ("zone_id", "room_id", "space_ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One allocation as it is to be; `at` is where in the call it stands, as `allocations[0]`.

    `seats` None leaves the number to the spaces, the team's forecast or the one person.
    """

    at: str
    site_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    type: str
    team_id: str | None = None
    team_external_id: str | None = None
    person_id: str | None = None
    person_external_id: str | None = None
    layer_id: str | None = None
    zone_id: str | None = None
    room_id: str | None = None
    space_ids: tuple[str, ...] = ()
    seats: int | None = None
    is_locked: bool = True
    external_id: str = ""
    source: str = AllocationSource.API

    def path(self, name: str) -> str:
        return f"{self.at}.{name}" if name else self.at

    def wrong(self, name: str, message: str, *, code: str = "") -> Detail:
        return Detail(path=self.path(name), message=message, code=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Fields of `Wanted` that are to be different in one stored allocation, by name."""

    at: str
    allocation_id: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    known: Known = field(default_factory=Known)


def as_stored(row: Allocation, *, at: str) -> Wanted:
    """Return what a stored row asks for; its layer and seats only where nothing else tells them."""
    space_ids = tuple(held.space_id for held in row.held_spaces.all())
    has_place = bool(row.zone_id or row.room_id or space_ids)
    return Wanted(
        at=at,
        site_id=row.site_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        type=row.type,
        team_id=row.team_id,
        person_id=row.person_id,
        layer_id=None if has_place else row.layer_id,
        zone_id=row.zone_id,
        room_id=row.room_id,
        space_ids=space_ids,
        seats=None if space_ids else row.seats,
        is_locked=row.is_locked,
        external_id=row.external_id,
        source=row.source,
    )


def patched(row: Allocation, patch: Patch) -> Wanted:
    """Return the row as the patch wants it; a human hand on an evolution's row keeps it from the next one.

    Source: workplace-api, section 7, PUT /allocations.
    """
    stored = as_stored(row, at=patch.at)
    changes = dict(patch.changes)
    if "space_ids" in changes and "seats" not in changes:
        changes["seats"] = None
    if changes.get("team_external_id"):
        changes.setdefault("team_id", None)
    if changes.get("person_external_id"):
        changes.setdefault("person_id", None)
    wanted = replace(stored, **changes)
    if wanted != stored and row.source == AllocationSource.EVOLUTION:
        is_locked = changes.get("is_locked", True)
        return replace(wanted, source=AllocationSource.MANUAL, is_locked=is_locked)
    return wanted
