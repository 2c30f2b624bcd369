"""Writing the demo's workplace: places, people, a year of presence, plans, and the engines' results."""

import bisect
import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Model

from apitokens.domain import tokens
from apitokens.models import WorkplaceScope
from backoffice.bulk import tables
from backoffice.demo import operator
from backoffice.demo.ids import Ids
from backoffice.demo.operator import Operator
from backoffice.demo.workplace import engines, house, plans, presence, teams
from backoffice.demo.workplace.house import House
from backoffice.demo.workplace.plans import Planner
from backoffice.demo.workplace.presence import Calendar, Habit
from backoffice.demo.workplace.story import DEVELOPERS_TEAM, LOCKED_TEAM, MEMBERS_TEAM
from backoffice.demo.workplace.teams import Company, Known
from organizations.models import Organization, User
from sites_app.domain import local_days
from sites_app.models import Site, SiteMembership
from workplace.domain import occupancy_rows
from workplace.models import (
    Allocation,
    AllocationSpace,
    Configuration,
    Intention,
    TeamLocationSettings,
    TeamSettings,
    Zone,
)

CITY = "Paris"
_BATCH = 5_000
_CONTRACT = dt.timedelta(days=420)
PARTS = {"days of presence": presence.DAYS + 1, "forecasts": engines.WEEKS + 1, "plans": 2}
"""What takes its time, in this order, and how many there are of each."""

