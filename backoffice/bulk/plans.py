"""Intentions and allocations of a bulk file: their times and places, and the rooms that they take.

Source: Workplace API, sections 1 ("Room truth is shared"), 7 and 8.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from backoffice.bulk import meetings, plan_meetings
from backoffice.bulk.codecs import LocalTime
from backoffice.bulk.entries import Entry
from backoffice.bulk.meetings import Rooms
from backoffice.bulk.problems import at
from backoffice.bulk.rows import Change, batches
from backoffice.bulk.takings import Taking
from booking.domain import team_rooms
from booking.models import Reservation, ReservationKind
from config import ids
from organizations.models import User
from sites_app.domain import opening_hours
from sites_app.models import Room, Site
from workplace.models import (
    LONGEST_PLAN,
    Allocation,
    AllocationSource,
    AllocationSpace,
    IntentionSource,
    Layer,
    Space,
    Team,
    Zone,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where everything is: the clock of each site, the site of each layer, the layer of each other place."""

    clocks: Mapping[str, ZoneInfo]
    layers: Mapping[str, str]
    zones: Mapping[str, str]
    spaces: Mapping[str, str]
    rooms: Mapping[str, str]
    placements: Mapping[str, str]
    owners: Mapping[str, str | None]
    """The organization of each person and team named."""

    def check(self, entry: Entry, row: Any) -> None:
        """Refuse a place that is at another location than the row."""
        for name, known in (("zone", self.zones), ("space", self.spaces)):
            layer = known.get(getattr(row, f"{name}_id", None) or "")
            if layer is not None and self.layers[layer] != row.site_id:
                raise at(entry.place, f"{name}_id", "is at another location")
        if row.layer_id and self.layers[row.layer_id] != row.site_id:
            raise at(entry.place, "layer_id", "is at another location")
        if row.room_id and self.rooms[row.room_id] != row.site_id:
            raise at(entry.place, "room_id", "is at another location")

    def layer_of(self, row: Any) -> str | None:
        """Return the layer of a row's zone or room."""
        return self.zones.get(row.zone_id or "") or self.placements.get(row.room_id or "")


def places(*found: Iterable[Entry]) -> Places:
    """Read where the places of these entries are, and whose the people and teams are."""
    every = [entry for part in found for entry in part]
    return Places(
        clocks={pk: ZoneInfo(name) for pk, name in Site.objects.values_list("pk", "time_zone")},
        layers=dict(Layer.objects.values_list("pk", "site_id")),
        zones=dict(Zone.objects.values_list("pk", "layer_id")),
        spaces=dict(Space.objects.values_list("pk", "layer_id")),
        rooms=dict(Room.objects.values_list("pk", "site_id")),
        placements=dict(
            Room.objects.filter(placement__isnull=False).values_list("pk", "placement__layer_id")
        ),
        owners=_owners(every, "person_id", User) | _owners(every, "team_id", Team),
    )


def _owners(found: Iterable[Entry], attribute: str, model: Any) -> dict[str, str | None]:
    named = {entry.values.get(attribute) for entry in found} - {None}
    owners: dict[str, str | None] = {}
    for batch in batches(named):
        owners |= dict(model.objects.filter(pk__in=batch).values_list("pk", "organization_id"))
    return owners


# --- intentions -----------------------------------------------------------------------------


def settle_intentions(changes: Sequence[Change], known: Places) -> None:
    """Work out what the file leaves to us: instants, the local day, whose the plan is."""
    for change in changes:
        row, entry = change.row, change.entry
        if change.is_new:
            row.timezone = entry.values.get("timezone") or known.clocks[row.site_id].key
            row.source = row.source or IntentionSource.USER
        clock = ZoneInfo(row.timezone)
        row.starts_at = meetings.instant(entry, "starts_at", row.starts_at, clock)
        if row.ends_at is None:
            row.ends_at = _end_of_day(row.starts_at, clock)
        row.ends_at = meetings.instant(entry, "ends_at", row.ends_at, clock)
        if row.ends_at - row.starts_at > LONGEST_PLAN:
            most = f"must be at most {LONGEST_PLAN.days} days after starts_at"
            raise at(entry.place, "ends_at", most)
        row.day = opening_hours.local_day(row.starts_at, tz=known.clocks[row.site_id])
        _settle_owner(change, known)
        if row.layer_id is None:
            row.layer_id = known.layer_of(row)
        known.check(entry, row)


