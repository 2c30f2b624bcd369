"""Reservations: taking rooms so that nobody else can, and giving them back.

Locking order, the same for every path that makes a meeting active: rooms by id, then the person,
then meetings. Under the rooms' locks stale holds are expired and the time is looked at again; the
database's exclusion constraint has the last word.
Source: architecture, "Overlap is refused by PostgreSQL"; booking rule R7.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import structlog
from django.db import IntegrityError, OperationalError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from booking.domain.alternatives import Alternative
from booking.domain.availability import Span
from booking.domain.series_scopes import Skipped
from booking.models import Meeting, Reservation
from config import background, prepared, rehearsal, written_rows
from config.errors import DomainError
from config.intervals import Interval

EXCLUSION_VIOLATION = "23P01"
DEADLOCK = "40P01"
MAX_RETRIES = 2

Done = TypeVar("Done")
log = structlog.get_logger(__name__)

_TOUCHED = """
WITH RECURSIVE touched(id) AS (
    SELECT id FROM sites_app_room WHERE id = ANY(%(rooms)s)
     UNION
    SELECT part.to_room_id FROM sites_app_room_parts part JOIN touched ON part.from_room_id = touched.id
)
SELECT id FROM sites_app_room WHERE id IN (SELECT id FROM touched) ORDER BY id
"""

LOCK = _TOUCHED + "FOR NO KEY UPDATE"
"""Locks the rooms of `%(rooms)s` and every part of them; returns their ids."""

# Room by room (OFFSET 0): the index then looks for room and time at once, not for all that is on then.
_CONFLICTS = """
SELECT r.meeting_id, coalesce(m.status = 'pending' AND m.hold_expires_at <= %(now)s, false)
  FROM unnest(%(rooms)s::text[]) AS asked(room_id)
       CROSS JOIN LATERAL (
           SELECT meeting_id FROM booking_reservation taken
            WHERE taken.room_id = asked.room_id AND taken.holds
              AND taken.blocked && tstzrange(%(start)s, %(end)s)
           OFFSET 0
       ) r
       LEFT JOIN booking_meeting m ON m.id = r.meeting_id
 WHERE r.meeting_id IS NULL OR r.meeting_id <> ALL(%(besides)s::text[])
"""


class Conflict(NamedTuple):
    """What holds a room: a meeting's id, or None for a block; a stale one's hold is over."""

    meeting_id: str | None
    is_stale: bool


class SlotTaken(DomainError):
    """Another meeting, hold or block has the room then.

    Source: public-api, section 2, POST /api/meeting-request, "Overlap".
    """

    code = "SLOT_TAKEN"
    status = 409
    message = "This room is already booked for the requested time"
    alternatives: Sequence[Alternative] = ()
    conflicts: Sequence[Skipped] = ()


def in_transaction(work: Callable[[], Done], *, dry_run: bool = False) -> Done:
    """Run `work` in one transaction; repeat it, at most twice, when the database broke a deadlock.

    A dry run's transaction is undone.

    :raises SlotTaken: when the exclusion constraint refused a reservation.
    """
    for attempt in range(MAX_RETRIES + 1):
        try:
            with _constraint_as_slot_taken(), rehearsal.transaction_unless(dry_run=dry_run):
                return work()
        except OperationalError as error:
            if _sqlstate(error) != DEADLOCK or attempt == MAX_RETRIES:
                raise
            log.warning("booking.deadlock_retried", attempt=attempt + 1)
    raise AssertionError("unreachable: the last attempt returns or raises")


@contextmanager
def _constraint_as_slot_taken() -> Iterator[None]:
    # Outside the atomic block, so that all that the transaction wrote is rolled back with it.
    try:
        yield
    except IntegrityError as error:
        if _sqlstate(error) == EXCLUSION_VIOLATION:
            raise SlotTaken from error
        raise


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def lock_rooms(*room_ids: str) -> list[str]:
    """Lock the rooms and every part of them, however deep, in id order; return their ids.

    The lock does not stop others from referring to the rooms.
    """
    return [id_ for (id_,) in prepared.rows(LOCK, {"rooms": list(room_ids)})]


def touched_by(room_id: str) -> list[str]:
    """List the room and every part of it: what a meeting there takes."""
    return [id_ for (id_,) in prepared.rows(_TOUCHED, {"rooms": [room_id]})]


def lock_every_room() -> None:
    """Lock all rooms there are, in id order, for a change that may touch any of them."""
    prepared.rows("SELECT id FROM sites_app_room ORDER BY id FOR NO KEY UPDATE", {})


def conflicts(
    room_ids: Sequence[str], *, span: Span, now: dt.datetime, besides: Collection[str] = ()
) -> list[Conflict]:
    """List what holds any of the rooms during the span; not the meetings `besides`."""
    parameters = {
        "rooms": list(room_ids),
        "start": span.start,
        "end": span.end,
        "now": now,
        "besides": list(besides),
    }
    return [Conflict._make(row) for row in prepared.rows(_CONFLICTS, parameters)]


def is_taken(room_id: str, *, span: Span, now: dt.datetime) -> bool:
    """Whether anything holds the room, or a part of it, during the span; a hold that is over does not."""
    found = conflicts(touched_by(room_id), span=span, now=now)
    return any(not conflict.is_stale for conflict in found)


def take(meeting: Meeting, *, room_ids: Sequence[str], span: Span) -> None:
    """Write one reservation for each room that the meeting touches."""
    span_taken = as_range(span)
    written_rows.insert(
        *(Reservation(room_id=room_id, meeting=meeting, blocked=span_taken) for room_id in room_ids)
    )


def take_again(meeting: Meeting) -> None:
    """Let the reservations that a meeting gave back hold their rooms once more."""
    Reservation.objects.filter(meeting=meeting).update(holds=True)


def leave(meeting_ids: Sequence[str]) -> None:
    """Drop the reservations of meetings that are about to take other rooms or times.

    What they leave is offered to whoever waits; at once, unless they go to another site.
    """
    Reservation.objects.filter(meeting__in=meeting_ids).delete()
    background.after_commit("booking.offer_freed_slots", list(meeting_ids))


def give_back(meeting_ids: Sequence[str]) -> None:
    """Free the rooms of these meetings, for whoever waits; their reservations stay as history."""
    Reservation.objects.filter(meeting__in=meeting_ids, holds=True).update(holds=False)
    background.after_commit("booking.offer_freed_slots", list(meeting_ids))


def span_of(reservation: Reservation) -> Span:
    """Return the blocked time as an interval."""
    return Interval(reservation.blocked.lower, reservation.blocked.upper)


def as_range(span: Span) -> Any:
    return DateTimeTZRange(span.start, span.end)
