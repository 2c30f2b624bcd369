"""Reservations: taking rooms so that nobody else can, and giving them back.

Locking order, the same for every path that makes a meeting active: rooms by id, then the person,
then meetings. Under the rooms' locks stale holds are expired and the time is looked at again; the
database's exclusion constraint has the last word.
Source: architecture, "Overlap is refused by PostgreSQL"; booking rule R7.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models.expressions import RawSQL

from booking.domain.alternatives import Alternative
from booking.domain.availability import Span
from booking.models import Meeting, MeetingStatus, Reservation
from config.errors import DomainError
from config.intervals import Interval
from sites_app.models import Room

EXCLUSION_VIOLATION = "23P01"
DEADLOCK = "40P01"
MAX_RETRIES = 2

Done = TypeVar("Done")
log = structlog.get_logger(__name__)

_TOUCHED = """
WITH RECURSIVE touched(id) AS (
    SELECT id FROM sites_app_room WHERE id = %s
     UNION
    SELECT part.to_room_id FROM sites_app_room_parts part JOIN touched ON part.from_room_id = touched.id
) SELECT id FROM touched
"""


class SlotTaken(DomainError):
    """Another meeting, hold or block has the room then.

    Source: public-api, section 2, POST /api/meeting-request, "Overlap".
    """

    code = "SLOT_TAKEN"
    status = 409
    message = "This room is already booked for the requested time"
    alternatives: Sequence[Alternative] = ()


def in_transaction(work: Callable[[], Done]) -> Done:
    """Run `work` in one transaction; repeat it, at most twice, when the database broke a deadlock.

    :raises SlotTaken: when the exclusion constraint refused a reservation.
    """
    for attempt in range(MAX_RETRIES + 1):
        try:
            with _constraint_as_slot_taken(), transaction.atomic():
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


def lock_rooms(room_id: str) -> list[str]:
    """Lock the room and every part of it, however deep, in id order; return their ids.

    The lock does not stop others from referring to the rooms.
    """
    touched = Room.objects.filter(id__in=RawSQL(_TOUCHED, [room_id]))  # noqa: S611 - our own constant
    locked = touched.order_by("id").select_for_update(no_key=True)
    return list(locked.values_list("id", flat=True))


def conflicts(
    room_ids: Sequence[str], *, span: Span, besides: str | None = None
) -> list[Reservation]:
    """List what holds any of the rooms during the span, with its meeting; `besides` one's own."""
    found = Reservation.objects.filter(
        room__in=room_ids, holds=True, blocked__overlap=as_range(span)
    ).select_related("meeting")
    if besides:
        found = found.exclude(meeting=besides)
    return list(found)


def is_stale(meeting: Meeting | None, *, now: dt.datetime) -> bool:
    """Tell whether a reservation's meeting was only held, and the hold is over."""
    return (
        meeting is not None
        and meeting.status == MeetingStatus.PENDING
        and meeting.hold_expires_at is not None
        and meeting.hold_expires_at <= now
    )


def take(meeting: Meeting, *, room_ids: Sequence[str], span: Span) -> None:
    """Write one reservation for each room that the meeting touches."""
    Reservation.objects.bulk_create(
        Reservation(room_id=room_id, meeting=meeting, blocked=as_range(span))
        for room_id in room_ids
    )


def take_again(meeting: Meeting) -> None:
    """Let the reservations that a meeting gave back hold their rooms once more."""
    Reservation.objects.filter(meeting=meeting).update(holds=True)


def give_back(meeting_ids: Sequence[str]) -> None:
    """Free the rooms of these meetings; their reservations stay as history."""
    Reservation.objects.filter(meeting__in=meeting_ids, holds=True).update(holds=False)


def span_of(reservation: Reservation) -> Span:
    """Return the blocked time as an interval."""
    return Interval(reservation.blocked.lower, reservation.blocked.upper)


def as_range(span: Span) -> Any:
    return DateTimeTZRange(span.start, span.end)