def _settle_owner(change: Change, known: Places) -> None:
    row = change.row
    if row.person_id is None and row.team_id is None:
        raise at(change.entry.place, "people_id", "or team_id must be given")
    if "organization_id" not in change.entry.values and change.differs("person_id", "team_id"):
        row.organization_id = known.owners.get(row.person_id or row.team_id)


def _end_of_day(starts_at: dt.datetime, clock: ZoneInfo) -> LocalTime:
    midnight = dt.datetime.combine(starts_at.astimezone(clock).date(), dt.time())
    return LocalTime(midnight + dt.timedelta(days=1))


# --- allocations ----------------------------------------------------------------------------


def settle_allocations(changes: Sequence[Change], known: Places) -> None:
    """Work out instants by the location's clock, the layer, whose the seats are."""
    for change in changes:
        row, entry = change.row, change.entry
        clock = known.clocks[row.site_id]
        row.source = row.source or AllocationSource.MANUAL
        row.starts_at = meetings.instant(entry, "starts_at", row.starts_at, clock)
        row.ends_at = meetings.instant(entry, "ends_at", row.ends_at, clock)
        if not row.starts_at < row.ends_at:
            raise at(entry.place, "ends_at", "must be after starts_at")
        _settle_owner(change, known)
        derived = known.layer_of(row)
        if "layer_id" not in entry.values and derived:
            row.layer_id = derived
        elif derived and row.layer_id != derived:
            raise at(entry.place, "layer_id", "is not the layer of this place")
        known.check(entry, row)


def rooms_of_teams(changes: Sequence[Change], known: Rooms, *, now: dt.datetime) -> list[Taking]:
    """Give back the rooms of what moved or is deleted, and say which rooms are to be taken."""
    moved = ("room_id", "starts_at", "ends_at", "deleted_at")
    freed = [
        change
        for change in changes
        if not change.is_new and change.before["reservation_id"] and change.differs(*moved)
    ]
    team_rooms.give_back({change.before["reservation_id"] for change in freed})
    for change in freed:
        if change.row.reservation_id == change.before["reservation_id"]:
            change.row.reservation_id = None
    wanting = [change for change in changes if plan_meetings.has_no_room(change.row, now)]
    teams = Team.objects.filter(pk__in={change.row.team_id for change in wanting})
    names = dict(teams.values_list("pk", "name"))
    return [
        taking
        for change in wanting
        for taking in _take(change, known, reason=names.get(change.row.team_id, ""))
    ]


def _take(change: Change, known: Rooms, *, reason: str) -> list[Taking]:
    row = change.row
    held = [
        Reservation(
            id=ids.new_id(),
            room_id=room_id,
            blocked=DateTimeTZRange(row.starts_at, row.ends_at),
            kind=ReservationKind.WORKPLACE,
            reason=reason[:200],
        )
        for room_id in known.touched(row.room_id)
    ]
    row.reservation_id = next(one.pk for one in held if one.room_id == row.room_id)
    return [Taking(change.entry, one) for one in held]


def write_spaces(changes: Sequence[Change]) -> None:
    """Make the spaces of changed allocations those of the file; without word of them they stay."""
    told = {change.row.pk: change.entry.ids("spaces") for change in changes}
    stored: dict[str, list[AllocationSpace]] = {}
    for batch in batches(told):
        for one in AllocationSpace.objects.filter(allocation__in=batch).order_by("pk"):
            stored.setdefault(one.allocation_id, []).append(one)
    surplus, new = [], []
    for change in changes:
        had = stored.get(change.row.pk, [])
        ids_ = told[change.row.pk]
        wanted = (
            [_held(change.row, pk) for pk in (ids_ or [])]
            if ids_ is not None
            else [_held(change.row, one.space_id) for one in had]
        )
        if sorted(map(_facts, had)) != sorted(map(_facts, wanted)):
            surplus += [one.pk for one in had]
            new += wanted
    for batch in batches(surplus):
        AllocationSpace.objects.filter(pk__in=batch).delete()
    AllocationSpace.objects.bulk_create(new, batch_size=2_000)


def _held(row: Allocation, space_id: str) -> AllocationSpace:
    return AllocationSpace(
        allocation_id=row.pk,
        space_id=space_id,
        during=DateTimeTZRange(row.starts_at, row.ends_at),
        holds=row.deleted_at is None,
        of_person=row.person_id is not None,
    )


def _facts(one: AllocationSpace) -> tuple[Any, ...]:
    return one.space_id, one.during.lower, one.during.upper, one.holds, one.of_person
