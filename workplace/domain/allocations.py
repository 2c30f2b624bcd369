"""Writing allocations in batches: all of a call stands, or nothing of it.

Locks in one order: rooms, zones, then the allocations themselves; people by booking's own calls.
Source: workplace-api, sections 0 (Bulk writes, Concurrency) and 7.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apitokens.models import ApiToken, EventType
from booking.domain import reservations
from workplace import selectors_allocations
from workplace.domain import (
    allocation_conflicts,
    allocation_drafts,
    allocation_events,
    allocation_lookups,
    allocation_rooms,
    allocation_wishes,
)
from workplace.domain.allocation_drafts import Draft
from workplace.domain.allocation_wishes import Patch, Wanted
from workplace.domain.refusals import Conflict, Detail, Invalid, NotFound, StaleVersion
from workplace.domain.room_refusals import ROOM_TAKEN
from workplace.models import Allocation, AllocationSpace
from workplace.selectors_tenants import Tenant

FIELDS = (
    "external_id",
    "organization",
    "site",
    "layer",
    "zone",
    "room",
    "type",
    "seats",
    "person",
    "team",
    "starts_at",
    "ends_at",
    "source",
    "is_locked",
)
_CONSTRAINTS = {
    "allocation_space_one_": allocation_conflicts.SPACE_TAKEN,
    "allocation_person_sits_once": allocation_conflicts.PERSON_SEATED,
    "reservation_no_overlap": ROOM_TAKEN,
}

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """How many allocations were deleted, and the ids that were none of the tenant's."""

    count: int
    not_found: Sequence[str]


def create(wishes: Sequence[Wanted], *, tenant: Tenant, now: dt.datetime) -> list[Allocation]:
    """Make allocations; return them in the order in which they were asked for.

    :raises NotFound: :raises Invalid: :raises Conflict: each with every failing index.
    """
    directory = allocation_lookups.load(tenant, wishes)
    drafts = allocation_drafts.resolve(directory, wishes, tenant=tenant)
    return _in_transaction(lambda: _create(drafts, tenant=tenant, now=now))


def update(patches: Sequence[Patch], *, tenant: Tenant, now: dt.datetime) -> list[Allocation]:
    """Change allocations; what a patch does not name stays.

    :raises NotFound: :raises StaleVersion: :raises Invalid: :raises Conflict: with every index.
    """
    return _in_transaction(lambda: _update(patches, tenant=tenant, now=now))


def delete(
    ids: Collection[str], *, tenant: Tenant, by: ApiToken | None, now: dt.datetime
) -> Deleted:
    """Delete allocations softly: their desks and rooms are free, the rows stay as history."""
    return _in_transaction(lambda: _delete(ids, tenant=tenant, by=by, now=now))


def _create(drafts: Sequence[Draft], *, tenant: Tenant, now: dt.datetime) -> list[Allocation]:
    _lock_and_check(drafts, (), tenant=tenant)
    rows = [Allocation(created_at=now, updated_at=now, **_fields(draft)) for draft in drafts]
    _arrange_rooms(rows, drafts, now=now)
    Allocation.objects.bulk_create(rows, batch_size=1000)
    _hold_spaces(rows, drafts)
    allocation_events.record(EventType.ALLOCATION_CREATED, rows, now=now)
    return _read_again(rows)


def _update(patches: Sequence[Patch], *, tenant: Tenant, now: dt.datetime) -> list[Allocation]:
    rows = _rows_of(patches, tenant=tenant)
    wishes = [
        allocation_wishes.patched(row, patch) for row, patch in zip(rows, patches, strict=True)
    ]
    directory = allocation_lookups.load(tenant, wishes)
    drafts = allocation_drafts.resolve(directory, wishes, tenant=tenant, rows=rows)
    changed = [
        (row, draft)
        for row, draft in zip(rows, drafts, strict=True)
        if draft.wish != allocation_wishes.as_stored(row, at=draft.wish.at)
    ]
    _lock_and_check([draft for _, draft in changed], rows, tenant=tenant)
    _check_versions(rows, patches)
    _write_over(changed, now=now)
    return _read_again(rows)


def _write_over(changed: Sequence[tuple[Allocation, Draft]], *, now: dt.datetime) -> None:
    rows, drafts = [row for row, _ in changed], [draft for _, draft in changed]
    _arrange_rooms(rows, drafts, now=now)
    for row, draft in changed:
        for name, value in _fields(draft).items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now
    written = [*FIELDS, "meeting", "reservation", "version", "updated_at"]
    AllocationSpace.objects.filter(allocation__in=rows).delete()
    Allocation.objects.bulk_update(rows, written, batch_size=500)
    _hold_spaces(rows, drafts)
    allocation_events.record(EventType.ALLOCATION_UPDATED, rows, now=now)


def _delete(
    ids: Collection[str], *, tenant: Tenant, by: ApiToken | None, now: dt.datetime
) -> Deleted:
    wanted = list(dict.fromkeys(ids))
    seen = selectors_allocations.of_tenant(tenant).filter(pk__in=wanted)
    allocation_rooms.lock((), seen)
    rows = list(seen.order_by("pk").select_for_update(of=("self",)))
    remove(rows, by=by, now=now)
    known = {row.id for row in rows}
    return Deleted(count=len(rows), not_found=[id_ for id_ in wanted if id_ not in known])


