"""Observed presence that somebody tells: checked item by item, stored once a person, location and second.

Source: Workplace API, /occupancy; workplace-api, section 4.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.db import transaction

from config import ids
from organizations.models import User
from sites_app.models import Site
from workplace.domain import occupancy_rows
from workplace.domain.occupancy_rows import Sighting
from workplace.domain.refusals import Detail
from workplace.models import Occupancy, Team, TeamMembership
from workplace.selectors_tenants import Tenant

AHEAD = dt.timedelta(minutes=5)
OLDEST_YEARS = 5
LONGEST = dt.timedelta(hours=24)
_UNKNOWN = "resource_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item as it was told: who was where when, by our ids or those of another system."""

    index: int
    site_id: str | None = None
    external_site_id: str | None = None
    person_id: str | None = None
    external_person_id: str | None = None
    seen_at: dt.datetime
    first_seen_at: dt.datetime | None = None
    last_seen_at: dt.datetime | None = None
    team_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What is wrong with an item; the path is of the item."""

    index: int
    detail: Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An item's row, and whether it was created, updated, restored or a duplicate."""

    index: int
    row: Occupancy
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of each item, in their order."""

    stored: Sequence[Stored] = ()
    failures: Sequence[Failure] = ()


def record(told: Sequence[Told], *, tenant: Tenant, now: dt.datetime) -> Recorded:
    """Store what is right of these items, in one statement; the same item again changes nothing."""
    known = directory(told, tenant=tenant)
    failures: list[Failure] = []
    found: list[tuple[int, Sighting]] = []
    for one in told:
        checked = check(one, known, now=now)
        if isinstance(checked, Detail):
            failures.append(Failure(index=one.index, detail=checked))
        else:
            found.append((one.index, checked))
    return Recorded(stored=_store(found), failures=failures)


# --- who and where ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The tenant's locations, people and teams that items name; external ids may name several."""

    sites: Mapping[str, Site]
    sites_named: Mapping[str, Site]
    people: Mapping[str, User]
    people_named: Mapping[str, Sequence[User]]
    teams: Mapping[str, Team]
    primary_teams: Mapping[str, str]
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)


def directory(told: Sequence[Told], *, tenant: Tenant) -> Directory:
    """Read all that the items name, in a number of queries that does not depend on how many they are."""
    sites = tenant.sites().in_bulk({one.site_id for one in told if one.site_id})
    external_sites = {one.external_site_id for one in told if one.external_site_id}
    named = {one.external_id: one for one in tenant.sites().filter(external_id__in=external_sites)}
    people = tenant.people().in_bulk({one.person_id for one in told if one.person_id})
    people_named = _people_named(told, tenant)
    everybody = {*people, *(one.pk for found in people_named.values() for one in found)}
    memberships = TeamMembership.objects.filter(person__in=everybody, is_primary=True)
    return Directory(
        sites=sites,
        sites_named=named,
        people=people,
        people_named=people_named,
        teams=tenant.teams().in_bulk({one.team_id for one in told if one.team_id}),
        primary_teams=dict(memberships.values_list("person_id", "team_id")),
        zones={one.pk: ZoneInfo(one.time_zone) for one in (*sites.values(), *named.values())},
    )


def _people_named(told: Iterable[Told], tenant: Tenant) -> dict[str, list[User]]:
    wanted = {one.external_person_id for one in told if one.external_person_id}
    found: dict[str, list[User]] = {}
    for person in tenant.people().filter(external_id__in=wanted):
        found.setdefault(person.external_id, []).append(person)
    return found


# --- one item ---------------------------------------------------------------------------------


def check(told: Told, known: Directory, *, now: dt.datetime) -> Sighting | Detail:
    """Return what is to be stored of an item, or what is wrong with it."""
    site = _site(told, known)
    person = _person(told, known)
    for one in (site, person):
        if isinstance(one, Detail):
            return one
    assert isinstance(site, Site)
    assert isinstance(person, User)
    team_id = told.team_id or known.primary_teams.get(person.pk)
    if told.team_id and not _is_colleague(known.teams.get(told.team_id), person):
        return Detail(path="team_id", message="Team not found", code=_UNKNOWN)
    seen_at, first, last = (
        moment and moment.replace(microsecond=0)
        for moment in (told.seen_at, told.first_seen_at, told.last_seen_at)
    )
    assert seen_at is not None
    return times_problem(seen_at, first, last, now=now) or Sighting(
        id=ids.new_id(),
        person_id=person.pk,
        site_id=site.pk,
        seen_at=seen_at,
        day=seen_at.astimezone(known.zones[site.pk]).date(),
        team_id=team_id,
        first_seen_at=first,
        last_seen_at=last,
        created_at=now,
        updated_at=now,
    )


