"""Meetings of a bulk file: their times, holds, prices and revisions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.bulk import codecs
from backoffice.bulk.codecs import LocalTime
from backoffice.bulk.entries import Entry
from backoffice.bulk.problems import WrongValue, at
from backoffice.bulk.rows import Change, batches
from booking.domain import holds, pricing, room_quotes
from booking.domain.booking_writes import line_as_json
from booking.models import Meeting
from config.money import quantize_cents
from organizations.models import Organization, User
from sites_app.models import Room

LONGEST_MINUTES = 366 * 24 * 60
DURATION = codecs.integer(least=1, most=LONGEST_MINUTES, empty=None)
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
        vat = room_quotes.sale(room.site, starts_at=meeting.starts_at).vat_rate
        minutes = meeting.duration_minutes
        question = (room.id, minutes, meeting.attendees, is_member, vat)
        if question not in self.quotes:
            quote = room_quotes.quote(
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
        row.vat_rate = room_quotes.sale(site, starts_at=row.starts_at).vat_rate
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
