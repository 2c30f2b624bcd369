"""Who declares after the day's plan was published. Source: Workplace API, section 8, "Flow"."""

import datetime as dt

import pytest

from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.workplace import (
    AllocationFactory,
    AllocationSpaceFactory,
    EvolutionFactory,
    IntentionFactory,
    LayerFactory,
    SpaceFactory,
    TeamFactory,
    TeamLocationSettingsFactory,
    ZoneFactory,
)
from workplace.domain import intention_seating, intention_writes
from workplace.models import Allocation, IntentionStatus

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2030, 1, 7)


class Floor:
    """A published Monday: a team with two seats, one of them taken, in one of two zones."""

    def __init__(self):
        self.site = SiteFactory()
        EvolutionFactory(site=self.site, day=DAY, published_at=NOW)
        self.layer = LayerFactory(site=self.site)
        self.ours = ZoneFactory(layer=self.layer, name="Ours", capacity=3)
        self.other = ZoneFactory(layer=self.layer, name="Other", capacity=10)
        self.person = UserFactory()
        colleague = UserFactory(organization=self.person.organization)
        self.team = TeamFactory(
            organization=self.person.organization, members=[self.person, colleague]
        )
        self.row = AllocationFactory(team=self.team, zone=self.ours, seats=2, source="EVOLUTION")
        AllocationFactory(team=self.team, person=colleague, zone=self.ours, source="EVOLUTION")

    def plan(self, person=None, **fields):
        return IntentionFactory(
            person=person or self.person, site=self.site, updated_at=NOW, **fields
        )

    def seat(self, person=None):
        return intention_seating.seat_day(self.site.pk, DAY, (person or self.person).pk, now=NOW)


@pytest.fixture
def floor():
    return Floor()


def given(plan):
    return Allocation.objects.get(intention=plan)


def test_a_person_gets_a_seat_of_their_team(floor):
    plan = floor.plan()

    assert floor.seat() == 1
    seat = given(plan)
    assert (seat.zone, seat.layer, seat.team, seat.person) == (
        floor.ours,
        floor.layer,
        floor.team,
        floor.person,
    )
    assert (seat.source, seat.seats, seat.type) == ("INTENTION", 1, "SPACE")
    assert (seat.starts_at, seat.ends_at) == (plan.starts_at, plan.ends_at)
    assert floor.seat() == 0


def test_nobody_is_seated_before_the_day_is_published(floor):
    floor.plan()
    floor.site.evolutions.update(published_at=None)
    assert floor.seat() == 0
    floor.site.evolutions.update(published_at=NOW, rolled_back_at=NOW)

    assert floor.seat() == 0
    assert intention_seating.sweep(now=NOW) == 0


@pytest.mark.parametrize(
    "fields", [{"status": "PENDING"}, {"status": "CANCELLED"}, {"type": "REMOTE"}]
)
def test_only_accepted_plans_for_a_desk_get_one(floor, fields):
    floor.plan(**fields)

    assert floor.seat() == 0


def test_without_a_spare_seat_another_one_counts_by_itself(floor):
    first, second = (UserFactory(organization=floor.person.organization) for _ in range(2))
    for person in (first, second):
        floor.team.memberships.create(person=person)
        floor.plan(person)
        assert floor.seat(person) == 1

    assert Allocation.objects.get(person=first).team == floor.team
    beside = Allocation.objects.get(person=second)
    assert (beside.zone, beside.team) == (floor.ours, None)


def test_a_full_zone_sends_people_to_the_next_and_a_full_floor_nowhere(floor):
    floor.ours.capacity, floor.other.capacity = 2, 0
    floor.ours.save()
    floor.other.save()
    floor.row.seats = 1
    floor.row.save()
    AllocationFactory(team=None, person=UserFactory(), zone=floor.ours, organization=None)
    plan = floor.plan()
    assert floor.seat() == 0

    floor.other.capacity = 1
    floor.other.save()
    assert floor.seat() == 1
    assert given(plan).zone == floor.other


