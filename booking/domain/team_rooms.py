"""Rooms that a team of the workplace has for a time, by the same table as every other booking.

Nobody is the organizer and nothing is to pay: these are rooms that the team's company rents, or that
staff gave it. Source: workplace-api, section 1, "Room truth is shared".
"""

import datetime as dt
from collections.abc import Collection

from booking.domain import holds, reservations
from booking.domain.availability import Span
from booking.models import Reservation, ReservationKind
from sites_app.models import Room


def take(room: Room, *, span: Span, team_name: str, now: dt.datetime) -> Reservation:
    """Take the room and its parts in the caller's transaction; return the room's own reservation.

    :raises SlotTaken: when somebody has any of them then.
    """
    room_ids = reservations.lock_rooms(room.id)
    holds.make_room(room_ids, span=span, now=now)
    rows = Reservation.objects.bulk_create(
        Reservation(
            room_id=room_id,
            blocked=reservations.as_range(span),
            kind=ReservationKind.WORKPLACE,
            reason=team_name[:200],
        )
        for room_id in room_ids
    )
    return next(row for row in rows if row.room_id == room.id)


def give_back(reservation_ids: Collection[str]) -> None:
    """Free these rooms with their parts; the rows stay as history."""
    held = Reservation.objects.filter(
        id__in=reservation_ids, kind=ReservationKind.WORKPLACE, holds=True
    )
    for own in held.order_by("room_id"):
        # A part was taken for the same time or not at all: nobody else can have it then.
        Reservation.objects.filter(
            room__in=reservations.touched_by(own.room_id),
            kind=ReservationKind.WORKPLACE,
            blocked=own.blocked,
            holds=True,
        ).update(holds=False)
