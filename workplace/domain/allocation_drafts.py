"""Allocations with everything looked up, and whether each could be by itself.

All that is wrong with a batch is told at once: first what does not exist, then what breaks a rule.
Source: workplace-api, section 7; section 13, "Errors".
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from config.intervals import Interval
from organizations.models import User
from sites_app.domain import leases
from sites_app.models import Room, Site
from workplace.domain import times
from workplace.domain.allocation_lookups import Directory, local_day
from workplace.domain.allocation_wishes import Wanted
from workplace.domain.refusals import Detail, Invalid, NotFound
from workplace.models import Allocation, AllocationType, Layer, Space, Team, Zone
from workplace.selectors_tenants import Tenant

LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An allocation to be written: over `row`, or new."""

    wish: Wanted
    site: Site
    organization_id: str | None
    layer: Layer | None
    zone: Zone | None
    room: Room | None
    spaces: tuple[Space, ...]
    team: Team | None
    person: User | None
    seats: int
    row: Allocation | None = None

    @property
    def span(self) -> Interval[dt.datetime]:
        return Interval(self.wish.starts_at, self.wish.ends_at)

    @property
    def is_room(self) -> bool:
        return self.wish.type == AllocationType.ROOM


def resolve(
    directory: Directory,
    wishes: Sequence[Wanted],
    *,
    tenant: Tenant,
    rows: Sequence[Allocation | None] = (),
) -> list[Draft]:
    """Return the drafts of all wishes; `rows` are those they are written over, in the same order.

    :raises NotFound: when ids name nothing of this tenant. :raises Invalid: when rules are broken.
    """
    missing = [detail for wish in wishes for detail in _missing(directory, wish)]
    if missing:
        raise NotFound(missing)
    stored = rows or [None] * len(wishes)
    drafts = [_draft(directory, wish, row) for wish, row in zip(wishes, stored, strict=True)]
    broken = [detail for draft in drafts for detail in _broken(directory, draft, tenant=tenant)]
    if broken:
        raise Invalid(broken)
    return drafts


# --- what does not exist ----------------------------------------------------------------------


def _missing(directory: Directory, wish: Wanted) -> Iterator[Detail]:
    if wish.site_id not in directory.sites:
        yield wish.wrong("location_id", "Location not found")
    if wish.team_id is not None and wish.team_id not in directory.teams:
        yield wish.wrong("team_id", "Team not found")
    if wish.team_external_id and wish.team_external_id not in directory.teams_named:
        yield wish.wrong("team_external_id", "Team not found")
    if wish.person_id is not None and wish.person_id not in directory.people:
        yield wish.wrong("people_id", "Person not found")
    if wish.person_external_id and wish.person_external_id not in directory.people_named:
        yield wish.wrong("people_external_id", "Person not found")
    yield from _missing_places(directory, wish)


def _missing_places(directory: Directory, wish: Wanted) -> Iterator[Detail]:
    """A place of another location is as unknown as one that does not exist."""
    layer, zone = directory.layers.get(wish.layer_id or ""), directory.zones.get(wish.zone_id or "")
    room = directory.rooms.get(wish.room_id or "")
    if wish.layer_id and (layer is None or layer.site_id != wish.site_id):
        yield wish.wrong("layer_id", "Layer not found")
    if wish.zone_id and (zone is None or zone.layer.site_id != wish.site_id):
        yield wish.wrong("zone_id", "Zone not found")
    if wish.room_id and (room is None or room.site_id != wish.site_id):
        yield wish.wrong("room_id", "Room not found")
    for number, space_id in enumerate(wish.space_ids):
        space = directory.spaces.get(space_id)
        if space is None or space.layer.site_id != wish.site_id:
            yield wish.wrong(f"spaces[{number}]", "Space not found")


# --- the draft --------------------------------------------------------------------------------


def _draft(directory: Directory, wish: Wanted, row: Allocation | None) -> Draft:
    site = directory.sites[wish.site_id]
    spaces = tuple(directory.spaces[space_id] for space_id in wish.space_ids)
    zone = directory.zones.get(wish.zone_id or "") or next(
        (space.zone for space in spaces if space.zone), None
    )
    room = directory.rooms.get(wish.room_id or "")
    team = _one(
        directory.teams.get(wish.team_id or ""), directory.teams_named, wish.team_external_id
    )
    person = _one(
        directory.people.get(wish.person_id or ""), directory.people_named, wish.person_external_id
    )
    owner = team.organization_id if team else person.organization_id if person else None
    return Draft(
        wish=wish,
        site=site,
        organization_id=owner,
        layer=next(iter(_layers(directory, wish, spaces, zone, room)), None),
        zone=zone,
        room=room,
        spaces=spaces,
        team=team,
        person=person,
        seats=_seats(directory, wish, site, team, person, room),
        row=row,
    )


def _one(by_id: Any, named: Mapping[str, Sequence[Any]], external_id: str | None) -> Any:
    if by_id is not None or not external_id:
        return by_id
    return next(iter(named.get(external_id, ())), None)


def _is_ambiguous(named: Mapping[str, Sequence[object]], external_id: str | None) -> bool:
    return bool(external_id) and len(named.get(external_id or "", ())) > 1


