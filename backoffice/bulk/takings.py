"""Which entries of a bulk file take which rooms when, so that the database can exclude any overlap."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from backoffice.bulk import codecs, tables
from backoffice.bulk.entries import Entry, read
from backoffice.bulk.meetings import Rooms, instant
from backoffice.bulk.problems import at
from backoffice.bulk.rows import Change, batches
from booking.domain import holds
from booking.models import Meeting, MeetingStatus, Reservation, ReservationKind
from config import ids

_HOLDING = (MeetingStatus.PENDING, MeetingStatus.CONFIRMED)


@dataclass(slots=True)
class Taking:
    """Which entry takes a room when, to name it where the database refuses."""

    entry: Entry
    row: Reservation


def default_blocked(meeting: Meeting, known: Rooms) -> list[tuple[str, DateTimeTZRange]]:
    """Return what a meeting blocks by today's setup, cleaning and parts of its room."""
    room = known.by_id[meeting.room_id]
    span = DateTimeTZRange(
        meeting.starts_at - dt.timedelta(minutes=room.setup_minutes),
        meeting.ends_at + dt.timedelta(minutes=room.cleaning_minutes),
    )
    return [(room_id, span) for room_id in known.touched(meeting.room_id)]


def of_meetings(changes: Sequence[Change], known: Rooms) -> list[Taking]:
    """Free what changed meetings blocked and say what they block now; other meetings keep theirs."""
    stored = _stored([change.row.id for change in changes if not change.is_new])
    wanted, given_back, found = {}, [], []
    for change in changes:
        blocked, row = _blocked(change.entry, known), change.row
        moved = change.differs("room_id", "starts_at", "ends_at")
        if blocked is None and not moved and not change.differs("status"):
            continue
        have = stored.get(row.id, [])
        if blocked is None:
            blocked = default_blocked(row, known) if moved else [(one[0], one[1]) for one in have]
        wanted[row.id] = [(*one, row.status in _HOLDING) for one in blocked]
        if sorted(map(_order, wanted[row.id])) == sorted(map(_order, have)):
            continue
        given_back += [row.id] if have else []
        found += [Taking(change.entry, _reservation(row, *one)) for one in wanted[row.id]]
    for batch in batches(given_back):
        Reservation.objects.filter(meeting__in=batch).delete()
    return found


def _order(one: tuple[str, DateTimeTZRange, bool]) -> tuple[Any, ...]:
    return one[0], one[1].lower, one[1].upper, one[2]


def _reservation(meeting: Meeting, room_id: str, span: DateTimeTZRange, holds: bool) -> Reservation:  # noqa: FBT001 - a column
    return Reservation(
        id=ids.new_id(), room_id=room_id, blocked=span, holds=holds, meeting_id=meeting.id
    )


def _stored(meeting_ids: Sequence[str]) -> dict[str, list[tuple[str, DateTimeTZRange, bool]]]:
    found: dict[str, list[tuple[str, DateTimeTZRange, bool]]] = {}
    for batch in batches(meeting_ids):
        rows = Reservation.objects.filter(meeting__in=batch)
        for meeting_id, *one in rows.values_list("meeting_id", "room_id", "blocked", "holds"):
            found.setdefault(meeting_id, []).append((one[0], one[1], one[2]))
    return found


def _blocked(entry: Entry, known: Rooms) -> list[tuple[str, DateTimeTZRange]] | None:
    items = entry.children("blocked")
    if items is None:
        return None
    found = []
    for position, item in enumerate(items):
        label = f"blocked[{position}]"
        room_id = read(entry.place, f"{label}.room", codecs.entry_id(), item.get("room"))
        if room_id not in known.by_id:
            raise at(entry.place, f"{label}.room", f"no room has the id {room_id}")
        borders = [
            instant(
                entry,
                f"{label}.{name}",
                read(entry.place, f"{label}.{name}", codecs.moment(local=True), item.get(name)),
                known.zone(room_id),
            )
            for name in ("from", "to")
        ]
        if not borders[0] < borders[1]:
            raise at(entry.place, f"{label}.to", "must be after its start")
        found.append((room_id, DateTimeTZRange(*borders)))
    return found


def of_blocks(changes: Sequence[Change], known: Rooms) -> list[Taking]:
    """Work out the times that staff block; return those that are new or changed."""
    found = []
    for change in changes:
        row, entry, given = change.row, change.entry, change.entry.values
        stored = row.blocked if change.before else None
        zone = known.zone(row.room_id)
        starts_at = instant(entry, "from", given.get("starts_at", stored and stored.lower), zone)
        ends_at = instant(entry, "to", given.get("ends_at", stored and stored.upper), zone)
        if not starts_at < ends_at:
            raise at(entry.place, "to", "must be after its start")
        row.blocked = DateTimeTZRange(starts_at, ends_at)
        if change.is_new and "kind" not in given:
            row.kind = ReservationKind.BLOCK
        if row.meeting_id:
            raise at(entry.place, "_id", "is that of a meeting's reservation")
        if change.is_change:
            found.append(Taking(entry, row))
    return found


def make_room(found: Sequence[Taking], *, now: dt.datetime) -> None:
    """Let go the stale holds of these rooms, as any booking does first."""
    room_ids = {taking.row.room_id for taking in found}
    stale = Meeting.objects.filter(
        status=MeetingStatus.PENDING, hold_expires_at__lte=now, reservations__room__in=room_ids
    ).exclude(id__in={taking.row.meeting_id for taking in found if taking.row.meeting_id})
    if waiting := list(stale.distinct().values_list("id", flat=True)):
        holds.expire(waiting, now=now)


def write(found: Sequence[Taking]) -> None:
    """Write the reservations; the database excludes any overlap."""
    tables.upsert(Reservation, [taking.row for taking in found])
