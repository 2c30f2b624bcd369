"""Meetings of a bulk file: their times, holds, prices and revisions, and the rooms they take."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from backoffice.bulk import codecs, tables
from backoffice.bulk.codecs import LocalTime
from backoffice.bulk.entries import Entry, read
from backoffice.bulk.problems import WrongValue, at
from backoffice.bulk.rows import Change, batches
from booking.domain import holds, pricing, schedules
from booking.domain.booking_writes import line_as_json
from booking.models import Meeting, MeetingStatus, Reservation, ReservationKind
from config import ids
from config.money import quantize_cents
from organizations.models import Organization, User
from sites_app.models import Room

LONGEST_MINUTES = 366 * 24 * 60
DURATION = codecs.integer(least=1, most=LONGEST_MINUTES, empty=None)
HOLDING = (MeetingStatus.PENDING, MeetingStatus.CONFIRMED)
_SHOWN = (
    "room_id",
    "status",
    "starts_at",
    "ends_at",
    "attendees",
    "name",
    "description",
    "is_private",
    "contact_email",
    "contact_name",
    "organization_id",
)

Priced = tuple[pricing.Quote, list[dict[str, str]]]
"""A quote, and its lines as they are stored."""


@dataclass(slots=True)
class Rooms:
    """All rooms with their site, the parts of each, and the prices asked so far."""

    by_id: dict[str, Room]
    parts: dict[str, list[str]]
    members: set[str]
    quotes: dict[tuple[Any, ...], Priced | None] = field(default_factory=dict)

    def zone(self, room_id: str) -> ZoneInfo:
        return ZoneInfo(self.by_id[room_id].site.time_zone)

    def touched(self, room_id: str) -> list[str]:
        """List the room and every part of it, however deep, in id order."""
        found, waiting = {room_id}, [room_id]
        while waiting:
            fresh = set(self.parts.get(waiting.pop(), ())) - found
            found |= fresh
            waiting += fresh
        return sorted(found)

    def quote(self, meeting: Meeting) -> Priced | None:
        """Price a meeting; the same question is worked out once."""
        room, is_member = self.by_id[meeting.room_id], meeting.organization_id in self.members
        vat = schedules.sale(room.site, starts_at=meeting.starts_at).vat_rate
        minutes = meeting.duration_minutes
        question = (room.id, minutes, meeting.attendees, is_member, vat)
        if question not in self.quotes:
            quote = schedules.quote(
                room,
                starts_at=meeting.starts_at,
                duration_minutes=minutes,
                attendees=meeting.attendees,
                is_member=is_member,
            )
            lines = [line_as_json(one) for one in quote.lines] if quote else []
            self.quotes[question] = (quote, lines) if quote else None
        return self.quotes[question]


def rooms() -> Rooms:
    """Read what meetings need to know of the rooms."""
    parts: dict[str, list[str]] = {}
    for whole, part in Room.parts.through.objects.values_list("from_room_id", "to_room_id"):
        parts.setdefault(whole, []).append(part)
    members = Organization.objects.filter(is_member=True).values_list("id", flat=True)
    return Rooms(
        by_id={room.id: room for room in Room.objects.select_related("site")},
        parts=parts,
        members=set(members),
    )


def settle(changes: Sequence[Change], *, known: Rooms, now: dt.datetime) -> None:
    """Work out, for each meeting, what the file leaves to us."""
    people = _organizers(changes)
    for change in changes:
        _settle_times(change, known)
        if change.is_new:
            _settle_new(change, people.get(change.row.contact_email), known)
        _settle_status(change, now=now)
        _settle_money(change, known)
        _settle_revision(change, now=now)


def _organizers(changes: Iterable[Change]) -> dict[str, User]:
    addresses = {change.row.contact_email for change in changes if change.is_new}
    found: dict[str, User] = {}
    for batch in batches(sorted(addresses)):
        found |= {person.email: person for person in User.objects.filter(email__in=batch)}
    return found


def _settle_times(change: Change, known: Rooms) -> None:
    row, entry = change.row, change.entry
    row.starts_at = instant(entry, "bookedAt", row.starts_at, known.zone(row.room_id))
    minutes = entry.read("duration", DURATION)
    if minutes is None and change.is_new:
        raise at(entry.place, "duration", "is missing")
    if minutes is not None:
        row.ends_at = row.starts_at + dt.timedelta(minutes=minutes)
    elif change.before["starts_at"] != row.starts_at:
        row.ends_at = row.starts_at + (change.before["ends_at"] - change.before["starts_at"])


def instant(entry: Entry, name: str, value: Any, tz: ZoneInfo) -> Any:
    """Turn a wall time of the site into its instant; an instant stays.

    :raises BulkError: when it is missing or the clocks skip it.
    """
    if value is None:
        raise at(entry.place, name, "is missing")
    try:
        return value.at(tz) if isinstance(value, LocalTime) else value
    except WrongValue as error:
        raise at(entry.place, name, error) from None


def _settle_new(change: Change, person: User | None, known: Rooms) -> None:
    row, given = change.row, change.entry.values
    room = known.by_id[row.room_id]
    if person is not None:
        if "organizer_id" not in given:
            row.organizer_id = person.id
        if "organization_id" not in given:
            row.organization_id = person.organization_id
        if "language" not in given:
            row.language = person.language
    if "currency" not in given:
        row.currency = room.site.currency
    if "cancellation_terms" not in given:
        row.cancellation_terms = room.cancellation_terms


def _settle_status(change: Change, *, now: dt.datetime) -> None:
    row = change.row
    if row.is_pending and row.hold_expires_at is None:
        row.hold_expires_at = holds.expiry_for_newcomer(starts_at=row.starts_at, now=now)
    is_undated = row.cancelled_at is None and "cancelled_at" not in change.entry.values
    if row.is_cancelled and is_undated and change.differs("status"):
        row.cancelled_at = now


def _settle_money(change: Change, known: Rooms) -> None:
    row, given = change.row, change.entry.values
    if change.is_new and row.price is None and "price" not in given:
        priced = known.quote(row)
        if priced is not None:
            quote, row.price_lines = priced
            row.price, row.price_gross = quote.net, quote.gross
            row.vat_rate = quote.vat_rate
    elif "price" in given and "price_gross" not in given and change.differs("price"):
        _settle_gross(row, known)


def _settle_gross(row: Meeting, known: Rooms) -> None:
    if row.vat_rate is None:
        site = known.by_id[row.room_id].site
        row.vat_rate = schedules.sale(site, starts_at=row.starts_at).vat_rate
    price = row.price
    row.price_gross = (
        None if price is None else quantize_cents(price * (1 + row.vat_rate / Decimal(100)))
    )
    row.price_lines = []


def _settle_revision(change: Change, *, now: dt.datetime) -> None:
    row, before, given = change.row, change.before, change.entry.values
    if change.is_new:
        row.created_at = row.created_at or now
        row.revised_at = row.revised_at or row.created_at
        return
    row.sequence = max(row.sequence, before["sequence"])
    row.created_at = row.created_at or before["created_at"]
    if change.differs(*_SHOWN):
        row.sequence = max(row.sequence, before["sequence"] + 1)
        is_dated = given.get("revised_at") not in (None, before["revised_at"])
        row.revised_at = row.revised_at if is_dated else now
    row.revised_at = row.revised_at or before["revised_at"]


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


def takings(changes: Sequence[Change], known: Rooms) -> list[Taking]:
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
        wanted[row.id] = [(*one, row.status in HOLDING) for one in blocked]
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


def settle_blocks(changes: Sequence[Change], known: Rooms) -> list[Taking]:
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


def take(found: Sequence[Taking]) -> None:
    """Write the reservations; the database excludes any overlap."""
    tables.upsert(Reservation, [taking.row for taking in found])
