"""The forecast with wishes follows what people declare. Source: workplace-api, section 8, "Flow"."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import workplace as make
from tests.factories.organizations import UserFactory
from tests.workplace.forecast_world import DAY, NOW, TODAY, job, seen, world
from workplace.domain import forecast_runs, forecast_updates
from workplace.models import LocationForecast, PersonForecast, TeamForecast

pytestmark = pytest.mark.django_db

TUESDAY, SATURDAY = TODAY + DAY, TODAY + 5 * DAY
AT = dt.datetime(2030, 1, 8, 8, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def here():
    found = world()
    seen(found.site, UserFactory.create_batch(2), first=TODAY - 60 * DAY)
    forecast_runs.run(job(found.site).pk, clock=lambda: NOW)
    return found


def numbers(site, day=TUESDAY):
    """Everything that wishes change, of people, teams and locations."""
    return (
        sorted(
            PersonForecast.objects.filter(site=site, day=day).values_list(
                "person", "probability_inc", "intention"
            ),
            key=str,
        ),
        list(
            TeamForecast.objects.filter(site=site, day=day).values_list(
                "forecast_inc", "intentions"
            )
        ),
        sorted(
            LocationForecast.objects.filter(site=site, day=day).values_list(
                "organization", "forecast_inc", "intentions"
            ),
            key=str,
        ),
    )


def test_nothing_declared_changes_nothing(here):
    before = numbers(here.site)

    assert forecast_updates.update_day(here.site.pk, TUESDAY) == 0
    assert numbers(here.site) == before


def test_an_update_comes_to_what_a_new_run_would(here):
    stays = [person for number, person in enumerate(here.people) if (1 + number) % 5 < 3]
    for person in stays[:4]:
        make.IntentionFactory(person=person, site=here.site, starts_at=AT, type="REMOTE")
    before = numbers(here.site)

    changed = forecast_updates.update_day(here.site.pk, TUESDAY)
    updated = numbers(here.site)
    forecast_runs.run(job(here.site).pk, clock=lambda: NOW)

    assert changed == 4
    assert updated[1][0][0] < before[1][0][0]
    assert numbers(here.site)[1:] == updated[1:]


def test_a_plan_that_is_gone_counts_no_more(here):
    before = numbers(here.site)
    plan = make.IntentionFactory(person=here.people[0], site=here.site, starts_at=AT)
    forecast_updates.update_day(here.site.pk, TUESDAY)
    assert numbers(here.site) != before

    plan.delete()
    forecast_updates.update_day(here.site.pk, TUESDAY)

    assert numbers(here.site) == before


def test_plans_are_counted(here):
    make.IntentionFactory(person=here.people[0], site=here.site, starts_at=AT)
    make.IntentionFactory(person=here.people[1], site=here.site, starts_at=AT, status="PENDING")
    make.IntentionFactory(person=here.people[2], site=here.site, starts_at=AT, type="REMOTE")

    forecast_updates.update_day(here.site.pk, TUESDAY)

    _people, teams, locations = numbers(here.site)
    assert [each[1] for each in teams] == [2]
    assert {each[0]: each[2] for each in locations}[None] == 2


def test_a_plan_elsewhere_changes_where_its_person_was_expected(here):
    person = next(one for n, one in enumerate(here.people) if (1 + n) % 5 < 3)
    elsewhere = make.IntentionFactory(person=person, starts_at=AT)

    forecast_updates.plan_changed(elsewhere.site_id, TUESDAY, person.pk)

    row = PersonForecast.objects.get(site=here.site, person=person, day=TUESDAY)
    assert (row.probability_inc, row.intention_id) == (0.03, elsewhere.pk)


def test_closed_days_and_days_without_a_forecast_stay(here):
    make.IntentionFactory(person=here.people[0], site=here.site, starts_at=AT + 4 * DAY)
    before = numbers(here.site, SATURDAY)

    assert forecast_updates.update_day(here.site.pk, SATURDAY) == 0
    assert forecast_updates.update_day(here.site.pk, TODAY + 90 * DAY) == 0
    assert numbers(here.site, SATURDAY) == before


def test_the_sweep_counts_what_changed_lately(here):
    make.IntentionFactory(
        person=here.people[0],
        site=here.site,
        starts_at=AT,
        created_at=NOW - dt.timedelta(minutes=9),
    )
    make.IntentionFactory(
        person=here.people[1],
        site=here.site,
        starts_at=AT + DAY,
        created_at=NOW - dt.timedelta(minutes=11),
    )

    assert forecast_updates.sweep(now=NOW) == 1


def test_the_sweep_counts_every_day_of_a_plan(here):
    midnight = dt.datetime(
        2030, 1, 10, 23, tzinfo=dt.UTC
    )  # where Friday, 11 January begins in Paris
    lately = {"created_at": NOW - dt.timedelta(minutes=9)}
    make.IntentionFactory(
        person=here.people[0], site=here.site, starts_at=AT, ends_at=midnight, **lately
    )
    make.IntentionFactory(
        person=here.people[1], site=here.site, starts_at=AT, ends_at=midnight + SECOND, **lately
    )

    assert forecast_updates.sweep(now=NOW) == 3 + 4
    counted = PersonForecast.objects.filter(intention__isnull=False).order_by("day")
    first, second = (counted.filter(person=person) for person in here.people[:2])
    week = [TUESDAY + number * DAY for number in range(4)]
    assert list(first.values_list("day", flat=True)) == week[:3]
    assert list(second.values_list("day", flat=True)) == week
    assert [locations_intentions(here.site, day) for day in week] == [2, 2, 2, 1]


def test_the_sweep_counts_a_plan_where_its_person_was_expected(here):
    plan = make.IntentionFactory(
        person=here.people[0], starts_at=AT, created_at=NOW - dt.timedelta(minutes=9)
    )

    assert forecast_updates.sweep(now=NOW) == 1
    row = PersonForecast.objects.get(site=here.site, person=here.people[0], day=TUESDAY)
    assert (row.probability_inc, row.intention_id) == (0.03, plan.pk)


def locations_intentions(site, day):
    return LocationForecast.objects.get(site=site, day=day, organization=None).intentions


def test_queries_do_not_grow_with_people():
    counts = []
    for people in (2, 9):
        found = world(people=people, weeks=0)
        forecast_runs.run(job(found.site, days=3).pk, clock=lambda: NOW)
        make.IntentionFactory(person=found.people[0], site=found.site, starts_at=AT)
        with CaptureQueriesContext(connection) as queries:
            forecast_updates.update_day(found.site.pk, TUESDAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]
