"""Runs of an evolution: who is seated where, what is kept, what is published and taken back.

Source: workplace-api, sections 6, 10, 12 and 13.
"""

import datetime as dt

import pytest

from booking.models import Reservation
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)
from tests.workplace.evolution_world import DAY, NOW, OPERATOR, coming, run, team_seats
from workplace.domain import evolution_runs, evolution_states, evolutions
from workplace.domain.evolutions import NotPublished, Outdated, Wish
from workplace.models import Allocation, AllocationSpace, Evolution, ForecastJob, Team, Zone
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

OPEN = [{"days": [1, 2, 3, 4, 5], "open": "08:00", "close": "19:00"}]


@pytest.fixture
def site() -> Site:
    return SiteFactory(time_zone="Europe/Paris", operating_hours=OPEN)


@pytest.fixture
def zones(site: Site) -> list[Zone]:
    layer = make.LayerFactory(site=site)
    return [make.ZoneFactory(layer=layer, capacity=6) for _ in range(2)]


def live() -> set[str]:
    return set(Allocation.objects.filter(deleted_at=None).values_list("pk", flat=True))


def test_teams_are_seated_and_the_run_tells_what_it_did(site, zones):
    one, other = coming(site, 5), coming(site, 4)

    evolution = run(site)

    seats = team_seats()
    assert {team: sum(by_zone.values()) for team, by_zone in seats.items()} == {
        one.id: 5,
        other.id: 4,
    }
    assert all(len(by_zone) == 1 for by_zone in seats.values())
    assert (evolution.status, evolution.progress, evolution.attempts) == ("successful", 100, 1)
    assert evolution.finished_at == evolution.published_at == NOW
    assert evolution.result == {
        "allocations": {"created": 2, "updated": 0, "deleted": 0, "kept_locked": 0},
        "seated": 9,
        "unseated": 0,
        "teams_split": 0,
        "layers_split": 0,
        "people_moved": 0,
        "objective": 72.0,  # 9 people who sat nowhere before
        "lower_bound": 72.0,
        "gap": 0.0,
        "solver": "lns",
        "elapsed_ms": 0,
        "unseated_teams": [],
    }


def test_rows_last_from_the_first_opening_to_the_last_closing(site, zones):
    team = coming(site, 2)

    evolution = run(site)

    row = Allocation.objects.get()
    assert (row.starts_at, row.ends_at) == (
        dt.datetime(2030, 1, 7, 7, tzinfo=dt.UTC),
        dt.datetime(2030, 1, 7, 18, tzinfo=dt.UTC),
    )
    assert (row.source, row.is_locked, row.evolution) == ("EVOLUTION", False, evolution)
    assert (row.team, row.organization, row.layer) == (team, team.organization, zones[0].layer)


def test_the_likeliest_people_get_a_desk_each(site, zones):
    desks = [make.SpaceFactory(zone=zones[0]) for _ in range(3)]
    zones[1].delete()
    people = UserFactory.create_batch(3, organization=OrganizationFactory())
    team = coming(site, 2, organization=people[0].organization, members=people)
    for person, likelihood in zip(people, (0.2, 0.9, 0.6), strict=True):
        make.PersonForecastFactory(
            person=person, site=site, day=DAY, probability=likelihood, probability_inc=likelihood
        )

    run(site)

    rows = Allocation.objects.filter(person__isnull=False)
    assert {row.person for row in rows} == {people[1], people[2]}
    assert {(row.team, row.zone, row.seats) for row in rows} == {(team, zones[0], 1)}
    at_desks = AllocationSpace.objects.filter(of_person=True).values_list("space", flat=True)
    assert len(set(at_desks)) == 2
    team_row = Allocation.objects.get(person=None)
    assert {held.space for held in team_row.held_spaces.all()} <= set(desks)
    assert team_row.held_spaces.count() == team_row.seats == 2


