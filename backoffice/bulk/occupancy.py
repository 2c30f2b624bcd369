"""Presence of a bulk file: a million entries, checked one by one and copied in one go.

An entry is known by person, location and second; `_id` is only kept. Known rows are widened, as by the
Workplace API. Source: Workplace API, section 11.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from apitokens.models import ApiToken
from backoffice.bulk import codecs, entries
from backoffice.bulk.codecs import LocalTime
from backoffice.bulk.problems import BulkError, Place, WrongValue, at
from backoffice.bulk.workplace_forms import OCCUPANCY
from config import ids
from organizations.models import User
from sites_app.models import Site
from workplace.domain import occupancy_rows
from workplace.models import Team

COLLECTION = OCCUPANCY.collection
LONGEST = dt.timedelta(hours=24)
AHEAD = dt.timedelta(minutes=5)
_FIELDS = {one.attribute: one for one in OCCUPANCY.fields}


@dataclass(frozen=True, slots=True)
class Presence:
    """The entries as they stand in the file."""

    given: Sequence[Mapping[str, Any]]


def read(data: Mapping[str, Any]) -> Presence:
    """Take the list of presence; an absent one is empty.

    :raises BulkError: when it is no list of objects.
    """
    found = data.get(COLLECTION) or []
    if not isinstance(found, list):
        raise BulkError(f"{COLLECTION}: must be a list")
    for position, given in enumerate(found):
        if not isinstance(given, dict):
            raise BulkError(f"{Place(COLLECTION, position)}: must be an object")
    return Presence(found)


def write(
    presence: Presence, *, now: dt.datetime, progress: Callable[[int], None]
) -> tuple[int, int]:
    """Load all entries in the caller's transaction; return how many were new and changed.

    :raises BulkError: when one cannot be read.
    """
    if not presence.given:
        return 0, 0
    known = _Known(
        zones={pk: ZoneInfo(zone) for pk, zone in Site.objects.values_list("pk", "time_zone")},
        people=set(User.objects.values_list("pk", flat=True)),
        teams=set(Team.objects.values_list("pk", flat=True)),
        tokens=set(ApiToken.objects.values_list("pk", flat=True)),
    )
    rows = (
        _row(Place(COLLECTION, position), given, known, now)
        for position, given in enumerate(presence.given)
    )
    return occupancy_rows.load(rows, progress=progress)


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids that entries may name."""

    zones: Mapping[str, ZoneInfo]
    people: set[str]
    teams: set[str]
    tokens: set[str]


def _row(place: Place, given: Mapping[str, Any], known: _Known, now: dt.datetime) -> Sequence[Any]:
    site_id = _named(place, given, "site_id", known.zones, "site")
    zone = known.zones[str(site_id)]
    seen_at = _instant(place, given, "seen_at", zone)
    if seen_at is None:
        raise at(place, "seen_at", "is missing")
    first, last = (_instant(place, given, f"{end}_seen_at", zone) for end in ("first", "last"))
    _check_times(place, first, seen_at, last, now)
    created_at = _instant(place, given, "created_at", zone) or now
    return (
        entries.read(place, "_id", codecs.entry_id(), given.get("_id")) or ids.new_id(),
        _named(place, given, "person_id", known.people, "person"),
        site_id,
        seen_at,
        seen_at.astimezone(zone).date(),
        _named(place, given, "team_id", known.teams, "team"),
        first,
        last,
        created_at,
        _instant(place, given, "updated_at", zone) or created_at,
        _instant(place, given, "deleted_at", zone),
        _named(place, given, "deleted_by_id", known.tokens, "API token"),
    )


def _named(
    place: Place, given: Mapping[str, Any], attribute: str, known: Any, kind: str
) -> str | None:
    """Return the id that a field names, None where it may be absent and is."""
    field = _FIELDS[attribute]
    value = given.get(field.name)
    if isinstance(value, str) and value in known:
        return value
    found: str | None = entries.read(place, field.name, field.codec, value)
    if found is None and field.is_required:
        raise at(place, field.name, "is missing")
    if found is not None and found not in known:
        raise at(place, field.name, f"no {kind} has the id {found}")
    return found


def _instant(
    place: Place, given: Mapping[str, Any], attribute: str, zone: ZoneInfo
) -> dt.datetime | None:
    field = _FIELDS[attribute]
    found = entries.read(place, field.name, field.codec, given.get(field.name))
    try:
        instant: dt.datetime | None = found.at(zone) if isinstance(found, LocalTime) else found
    except WrongValue as error:
        raise at(place, field.name, error) from None
    is_sight = attribute.endswith("seen_at")  # presence is told to the second
    return instant.replace(microsecond=0) if instant and is_sight else instant


def _check_times(
    place: Place,
    first: dt.datetime | None,
    seen_at: dt.datetime,
    last: dt.datetime | None,
    now: dt.datetime,
) -> None:
    if seen_at > now + AHEAD:
        raise at(place, "seen_at", "must not lie in the future")
    if first is not None and first > seen_at:
        raise at(place, "first_seen_at", "must not be after seen_at")
    if last is not None and last < seen_at:
        raise at(place, "last_seen_at", "must not be before seen_at")
    if (last or seen_at) - (first or seen_at) > LONGEST:
        raise at(place, "last_seen_at", "must be within 24 hours of first_seen_at")
