"""The database has the last word at the workplace too: a broken row is refused, whoever writes it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import ProtectedError

from organizations.models import User
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def refused(constraint: str, write: Callable[[], Any]) -> None:
    """Assert that the named constraint refuses the write."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    assert constraint in str(caught.value)


@pytest.mark.parametrize(
    ("factory", "fields", "constraint"),
    [
        (SiteFactory, {"holiday_country": "fr"}, "site_holiday_country_is_iso"),
        (UserFactory, {"schedule_visibility": "secret"}, "user_schedule_visibility_is_known"),
        (make.ZoneFactory, {"x": 1.0}, "zone_lies_at_both_or_nowhere"),
        (make.TeamFactory, {"color": "#3366CC"}, "team_color_is_hex"),
        (make.TeamLocationSettingsFactory, {"type": "FAR"}, "team_location_type_is_known"),
        (
            make.TeamLocationSettingsFactory,
            {"min_capacity": 4, "max_capacity": 3},
            "team_location_max_not_below_min",
        ),
        (make.TeamLocationSettingsFactory, {"min_capacity": 4, "max_capacity": 4}, None),
        (make.TeamLocationSettingsFactory, {"contingency": 100}, None),
        (
            make.TeamLocationSettingsFactory,
            {"contingency": 101},
            "team_location_contingency_is_percent",
        ),
        (make.TeamLocationSettingsFactory, {"fixed_days": [1, 7]}, None),
        (
            make.TeamLocationSettingsFactory,
            {"fixed_days": [0]},
            "team_location_fixed_days_are_weekdays",
        ),
        (
            make.TeamLocationSettingsFactory,
            {"fixed_days": [8]},
            "team_location_fixed_days_are_weekdays",
        ),
        (make.OccupancyFactory, {"first_seen_at": make.NINE}, None),
        (
            make.OccupancyFactory,
            {"first_seen_at": make.NINE + HOUR},
            "occupancy_first_seen_is_first",
        ),
        (make.OccupancyFactory, {"last_seen_at": make.NINE}, None),
        (make.OccupancyFactory, {"last_seen_at": make.NINE - HOUR}, "occupancy_last_seen_is_last"),
        (
            make.OccupancySessionFactory,
            {"expires_at": make.MADE_AT},
            "occupancy_session_expires_after_start",
        ),
        (make.ForecastJobFactory, {"state": "lost"}, "forecast_job_state_is_known"),
        (make.ForecastJobFactory, {"progress": 100}, None),
        (make.ForecastJobFactory, {"progress": 101}, "forecast_job_progress_is_percent"),
        (
            make.ForecastJobFactory,
            {"ends_on": make.DAY - dt.timedelta(days=1)},
            "forecast_job_ends_after_start",
        ),
        (make.ForecastJobFactory, {"finished_at": None}, "forecast_job_finished_has_its_moment"),
        (make.ForecastJobFactory, {"state": "running"}, "forecast_job_finished_has_its_moment"),
        (
            make.LocationForecastFactory,
            {"ends_at": make.DAY_START},
            "location_forecast_ends_after_start",
        ),
        (make.LocationForecastFactory, {"forecast": -1}, "location_forecast_not_negative"),
        (make.LocationForecastFactory, {"low_95": 77}, "location_forecast_intervals_nest"),
        (make.LocationForecastFactory, {"high_80": 75}, "location_forecast_intervals_nest"),
        (make.LocationForecastFactory, {"quality": "x"}, "location_forecast_quality_is_known"),
        (make.TeamForecastFactory, {"forecast": -1}, "team_forecast_not_negative"),
        (make.TeamForecastFactory, {"high_95": 9}, "team_forecast_intervals_nest"),
        (make.TeamForecastFactory, {"quality": "x"}, "team_forecast_quality_is_known"),
        (make.PersonForecastFactory, {"probability": 1.0, "probability_inc": 0.0}, None),
        (
            make.PersonForecastFactory,
            {"probability": 1.01},
            "person_forecast_is_a_probability",
        ),
        (
            make.PersonForecastFactory,
            {"probability_inc": -0.01},
            "person_forecast_is_a_probability",
        ),
        (make.EvolutionFactory, {"status": "lost"}, "evolution_status_is_known"),
        (make.EvolutionFactory, {"disruption": "MID"}, "evolution_disruption_is_known"),
        (make.EvolutionFactory, {"progress": 101}, "evolution_progress_is_percent"),
        (make.EvolutionFactory, {"finished_at": None}, "evolution_finished_has_its_moment"),
        (make.AllocationFactory, {"ends_at": make.NINE}, "allocation_ends_after_start"),
        (make.AllocationFactory, {"team": None}, "allocation_is_of_a_person_or_team"),
        (make.AllocationFactory, {"type": "ROOM"}, "allocation_room_goes_with_its_type"),
        (make.AllocationFactory, {"source": "GUESS"}, "allocation_source_is_known"),
        (make.IntentionFactory, {"status": "MAYBE"}, "intention_status_is_known"),
        (make.IntentionFactory, {"type": "BEACH"}, "intention_type_is_known"),
        (make.IntentionFactory, {"external_type": "BEACH"}, "intention_external_type_is_known"),
        (make.IntentionFactory, {"source": "GUESS"}, "intention_source_is_known"),
        (make.IntentionFactory, {"ends_at": make.NINE}, "intention_ends_after_start"),
        (make.IntentionFactory, {"person": None}, "intention_is_of_a_person_or_team"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_row_that_breaks_a_rule_is_refused(factory, fields, constraint):
    row = factory()

    def write() -> None:
        type(row).objects.filter(pk=row.pk).update(**fields)

    if constraint:
        refused(constraint, write)
    else:
        write()
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (make.TeamFactory, {"with_settings__priority": "top"}, "team_settings_priority_is_known"),
        (
            make.TeamFactory,
            {"with_settings__space_type_preference": "SEA"},
            "team_settings_space_type_is_known",
        ),
    ],
)
def test_settings_of_a_team_are_known_words(model, fields, constraint):
    refused(constraint, lambda: model(**fields))


def test_external_ids_are_used_once_where_they_are_given():
    organization = OrganizationFactory()
    UserFactory(organization=organization, external_id="HR-1")
    UserFactory(external_id="HR-1")
    UserFactory.create_batch(2, organization=organization)
    make.TeamFactory(organization=organization, external_id="T-1")
    make.TeamFactory(external_id="T-1")
    make.TeamFactory.create_batch(2, organization=organization)
    SiteFactory(external_id="S-1")
    SiteFactory.create_batch(2)

    refused(
        "user_external_id_once", lambda: UserFactory(organization=organization, external_id="HR-1")
    )
    refused(
        "team_external_id_once",
        lambda: make.TeamFactory(organization=organization, external_id="T-1"),
    )
    refused("site_external_id_once", lambda: SiteFactory(external_id="S-1"))


def test_people_without_organization_share_no_external_id():
    UserFactory(organization=None, external_id="HR-1")

    refused("user_external_id_once", lambda: UserFactory(organization=None, external_id="HR-1"))


def test_names_are_used_once_within_their_place():
    layer = make.LayerFactory(name="1")
    zone = make.ZoneFactory(layer=layer, name="North")
    make.ZoneFactory(layer=make.LayerFactory(name="1"), name="North")

    refused("layer_name_once", lambda: make.LayerFactory(site=layer.site, name="1"))
    refused("zone_name_once", lambda: make.ZoneFactory(layer=layer, name="North"))
    assert zone.layer.site == layer.site


def test_neighbours_are_each_others():
    one, other = make.ZoneFactory(), make.ZoneFactory()

    one.neighbours.add(other)

    assert list(other.neighbours.all()) == [one]


def test_person_has_one_primary_team_and_is_in_a_team_once():
    member = make.TeamMembershipFactory()
    make.TeamMembershipFactory(person=member.person, is_primary=False)

    refused(
        "team_membership_one_is_primary",
        lambda: make.TeamMembershipFactory(person=member.person),
    )
    refused(
        "team_membership_once",
        lambda: make.TeamMembershipFactory(
            team=member.team, person=member.person, is_primary=False
        ),
    )


def test_team_has_its_settings_once_and_once_a_location():
    here = make.TeamLocationSettingsFactory()

    refused(
        "team_location_once",
        lambda: make.TeamLocationSettingsFactory(team=here.settings.team, site=here.site),
    )


@pytest.mark.parametrize("whose", [{}, {"organization": None}, {"team": None}])
def test_attendance_of_a_day_is_counted_once(whose):
    organization = OrganizationFactory()
    team = make.TeamFactory(organization=organization)
    first = make.AttendanceDayFactory(**{"organization": organization, "team": team} | whose)
    again = {"site": first.site, "organization": first.organization, "team": first.team}
    make.AttendanceDayFactory(**again, day=first.day + dt.timedelta(days=1))

    refused("attendance_day_once", lambda: make.AttendanceDayFactory(**again))


def test_person_is_seen_at_a_moment_once_even_if_deleted():
    seen = make.OccupancyFactory(deleted_at=make.NINE)

    refused(
        "occupancy_once",
        lambda: make.OccupancyFactory(person=seen.person, site=seen.site, seen_at=seen.seen_at),
    )


# --- one run at a time --------------------------------------------------------------------------


@pytest.mark.parametrize("tenant", [None, OrganizationFactory])
def test_tenant_has_one_active_forecast_job_a_location(tenant):
    organization = tenant and tenant()
    active = make.ForecastJobFactory(queued=True, organization=organization)
    make.ForecastJobFactory(site=active.site, organization=organization)
    make.ForecastJobFactory(queued=True, site=active.site, organization=OrganizationFactory())
    make.ForecastJobFactory(queued=True, organization=organization)

    refused(
        "forecast_job_one_is_active",
        lambda: make.ForecastJobFactory(running=True, site=active.site, organization=organization),
    )


@pytest.mark.parametrize("tenant", [None, OrganizationFactory])
def test_tenant_has_one_active_evolution_a_location_and_day(tenant):
    organization = tenant and tenant()
    active = make.EvolutionFactory(created=True, organization=organization)
    make.EvolutionFactory(site=active.site, organization=organization)
    make.EvolutionFactory(created=True, site=active.site, organization=OrganizationFactory())
    make.EvolutionFactory(
        created=True,
        site=active.site,
        organization=organization,
        day=active.day + dt.timedelta(days=1),
    )

    refused(
        "evolution_one_is_active",
        lambda: make.EvolutionFactory(processing=True, site=active.site, organization=organization),
    )


@pytest.mark.parametrize(
    ("factory", "constraint"),
    [
        (make.TeamForecastFactory, "team_forecast_once_a_day"),
        (make.PersonForecastFactory, "person_forecast_once_a_day"),
        (make.LocationForecastFactory, "location_forecast_once_a_day"),
    ],
)
def test_day_is_forecast_once(factory, constraint):
    first = factory()
    same = {"site": first.site}
    for name in ("team", "person"):
        if factory is not make.LocationForecastFactory and hasattr(first, name):
            same[name] = getattr(first, name)
    factory(**same, day=first.day + dt.timedelta(days=1))

    refused(constraint, lambda: factory(**same))


def test_location_forecasts_of_tenants_stand_beside_each_other():
    whole = make.LocationForecastFactory()
    own = make.LocationForecastFactory(site=whole.site, organization=OrganizationFactory())

    refused(
        "location_forecast_once_a_day",
        lambda: make.LocationForecastFactory(site=own.site, organization=own.organization),
    )


# --- one seat at a time -------------------------------------------------------------------------

SPANS = [
    (make.NINE, make.SIX, True),
    (make.NINE - HOUR, make.NINE, False),
    (make.SIX, make.SIX + HOUR, False),
    (make.NINE - HOUR, make.NINE + dt.timedelta(minutes=1), True),
    (make.SIX - dt.timedelta(minutes=1), make.SIX + HOUR, True),
    (make.NINE + HOUR, make.SIX - HOUR, True),
    (make.NINE - HOUR, make.SIX + HOUR, True),
]


@pytest.mark.parametrize(("start", "end", "clash"), SPANS)
def test_space_is_allocated_once_at_a_time(start, end, clash):
    held = make.AllocationSpaceFactory()
    other = make.AllocationFactory(zone=held.allocation.zone, starts_at=start, ends_at=end)

    def take() -> None:
        make.AllocationSpaceFactory(allocation=other, space=held.space)

    if clash:
        refused("allocation_space_one_team", take)
    else:
        take()
        assert held.space.held.count() == 2


def test_a_person_has_a_desk_of_their_team_and_no_other_person_has_it():
    held = make.AllocationSpaceFactory()
    fields = {"team": held.allocation.team, "zone": held.allocation.zone}
    one, other = (make.AllocationFactory(person=UserFactory(), **fields) for _ in range(2))

    make.AllocationSpaceFactory(allocation=one, space=held.space, of_person=True)

    refused(
        "allocation_space_one_person",
        lambda: make.AllocationSpaceFactory(allocation=other, space=held.space, of_person=True),
    )


def test_space_that_is_no_longer_held_is_free():
    held = make.AllocationSpaceFactory(holds=False)

    make.AllocationSpaceFactory(
        allocation=make.AllocationFactory(zone=held.allocation.zone), space=held.space
    )

    assert held.space.held.count() == 2


@pytest.mark.parametrize("during", [(make.NINE, None), (None, make.NINE), (make.NINE, make.NINE)])
def test_space_is_held_for_a_finite_time(during):
    refused(
        "allocation_space_is_a_finite_time",
        lambda: make.AllocationSpaceFactory(during=DateTimeTZRange(*during)),
    )


@pytest.mark.parametrize(("start", "end", "clash"), SPANS)
def test_person_has_one_seat_at_a_time(start, end, clash):
    seat = make.AllocationFactory(team=None, person=UserFactory())

    def sit_again() -> None:
        make.AllocationFactory(team=None, person=seat.person, starts_at=start, ends_at=end)

    if clash:
        refused("allocation_person_sits_once", sit_again)
    else:
        sit_again()
        assert seat.person.allocations.count() == 2


def test_person_may_sit_again_once_the_seat_is_given_up_or_is_a_room():
    seat = make.AllocationFactory(team=None, person=UserFactory(), deleted_at=make.MADE_AT)
    make.AllocationFactory(team=None, person=seat.person)
    make.AllocationFactory(team=None, person=seat.person, in_room=True, room=RoomFactory())

    assert seat.person.allocations.count() == 3


def test_external_intention_is_known_once_to_its_configuration():
    first = make.IntentionFactory(configuration=make.ConfigurationFactory(), external_id="A")
    make.IntentionFactory(configuration=make.ConfigurationFactory(), external_id="A")

    refused(
        "intention_external_id_once",
        lambda: make.IntentionFactory(configuration=first.configuration, external_id="A"),
    )
    refused(
        "intention_of_a_configuration_has_its_id",
        lambda: make.IntentionFactory(configuration=first.configuration),
    )


def test_what_was_deleted_says_who_only_with_when():
    from tests.factories.apitokens import ApiTokenFactory

    for factory, constraint in (
        (make.OccupancyFactory, "occupancy_deleted_by_goes_with_deleted"),
        (make.AllocationFactory, "allocation_deleted_by_goes_with_deleted"),
    ):
        token = ApiTokenFactory()
        refused(constraint, lambda made=factory, by=token: made(deleted_by=by))
        assert factory(deleted_by=token, deleted_at=make.NINE).deleted_by == token


# --- what goes with what ------------------------------------------------------------------------


def test_children_of_an_intention_go_with_it():
    parent = make.IntentionFactory(person=None, team=make.TeamFactory())
    make.IntentionFactory(parent=parent)

    parent.delete()

    assert not type(parent).objects.exists()


def test_team_with_plans_stays():
    plan = make.IntentionFactory(team=make.TeamFactory())

    with pytest.raises(ProtectedError):
        plan.team.delete()


def test_history_of_an_intention_names_nobody():
    plan = make.IntentionFactory(reason="Jean is ill", metadata={"who": "Jean"})
    pk = plan.pk
    plan.delete()

    kept = plan.pgh_event_model.objects.filter(pgh_obj_id=pk)
    assert [event.pgh_label for event in kept.order_by("pgh_id")] == ["insert", "delete"]
    assert not {"reason", "metadata"} & {field.name for field in kept.model._meta.fields}


def test_defaults():
    site, person = Site.objects.get(pk=SiteFactory().pk), User.objects.get(pk=UserFactory().pk)

    assert (site.operating_hours, site.capacity, site.workplace_settings) == ([], None, {})
    assert (site.holiday_country, site.holiday_subdivision, site.external_id) == ("", "", "")
    assert (person.external_id, person.schedule_visibility) == ("", "open")
    assert person.organization.person_forecasts is False
