"""What follows once a plan has been committed. Source: Workplace API, section 8, "Flow"."""

import datetime as dt

import pytest
import time_machine

from tests.factories.workplace import (
    EvolutionFactory,
    LocationForecastFactory,
    PersonForecastFactory,
    ZoneFactory,
)
from tests.workplace.intention_world import EXTERNAL, NOW, TODAY
from workplace.models import Allocation, PersonForecast

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2030, 1, 7)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def after_commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def forecast(world, *days):
    for day in days:
        start = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(hours=1)
        span = {"day": day, "starts_at": start, "ends_at": start + DAY, "site": world.site}
        LocationForecastFactory(**span)
        PersonForecastFactory(person=world.person, **span)


def chances():
    rows = PersonForecast.objects.order_by("day")
    return [round(row.probability_inc, 2) for row in rows]


def test_who_declares_after_the_plan_was_published_gets_a_seat(world, after_commits):
    zone = ZoneFactory(layer__site=world.site)
    EvolutionFactory(site=world.site, day=MONDAY, published_at=NOW)

    with after_commits():
        plan = world.made()

    assert Allocation.objects.get(intention=plan["_id"]).zone == zone
    with after_commits():
        world.answer("cancel", plan)
    assert not Allocation.objects.filter(deleted_at=None).exists()


def test_a_plan_counts_in_the_forecast_of_every_day_it_touches(world, after_commits):
    forecast(world, *(MONDAY + number * DAY for number in range(4)))

    with after_commits():
        world.made(type="ABSENT", starts_at="2030-01-07", ends_at="2030-01-09")

    assert chances() == [0.03, 0.03, 0.03, 0.6]


def test_a_plan_that_moves_counts_where_it_was_and_where_it_is(world, after_commits):
    forecast(world, MONDAY, MONDAY + DAY)
    world.configuration()
    item = {
        "external_id": "1",
        "external_type": "DESK_BOOKING",
        "location_id": world.site.pk,
        "people_id": world.person.pk,
        "starts_at": "2030-01-07",
    }
    with after_commits():
        world.call("post", EXTERNAL, body=item)
    assert chances() == [0.97, 0.6]

    with after_commits():
        world.call("post", EXTERNAL, body=item | {"starts_at": "2030-01-08"})

    assert chances() == [0.6, 0.97]


def test_a_deleted_plan_no_longer_counts(world, after_commits):
    forecast(world, MONDAY)
    with after_commits():
        plan = world.made()
    assert chances() == [0.97]

    with after_commits():
        world.delete(plan)

    assert chances() == [0.6]


@pytest.mark.parametrize("items", [1, 3])
def test_an_item_of_a_connected_system_costs_a_bounded_number_of_queries(
    world, items, django_assert_max_num_queries
):
    system = world.configuration()
    body = {
        "intentions": [
            {
                "external_id": str(number),
                "external_type": "DESK_BOOKING",
                "location_id": world.site.pk,
                "people_id": world.colleague().pk,
                "starts_at": "2030-01-07",
            }
            for number in range(items)
        ]
    }

    with django_assert_max_num_queries(12 + 15 * items):
        world.call("post", EXTERNAL, body=body, headers={"x-configuration-id": system.pk})
