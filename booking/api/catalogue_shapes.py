"""How sites and rooms are spelled in the Public API: the fields and their order in its examples."""

import datetime as dt
from typing import Any

from booking.domain.catalogue import ListedRoom, ListedSite
from sites_app.domain import countries, pictures
from sites_app.models import PUBLIC_TYPES

UNKNOWN_SURFACE = -1


def site(listed: ListedSite, *, with_token: bool) -> dict[str, Any]:
    rooms = {room.row.id: _room_of_site(room, with_token=with_token) for room in listed.rooms}
    public = [room for room in rooms.values() if room["type"] in PUBLIC_TYPES]
    shape = {
        "_id": listed.row.id,
        "name": listed.row.name,
        "country": countries.english_name(listed.row.country),
        "roomCount": listed.office_count,
        "meetingRoomCount": listed.meeting_room_count,
        "publicRooms": public,
    }
    if with_token:
        shape["otherRooms"] = [room for room in rooms.values() if room["type"] not in PUBLIC_TYPES]
    return shape


def _room_of_site(listed: ListedRoom, *, with_token: bool) -> dict[str, Any]:
    row = listed.row
    shape = {
        "_id": row.id,
        "name": row.name,
        "publicName": row.display_name,
        "type": row.type,
        "surface": _surface(listed),
    }
    if with_token:
        shape["actualState"] = listed.actual_state
    return shape


def room(listed: ListedRoom, *, with_token: bool, now: dt.datetime) -> dict[str, Any]:
    row = listed.row
    shape = {
        "_id": row.id,
        "name": row.name,
        "publicName": row.display_name,
        "type": row.type,
        "description": row.description,
        "actualState": listed.actual_state,
        "surface": _surface(listed),
        "siteId": row.site_id,
        "siteName": row.site_name,
        "country": countries.english_name(row.country),
        "minPerson": row.min_person,
        "maxPerson": row.max_person,
        "nbSeat": row.nb_seat,
        "configuration": row.configuration,
        "otherConfiguration": row.other_configuration,
        "minDurationBooking": row.min_duration,
        "maxDurationBooking": row.max_duration,
        "stepDurationBooking": row.step_duration,
        "slotWeek": row.slot_week,
        "slotSaturday": row.slot_saturday,
        "slotSunday": row.slot_sunday,
        "pricePerHour": _price(row.price_per_hour, with_token=with_token),
        "pricePerHalfDay": _price(row.price_per_half_day, with_token=with_token),
        "pricePerDay": _price(row.price_per_day, with_token=with_token),
        "pricePerMonth": _price_text(row.price_per_month),
        "image": pictures.url(
            room_id=row.id, image_id=row.image_id, is_public=row.is_public, now=now
        ),
    }
    if with_token and listed.lease:
        ends_on = listed.lease.ends_on
        shape["organizationId"] = listed.lease.organization_id
        shape["organizationName"] = listed.lease.organization_name
        shape["contractEndDate"] = ends_on.isoformat() if ends_on else ""
    return shape


def _surface(listed: ListedRoom) -> int | float:
    known = listed.row.surface_commercial or listed.row.surface_computed
    return _number(known) if known else UNKNOWN_SURFACE


def _price(price: float | None, *, with_token: bool) -> int | float:
    return _number(price) if with_token and price else 0


def _number(amount: float) -> int | float:
    """Give the number without a needless `.0`: 100, 37.5."""
    return int(amount) if amount.is_integer() else amount


def _price_text(price: float | None) -> str:
    """Write a monthly price as text: "500", "499.90", "" without one."""
    if price is None:
        return ""
    return str(int(price)) if price.is_integer() else f"{price:.2f}"
