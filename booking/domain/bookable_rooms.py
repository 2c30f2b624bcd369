"""Which rooms may be booked, and by whom."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from config.errors import DomainError
from organizations.models import User
from sites_app.domain import opening_hours
from sites_app.models import PUBLIC_TYPES, Room, RoomLease, RoomType, SiteMembership


class RoomNotFound(DomainError):
    """No room has that id. Source: Public API, POST /api/meeting-request, "Invalid room ID"."""

    code = "ROOM_NOT_FOUND"
    status = 404
    message = "Room not found"


class RoomNotPublic(DomainError):
    """Only some people may book the room, and the asker is none of them.

    Source: Public API, POST /api/meeting-request, "Room not public".
    """

    code = "ROOM_NOT_PUBLIC"
    message = "This room is not available for public booking"


class ContractRequired(DomainError):
    """The office is let by the month. Source: public-api, section 2, POST /api/meeting-request."""

    code = "CONTRACT_REQUIRED"
    message = "Office spaces require a rental contract. Please register."


def by_id(room_id: str) -> Room:
    """Return the room with its site.

    :raises RoomNotFound: when there is none.
    """
    room = Room.objects.select_related("site").filter(id=room_id).first()
    if room is None:
        raise RoomNotFound
    return room


def check_public(room: Room, *, on: dt.date) -> None:
    """Refuse a room that not everybody may book by the hour on that local day.

    :raises RoomNotPublic: for a non-public room or site, or an office that is let on that day.
    :raises ContractRequired: for an office without an hourly price and booking durations.
    """
    if room.type not in PUBLIC_TYPES or not room.site.is_public:
        raise RoomNotPublic
    if not room.is_booked_by_the_hour:
        raise ContractRequired
    if room.type == RoomType.PUBLIC_OFFICE and _leases(room, on=on).exists():
        raise RoomNotPublic


def check_member(room: Room, *, person: User, on: dt.date) -> None:
    """Refuse a room that this logged-in person may not book.

    Public rooms are everybody's; the others belong to companies with access to the site, private
    and leased ones to the tenant's people alone.

    :raises RoomNotPublic: when the room is not theirs to book.
    :raises ContractRequired: for an office let by the month.
    Source: public-api, section 7, "Rooms that are not public".
    """
    if room.type in PUBLIC_TYPES and room.site.is_public:
        check_public(room, on=on)
        return
    if not room.is_booked_by_the_hour or person.organization_id is None:
        raise RoomNotPublic
    tenants = set(_leases(room, on=on).values_list("organization_id", flat=True))
    if room.type == RoomType.PRIVATE_MEETING or tenants:
        allowed = person.organization_id in tenants
    else:
        allowed = SiteMembership.objects.filter(
            site=room.site_id, organization=person.organization_id
        ).exists()
    if not allowed:
        raise RoomNotPublic


def local_date(room: Room, moment: dt.datetime) -> dt.date:
    """Return the date on the site's wall."""
    return opening_hours.local_day(moment, tz=ZoneInfo(room.site.time_zone))


def _leases(room: Room, *, on: dt.date) -> QuerySet[RoomLease]:
    return RoomLease.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on), room=room
    )
