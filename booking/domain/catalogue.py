"""The catalogue: sites and rooms as visitors and API callers see them, with their derived state.

Source: public-api, section 2, GET /api/sites and GET /api/rooms.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking import selectors_catalogue as selectors
from booking.domain import catalogue_cache
from booking.selectors_catalogue import LeaseRow, RoomRow, RunRow, SiteRow
from sites_app.domain import countries, leases, opening_hours
from sites_app.models import MEETING_TYPES, OFFICE_TYPES, RoomState

STAFF_STATES = (RoomState.TO_CLEAN, RoomState.MAINTENANCE, RoomState.CLOSED)

SortKey = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which rooms; None is no condition. `with_hidden` adds what only callers with a token see."""

    with_hidden: bool
    country: str | None = None
    site_id: str | None = None
    types: tuple[str, ...] | None = None
    capacity: int | None = None


class ListedRoom(NamedTuple):
    """A room, what goes on in it now, and who rents it."""

    row: RoomRow
    actual_state: str
    lease: LeaseRow | None

    @property
    def is_for_meetings(self) -> bool:
        return self.row.type in MEETING_TYPES

    @property
    def sort_key(self) -> SortKey:
        row = self.row
        return *_order(row.country, row.site_name, row.display_name), row.id

    def during_meeting(self) -> "ListedRoom":
        """Return the room as it is while a meeting is on."""
        state = actual_state(
            room_type=self.row.type,
            default_state=self.row.default_state,
            is_running=True,
            is_let=self.lease is not None,
        )
        return self._replace(actual_state=state)


@dataclass(frozen=True, slots=True)
class ListedSite:
    row: SiteRow
    rooms: tuple[ListedRoom, ...]

    @property
    def sort_key(self) -> tuple[str, str, str]:
        return _fold(countries.english_name(self.row.country)), _fold(self.row.name), self.row.id

    def count(self, types: Iterable[str]) -> int:
        return sum(room.row.type in types for room in self.rooms)

    @property
    def office_count(self) -> int:
        return self.count(OFFICE_TYPES)

    @property
    def meeting_room_count(self) -> int:
        return self.count(MEETING_TYPES)


@dataclass(frozen=True, slots=True)
class RoomList:
    """Rooms by country, site and name, and the instant at which one of their states changes."""

    rooms: tuple[ListedRoom, ...]
    next_change_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SiteList:
    sites: tuple[ListedSite, ...]
    next_change_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The rooms that meetings take now, and the instant at which those are others."""

    room_ids: frozenset[str]
    next_change_at: dt.datetime

    def holds(self, room: ListedRoom) -> bool:
        """Tell whether a meeting is on in the room or in a part of it."""
        row = room.row
        return row.id in self.room_ids or not self.room_ids.isdisjoint(row.part_ids or ())


def list_rooms(wanted: Filter, *, now: dt.datetime) -> RoomList:
    """List rooms with their state in three queries, whatever their number."""
    stock, on = take_stock(wanted, now=now), occupancy(now=now)
    rooms = (room.during_meeting() if on.holds(room) else room for room in stock.rooms)
    return RoomList(tuple(rooms), min(stock.next_change_at, on.next_change_at))


def take_stock(wanted: Filter, *, now: dt.datetime) -> RoomList:
    """List rooms as they are without any meeting, in two queries; midnights change who rents them."""
    rows = selectors.rooms(
        country=wanted.country,
        site_id=wanted.site_id,
        types=wanted.types,
        capacity=wanted.capacity,
        with_hidden=wanted.with_hidden,
    )
    let = _running_leases(rows, selectors.leases(around=now.date()), now=now)
    listed = (_listed(row, let.get(row.id)) for row in rows)
    midnights = (_next_midnight(zone, now=now) for zone in {row.time_zone for row in rows})
    return RoomList(
        tuple(sorted(listed, key=attrgetter("sort_key"))),
        next_change_at=min(midnights, default=now + catalogue_cache.MAX_AGE),
    )


def occupancy(*, now: dt.datetime) -> Occupancy:
    """Tell in one query which rooms have a meeting now, and when that will have changed."""
    horizon = now + catalogue_cache.MAX_AGE
    runs = selectors.runs(start=now, end=horizon)
    return Occupancy(
        frozenset(run.room_id for run in runs if run.starts_at <= now < run.ends_at),
        next_change_at=next_change(runs, now=now, horizon=horizon),
    )


def list_sites(wanted: Filter, *, keep_empty: bool, now: dt.datetime) -> SiteList:
    """List sites by country and name with their rooms, those for meetings first, in four queries.

    `keep_empty` keeps sites in which no room meets the conditions. Rooms of a list without what is
    hidden are as they are without any meeting.
    Source: Public API, GET /api/sites, "Example Response".
    """
    found = (list_rooms if wanted.with_hidden else take_stock)(wanted, now=now)
    by_site: dict[str, list[ListedRoom]] = {}
    for room in sorted(found.rooms, key=lambda room: not room.is_for_meetings):
        by_site.setdefault(room.row.site_id, []).append(room)
    rows = selectors.sites(country=wanted.country, with_hidden=wanted.with_hidden)
    listed = (ListedSite(row, tuple(by_site.get(row.id, ()))) for row in rows)
    kept = (site for site in listed if keep_empty or site.rooms)
    return SiteList(tuple(sorted(kept, key=lambda site: site.sort_key)), found.next_change_at)


def actual_state(*, room_type: str, default_state: str, is_running: bool, is_let: bool) -> str:
    """Derive what goes on in a room: what staff set wins, then a meeting or a tenant.

    Source: public-api, section 2, GET /api/rooms, `actualState`.
    """
    if default_state in STAFF_STATES:
        return default_state
    if room_type in MEETING_TYPES and is_running:
        return RoomState.OCCUPIED
    if room_type in OFFICE_TYPES and is_let:
        return RoomState.RENTED
    return default_state


def next_change(runs: Iterable[RunRow], *, now: dt.datetime, horizon: dt.datetime) -> dt.datetime:
    """Return the next instant at which a meeting starts or ends."""
    edges = chain.from_iterable((run.starts_at, run.ends_at) for run in runs)
    return min((edge for edge in edges if edge > now), default=horizon)


def _next_midnight(zone: str, *, now: dt.datetime) -> dt.datetime:
    tz = ZoneInfo(zone)
    tomorrow = opening_hours.local_day(now, tz=tz) + dt.timedelta(days=1)
    return opening_hours.to_instant(day=tomorrow, minutes=0, tz=tz)


def _running_leases(
    rows: Iterable[RoomRow], found: Iterable[LeaseRow], *, now: dt.datetime
) -> dict[str, LeaseRow]:
    zones = {row.time_zone for row in rows}
    today_in = {zone: opening_hours.local_day(now, tz=ZoneInfo(zone)) for zone in zones}
    today_at = {row.id: today_in[row.time_zone] for row in rows}
    return {
        lease.room_id: lease
        for lease in found
        if lease.room_id in today_at and leases.covers(lease, today_at[lease.room_id])
    }


def _listed(row: RoomRow, lease: LeaseRow | None) -> ListedRoom:
    state = actual_state(
        room_type=row.type,
        default_state=row.default_state,
        is_running=False,
        is_let=lease is not None,
    )
    return ListedRoom(row, state, lease)


@lru_cache(maxsize=4096)  # the same few names are ordered again and again
def _order(country: str, site: str, room: str) -> tuple[str, str, str]:
    return _fold(countries.english_name(country)), _fold(site), _fold(room)


def _fold(text: str) -> str:
    """Order names as a reader expects: case and accents do not matter."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
