"""Reads of what a price depends on: the room, and what goes on in it."""

import datetime as dt

from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast

from booking.models import MeetingStatus, Reservation
from sites_app.models import Room, RoomLease


def priced_room(room_id: str, *, now: dt.datetime) -> Room | None:
    """Return a room with its site, and as attributes whether it `is_running` and `is_let` now; one query."""
    running = Reservation.objects.filter(
        room=OuterRef("pk"),
        holds=True,
        meeting__status=MeetingStatus.CONFIRMED,
        meeting__starts_at__lte=now,
        meeting__ends_at__gt=now,
    )
    running_leases = RoomLease.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=OuterRef("today")),
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("today")),
        room=OuterRef("pk"),
    )
    rooms = Room.objects.select_related("site").annotate(
        today=Cast(_wall(now), DateField()),
        is_running=Exists(running),
        is_let=Exists(running_leases),
    )
    return rooms.filter(pk=room_id).first()


def _wall(now: dt.datetime) -> Func:
    """Give the time on the wall of the room's site."""
    return Func(F("site__time_zone"), Value(now), function="timezone", output_field=DateTimeField())
