"""Reads of what occupies rooms and when their sites open."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from config import prepared
from config.joined_rows import JoinedRows, Part, Value
from organizations.models import Organization, User
from sites_app.models import PUBLIC_TYPES, Room, Site


class Obstacle(NamedTuple):
    """A row that shapes a room's calendar.

    `kind` is `meeting`, `hold` or `block` (owner: a room), `closure` (owner: a room or a site),
    `let` (owner: a room; midnight UTC of its first and of its last local day) or `exception`
    (owner: a site; `starts_at` is midnight UTC of its date, `text` its slot string).
    """

    kind: str
    owner_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    text: str
    reason: str
    reason_fr: str


# Room by room (OFFSET 0): the index then looks for room and time at once, not for all that is on then.
# What holds a part of a room holds the room; a part is held by the whole's own reservation for it.
_OBSTACLES = """
WITH RECURSIVE touched(room_id, part_id) AS (
    SELECT id, id FROM sites_app_room WHERE id = ANY(%(rooms)s)
     UNION
    SELECT touched.room_id, part.to_room_id
      FROM touched JOIN sites_app_room_parts part ON part.from_room_id = touched.part_id
)
SELECT DISTINCT CASE WHEN r.status = 'pending' THEN 'hold' WHEN r.kind = 'workplace' THEN 'block'
                ELSE r.kind END, touched.room_id,
       lower(r.blocked), upper(r.blocked), '', r.reason, r.reason
  FROM touched CROSS JOIN LATERAL (
           SELECT taken.kind, taken.blocked, taken.reason, taken.meeting_id, m.status, m.hold_expires_at
             FROM booking_reservation taken LEFT JOIN booking_meeting m ON m.id = taken.meeting_id
            WHERE taken.room_id = touched.part_id AND taken.holds
              AND taken.blocked && tstzrange(%(start)s, %(end)s)
           OFFSET 0
       ) r
 WHERE (r.status IS NULL OR r.status <> 'pending' OR r.hold_expires_at > %(now)s)
   AND (r.meeting_id IS NULL OR r.meeting_id <> ALL(%(besides)s::text[]))
UNION ALL
SELECT 'closure', COALESCE(room_id, site_id), starts_at, ends_at, '', reason, reason_fr
  FROM sites_app_closure
 WHERE site_id = ANY(%(sites)s) AND (room_id IS NULL OR room_id = ANY(%(rooms)s))
   AND starts_at < %(end)s AND ends_at > %(start)s
UNION ALL
SELECT 'let', room_id, greatest(starts_on, %(first_day)s)::timestamp AT TIME ZONE 'UTC',
       least(ends_on, %(last_day)s)::timestamp AT TIME ZONE 'UTC', '', '', ''
  FROM sites_app_roomlease
 WHERE room_id = ANY(%(offices)s)
   AND (starts_on IS NULL OR starts_on <= %(last_day)s)
   AND (ends_on IS NULL OR ends_on >= %(first_day)s)
UNION ALL
SELECT 'exception', site_id, date::timestamp AT TIME ZONE 'UTC', date::timestamp AT TIME ZONE 'UTC',
       slots, reason, reason_fr
  FROM sites_app_openingexception
 WHERE site_id = ANY(%(sites)s) AND date BETWEEN %(first_day)s AND %(last_day)s