def test_a_desk_of_the_team_that_nobody_has(floor):
    taken, free = (SpaceFactory(zone=floor.ours, name=name) for name in ("A", "B"))
    SpaceFactory(zone=floor.ours, name="0 of nobody")
    for desk in (taken, free):
        AllocationSpaceFactory(allocation=floor.row, space=desk)
    colleague = Allocation.objects.get(person__isnull=False)
    AllocationSpaceFactory(allocation=colleague, space=taken, of_person=True)
    plan = floor.plan()

    floor.seat()

    held = given(plan).held_spaces.get()
    assert (held.space, held.of_person, held.holds) == (free, True, True)


def test_the_desk_that_was_asked_for(floor):
    wanted = SpaceFactory(zone=floor.other, name="Z")
    SpaceFactory(zone=floor.other, name="A")
    plan = floor.plan(zone=floor.other, space=wanted)

    floor.seat()

    assert given(plan).zone == floor.other
    assert given(plan).held_spaces.get().space == wanted


@pytest.mark.parametrize(("flexibility", "seats"), [("FREE", 1), ("FLEX", 1), ("FIX", 0)])
def test_a_team_stays_in_its_area(floor, flexibility, seats):
    far = ZoneFactory(layer__site=floor.site, capacity=10)
    wishes = TeamLocationSettingsFactory(team=floor.team, site=floor.site, type=flexibility)
    wishes.preferred_zones.set([floor.ours])
    floor.ours.capacity = 1
    floor.ours.save()
    floor.row.seats = 1
    floor.row.save()
    plan = floor.plan()

    assert floor.seat() == seats
    assert not Allocation.objects.filter(intention=plan, zone=far).exists()


@pytest.mark.parametrize("seats", [1, 0])
def test_a_fixed_team_that_names_no_zone_stays_where_it_sits(floor, seats):
    TeamLocationSettingsFactory(team=floor.team, site=floor.site, type="FIX")
    floor.ours.capacity = floor.row.seats = 1 + seats
    floor.ours.save()
    floor.row.save()
    plan = floor.plan()

    assert floor.seat() == seats
    assert not Allocation.objects.filter(intention=plan).exclude(zone=floor.ours).exists()


def test_a_fixed_team_that_sits_nowhere_yet_and_names_no_zone_may_sit_anywhere(floor):
    TeamLocationSettingsFactory(team=floor.team, site=floor.site, type="FIX")
    Allocation.objects.all().delete()
    floor.plan()

    assert floor.seat() == 1


WEEKDAYS = [{"days": [1, 2, 3, 4, 5], "open": "08:00", "close": "18:00"}]
TUESDAY, WEDNESDAY = DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2)


def several_days(floor, *published):
    """Make a plan from Monday nine to Wednesday noon, with plans of these further days in force."""
    floor.site.operating_hours = WEEKDAYS
    floor.site.save()
    for day in published:
        EvolutionFactory(site=floor.site, day=day, published_at=NOW)
    return floor.plan(ends_at=dt.datetime(2030, 1, 9, 11, 0, tzinfo=dt.UTC))


def times_of(plan):
    seats = Allocation.objects.filter(intention=plan, deleted_at=None).order_by("starts_at")
    return [
        (seat.starts_at.strftime("%a %H:%M"), seat.ends_at.strftime("%a %H:%M")) for seat in seats
    ]


def test_a_plan_of_several_days_is_seated_on_each_within_the_opening_hours(floor):
    plan = several_days(floor, TUESDAY, WEDNESDAY)

    for day in (DAY, TUESDAY, WEDNESDAY):
        assert intention_seating.seat_day(floor.site.pk, day, floor.person.pk, now=NOW) == 1
        assert intention_seating.seat_day(floor.site.pk, day, floor.person.pk, now=NOW) == 0

    assert times_of(plan) == [
        ("Mon 08:00", "Mon 17:00"),
        ("Tue 07:00", "Tue 17:00"),
        ("Wed 07:00", "Wed 11:00"),
    ]


