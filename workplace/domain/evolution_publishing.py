"""Making a planned day stand, all at once or not at all, and taking it back.

Rooms are locked, then zones; under the locks everything the plan depends on is read again.
Source: workplace-api, section 6, "Publishing is atomic".
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from apitokens.models import EventType
from booking.domain import reservations, team_rooms
from config.intervals import Interval
from sites_app.models import Room
from workplace.domain import (
    allocation_conflicts,
    allocation_events,
    allocations,
    evolution_days,
    zone_loads,
)
from workplace.domain.evolution_facts import DayFacts
from workplace.domain.evolution_rows import (
    Difference,
    PlannedRow,
    Stood,
    difference,
    of_allocation,
)
from workplace.models import Allocation, AllocationSource, AllocationSpace, Evolution, Team, Zone

_WRITTEN = [
    "organization",
    "layer",
    "zone",
    "room",
    "type",
    "seats",
    "team",
    "person",
    "starts_at",
    "ends_at",
    "evolution",
    "reservation",
    "version",
    "updated_at",
]


class DayChanged(Exception):
    """What the plan depends on is no longer as it was when it was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was changed, and the rows that stood before, as they were."""

    difference: Difference
    before: list[Stood]
    kept_rows: int


def publish(
    evolution: Evolution, planned: Sequence[PlannedRow], *, digest: str, now: dt.datetime
) -> Published:
    """Replace the rows that an evolution may replace, in the caller's transaction.

    :raises DayChanged: when the day is not as in `digest`, or a room was taken meanwhile.
    """
    site = evolution.site
    lock(evolution, planned)
    gathered = evolution_days.gather(
        site,
        evolution.day,
        organization_id=evolution.organization_id,
        asked_at=evolution.created_at,
    )
    if gathered.facts.digest() != digest:
        raise DayChanged
    found = difference(gathered.standing, planned)
    before = before_of(found)
    if not found.is_none:
        try:
            write(found, evolution=evolution, now=now)
        except (reservations.SlotTaken, IntegrityError) as refusal:
            raise DayChanged from refusal  # somebody was faster who needs none of these locks
        _check_zones(planned, gathered.facts)
    return Published(difference=found, before=before, kept_rows=gathered.facts.kept_rows)


def before_of(found: Difference) -> list[Stood]:
    """Return the rows that a difference touches, as they stand."""
    touched = [*found.deleted, *(row for row, _ in found.updated)]
    return [
        Stood(id=row.id, evolution_id=row.evolution_id, row=of_allocation(row)) for row in touched
    ]


def lock(evolution: Evolution, planned: Iterable[PlannedRow]) -> None:
    """Lock every room that the plan takes or gives back, then every zone of the location."""
    room_ids = {row.room_id for row in planned if row.room_id}
    day = evolution_days.opening(evolution.site, evolution.day)
    if day is not None:
        standing = Allocation.objects.filter(
            site=evolution.site,
            deleted_at=None,
            room__isnull=False,
            starts_at__lt=day.end,
            ends_at__gt=day.start,
        )
        room_ids |= set(standing.values_list("room_id", flat=True))
    if room_ids:
        reservations.lock_rooms(*room_ids)
    zone_ids = Zone.objects.filter(layer__site=evolution.site).values_list("pk", flat=True)
    allocation_conflicts.lock_zones(zone_ids)


def write(found: Difference, *, evolution: Evolution, now: dt.datetime) -> None:
    """Delete, change and make the rows; the desks and rooms that they leave are free at once."""
    updated = [row for row, _ in found.updated]
    allocations.remove(found.deleted, by=None, now=now)
    AllocationSpace.objects.filter(allocation__in=updated).delete()
    team_rooms.give_back([row.reservation_id for row in updated if row.reservation_id])
    for row, planned in found.updated:
        fill(row, planned)
        row.evolution = evolution
        row.reservation = None
        row.version += 1
        row.updated_at = now
    created = [_new(planned, evolution, now=now) for planned in found.created]
    pairs = [*found.updated, *zip(created, found.created, strict=True)]
    _take_rooms(pairs, now=now)
    Allocation.objects.bulk_update(updated, _WRITTEN, batch_size=1000)
    Allocation.objects.bulk_create(created, batch_size=1000)
    hold_spaces(pairs)
    allocation_events.record(EventType.ALLOCATION_UPDATED, updated, now=now)
    allocation_events.record(EventType.ALLOCATION_CREATED, created, now=now)


def put_back(stood: Sequence[tuple[Allocation, Stood]], *, now: dt.datetime) -> None:
    """Let these rows, changed or deleted, be again what they were, of the runs that they were of.

    :raises DayChanged: when somebody has one of their rooms.
    """
    pairs = [(row, one.row) for row, one in stood]
    rows = [row for row, _ in pairs]
    gone = [row for row in rows if row.deleted_at is not None]
    there = [row for row in rows if row.deleted_at is None]
    AllocationSpace.objects.filter(allocation__in=rows).delete()
    team_rooms.give_back([row.reservation_id for row in rows if row.reservation_id])
    for row, one in stood:
        fill(row, one.row)
        row.evolution_id = one.evolution_id
        row.reservation = row.deleted_at = row.deleted_by = None
        row.version += 1
        row.updated_at = now
    try:
        _take_rooms(pairs, now=now)
    except reservations.SlotTaken as refusal:
        raise DayChanged from refusal
    Allocation.objects.bulk_update(rows, [*_WRITTEN, "deleted_at", "deleted_by"], batch_size=1000)
    hold_spaces(pairs)
    allocation_events.record(EventType.ALLOCATION_UPDATED, there, now=now)
    allocation_events.record(EventType.ALLOCATION_CREATED, gone, now=now)


def fill(row: Allocation, planned: PlannedRow) -> None:
    """Let the row be what is planned."""
    for name in ("organization_id", "team_id", "person_id", "layer_id", "zone_id", "room_id"):
        setattr(row, name, getattr(planned, name))
    row.type, row.seats = planned.type, planned.seats
    row.starts_at, row.ends_at = planned.starts_at, planned.ends_at


def _new(planned: PlannedRow, evolution: Evolution, *, now: dt.datetime) -> Allocation:
    row = Allocation(
        site_id=evolution.site_id,
        source=AllocationSource.EVOLUTION,
        evolution=evolution,
        created_at=now,
        updated_at=now,
    )
    fill(row, planned)
    return row


def _take_rooms(pairs: Sequence[tuple[Allocation, PlannedRow]], *, now: dt.datetime) -> None:
    """Take the teams' rooms in the one table of reservations.

    :raises SlotTaken: when somebody has one of them.
    """
    with_room = [(row, planned) for row, planned in pairs if planned.room_id]
    rooms = Room.objects.in_bulk([planned.room_id for _, planned in with_room])
    names = dict(
        Team.objects.filter(pk__in=[planned.team_id for _, planned in with_room]).values_list(
            "pk", "name"
        )
    )
    for row, planned in sorted(with_room, key=lambda pair: str(pair[1].room_id)):
        row.reservation = team_rooms.take(
            rooms[str(planned.room_id)],
            span=Interval(planned.starts_at, planned.ends_at),
            team_name=names.get(str(planned.team_id), ""),
            now=now,
        )


def hold_spaces(pairs: Iterable[tuple[Allocation, PlannedRow]]) -> None:
    AllocationSpace.objects.bulk_create(
        (
            AllocationSpace(
                allocation=row,
                space_id=space_id,
                during=DateTimeTZRange(planned.starts_at, planned.ends_at),
                of_person=planned.person_id is not None,
            )
            for row, planned in pairs
            for space_id in planned.space_ids
        ),
        batch_size=1000,
    )


def _check_zones(planned: Iterable[PlannedRow], facts: DayFacts) -> None:
    """Make sure that no zone is fuller than it is large, whatever the plan says."""
    assert facts.span is not None
    full = overfull_zones({row.zone_id for row in planned if row.zone_id}, facts.span)
    assert not full, f"The plan overfills {full}"


def overfull_zones(zone_ids: set[str], span: Interval[dt.datetime]) -> list[str]:
    """List the zones in which more seats are taken than there are."""
    by_zone = allocation_conflicts.stored_seats(zone_ids, starts_at=span.start, ends_at=span.end)
    capacities = dict(Zone.objects.filter(pk__in=zone_ids).values_list("pk", "capacity"))
    return sorted(
        zone_id
        for zone_id, seats in by_zone.items()
        if zone_loads.overfull(seats, capacity=capacities[zone_id])
    )
