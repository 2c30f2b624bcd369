"""What the API would refuse of plans and seats is refused of a file: closed, full, taken, without access.

That concerns what is new or changed and not over. An entry with a `version` is a row that an
installation had, as exports write it: it comes back as it was.
Source: Workplace API, sections 7, 8 and 11.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from backoffice.bulk.problems import BulkError, at
from backoffice.bulk.rows import Change
from booking.models import Meeting
from workplace.domain import (
    allocation_conflicts,
    allocation_drafts,
    allocation_lookups,
    intention_batches,
)
from workplace.domain.allocation_drafts import Draft
from workplace.domain.allocation_wishes import Wanted
from workplace.domain.refusals import Detail, Refused
from workplace.models import OPEN_STATUSES, Allocation, AllocationSpace
from workplace.selectors_tenants import Tenant


def seats_of(changes: Sequence[Change], *, now: dt.datetime) -> list[Draft]:
    """Look the seats of a file up as the API does, and count those that nobody counted.

    :raises BulkError: when one breaks a rule by itself.
    """
    checked = [change for change in changes if _is_told(change, now) and not change.row.deleted_at]
    desks = _desks(checked)
    wishes = [
        _wanted(change, number, desks[change.row.pk]) for number, change in enumerate(checked)
    ]
    tenant = Tenant(organization_id=None, now=now)
    directory = allocation_lookups.load(tenant, wishes)
    rows = [change.row for change in checked]
    try:
        drafts = allocation_drafts.resolve(directory, wishes, tenant=tenant, rows=rows)
    except Refused as refusal:
        raise _explained(refusal, checked) from refusal
    for change, draft in zip(checked, drafts, strict=True):
        change.row.seats = draft.seats
        change.row.zone_id = draft.zone.id if draft.zone else None
        change.row.layer_id = draft.layer.id if draft.layer else None
    return drafts


def _desks(checked: Sequence[Change]) -> dict[str, tuple[str, ...]]:
    """Return the desks of each allocation: the file's or, where it says nothing of them, the stored."""
    ids = [change.row.pk for change in checked if not change.is_new]
    stored: dict[str, list[str]] = defaultdict(list)
    rows = AllocationSpace.objects.filter(allocation__in=ids).order_by("pk")
    for allocation_id, space_id in rows.values_list("allocation_id", "space_id"):
        stored[allocation_id].append(space_id)
    told = {change.row.pk: change.entry.ids("spaces") for change in checked}
    return {pk: tuple(stored[pk] if desks is None else desks) for pk, desks in told.items()}


def check_meetings(changes: Sequence[Change], *, now: dt.datetime) -> None:
    """Refuse a plan or an allocation that says another room or time than its meeting, which has the room.

    :raises BulkError:
    """
    told = [change for change in changes if _is_told(change, now) and _is_live(change)]
    ids = {change.row.meeting_id for change in told} - {None}
    meetings = Meeting.objects.in_bulk(ids)
    for change in told:
        meeting = meetings.get(change.row.meeting_id)
        for name in ("room_id", "starts_at", "ends_at"):
            if meeting is not None and getattr(meeting, name) != getattr(change.row, name):
                raise at(change.entry.place, name, f"is not that of its meeting {meeting.pk}")


def _is_live(change: Change) -> bool:
    if isinstance(change.row, Allocation):
        return change.row.deleted_at is None
    return change.row.status in OPEN_STATUSES


def check_seats(drafts: Sequence[Draft], changes: Sequence[Change], *, now: dt.datetime) -> None:
    """Look at what is in the way of seats that are written already.

    :raises BulkError:
    """
    by_row = {change.row.pk: change for change in changes}
    checked = [by_row[draft.row.pk] for draft in drafts if draft.row]
    zones = allocation_conflicts.lock_zones(draft.zone.id for draft in drafts if draft.zone)
    try:
        allocation_conflicts.check(drafts, zones, tenant=Tenant(organization_id=None, now=now))
    except Refused as refusal:
        raise _explained(refusal, checked) from refusal


def check_plans(changes: Sequence[Change], *, now: dt.datetime) -> None:
    """Look at what is in the way of plans that are written already.

    :raises BulkError:
    """
    checked = {
        change.row.pk: change for change in changes if _is_told(change, now) and _is_live(change)
    }
    if not checked:
        return
    for plan_id, detail in intention_batches.refused(list(checked), now=now):
        raise _told(checked[plan_id], detail.path, detail)


def _is_told(change: Change, now: dt.datetime) -> bool:
    return change.is_change and "version" not in change.entry.given and change.row.ends_at > now


def _wanted(change: Change, number: int, desks: tuple[str, ...]) -> Wanted:
    row = change.row
    is_counted = "seats" in change.entry.given or not desks
    return Wanted(
        at=str(number),
        site_id=row.site_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        type=row.type,
        team_id=row.team_id,
        person_id=row.person_id,
        layer_id=row.layer_id,
        zone_id=row.zone_id,
        room_id=row.room_id,
        space_ids=desks,
        seats=row.seats if is_counted else None,
    )


def _explained(refusal: Refused, checked: Sequence[Change]) -> BulkError:
    """Name the entry of the first reason; its path is the number of the entry, then the field."""
    detail = refusal.details[0]
    number, _, path = detail.path.partition(".")
    return _told(checked[int(number)], path, detail)


def _told(change: Change, field: str, detail: Detail) -> BulkError:
    return at(change.entry.place, field or "_id", detail.message[0].lower() + detail.message[1:])