def test_by_zone_nobody_gets_a_desk(site, zones):
    make.SpaceFactory(zone=zones[0])
    coming(site, 1, members=[UserFactory()])

    run(site, run_by_zone=True)

    assert Allocation.objects.count() == 2
    assert not AllocationSpace.objects.exists()


def test_who_said_to_stay_away_gets_no_seat(site, zones):
    organization = OrganizationFactory()
    people = UserFactory.create_batch(4, organization=organization)
    coming(site, 4, organization=organization, members=people)
    plan = {"organization": organization, "day": DAY}
    make.IntentionFactory(person=people[0], site=site, type="REMOTE", **plan)
    make.IntentionFactory(person=people[1], type="SPACE", **plan)  # at another location
    make.IntentionFactory(person=people[2], site=site, type="ABSENT", status="PENDING", **plan)

    run(site)

    seated = set(Allocation.objects.filter(person__isnull=False).values_list("person", flat=True))
    assert seated == {people[2].id, people[3].id}


def test_somebody_without_a_team_who_comes_gets_a_seat(site, zones):
    person = UserFactory()
    make.IntentionFactory(person=person, site=site, day=DAY)
    coming(site, 0)

    run(site)

    row = Allocation.objects.get()
    assert (row.person, row.team, row.organization) == (person, None, person.organization)


def test_a_second_run_without_other_inputs_changes_nothing(site, zones):
    """Source: workplace-api, section 10, test 9."""
    people = UserFactory.create_batch(3, organization=OrganizationFactory())
    coming(site, 3, organization=people[0].organization, members=people)
    coming(site, 4)
    run(site)
    before = list(Allocation.objects.order_by("pk").values())

    second = run(site)

    assert second.status == "no_execution"
    assert second.result["allocations"] == {
        "created": 0,
        "updated": 0,
        "deleted": 0,
        "kept_locked": 0,
    }
    assert list(Allocation.objects.order_by("pk").values()) == before
    assert second.published_at is None


@pytest.mark.parametrize(
    "fields",
    [
        {"is_locked": True, "source": "EVOLUTION"},
        {"source": "API"},
        {"source": "MANUAL"},
        {"source": "INTENTION"},
    ],
)
def test_rows_that_are_not_the_evolutions_stay(site, zones, fields):
    """Source: workplace-api, section 10, test 10."""
    team = coming(site, 5)
    kept = make.AllocationFactory(zone=zones[0], team=team, seats=2, **fields)

    evolution = run(site)

    assert kept.id in live()
    assert evolution.result["allocations"] == {
        "created": 1,
        "updated": 0,
        "deleted": 0,
        "kept_locked": 1,
    }
    assert Allocation.objects.exclude(pk=kept.pk).get().seats == 3
    assert evolution.result["seated"] == 5


def test_kept_rows_of_others_take_their_seats_of_a_zone(site, zones):
    make.AllocationFactory(zone=zones[0], seats=5)
    make.AllocationFactory(zone=zones[1], seats=1, team=None, person=UserFactory())
    team = coming(site, 5)

    run(site)

    assert team_seats()[team.id] == {zones[1].id: 5}


def test_who_has_a_row_already_gets_no_second(site, zones):
    person = UserFactory()
    make.AllocationFactory(zone=zones[0], team=None, person=person)
    coming(site, 1, organization=person.organization, members=[person])

    run(site)

    assert Allocation.objects.filter(person=person).count() == 1


def test_infeasible_demand_is_told_and_the_rest_is_seated(site, zones):
    big = coming(site, 14)

    evolution = run(site)

    assert evolution.status == "successful"
    assert sum(team_seats()[big.id].values()) == 12
    assert evolution.result["unseated_teams"] == [
        {"team_id": big.id, "people_id": None, "unseated": 2}
    ]


def test_nobody_to_seat_is_no_execution(site, zones):
    coming(site, 0)

    assert run(site).status == "no_execution"


def test_nowhere_to_sit_is_no_execution(site):
    coming(site, 3)

    assert run(site).status == "no_execution"