Progress = Callable[[str, int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The workplace's location, its floors, its company, its days, and what chooses everything else."""

    site: Site
    house: House
    company: Company
    member: User
    developer: User
    calendar: Calendar
    habits: Sequence[Habit]
    ids: Ids
    dice: random.Random
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return local_days.today_at(self.site, now=self.now)


def site_of(made: Operator) -> Site:
    """Choose the location: the one in Paris with the most rooms, or the first of all."""
    sites = [site for site in made.sites if site.city == CITY] or made.sites[:1]
    return max(sites, key=lambda site: sum(room.site is site for room in made.rooms))


def write(made: Operator, *, people: int, seed: int, now: dt.datetime, progress: Progress) -> None:
    """Give the largest site of Paris a workplace, with about so many people of the first company.

    `progress` is told of which of the `PARTS` how many more are done.
    """
    world = _world(made, people=people, seed=seed, now=now)
    _write_places(world)
    _write_company(world)
    _let_in(world, made)
    came = _write_presence(world, progress=partial(progress, "days of presence"))
    days = plans.days_ahead(world.site, world.calendar, today=world.today, number=plans.LOCKED_DAYS)
    _lock(world, days)
    declared = _declared(world, days, came=came)
    _declare_and_forecast(world, declared, progress=partial(progress, "forecasts"))
    engines.plan(world.site, days, now=now)
    progress("plans", 2)


def _world(made: Operator, *, people: int, seed: int, now: dt.datetime) -> World:
    dice = random.Random(f"{seed} workplace")  # noqa: S311 - invented data, no secret
    ids = Ids(dice, now=now)
    site, organization = site_of(made), made.organizations[0]
    site.operating_hours = house.OPERATING_HOURS
    site.holiday_country = site.country
    by_email = {user.email: user for user in made.users}
    member, developer = by_email[operator.MEMBER], by_email[operator.DEVELOPER]
    built = house.build(site, made.rooms, organization, ids=ids, dice=dice)
    known = [
        Known(user=member, team=MEMBERS_TEAM),
        Known(user=developer, team=DEVELOPERS_TEAM),
    ]
    company = teams.gather(organization, built, known, people=people, ids=ids, dice=dice, now=now)
    today = local_days.today_at(site, now=now)
    return World(
        site=site,
        house=built,
        company=company,
        member=member,
        developer=developer,
        calendar=presence.calendar_of(site, today=today, dice=dice),
        habits=presence.habits(company, today=today, dice=dice),
        ids=ids,
        dice=dice,
        now=now,
    )


def _write_places(world: World) -> None:
    site, built = world.site, world.house
    site.save(update_fields=["operating_hours", "holiday_country"])
    _create(built.layers, built.zones, built.spaces, built.placements)
    pairs = [pair for one, other in built.beside for pair in ((one, other), (other, one))]
    beside = Zone.neighbours.through
    beside.objects.bulk_create(
        beside(from_zone_id=one.pk, to_zone_id=other.pk) for one, other in pairs
    )


def _write_company(world: World) -> None:
    staffed = world.company.teams
    _create(
        world.company.newcomers,
        [one.team for one in staffed],
        [one.settings for one in staffed],
        [one.here for one in staffed],
        [row for one in staffed for row in one.memberships],
    )
    linked = TeamSettings.linked_locations.through
    linked.objects.bulk_create(
        linked(teamsettings_id=one.settings.pk, site_id=world.site.pk) for one in staffed
    )
    preferred = TeamLocationSettings.preferred_zones.through
    preferred.objects.bulk_create(
        preferred(teamlocationsettings_id=one.here.pk, zone_id=world.house.zone(name).pk)
        for one in staffed
        for name in one.story.zones
    )
    adjacent = TeamLocationSettings.adjacent_teams.through
    adjacent.objects.bulk_create(
        adjacent(teamlocationsettings_id=world.company.team(one).here.pk, team_id=other)
        for one, other in _adjacent(world.company)
    )


def _adjacent(company: Company) -> list[tuple[str, str]]:
    """List each team's name with the id of one that it wants beside it; both want it."""
    told = [(one.story.name, other) for one in company.teams for other in one.story.beside]
    names = sorted({pair for one, other in told for pair in ((one, other), (other, one))})
    return [(one, company.team(other).team.pk) for one, other in names]


def _let_in(world: World, made: Operator) -> None:
    """Give the company a contract of more than a year at the location, and its developer a key."""
    organization, site = world.company.organization, world.site
    here = [row for row in made.memberships if row.organization is organization]
    if not any(row.site is site for row in here):
        SiteMembership.objects.create(site=site, organization=organization, position=len(here))
    _lengthen(organization, world)
    issued = tokens.create_key(
        owner=world.developer,
        organization=organization,
        name="Badge readers",
        scopes=[
            WorkplaceScope.READ.value,
            WorkplaceScope.WRITE.value,
            WorkplaceScope.PEOPLE_FORECASTS.value,
        ],
        now=world.now - dt.timedelta(days=35),
    )
    issued.token.last_used_at = world.now - dt.timedelta(minutes=9)
    issued.token.save(update_fields=["last_used_at"])


def _lengthen(organization: Organization, world: World) -> None:
    organization.person_forecasts = True
    organization.max_resident_users = max(
        organization.max_resident_users, len(world.company.newcomers) + 20
    )
    started_on = world.today - _CONTRACT
    if organization.rental_start_on is None or organization.rental_start_on > started_on:
        organization.rental_start_on = started_on
    organization.save(update_fields=["person_forecasts", "max_resident_users", "rental_start_on"])


def _write_presence(world: World, *, progress: Callable[[int], object]) -> set[tuple[str, dt.date]]:
    """Write a year of presence; return who was there when, by id and day."""
    seen: list[occupancy_rows.Sighting] = []
    for day in presence.days(world.calendar):
        seen += presence.on(
            day,
            world.habits,
            world.calendar,
            world.site,
            ids=world.ids,
            dice=world.dice,
            now=world.now,
        )
        progress(1)
    occupancy_rows.load([_columns(one) for one in seen])
    return {(one.person_id, one.day) for one in seen}


def _columns(one: occupancy_rows.Sighting) -> list[object]:
    return [getattr(one, name) for name in occupancy_rows.Sighting.__dataclass_fields__]


def _lock(world: World, days: Sequence[dt.date]) -> None:
    """Give the team that always sits at the same desks its rows of the next days."""
    team = world.company.team(LOCKED_TEAM)
    rows, held = plans.locked(team, world.house, days, ids=world.ids, now=world.now)
    Allocation.objects.bulk_create(rows)
    AllocationSpace.objects.bulk_create(held)


def _declared(
    world: World, days: Sequence[dt.date], *, came: set[tuple[str, dt.date]]
) -> list[Intention]:
    """Make up what people have said, in the order in which they said it."""
    system = Configuration.objects.create(
        id=world.ids.new(),
        organization=world.company.organization,
        name="Acme calendar",
        namespace="calendar.acme.example",
        default_timezone=world.site.time_zone,
    )
    planner = Planner(site=world.site, system=system, ids=world.ids, dice=world.dice, now=world.now)
    inviter = world.company.team("Marketing").people[0]
    told = planner.week_of(world.member, inviter, days)
    is_told = {(one.person_id, one.day) for one in told}
    made = [*planner.past(world.habits, came), *planner.coming(world.habits, world.calendar)]
    made = [one for one in made if (one.person_id, one.day) not in is_told] + told
    return sorted(made, key=lambda one: one.created_at)


def _declare_and_forecast(
    world: World, declared: Sequence[Intention], *, progress: Callable[[int], object]
) -> None:
    """Write the plans, and before each later one the forecasts that did not know it."""
    written = 0
    for origin in engines.origins(world.site, today=world.today):
        known = bisect.bisect_left(declared, origin, key=lambda one: one.created_at)
        tables.upsert(Intention, declared[written:known])
        written = known
        engines.forecast_week(world.site, origin=origin)
        progress(1)
    tables.upsert(Intention, declared[written:])
    engines.forecast_ahead(world.site, now=world.now)
    progress(1)


def _create(*everything: Sequence[Model]) -> None:
    for rows in everything:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=_BATCH)
