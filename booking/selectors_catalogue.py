"""Reads of sites and rooms as visitors and API callers list them, without model objects."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from sites_app.models import PUBLIC_TYPES, Room, RoomImage, RoomLease, Site


class SiteRow(NamedTuple):
    id: str
    name: str
    country: str


class RoomRow(NamedTuple):
    """A room with what its site says about it; `image_id` is its first picture's."""

    id: str
    name: str
    public_name: str
    type: str
    description: str
    default_state: str
    surface_commercial: Decimal | None
    surface_computed: Decimal | None
    min_person: int
    max_person: int
    nb_seat: int
    configuration: str
    other_configuration: str
    min_duration: int
    max_duration: int
    step_duration: int
    slot_week: str
    slot_saturday: str
    slot_sunday: str
    price_per_hour: Decimal | None
    price_per_half_day: Decimal | None
    price_per_day: Decimal | None
    price_per_month: Decimal | None
    site_id: str
    site_name: str
    country: str
    site_is_public: bool
    time_zone: str
    image_id: str | None

    @property
    def display_name(self) -> str:
        return self.public_name or self.name

    @property
    def is_public(self) -> bool:
        return self.site_is_public and self.type in PUBLIC_TYPES


class LeaseRow(NamedTuple):
    room_id: str
    organization_id: str
    organization_name: str
    starts_on: dt.date | None
    ends_on: dt.date | None


class RunRow(NamedTuple):
    """A confirmed meeting, at a room that it occupies."""

    room_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime


_OF_SITE = {
    "site_name": "site__name",
    "country": "site__country",
    "site_is_public": "site__is_public",
    "time_zone": "site__time_zone",
}


def sites(*, country: str | None, with_hidden: bool) -> Sequence[SiteRow]:
    """Return the sites of a country, or of all; hidden ones only when asked."""
    chosen = Site.objects.filter(_visible("", with_hidden))
    if country:
        chosen = chosen.filter(country=country)
    return [SiteRow._make(row) for row in chosen.values_list(*SiteRow._fields)]


def rooms(
    *,
    country: str | None = None,
    site_id: str | None = None,
    types: Iterable[str] | None = None,
    capacity: int | None = None,
    with_hidden: bool,
) -> Sequence[RoomRow]:
    """Return the rooms that meet every given condition; hidden ones only when asked."""
    chosen = Room.objects.filter(_visible("site__", with_hidden))
    if not with_hidden:
        chosen = chosen.filter(type__in=PUBLIC_TYPES)
    if country:
        chosen = chosen.filter(site__country=country)
    if site_id:
        chosen = chosen.filter(site_id=site_id)
    if types is not None:
        chosen = chosen.filter(type__in=list(types))
    if capacity is not None:
        chosen = chosen.filter(max_person__gte=capacity)
    return [RoomRow._make(row) for row in _room_values(chosen)]


def _visible(prefix: str, with_hidden: bool) -> Q:  # noqa: FBT001 - private
    return Q() if with_hidden else Q(**{f"{prefix}is_public": True})


def _room_values(chosen: QuerySet[Room]) -> Any:
    first_image = RoomImage.objects.filter(room=OuterRef("pk")).order_by("position", "id")
    return chosen.annotate(image_id=Subquery(first_image.values("id")[:1])).values_list(
        *(_OF_SITE.get(name, name) for name in RoomRow._fields)
    )


def leases(*, around: dt.date) -> Sequence[LeaseRow]:
    """Return the leases that run on the day before, on or after `around`: one of these is today."""
    day = dt.timedelta(days=1)
    running = RoomLease.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=around + day),
        Q(ends_on=None) | Q(ends_on__gte=around - day),
    )
    rows = running.values_list(
        "room_id", "organization_id", "organization__name", "starts_on", "ends_on"
    )
    return [LeaseRow._make(row) for row in rows]


_RUNS = """
SELECT r.room_id, m.starts_at, m.ends_at
  FROM booking_reservation r JOIN booking_meeting m ON m.id = r.meeting_id
 WHERE r.holds AND r.room_id = ANY(%(rooms)s) AND r.blocked && tstzrange(%(start)s, %(end)s, '[]')
   AND m.status = 'confirmed'
"""


def runs(*, room_ids: Iterable[str], start: dt.datetime, end: dt.datetime) -> Sequence[RunRow]:
    """Return the confirmed meetings that occupy these rooms at some time of the range."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, {"rooms": list(room_ids), "start": start, "end": end})
        return [RunRow._make(row) for row in cursor.fetchall()]