def test_on_a_closed_day_nobody_is_seated(site, zones):
    sunday = dt.date(2030, 1, 6)
    make.TeamForecastFactory(team=make.TeamFactory(), site=site, day=sunday, forecast_inc=3)

    assert run(site, day=sunday).status == "no_execution"
    assert not Allocation.objects.exists()


def test_without_a_forecast_the_teams_of_the_location_count_by_heads(site, zones):
    people = UserFactory.create_batch(2, organization=OrganizationFactory())
    team = make.TeamFactory(
        organization=people[0].organization,
        members=people,
        with_settings__default_location=site,
    )
    waiting = run(site)
    ForecastJob.objects.update(state="failed", finished_at=NOW)

    evolution_runs.run(str(waiting.pk), clock=lambda: NOW)

    assert sum(team_seats()[team.id].values()) == 2


def test_a_team_that_the_forecast_does_not_know_is_not_expected(site, zones):
    coming(site, 2)
    stranger = make.TeamFactory(members=[UserFactory()], with_settings__default_location=site)

    run(site)

    assert stranger.id not in team_seats()


# --- areas and rooms ---------------------------------------------------------------------------


def test_a_fixed_team_sits_in_its_zones_alone(site, zones):
    team = coming(site, 8)
    wishes = make.TeamLocationSettingsFactory(team=team, site=site, type="FIX")
    wishes.preferred_zones.add(zones[1])

    evolution = run(site)

    assert team_seats() == {team.id: {zones[1].id: 6}}
    assert evolution.result["unseated"] == 2


def test_a_flexible_team_stays_on_its_layer(site, zones):
    make.ZoneFactory(site=site, capacity=20)
    team = coming(site, 8)
    wishes = make.TeamLocationSettingsFactory(team=team, site=site, type="FLEX")
    wishes.preferred_zones.add(zones[0])

    run(site)

    assert set(team_seats()[team.id]) == {zone.id for zone in zones}


def test_a_team_that_is_not_to_be_split_is_whole(site, zones):
    team = coming(site, 8)
    make.TeamLocationSettingsFactory(team=team, site=site, allow_split=False)

    run(site)

    assert list(team_seats()[team.id].values()) == [6]


def test_a_team_that_asks_for_a_room_gets_the_one_its_company_rents(site, zones):
    room = RoomFactory(site=site, nb_seat=4)
    team = coming(site, 4, with_settings__space_type_preference="ROOM")
    RoomLeaseFactory(room=room, organization=team.organization)

    run(site)

    assert team_seats() == {team.id: {room.id: 4}}
    row = Allocation.objects.get(person=None)
    assert (row.type, row.reservation.room, row.reservation.holds) == ("ROOM", room, True)


def test_a_room_that_somebody_has_that_day_is_left(site, zones):
    room = RoomFactory(site=site, nb_seat=4)
    team = coming(site, 4, with_settings__space_type_preference="ROOM")
    RoomLeaseFactory(room=room, organization=team.organization)
    make_block(room)

    run(site)

    assert set(team_seats()[team.id]) <= {zone.id for zone in zones}


def make_block(room) -> None:
    from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

    Reservation.objects.create(
        room=room, kind="block", blocked=DateTimeTZRange(make.NINE, make.SIX)
    )


def test_an_organizations_zone_takes_its_teams_alone(site, zones):
    own = make.ZoneFactory(layer=zones[0].layer, capacity=20, organization=OrganizationFactory())
    stranger, resident = coming(site, 6), coming(site, 6, organization=own.organization)

    run(site)

    assert own.id not in team_seats()[stranger.id]
    assert sum(team_seats()[resident.id].values()) == 6


# --- whose -------------------------------------------------------------------------------------


def tenant_of(team: Team) -> Tenant:
    return Tenant(organization_id=team.organization_id, now=NOW)