def _site(told: Told, known: Directory) -> Site | Detail:
    if told.external_site_id is not None:
        path, found = "location_external_id", known.sites_named.get(told.external_site_id)
    else:
        path, found = "location_id", known.sites.get(told.site_id or "")
    return found or Detail(path=path, message="Location not found", code=_UNKNOWN)


def _person(told: Told, known: Directory) -> User | Detail:
    if told.external_person_id is None:
        found = known.people.get(told.person_id or "")
        return found or Detail(path="people_id", message="Person not found", code=_UNKNOWN)
    named = known.people_named.get(told.external_person_id, ())
    if len(named) == 1:
        return named[0]
    message = "Person not found" if not named else "This names people of several organizations"
    return Detail(path="people_external_id", message=message, code=_UNKNOWN)


def _is_colleague(team: Team | None, person: User) -> bool:
    return team is not None and team.organization_id == person.organization_id


def times_problem(
    seen_at: dt.datetime,
    first: dt.datetime | None,
    last: dt.datetime | None,
    *,
    now: dt.datetime,
) -> Detail | None:
    """Say what is wrong with the times of somebody's presence, None where nothing is."""
    if seen_at > now + AHEAD:
        return Detail(path="seen_at", message="must not lie in the future")
    if seen_at < _years_before(now, OLDEST_YEARS):
        return Detail(path="seen_at", message=f"must be at most {OLDEST_YEARS} years ago")
    if first is not None and first > seen_at:
        return Detail(path="first_seen_at", message="must not be after seen_at")
    if last is not None and last < seen_at:
        return Detail(path="last_seen_at", message="must not be before seen_at")
    if (last or seen_at) - (first or seen_at) > LONGEST:
        return Detail(path="last_seen_at", message="must be within 24 hours of first_seen_at")
    return None


def _years_before(now: dt.datetime, years: int) -> dt.datetime:
    """Return the same moment years ago; 29 February is the 28th where there is none."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


# --- all of them ------------------------------------------------------------------------------


def _store(found: Sequence[tuple[int, Sighting]]) -> list[Stored]:
    """Store the sightings; one that stands here twice is stored once, as wide as both."""
    firsts: dict[tuple[str, str, dt.datetime], Sighting] = {}
    results: list[tuple[int, Sighting, str | None]] = []
    for index, one in found:
        before = firsts.get(one.key)
        firsts[one.key] = wide = one if before is None else _widened(before, one)
        repeated = "duplicate" if before == wide else "updated"
        results.append((index, one, None if before is None else repeated))
    if not firsts:
        return []
    with transaction.atomic():
        merged = occupancy_rows.merge(list(firsts.values()))
        rows = _rows(firsts)
    return [
        Stored(index=index, row=rows[one.key], result=told or merged.result_of(rows[one.key].pk))
        for index, one, told in results
    ]


def _widened(one: Sighting, other: Sighting) -> Sighting:
    firsts = [moment for moment in (one.first_seen_at, other.first_seen_at) if moment]
    lasts = [moment for moment in (one.last_seen_at, other.last_seen_at) if moment]
    return replace(
        one,
        first_seen_at=min(firsts, default=None),
        last_seen_at=max(lasts, default=None),
        team_id=one.team_id or other.team_id,
    )


def _rows(wanted: Mapping[tuple[str, str, dt.datetime], Sighting]) -> dict[object, Occupancy]:
    """Read the stored rows of these keys, in one query."""
    found = Occupancy.objects.filter(
        person__in={person for person, _, _ in wanted},
        site__in={site for _, site, _ in wanted},
        seen_at__in={seen_at for _, _, seen_at in wanted},
    )
    return {(one.person_id, one.site_id, one.seen_at): one for one in found}