def test_a_day_of_a_plan_that_is_not_published_has_no_seat_yet(floor):
    plan = several_days(floor, WEDNESDAY)

    seated = [
        intention_seating.seat_day(floor.site.pk, day, floor.person.pk, now=NOW)
        for day in (DAY, TUESDAY, WEDNESDAY)
    ]

    assert seated == [1, 0, 1]
    assert [start for start, _ in times_of(plan)] == ["Mon 08:00", "Wed 07:00"]


def test_a_person_keeps_the_desk_on_the_days_of_a_plan(floor):
    for name in ("A", "B", "C"):
        SpaceFactory(zone=floor.other, name=name)
    plan = several_days(floor, TUESDAY, WEDNESDAY)
    floor.seat()
    first = given(plan)
    first.zone = floor.other
    first.save()
    AllocationSpaceFactory(allocation=first, space=floor.other.spaces.get(name="B"), of_person=True)

    for day in (TUESDAY, WEDNESDAY):
        intention_seating.seat_day(floor.site.pk, day, floor.person.pk, now=NOW)

    later = Allocation.objects.filter(intention=plan).exclude(pk=first.pk)
    assert {seat.held_spaces.get().space.name for seat in later} == {"B"}


def test_the_sweep_seats_every_day_of_a_plan_that_has_no_seat(floor):
    plan = several_days(floor, TUESDAY, WEDNESDAY)
    intention_seating.seat_day(floor.site.pk, TUESDAY, floor.person.pk, now=NOW)

    assert intention_seating.sweep(now=NOW) == 2
    assert len(times_of(plan)) == 3
    assert intention_seating.sweep(now=NOW) == 0


def test_a_day_of_a_plan_that_is_over_gets_no_seat_any_more(floor):
    plan = several_days(floor, TUESDAY)
    now = dt.datetime(2030, 1, 8, 12, 0, tzinfo=dt.UTC)
    type(plan).objects.update(updated_at=now)

    assert intention_seating.seat_day(floor.site.pk, DAY, floor.person.pk, now=now) == 0
    assert intention_seating.sweep(now=now) == 1
    assert times_of(plan) == [("Tue 07:00", "Tue 17:00")]


def test_all_seats_of_a_plan_are_given_back_with_it(floor):
    plan = several_days(floor, TUESDAY)
    for day in (DAY, TUESDAY):
        intention_seating.seat_day(floor.site.pk, day, floor.person.pk, now=NOW)

    intention_writes.withdraw(plan, status=IntentionStatus.CANCELLED, reason="", by=None, now=NOW)

    assert times_of(plan) == []


def test_a_plan_over_midnight_is_seated_once_for_each_day(floor):
    EvolutionFactory(site=floor.site, day=TUESDAY, published_at=NOW)
    plan = floor.plan(
        starts_at=dt.datetime(2030, 1, 7, 21, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 8, 1, 0, tzinfo=dt.UTC),
    )

    assert intention_seating.sweep(now=NOW) == 2
    assert times_of(plan) == [("Mon 21:00", "Mon 23:00"), ("Mon 23:00", "Tue 01:00")]


def test_another_organizations_own_zone_is_left_alone(floor):
    floor.ours.is_active = False
    floor.ours.save()
    floor.other.organization = UserFactory().organization
    floor.other.save()
    floor.plan()

    assert floor.seat() == 0


def test_the_sweep_seats_whom_a_dead_broker_missed(floor):
    floor.plan()

    assert intention_seating.sweep(now=NOW) == 1
    assert intention_seating.sweep(now=NOW) == 0


def test_whom_no_seat_is_left_for_holds_up_nobody(floor, monkeypatch):
    monkeypatch.setattr(intention_seating, "BATCH", 1)
    for zone in (floor.ours, floor.other):
        zone.capacity = 0
        zone.save()
    for _ in range(2):
        floor.plan(UserFactory())
    elsewhere = Floor()
    elsewhere.plan()

    assert intention_seating.sweep(now=NOW) == 1
    assert Allocation.objects.filter(person=elsewhere.person).exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_zone_as_for_three(floor, rows, django_assert_num_queries):
    for _ in range(rows):
        SpaceFactory(zone=ZoneFactory(layer=floor.layer))
    floor.plan()

    with django_assert_num_queries(18):
        floor.seat()
