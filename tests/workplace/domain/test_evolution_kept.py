"""People with a seat of their own count once: as a head of their team, and as a seat of their zone.

Source: workplace-api, section 13, "Evolution".
"""

import pytest

from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from tests.workplace.evolution_world import DAY, NOW, coming, run, team_seats
from workplace.domain import allocations, evolution_days, evolution_publishing, intention_seating
from workplace.domain.allocation_wishes import Wanted
from workplace.domain.refusals import Conflict
from workplace.models import Allocation
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteFactory(time_zone="Europe/Paris")


@pytest.fixture
def zone(site):
    return make.ZoneFactory(site=site, capacity=5)


@pytest.fixture
def people():
    return UserFactory.create_batch(4, organization=OrganizationFactory())


def expected(site, people, heads):
    return coming(site, heads, organization=people[0].organization, members=people)


def own_seat(person, zone, **fields):
    return make.AllocationFactory(person=person, zone=zone, seats=1, **{"team": None, **fields})


def free_seats(site, zone):
    """Say how many more a key can put into the zone on that day."""
    tenant = Tenant(organization_id=None, now=NOW)
    for seats in range(20, 0, -1):
        wish = Wanted(
            at="allocations[0]",
            site_id=site.pk,
            starts_at=make.NINE,
            ends_at=make.SIX,
            type="SPACE",
            team_id=make.TeamFactory().pk,
            zone_id=zone.pk,
            seats=seats,
        )
        try:
            [row] = allocations.create([wish], tenant=tenant, now=NOW)
        except Conflict:
            continue
        allocations.delete([row.pk], tenant=tenant, by=None, now=NOW)
        return seats
    return 0


@pytest.mark.parametrize("source", ["INTENTION", "API", "MANUAL"])
def test_a_person_seated_beside_the_team_is_one_of_its_heads(site, zone, people, source):
    team = expected(site, people, 4)
    own_seat(people[0], zone, source=source)

    evolution = run(site)

    assert team_seats() == {team.pk: {zone.pk: 3}}
    assert (evolution.result["seated"], evolution.result["unseated"]) == (4, 0)
    assert free_seats(site, zone) == 1


def test_a_zone_with_a_seat_for_each_head_takes_all_of_them(site, zone, people):
    """Four seats for four heads, of whom one has theirs already: counted twice they were five."""
    zone.capacity = 4
    zone.save()
    team = expected(site, people, 4)
    own_seat(people[0], zone)

    assert run(site).result["unseated"] == 0
    assert team_seats() == {team.pk: {zone.pk: 3}}
    assert free_seats(site, zone) == 0


def test_a_person_who_sits_with_the_team_is_among_its_seats(site, zone, people):
    team = expected(site, people, 4)
    own_seat(people[0], zone, team=team, source="INTENTION")

    evolution = run(site)

    assert team_seats() == {team.pk: {zone.pk: 4}}
    assert evolution.result["seated"] == 4
    assert Allocation.objects.filter(person__isnull=False).count() == 4
    assert free_seats(site, zone) == 1


def test_who_declared_after_the_plan_changes_nothing_for_the_next_run(site, zone, people):
    """The seat that a late plan took is one of the team's: the plan stands as it is."""
    team = expected(site, people[:3], 4)
    run(site)
    late = make.TeamMembershipFactory(team=team, person=people[3]).person
    make.IntentionFactory(person=late, site=site)
    assert intention_seating.seat_day(site.pk, DAY, late.pk, now=NOW) == 1
    before = list(Allocation.objects.order_by("pk").values("pk", "seats", "version"))

    assert run(site).status == "no_execution"
    assert list(Allocation.objects.order_by("pk").values("pk", "seats", "version")) == before
    assert free_seats(site, zone) == 1


def test_desks_of_people_who_sit_with_the_team_are_among_its_desks(site, zone, people):
    desks = [make.SpaceFactory(zone=zone) for _ in range(4)]
    team = expected(site, people, 4)
    seat = own_seat(people[0], zone, team=team, source="INTENTION")
    make.AllocationSpaceFactory(allocation=seat, space=desks[2], of_person=True)

    run(site)

    row = Allocation.objects.get(person=None)
    assert set(row.held_spaces.values_list("space", flat=True)) == {desk.pk for desk in desks}
    assert seat.held_spaces.get().space == desks[2]


def test_a_person_with_another_team_is_a_head_of_the_primary_one(site, zone, people):
    team = expected(site, people, 4)
    project = coming(site, 1, organization=team.organization)
    make.TeamMembershipFactory(team=project, person=people[0], is_primary=False)
    own_seat(people[0], zone, team=project, source="INTENTION")

    run(site)

    assert team_seats() == {team.pk: {zone.pk: 3}, project.pk: {zone.pk: 2}}
    assert free_seats(site, zone) == 0


def test_a_person_in_a_kept_row_of_the_team_needs_no_further_seat(site, zone, people):
    team = expected(site, people, 4)
    make.AllocationFactory(team=team, zone=zone, seats=4)
    own_seat(people[0], zone, team=team)

    other = coming(site, 1)

    assert run(site).result["unseated"] == 0
    assert team_seats() == {team.pk: {zone.pk: 4}, other.pk: {zone.pk: 1}}
    assert Allocation.objects.filter(person__isnull=False).count() == 4


def test_who_sits_at_another_location_that_day_gets_no_second_seat(site, zone, people):
    team = expected(site, people[:2], 2)
    elsewhere = make.ZoneFactory()
    own_seat(people[0], elsewhere)

    evolution = run(site)

    assert evolution.status == "successful"
    assert team_seats() == {team.pk: {zone.pk: 2}}
    assert not Allocation.objects.filter(person=people[0], site=site).exists()


def test_a_visitor_from_a_team_of_another_location_is_seated(site, zone, people):
    make.TeamFactory(organization=people[0].organization, members=people)
    expected(site, [UserFactory()], 1)
    make.IntentionFactory(person=people[0], site=site)

    run(site)

    seat = Allocation.objects.get(person=people[0])
    assert (seat.zone, seat.team) == (zone, None)


def test_who_says_two_things_of_a_day_and_is_here_for_one_may_sit(site, zone, people):
    person = people[0]
    expected(site, [person], 1)
    make.IntentionFactory(person=person, site=site, ends_at=make.NINE.replace(hour=12))
    make.IntentionFactory(
        person=person,
        site=site,
        type="REMOTE",
        starts_at=make.NINE.replace(hour=12),
        ends_at=make.SIX,
    )

    run(site)

    assert Allocation.objects.filter(person=person).count() == 1


def test_no_zone_is_fuller_than_it_is_large_after_plans_and_late_seats(site, zone, people):
    team = expected(site, people, 3)
    span = evolution_days.opening(site, DAY)
    run(site)
    for number, person in enumerate(people, 1):
        make.IntentionFactory(person=person, site=site)
        intention_seating.seat_day(site.pk, DAY, person.pk, now=NOW)
        team.forecasts.update(forecast_inc=max(3, number))  # as the forecast follows plans
        run(site)
        assert evolution_publishing.overfull_zones({zone.pk}, span) == []

    persons = Allocation.objects.filter(deleted_at=None, person__isnull=False)
    assert persons.values("person").distinct().count() == persons.count() == 4
    assert free_seats(site, zone) == 1