def test_an_organizations_run_touches_only_what_is_its_own(site, zones):
    team, other = coming(site, 3), coming(site, 3)
    RoomLeaseFactory(
        room=RoomFactory(site=site, nb_seat=0, max_person=0), organization=team.organization
    )
    own = make.ZoneFactory(layer=zones[0].layer, capacity=9, organization=team.organization)
    operators = make.AllocationFactory(zone=zones[0], team=other, seats=2, source="EVOLUTION")

    run(site, tenant=tenant_of(team))

    assert team_seats()[team.id] == {own.id: 3}
    assert operators.id in live()


def test_an_organization_without_anything_of_its_own_gets_no_execution(site, zones):
    team = coming(site, 3)
    RoomLeaseFactory(
        room=RoomFactory(site=site, nb_seat=0, max_person=0), organization=team.organization
    )

    assert run(site, tenant=tenant_of(team)).status == "no_execution"


# --- what moves, and why -------------------------------------------------------------------------


def test_people_stay_where_they_sat_the_week_before(site, zones):
    team = coming(site, 4)
    week = dt.timedelta(days=7)
    make.AllocationFactory(
        zone=zones[1], team=team, seats=4, starts_at=make.NINE - week, ends_at=make.SIX - week
    )
    make.AllocationFactory(  # later, on another weekday
        zone=zones[0],
        team=team,
        seats=4,
        starts_at=make.NINE - dt.timedelta(days=3),
        ends_at=make.SIX - dt.timedelta(days=3),
    )

    evolution = run(site)

    (row,) = Allocation.objects.filter(starts_at__gte=NOW + dt.timedelta(days=2), zone=zones[1])
    assert (row.team, row.seats) == (team, 4)
    assert evolution.proposal["moves"] == []


def test_each_move_has_its_reason(site, zones):
    team = coming(site, 4)
    day = dt.timedelta(days=3)
    make.AllocationFactory(
        zone=zones[1], team=team, seats=4, starts_at=make.NINE - day, ends_at=make.SIX - day
    )
    Zone.objects.filter(pk=zones[1].pk).update(capacity=0)

    evolution = run(site)

    assert evolution.proposal["moves"] == [
        {
            "team_id": team.id,
            "people_id": None,
            "people": 4,
            "from": zones[1].id,
            "to": zones[0].id,
            "reason": "closed",
            "other_team_id": None,
        }
    ]
    assert evolution.result["people_moved"] == 4


# --- publishing, accepting, taking back ------------------------------------------------------------


def test_another_number_of_people_changes_the_row_in_its_place(site, zones):
    team = coming(site, 4)
    run(site)
    row = Allocation.objects.get()
    team.forecasts.update(forecast_inc=5)

    evolution = run(site)

    assert evolution.result["allocations"]["updated"] == 1
    row.refresh_from_db()
    assert (row.seats, row.version, row.evolution) == (5, 2, evolution)


def test_a_team_that_no_longer_comes_leaves(site, zones):
    team, _ = coming(site, 4), coming(site, 2)
    run(site)
    team.forecasts.update(forecast_inc=0)

    evolution = run(site)

    assert evolution.result["allocations"]["deleted"] == 1
    assert team.id not in team_seats()


def test_a_run_that_waits_publishes_what_was_proposed_when_accepted(site, zones):
    team = coming(site, 4)
    proposed = run(site, waits_for_acceptance=True)
    assert (proposed.status, proposed.published_at) == ("successful", None)
    assert proposed.result["allocations"]["created"] == 1
    assert not Allocation.objects.exists()

    accepted = evolutions.accept(proposed.pk, tenant=OPERATOR, now=NOW)

    assert accepted.published_at == NOW
    assert sum(team_seats()[team.id].values()) == 4
    with pytest.raises(NotPublished):
        evolutions.accept(proposed.pk, tenant=OPERATOR, now=NOW)


def test_a_proposal_of_another_day_than_it_is_now_is_not_accepted(site, zones):
    team = coming(site, 4)
    proposed = run(site, waits_for_acceptance=True)
    team.forecasts.update(forecast_inc=5)

    with pytest.raises(Outdated):
        evolutions.accept(proposed.pk, tenant=OPERATOR, now=NOW)
    assert not Allocation.objects.exists()


