"""Reads of sites and rooms as visitors and API callers list them, without model objects.

They are written as statements: to have the ORM write them costs more than all the rest of a list.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from config import prepared
from sites_app.models import PUBLIC_TYPES


class SiteRow(NamedTuple):
    id: str
    name: str
    country: str


class RoomRow(NamedTuple):
    """A room with what its site says about it; `image_id` is its first picture's.

    `part_ids` names the rooms that it is made of, however deep; None is a room of one piece.
    Surfaces (m²) and prices are only told, so they are the numbers that JSON has, not decimals.
    """

    id: str
    name: str
    public_name: str
    type: str
    description: str
    default_state: str
    surface_commercial: float | None
    surface_computed: float | None
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
    price_per_hour: float | None
    price_per_half_day: float | None
    price_per_day: float | None
    price_per_month: float | None
    site_id: str
    site_name: str
    country: str
    site_is_public: bool
    time_zone: str
    image_id: str | None
    part_ids: Sequence[str] | None

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
    """A confirmed meeting, at a room that it takes: its own, or one of that room's parts."""

    room_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime


_SITES = """
SELECT id, name, country FROM sites_app_site
 WHERE (is_public OR %(with_hidden)s) AND country = coalesce(%(country)s, country)
"""

_ROOMS = """
WITH RECURSIVE made_of (whole, part) AS (
    SELECT from_room_id, to_room_id FROM sites_app_room_parts
    UNION
    SELECT made_of.whole, deeper.to_room_id
      FROM made_of JOIN sites_app_room_parts deeper ON deeper.from_room_id = made_of.part
)
SELECT r.id, r.name, r.public_name, r.type, r.description, r.default_state,
       r.surface_commercial::float8, r.surface_computed::float8, r.min_person, r.max_person, r.nb_seat,
       r.configuration, r.other_configuration, r.min_duration, r.max_duration, r.step_duration,
       r.slot_week, r.slot_saturday, r.slot_sunday,
       r.price_per_hour::float8, r.price_per_half_day::float8, r.price_per_day::float8,
       r.price_per_month::float8,
       r.site_id, s.name AS site_name, s.country, s.is_public AS site_is_public, s.time_zone,
       (SELECT i.id FROM sites_app_roomimage i
         WHERE i.room_id = r.id ORDER BY i.position, i.id LIMIT 1) AS image_id,
       combined.part_ids
  FROM sites_app_room r JOIN sites_app_site s ON s.id = r.site_id
       LEFT JOIN (SELECT whole, array_agg(part) AS part_ids FROM made_of GROUP BY whole) combined
              ON combined.whole = r.id
 WHERE (s.is_public AND r.type = ANY(%(public_types)s) OR %(with_hidden)s)
   AND s.country = coalesce(%(country)s, s.country)
   AND r.site_id = coalesce(%(site)s, r.site_id)
   AND (%(types)s::text[] IS NULL OR r.type = ANY(%(types)s))
   AND r.max_person >= coalesce(%(capacity)s, r.max_person)
"""

_LEASES = """
SELECT l.room_id, l.organization_id, o.name AS organization_name, l.starts_on, l.ends_on
  FROM sites_app_roomlease l JOIN organizations_organization o ON o.id = l.organization_id
 WHERE (l.starts_on IS NULL OR l.starts_on <= %(last)s)
   AND (l.ends_on IS NULL OR l.ends_on >= %(first)s)
"""

_RUNS = """
SELECT r.room_id, m.starts_at, m.ends_at
  FROM booking_reservation r JOIN booking_meeting m ON m.id = r.meeting_id
 WHERE r.holds AND r.blocked && tstzrange(%(start)s, %(end)s, '[]') AND m.status = 'confirmed'
"""


def sites(*, country: str | None, with_hidden: bool) -> Sequence[SiteRow]:
    """Return the sites of a country, or of all; hidden ones only when asked."""
    conditions = {"country": country, "with_hidden": with_hidden}
    return [SiteRow._make(row) for row in prepared.rows(_SITES, conditions)]


def rooms(
    *,
    country: str | None = None,
    site_id: str | None = None,
    types: Iterable[str] | None = None,
    capacity: int | None = None,
    with_hidden: bool,
) -> Sequence[RoomRow]:
    """Return the rooms that meet every given condition; hidden ones only when asked."""
    conditions = {
        "with_hidden": with_hidden,
        "public_types": list(PUBLIC_TYPES),
        "country": country,
        "site": site_id,
        "types": None if types is None else list(types),
        "capacity": capacity,
    }
    return [RoomRow._make(row) for row in prepared.rows(_ROOMS, conditions)]


def leases(*, around: dt.date) -> Sequence[LeaseRow]:
    """Return the leases that run on the day before, on or after `around`: one of these is today."""
    day = dt.timedelta(days=1)
    days = {"first": around - day, "last": around + day}
    return [LeaseRow._make(row) for row in prepared.rows(_LEASES, days)]


def runs(*, start: dt.datetime, end: dt.datetime) -> Sequence[RunRow]:
    """Return the confirmed meetings at some time of the range, a short one, in all rooms.

    To send the ids of hundreds of rooms costs more than to read what is on in the others.
    """
    found = prepared.rows_for_values(_RUNS, {"start": start, "end": end})
    return [RunRow._make(row) for row in found]