ORDER BY 3, 4
"""


def obstacles(
    *,
    room_ids: Iterable[str],
    site_ids: Iterable[str],
    start: dt.datetime,
    end: dt.datetime,
    now: dt.datetime,
    besides: Iterable[str] = (),
    offices: Iterable[str] = (),
) -> Sequence[Obstacle]:
    """Return all that shapes the calendars of these rooms in `[start, end)`, by start, in one query.

    Holds that have expired at `now` and the meetings `besides` are left out; leases are those of
    `offices`. Leases and exceptions reach one day further on both sides, because a site's day is
    not UTC's.
    """
    day = dt.timedelta(days=1)
    parameters: dict[str, Any] = {
        "rooms": list(room_ids),
        "sites": list(site_ids),
        "start": start,
        "end": end,
        "now": now,
        "besides": list(besides),
        "offices": list(offices),
        "first_day": (start - day).date(),
        "last_day": (end + day).date(),
    }
    return [Obstacle._make(row) for row in prepared.rows(_OBSTACLES, parameters)]


class Desk(NamedTuple):
    """What lies on the desk when somebody asks for a room.

    The room with its site, the person if known, and whether any booking limit is set.
    """

    room: Room | None
    person: User | None
    has_limits: bool


_DESK = JoinedRows(
    Part("room", Room),
    Part("site", Site),
    Part("person", User),
    Part("company", Organization),
    Value("EXISTS (SELECT FROM booking_bookinglimit)"),
    tables="""
        (VALUES (1)) one
        LEFT JOIN sites_app_room room ON room.id = %(room)s
        LEFT JOIN sites_app_site site ON site.id = room.site_id
        LEFT JOIN organizations_user person ON person.email = %(email)s
        LEFT JOIN organizations_organization company ON company.id = person.organization_id
    """,
)


def desk(*, room_id: str, email: str) -> Desk:
    """Return what a request for that room by that address, in lower case, is about, in one query."""
    found = _DESK.first(room=room_id, email=email)
    assert found is not None  # its first table has one row
    room, site, person, company, has_limits = found
    if room is not None:
        room.site = site
    if person is not None:
        person.organization = company
    return Desk(room, person, has_limits)


# What openings, rules, prices and labels are made of; the long texts are not among it.
_ROOMS = JoinedRows(
    Part(
        "room",
        Room,
        fields=(
            "id",
            "site_id",
            "name",
            "public_name",
            "type",
            "min_person",
            "max_person",
            "min_duration",
            "max_duration",
            "step_duration",
            "setup_minutes",
            "cleaning_minutes",
            "slot_week",
            "slot_saturday",
            "slot_sunday",
            "price_per_hour",
            "price_per_half_day",
            "price_per_day",
            "price_per_week",
            "price_per_month",
            "member_discount_percent",
            "supplement_per_person",
        ),
    ),
    Part(
        "site",
        Site,
        fields=(
            "id",
            "name",
            "country",
            "time_zone",
            "currency",
            "closed_dates",
            "public_holidays",
        ),
    ),
    tables="""
        sites_app_room room JOIN sites_app_site site ON site.id = room.site_id
        WHERE (site.is_public AND room.type = ANY(%(public_types)s) OR %(with_hidden)s)
          AND room.site_id = coalesce(%(site)s, room.site_id)
          AND room.id = coalesce(%(room)s, room.id)
        ORDER BY room.name, room.id
    """,
)


def rooms_by_the_hour(
    *, room_id: str | None, site_id: str | None, with_hidden: bool
) -> Sequence[Room]:
    """Return a room, or a site's rooms by name, with their site: those that are booked by the hour.

    A single room is returned whatever its type. Hidden ones only `with_hidden`.
    """
    found = _ROOMS.all(
        public_types=list(PUBLIC_TYPES), with_hidden=with_hidden, site=site_id, room=room_id
    )
    rooms: list[Room] = []
    for room, site in found:
        room.site = site
        if room_id is not None or room.is_booked_by_the_hour:
            rooms.append(room)
    return rooms


def rooms(room_ids: Iterable[str]) -> Sequence[Room]:
    """Return those of the rooms that exist, with their site."""
    return list(Room.objects.select_related("site").filter(pk__in=list(room_ids)).order_by("pk"))


def site_exists(site_id: str, *, with_hidden: bool) -> bool:
    """Say whether there is such a site, among the public ones unless `with_hidden`."""
    sites = Site.objects.all() if with_hidden else Site.objects.filter(is_public=True)
    return sites.filter(pk=site_id).exists()