def state() -> list[tuple]:
    rows = Allocation.objects.filter(deleted_at=None).order_by("pk")
    return [
        (row.id, row.team_id, row.person_id, row.zone_id, row.room_id, row.seats, spaces(row))
        for row in rows
    ]


def spaces(row: Allocation) -> list[str]:
    return sorted(row.held_spaces.filter(holds=True).values_list("space", flat=True))


def test_the_plan_before_stands_again_when_a_run_is_taken_back(site, zones):
    for _ in range(4):
        make.SpaceFactory(zone=zones[0])
    room = RoomFactory(site=site, nb_seat=4)
    people = UserFactory.create_batch(3, organization=OrganizationFactory())
    team = coming(
        site,
        3,
        organization=people[0].organization,
        members=people,
        with_settings__space_type_preference="ROOM",
    )
    lease = RoomLeaseFactory(room=room, organization=team.organization)
    other = coming(site, 4)
    run(site)
    before = state()
    lease.delete()
    other.forecasts.update(forecast_inc=2)
    coming(site, 3)
    second = run(site)
    assert state() != before
    assert not Reservation.objects.filter(holds=True).exists()

    evolutions.roll_back(second.pk, tenant=OPERATOR, now=NOW)

    assert state() == before
    assert Reservation.objects.filter(holds=True).count() == 1
    with pytest.raises(NotPublished):
        evolutions.roll_back(second.pk, tenant=OPERATOR, now=NOW)


def test_the_first_plan_taken_back_leaves_nothing(site, zones):
    coming(site, 4)
    first = run(site)

    evolutions.roll_back(first.pk, tenant=OPERATOR, now=NOW)

    assert live() == set()


def test_one_plan_after_the_other_is_taken_back(site, zones):
    team = coming(site, 4)
    first = run(site)
    Evolution.objects.update(published_at=NOW - dt.timedelta(hours=1))
    team.forecasts.update(forecast_inc=5)
    second = run(site)
    evolutions.roll_back(second.pk, tenant=OPERATOR, now=NOW)

    evolutions.roll_back(first.pk, tenant=OPERATOR, now=NOW)

    assert live() == set()


def test_a_run_after_one_that_was_taken_back_plans_anew(site, zones):
    coming(site, 4)
    first = run(site)
    evolutions.roll_back(first.pk, tenant=OPERATOR, now=NOW)

    assert run(site).status == "successful"


def test_a_hands_change_since_stays_when_a_run_is_taken_back(site, zones):
    team = coming(site, 4)
    first = run(site)
    Allocation.objects.update(source="MANUAL", is_locked=True, seats=5)

    evolutions.roll_back(first.pk, tenant=OPERATOR, now=NOW)

    assert list(team_seats()[team.id].values()) == [5]


def test_only_the_last_plan_is_taken_back(site, zones):
    team = coming(site, 4)
    first = run(site)
    team.forecasts.update(forecast_inc=5)
    Evolution.objects.update(published_at=NOW - dt.timedelta(hours=1))
    run(site)

    with pytest.raises(Outdated):
        evolutions.roll_back(first.pk, tenant=OPERATOR, now=NOW)


def test_the_operators_plan_is_not_taken_back_under_a_companys_own(site, zones):
    team = coming(site, 4)
    SiteMembershipFactory(site=site, organization=team.organization)
    Zone.objects.update(organization=team.organization)
    of_operator = run(site)
    Evolution.objects.update(published_at=NOW - dt.timedelta(hours=1))
    team.forecasts.update(forecast_inc=5)
    own = run(site, tenant=Tenant(organization_id=team.organization_id, now=NOW))
    assert own.published_at == NOW

    with pytest.raises(Outdated):
        evolutions.roll_back(of_operator.pk, tenant=OPERATOR, now=NOW)