def remove(rows: Sequence[Allocation], *, by: ApiToken | None, now: dt.datetime) -> None:
    """Delete locked rows softly, in the caller's transaction."""
    allocation_rooms.release(rows, now=now)
    AllocationSpace.objects.filter(allocation__in=rows).update(holds=False)
    for row in rows:
        row.deleted_at, row.deleted_by, row.updated_at = now, by, now
        row.version += 1
    Allocation.objects.bulk_update(
        rows, ["deleted_at", "deleted_by", "updated_at", "version"], batch_size=1000
    )
    allocation_events.record(EventType.ALLOCATION_DELETED, rows, now=now)


def _rows_of(patches: Sequence[Patch], *, tenant: Tenant) -> list[Allocation]:
    """Return the patched rows in the patches' order.

    :raises NotFound: with every index whose id is none of the tenant's.
    """
    ids = {patch.allocation_id for patch in patches}
    found = selectors_allocations.of_tenant(tenant).prefetch_related("held_spaces").in_bulk(ids)
    missing = [
        Detail(path=f"{patch.at}._id", message="Allocation not found")
        for patch in patches
        if patch.allocation_id not in found
    ]
    if missing:
        raise NotFound(missing)
    return [found[patch.allocation_id] for patch in patches]


def _check_versions(rows: Sequence[Allocation], patches: Sequence[Patch]) -> None:
    """Refuse patches of rows that somebody changed since they were read, here or by the writer.

    :raises StaleVersion: with every such index.
    """
    locked = Allocation.objects.filter(pk__in=[row.id for row in rows], deleted_at=None)
    versions = dict(
        locked.order_by("pk").select_for_update(no_key=True).values_list("pk", "version")
    )
    stale = [
        Detail(path=patch.at, message="This was changed since it was read", conflict_id=row.id)
        for row, patch in zip(rows, patches, strict=True)
        if versions.get(row.id) != row.version or patch.known.is_stale(row)
    ]
    if stale:
        raise StaleVersion(stale)


def _lock_and_check(drafts: Sequence[Draft], rows: Sequence[Allocation], *, tenant: Tenant) -> None:
    allocation_rooms.lock(drafts, rows)
    zones = allocation_conflicts.lock_zones(draft.zone.id for draft in drafts if draft.zone)
    allocation_conflicts.check(drafts, zones, tenant=tenant)


def _arrange_rooms(
    rows: Sequence[Allocation], drafts: Sequence[Draft], *, now: dt.datetime
) -> None:
    """Arrange every room, so that all that is refused is told at once.

    :raises Invalid: with every index that breaks a rule. :raises Conflict: else, with every one.
    """
    invalid: list[Detail] = []
    conflicts: list[Detail] = []
    for row, draft in zip(rows, drafts, strict=True):
        if draft.room is None and row.room_id is None:
            continue
        try:
            with transaction.atomic():
                allocation_rooms.arrange(row, draft, now=now)
        except Invalid as refusal:
            invalid += refusal.details
        except Conflict as refusal:
            conflicts += refusal.details
    if invalid:
        raise Invalid(invalid)
    if conflicts:
        raise Conflict(conflicts)


def _fields(draft: Draft) -> dict[str, object]:
    wish = draft.wish
    return {
        "external_id": wish.external_id,
        "organization_id": draft.organization_id,
        "site": draft.site,
        "layer": draft.layer,
        "zone": draft.zone,
        "room": draft.room,
        "type": wish.type,
        "seats": draft.seats,
        "person": draft.person,
        "team": draft.team,
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "source": wish.source,
        "is_locked": wish.is_locked,
    }


def _hold_spaces(rows: Sequence[Allocation], drafts: Sequence[Draft]) -> None:
    AllocationSpace.objects.bulk_create(
        (
            AllocationSpace(
                allocation=row,
                space=space,
                during=DateTimeTZRange(row.starts_at, row.ends_at),
                of_person=row.person_id is not None,
            )
            for row, draft in zip(rows, drafts, strict=True)
            for space in draft.spaces
        ),
        batch_size=1000,
    )


def _read_again(rows: Sequence[Allocation]) -> list[Allocation]:
    ids = [row.id for row in rows]
    found = selectors_allocations.with_details(Allocation.objects.all()).in_bulk(ids)
    return [found[id_] for id_ in ids]


def _in_transaction(work: Callable[[], Done]) -> Done:
    """Run a write; what two of them at once make a constraint refuse is told as the conflict it is."""
    try:
        with transaction.atomic():
            return work()
    except reservations.SlotTaken as refusal:
        raise Conflict([Detail(path="", message=refusal.message, code=ROOM_TAKEN)]) from refusal
    except IntegrityError as error:
        for name, code in _CONSTRAINTS.items():
            if name in str(error):
                message = "Somebody else was faster, please retry"
                raise Conflict([Detail(path="", message=message, code=code)]) from error
        raise
