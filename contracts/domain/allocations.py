"""Allocations: which rooms an organization rents, changed under the rooms' locks.

A lease that ends stays as history; one that never ran is deleted. The database's exclusion
constraint has the last word on who has a room.
Source: Public API, POST /api/merge-contract; public-api, sections 2 and 6, "Contracts".
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from booking.domain.bookable_rooms import RoomNotFound
from config.errors import DomainError
from contracts import selectors
from contracts.domain.list_changes import ListChange
from organizations.models import Organization
from sites_app.domain import announcements, leases, local_days
from sites_app.models import Room, RoomLease, RoomType

RoomChange = ListChange[str, str]
_A_DAY = dt.timedelta(days=1)


class RoomNotLeasable(DomainError):
    """Public meeting rooms are booked by the hour, never let."""

    code = "ROOM_NOT_LEASABLE"

    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Room {room.display_name} is a public meeting room and cannot be allocated"
        )


class RoomAllocated(DomainError):
    """Another organization has the room in that time."""

    code = "ROOM_ALLOCATED"
    status = 409

    def __init__(self, room: Room) -> None:
        super().__init__(f"Room {room.display_name} is already allocated to another organization")


def lock_rooms(organization_id: str, change: RoomChange) -> dict[str, Room]:
    """Lock, in id order, the rooms to be had and those that the organization has; return them by id.

    :raises RoomNotFound: :raises RoomNotLeasable: for a room that is to be had.
    """
    wanted = [*(change.replacement or ()), *change.additions]
    touched = {*wanted, *change.removals, *selectors.rooms_rented_by(organization_id)}
    locked = Room.objects.select_for_update(no_key=True, of=("self",)).select_related("site")
    rooms = {room.pk: room for room in locked.filter(pk__in=touched).order_by("pk")}
    for room_id in wanted:
        if room_id not in rooms:
            raise RoomNotFound
        if rooms[room_id].type == RoomType.PUBLIC_MEETING:
            raise RoomNotLeasable(rooms[room_id])
    return rooms


def write(
    organization: Organization,
    change: RoomChange,
    *,
    rooms: Mapping[str, Room],
    starts_with_contract: bool,
    now: dt.datetime,
) -> bool:
    """Bring the leases in line with the contract's end and the change; tell whether the rooms changed.

    A new lease has the room's monthly price and no end of its own. It begins today or, when the
    contract's start came with it, then; never before the previous tenant has left.

    :raises RoomAllocated: naming the room.
    """
    found = selectors.leases_of_rooms(organization_id=organization.pk, room_ids=rooms)
    own = [row for row in found if row.organization_id == organization.pk]
    others = [row for row in found if row.organization_id != organization.pk]
    stored = {row.pk: (row.own_end_on, row.ends_on) for row in own}
    some_left, taken = _bring_in_line(own, change, organization, now=now)
    new = _new_leases(
        [rooms[room_id] for room_id in taken],
        organization,
        earlier=[*filter(_ever_runs, own), *others],
        first=organization.rental_start_on if starts_with_contract else None,
        now=now,
    )
    _settle(own, new, stored=stored, others=others, now=now)
    return some_left or bool(new)


def _bring_in_line(
    own: Sequence[RoomLease], change: RoomChange, organization: Organization, *, now: dt.datetime
) -> tuple[bool, list[str]]:
    """Let leases end with the contract or, when they are to go, at once; in memory.

    Tell whether one that goes still ran, and which rooms are to be taken.
    """
    for row in own:
        _follow_contract(row, organization)
    current = {row.room_id for row in own if not local_days.is_over(row, now=now)}
    given_back, taken = _differences(change, current=current, rented={row.room_id for row in own})
    for row in own:
        if row.room_id in given_back:
            _give_back(row, now=now)
    return bool(given_back & current), taken


def _settle(
    own: Sequence[RoomLease],
    new: Sequence[RoomLease],
    *,
    stored: Mapping[str, tuple[dt.date | None, dt.date | None]],
    others: Sequence[RoomLease],
    now: dt.datetime,
) -> None:
    """Write what differs from the `stored` ends, where nobody else has the room; followers hear of it.

    :raises RoomAllocated:
    """
    kept = [row for row in own if _ever_runs(row)]
    surplus = [row for row in own if row not in kept]
    changed = [row for row in kept if stored[row.pk] != (row.own_end_on, row.ends_on)]
    _check_free([*changed, *new], others)
    _save(surplus=surplus, changed=changed, new=new)
    announcements.rooms_changed({row.room_id for row in (*surplus, *changed, *new)}, now=now)


def _differences(
    change: RoomChange, *, current: set[str], rented: set[str]
) -> tuple[set[str], list[str]]:
    """Return the rooms to give back, and those to take, in order; rooms that stay keep their terms."""
    kept, wanted = set(current), list(change.replacement or ())
    if change.replacement is not None:
        kept &= set(wanted)
    kept -= set(change.removals)
    wanted = [room_id for room_id in wanted if room_id not in change.removals]
    taken = [room_id for room_id in (*wanted, *change.additions) if room_id not in kept]
    given_back = rented & set(change.removals)
    if change.replacement is not None:
        given_back |= rented - set(change.replacement)
    return given_back, list(dict.fromkeys(taken))


def _follow_contract(row: RoomLease, organization: Organization) -> None:
    row.ends_on = leases.end_of(
        own_end_on=row.own_end_on, contract_end_on=organization.rental_end_on
    )


def _give_back(row: RoomLease, *, now: dt.datetime) -> None:
    """End a lease with yesterday, so that the room is free at once."""
    yesterday = local_days.today_at(row.room.site, now=now) - _A_DAY
    row.own_end_on = row.ends_on = min(row.ends_on or yesterday, yesterday)


def _ever_runs(row: RoomLease) -> bool:
    return row.starts_on is None or row.ends_on is None or row.starts_on <= row.ends_on


def _new_leases(
    rooms: Sequence[Room],
    organization: Organization,
    *,
    earlier: Sequence[RoomLease],
    first: dt.date | None,
    now: dt.datetime,
) -> list[RoomLease]:
    made = []
    for room in rooms:
        row = RoomLease(room=room, organization=organization, price=room.price_per_month)
        _follow_contract(row, organization)
        ends = [
            lease.ends_on
            for lease in earlier
            if lease.room_id == room.pk and lease.ends_on and local_days.is_over(lease, now=now)
        ]
        free_from = max(ends) + _A_DAY if ends else dt.date.min
        today = local_days.today_at(room.site, now=now)
        start = max(first or max(today, organization.rental_start_on or today), free_from)
        if row.ends_on is not None and start > row.ends_on:
            start = max(row.ends_on, free_from)  # a contract that is over had the room to its end
        row.starts_on = start
        if _ever_runs(row):
            made.append(row)
    return made


def _check_free(ours: Iterable[RoomLease], others: Sequence[RoomLease]) -> None:
    for row in ours:
        if any(other.room_id == row.room_id and _overlap(row, other) for other in others):
            raise RoomAllocated(row.room)


def _overlap(one: RoomLease, other: RoomLease) -> bool:
    """Say whether two leases share a day; both ends are days of the lease, none is open."""
    return _starts_by(one, other.ends_on) and _starts_by(other, one.ends_on)


def _starts_by(lease: RoomLease, day: dt.date | None) -> bool:
    return lease.starts_on is None or day is None or lease.starts_on <= day


def _save(
    *,
    surplus: Sequence[RoomLease],
    changed: Sequence[RoomLease],
    new: Sequence[RoomLease],
) -> None:
    """Write the leases; ends first, so that a room can go and come back in one merge."""
    if surplus:
        RoomLease.objects.filter(pk__in=[row.pk for row in surplus]).delete()
    if changed:
        RoomLease.objects.bulk_update(changed, ["own_end_on", "ends_on"])
    if new:
        RoomLease.objects.bulk_create(new)