def test_an_old_plan_that_no_longer_fits_does_not_come_back(site, zones):
    team = coming(site, 6)
    run(site)
    seat = Allocation.objects.get()
    team.forecasts.update(forecast_inc=0)
    coming(site, 1)
    Evolution.objects.update(published_at=NOW - dt.timedelta(hours=1))
    second = run(site)
    make.AllocationFactory(zone=seat.zone, seats=5)

    with pytest.raises(Outdated):
        evolutions.roll_back(second.pk, tenant=OPERATOR, now=NOW)
    assert seat.id not in live()


# --- workers that die --------------------------------------------------------------------------


def test_a_run_that_a_dead_worker_left_is_taken_up(site, zones):
    coming(site, 4)
    evolution = evolutions.start(site.id, DAY, Wish(), tenant=OPERATOR, now=NOW).evolution
    assert evolution_states.take(str(evolution.pk), now=NOW) is not None
    later = NOW + evolution_states.DEAD_AFTER

    assert evolution_states.due(now=later - dt.timedelta(seconds=1)) == []
    assert evolution_states.take(str(evolution.pk), now=later - dt.timedelta(seconds=1)) is None
    assert evolution_states.due(now=later) == [str(evolution.pk)]
    evolution_runs.run(str(evolution.pk), clock=lambda: later)

    evolution.refresh_from_db()
    assert (evolution.status, evolution.attempts) == ("successful", 2)


def test_a_run_nobody_was_told_of_is_due_after_a_while(site):
    evolution = evolutions.start(site.id, DAY, Wish(), tenant=OPERATOR, now=NOW).evolution

    assert evolution_states.due(now=NOW) == []
    assert evolution_states.due(now=NOW + evolution_states.FORGOTTEN_AFTER) == [str(evolution.pk)]


def test_a_run_that_kills_its_workers_is_given_up(site):
    evolution = evolutions.start(site.id, DAY, Wish(), tenant=OPERATOR, now=NOW).evolution
    now = NOW
    for _ in range(evolution_states.MOST_ATTEMPTS):
        assert evolution_states.take(str(evolution.pk), now=now) is not None
        now += evolution_states.DEAD_AFTER

    assert evolution_states.take(str(evolution.pk), now=now) is None

    evolution.refresh_from_db()
    assert (evolution.status, evolution.error_code) == ("failed", "gave_up")


def test_a_worker_that_was_thought_dead_publishes_nothing(site, zones):
    coming(site, 4)
    evolution = evolutions.start(site.id, DAY, Wish(), tenant=OPERATOR, now=NOW).evolution
    slow = evolution_states.take(str(evolution.pk), now=NOW)
    evolution_runs.run(str(evolution.pk), clock=lambda: NOW + evolution_states.DEAD_AFTER)
    stored = list(Allocation.objects.values())

    evolution_runs._work(slow, clock=lambda: NOW)

    assert list(Allocation.objects.values()) == stored


def test_an_error_ends_the_run_and_changes_nothing(site, zones, monkeypatch):
    coming(site, 4)
    monkeypatch.setattr(evolution_runs.evolution_proposals, "rows", lambda *_args, **_kwargs: 1 / 0)

    evolution = run(site)

    assert (evolution.status, evolution.error_code) == ("failed", "internal_error")
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_facts_of_a_day_take_the_same_number_of_queries(
    site, zones, count, django_assert_num_queries
):
    from workplace.domain import evolution_days

    for _ in range(count):
        person = UserFactory()
        team = coming(site, 1, organization=person.organization, members=[person])
        make.TeamLocationSettingsFactory(team=team, site=site)
        make.SpaceFactory(zone=zones[0])
        make.IntentionFactory(person=UserFactory(), site=site, day=DAY)
        make.AllocationFactory(zone=zones[0], seats=1)
        RoomLeaseFactory(room=RoomFactory(site=site), organization=team.organization)

    with django_assert_num_queries(22):
        evolution_days.gather(site, DAY, organization_id=None, asked_at=NOW)
