"""Everything that a batch of allocations names, read at once: locations, places, teams, people.

What a tenant may not see is not found. Source: workplace-api, sections 0 and 7.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from organizations.models import User
from sites_app.domain import operating_hours
from sites_app.domain.operating_hours import SiteOpenings
from sites_app.models import Room, RoomLease, Site
from workplace.domain.allocation_wishes import Wanted
from workplace.models import Layer, Space, Team, TeamForecast, TeamMembership, Zone
from workplace.selectors_tenants import Tenant

TeamDay = tuple[str, str, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Rows by id; teams and people also by organization and external id."""

    sites: dict[str, Site]
    layers: dict[str, Layer]
    zones: dict[str, Zone]
    rooms: dict[str, Room]
    spaces: dict[str, Space]
    teams: dict[str, Team]
    people: dict[str, User]
    teams_named: dict[str, list[Team]]
    people_named: dict[str, list[User]]
    leases: dict[str, list[RoomLease]]
    openings: dict[str, SiteOpenings]
    forecasts: dict[TeamDay, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)

    def team_seats(self, team: Team, site: Site, day: dt.date) -> int:
        """Return the seats of a team where nobody says how many.

        Source: workplace-api, section 13, "Evolution".
        """
        known = self.forecasts.get((team.id, site.id, day))
        return self.heads.get(team.id, 0) if known is None else known


def load(tenant: Tenant, wishes: Sequence[Wanted]) -> Directory:
    """Read what the wishes name, in a number of queries that does not depend on how many they are."""
    site_ids = {wish.site_id for wish in wishes}
    sites = tenant.sites().in_bulk(site_ids)
    teams, teams_named = _teams(tenant, wishes)
    people, people_named = _people(tenant, wishes)
    rooms = _rooms(tenant, wishes)
    all_teams = {**teams, **{team.id: team for named in teams_named.values() for team in named}}
    return Directory(
        sites=sites,
        layers=tenant.layers().in_bulk({wish.layer_id for wish in wishes if wish.layer_id}),
        zones=_zones(tenant, {wish.zone_id for wish in wishes if wish.zone_id}),
        rooms=rooms,
        spaces=_spaces(tenant, {space for wish in wishes for space in wish.space_ids}),
        teams=teams,
        people=people,
        teams_named=teams_named,
        people_named=people_named,
        leases=_leases(rooms),
        openings=_openings(sites.values(), wishes),
        forecasts=_forecasts(sites.values(), all_teams, wishes),
        heads=_heads(all_teams),
    )


def local_day(site: Site, moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZoneInfo(site.time_zone)).date()


def _teams(
    tenant: Tenant, wishes: Iterable[Wanted]
) -> tuple[dict[str, Team], dict[str, list[Team]]]:
    ids = {wish.team_id for wish in wishes if wish.team_id}
    names = {wish.team_external_id for wish in wishes if wish.team_external_id}
    found = list(tenant.teams().filter(Q(pk__in=ids) | Q(external_id__in=names)))
    named: dict[str, list[Team]] = {}
    for team in found:
        named.setdefault(team.external_id, []).append(team)
    return {team.id: team for team in found}, named


def _people(
    tenant: Tenant, wishes: Iterable[Wanted]
) -> tuple[dict[str, User], dict[str, list[User]]]:
    ids = {wish.person_id for wish in wishes if wish.person_id}
    names = {wish.person_external_id for wish in wishes if wish.person_external_id}
    rows = tenant.people().filter(Q(pk__in=ids) | Q(external_id__in=names))
    found = list(rows.select_related("organization"))
    named: dict[str, list[User]] = {}
    for person in found:
        named.setdefault(person.external_id, []).append(person)
    return {person.id: person for person in found}, named


def _zones(tenant: Tenant, ids: set[str]) -> dict[str, Zone]:
    return tenant.zones().select_related("layer").in_bulk(ids)


def _spaces(tenant: Tenant, ids: set[str]) -> dict[str, Space]:
    return tenant.spaces().select_related("layer", "zone__layer").in_bulk(ids)


def _rooms(tenant: Tenant, wishes: Iterable[Wanted]) -> dict[str, Room]:
    ids = {wish.room_id for wish in wishes if wish.room_id}
    return tenant.rooms().select_related("site", "placement__layer").in_bulk(ids)


def _leases(rooms: dict[str, Room]) -> dict[str, list[RoomLease]]:
    found: dict[str, list[RoomLease]] = {}
    for lease in RoomLease.objects.filter(room__in=rooms) if rooms else ():
        found.setdefault(lease.room_id, []).append(lease)
    return found


def _openings(sites: Iterable[Site], wishes: Sequence[Wanted]) -> dict[str, SiteOpenings]:
    found = {}
    for site in sites:
        here = [wish for wish in wishes if wish.site_id == site.id]
        found[site.id] = operating_hours.openings(
            site,
            first_day=min(local_day(site, wish.starts_at) for wish in here),
            last_day=max(local_day(site, wish.ends_at) for wish in here),
        )
    return found


def _forecasts(
    sites: Iterable[Site], teams: dict[str, Team], wishes: Iterable[Wanted]
) -> dict[TeamDay, int]:
    by_id = {site.id: site for site in sites}
    days = {
        local_day(by_id[wish.site_id], wish.starts_at) for wish in wishes if wish.site_id in by_id
    }
    rows = TeamForecast.objects.filter(team__in=teams, site__in=by_id, day__in=days)
    return {
        (team_id, site_id, day): seats
        for team_id, site_id, day, seats in rows.values_list(
            "team_id", "site_id", "day", "forecast_inc"
        )
    }


def _heads(teams: dict[str, Team]) -> dict[str, int]:
    rows = TeamMembership.objects.filter(team__in=teams, is_primary=True, person__is_archived=False)
    counted = rows.values("team_id").annotate(heads=Count("pk")).order_by()
    return {row["team_id"]: row["heads"] for row in counted}