def _layers(
    directory: Directory,
    wish: Wanted,
    spaces: Iterable[Space],
    zone: Zone | None,
    room: Room | None,
) -> list[Layer]:
    """List the layers that the parts of the place are on, each once."""
    found = [space.layer for space in spaces]
    if zone is not None:
        found.append(zone.layer)
    if room is not None and (placement := getattr(room, "placement", None)):
        found.append(placement.layer)
    if wish.layer_id:
        found.append(directory.layers[wish.layer_id])
    return list({layer.id: layer for layer in found}.values())


def _seats(
    directory: Directory,
    wish: Wanted,
    site: Site,
    team: Team | None,
    person: User | None,
    room: Room | None,
) -> int:
    if wish.seats is not None:
        return wish.seats
    if wish.space_ids:
        return len(wish.space_ids)
    if person is not None or team is None:
        return 1
    if room is not None:
        return room.nb_seat or room.max_person
    return directory.team_seats(team, site, local_day(site, wish.starts_at))


# --- the rules --------------------------------------------------------------------------------


def _broken(directory: Directory, draft: Draft, *, tenant: Tenant) -> Iterator[Detail]:
    yield from _broken_ownership(directory, draft)
    yield from _broken_place(directory, draft)
    yield from _broken_numbers(draft)
    yield from _broken_time(directory, draft)
    yield from _broken_room(directory, draft, tenant=tenant)


def _broken_ownership(directory: Directory, draft: Draft) -> Iterator[Detail]:
    wish, team, person = draft.wish, draft.team, draft.person
    if team is None and person is None:
        yield wish.wrong("", "team_id or people_id is required", code="required")
    if _is_ambiguous(directory.teams_named, wish.team_external_id):
        yield wish.wrong("team_external_id", "names teams of several organizations")
    if _is_ambiguous(directory.people_named, wish.person_external_id):
        yield wish.wrong("people_external_id", "names people of several organizations")
    if team is not None and person is not None and team.organization_id != person.organization_id:
        yield wish.wrong("people_id", "is not of the team's organization")
    if person is not None and person.counts_as_archived:
        yield wish.wrong("people_id", "is archived")
    if draft.zone is not None and draft.zone.organization_id not in (None, draft.organization_id):
        yield wish.wrong("zone_id", "is another organization's own")


def _broken_place(directory: Directory, draft: Draft) -> Iterator[Detail]:
    wish = draft.wish
    if len(_layers(directory, wish, draft.spaces, draft.zone, draft.room)) > 1:
        yield wish.wrong("layer_id", "is not the layer of this zone, room or space")
    if draft.zone is not None and not draft.zone.is_active:
        yield wish.wrong("zone_id", "is not in use")
    for number, space in enumerate(draft.spaces):
        if not space.is_active:
            yield wish.wrong(f"spaces[{number}]", "is not in use")
        if space.zone_id != (draft.zone and draft.zone.id):
            yield wish.wrong(f"spaces[{number}]", "does not stand in this zone")
    if draft.is_room and draft.room is None:
        yield wish.wrong("room_id", "is required for the type ROOM", code="required")
    if draft.is_room and (draft.zone is not None or draft.spaces):
        yield wish.wrong("zone_id", "goes with the type SPACE only")
    if not draft.is_room and draft.room is not None:
        yield wish.wrong("room_id", "goes with the type ROOM only")


def _broken_numbers(draft: Draft) -> Iterator[Detail]:
    wish = draft.wish
    if draft.spaces and draft.seats != len(draft.spaces):
        yield wish.wrong("seats", "must be the number of spaces")
    if draft.person is not None and not draft.is_room and draft.seats != 1:
        name = "spaces" if len(draft.spaces) > 1 else "seats"
        yield wish.wrong(name, "must be one for a person")


def _broken_time(directory: Directory, draft: Draft) -> Iterator[Detail]:
    wish = draft.wish
    if wish.ends_at - wish.starts_at > LONGEST:
        yield wish.wrong("ends_at", "must be at most 366 days after starts_at")
        return
    openings = directory.openings[wish.site_id]
    if openings.is_open_throughout(draft.span):
        return
    if not _are_open_days(draft):
        yield wish.wrong("starts_at", "is outside the operating hours", code="location_closed")
    elif not all(openings.is_open_on(day) for day in _days(draft)):
        yield wish.wrong(
            "starts_at", "is a day on which the location is closed", code="location_closed"
        )


def _are_open_days(draft: Draft) -> bool:
    """Say whether the time is whole local days, which mean their operating hours."""
    tz = ZoneInfo(draft.site.time_zone)
    first, after = (
        local_day(draft.site, draft.wish.starts_at),
        local_day(draft.site, draft.wish.ends_at),
    )
    return (
        draft.wish.starts_at == times.local_day(first, tz)[0]
        and draft.wish.ends_at == times.local_day(after, tz)[0]
    )


def _days(draft: Draft) -> list[dt.date]:
    first = local_day(draft.site, draft.wish.starts_at)
    last = local_day(draft.site, draft.wish.ends_at - dt.timedelta(microseconds=1))
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def _broken_room(directory: Directory, draft: Draft, *, tenant: Tenant) -> Iterator[Detail]:
    """A team has rooms that its company rents; others are booked, and paid, by a person."""
    if draft.room is None or draft.person is not None or tenant.is_operator:
        return
    own = [
        lease
        for lease in directory.leases.get(draft.room.id, ())
        if lease.organization_id == draft.organization_id
    ]
    if not all(any(leases.covers(lease, day) for lease in own) for day in _days(draft)):
        yield draft.wish.wrong(
            "room_id", "is not rented by the team's organization: name the person who books it"
        )
