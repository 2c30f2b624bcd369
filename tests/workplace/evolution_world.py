"""Teams that are expected at a location on Monday, 7 January 2030, and runs that seat them."""

import datetime as dt

from sites_app.models import Site
from tests.factories import workplace as make
from workplace.domain import evolution_runs, evolutions
from workplace.domain.evolutions import Wish
from workplace.models import Allocation, Evolution, Team
from workplace.selectors_tenants import Tenant

NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
DAY = dt.date(2030, 1, 7)  # a Monday
OPERATOR = Tenant(organization_id=None, now=NOW)


def coming(site: Site, people: int, **fields: object) -> Team:
    """Make a team of which so many are expected on the day."""
    team = make.TeamFactory(**fields)
    make.TeamForecastFactory(team=team, site=site, day=DAY, forecast_inc=people)
    return team


def run(site: Site, *, tenant: Tenant = OPERATOR, day: dt.date = DAY, **wish: object) -> Evolution:
    started = evolutions.start(site.id, day, Wish(**wish), tenant=tenant, now=NOW)
    evolution_runs.run(str(started.evolution.pk), clock=lambda: NOW)
    return Evolution.objects.get(pk=started.evolution.pk)


def team_seats() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = Allocation.objects.filter(deleted_at=None, person=None)
    for team_id, zone_id, room_id, seats in rows.values_list("team", "zone", "room", "seats"):
        found.setdefault(team_id, {})[zone_id or room_id] = seats
    return found
