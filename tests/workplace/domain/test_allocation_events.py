"""Events of seats and rooms that are given, changed or taken back.

Source: workplace-api, section 0, "Audit/webhooks".
"""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from apitokens.domain import publishing
from apitokens.models import Event, WebhookDelivery
from tests.factories import workplace as make
from tests.factories.apitokens import WebhookEndpointFactory, WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from workplace.domain import allocations, evolution_runs, evolutions, intention_seating
from workplace.domain.evolutions import Wish
from workplace.models import Allocation
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
DAY = make.DAY
PATH = "/workplace/v1/allocations"
OPERATOR = Tenant(organization_id=None, now=NOW)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site():
    return SiteFactory(time_zone="Europe/Paris")


def told() -> list[tuple[str, str]]:
    """Return type and object of each event of seats, forgetting them."""
    found = Event.objects.filter(object_kind="allocation").order_by("type", "object_id")
    events = list(found.values_list("type", "object_id"))
    found.delete()
    return events


def call(method: str, body: dict[str, object]) -> str:
    answer = getattr(Client(), method)(
        PATH, body, content_type="application/json", headers=WorkplaceKeyFactory().header
    )
    assert answer.status_code == 200, answer.content
    return answer


def evolve(site) -> str:
    started = evolutions.start(site.pk, DAY, Wish(), tenant=OPERATOR, now=NOW)
    evolution_runs.run(str(started.evolution.pk), clock=lambda: NOW)
    return started.evolution.pk


def test_an_event_names_the_row_its_place_and_time(site):
    person = UserFactory()
    zone = make.ZoneFactory(site=site)

    call(
        "post",
        {
            "allocations": [
                {
                    "location_id": site.pk,
                    "starts_at": "2030-01-07T08:00:00Z",
                    "ends_at": "2030-01-07T17:00:00Z",
                    "type": "SPACE",
                    "people_id": person.pk,
                    "zone_id": zone.pk,
                }
            ]
        },
    )

    event = Event.objects.get(object_kind="allocation")
    assert (event.type, event.object_id) == ("allocation.created", Allocation.objects.get().pk)
    assert (event.organization_id, event.people) == (person.organization_id, [person.pk])
    assert event.data == {
        "type": "SPACE",
        "source": "API",
        "siteId": site.pk,
        "startsAt": "2030-01-07T08:00:00Z",
        "endsAt": "2030-01-07T17:00:00Z",
    }
    assert event.at == NOW


def test_each_row_of_a_batch_is_told_once_and_what_stays_is_not(site):
    rows = [make.AllocationFactory(zone=make.ZoneFactory(site=site), seats=2) for _ in range(2)]
    same, other = rows

    call(
        "put",
        {"allocations": [{"_id": same.pk, "seats": 2}, {"_id": other.pk, "seats": 3}]},
    )
    assert told() == [("allocation.updated", other.pk)]

    call("delete", {"allocation_ids": [same.pk, other.pk]})
    assert told() == sorted(("allocation.deleted", row.pk) for row in rows)

    call("delete", {"allocation_ids": [same.pk]})
    assert told() == []


def test_a_plan_tells_of_every_row_that_it_makes_changes_deletes_and_brings_back(site):
    zone = make.ZoneFactory(site=site, capacity=9)
    stays, grows, goes = (make.TeamFactory() for _ in range(3))
    for team in (stays, grows, goes):
        make.TeamForecastFactory(team=team, site=site, day=DAY, forecast_inc=2)
    evolve(site)
    rows = dict(Allocation.objects.filter(zone=zone).values_list("team", "pk"))
    assert told() == sorted(("allocation.created", pk) for pk in rows.values())
    grows.forecasts.update(forecast_inc=4)
    goes.forecasts.update(forecast_inc=0)

    second = evolve(site)

    changed, gone = rows[grows.pk], rows[goes.pk]
    assert told() == [("allocation.deleted", gone), ("allocation.updated", changed)]
    evolutions.roll_back(second, tenant=OPERATOR, now=NOW)
    assert told() == [("allocation.created", gone), ("allocation.updated", changed)]


def test_a_run_that_changes_nothing_tells_nothing(site):
    make.ZoneFactory(site=site)
    make.TeamForecastFactory(site=site, day=DAY, forecast_inc=2)
    evolve(site)
    told()

    evolve(site)

    assert told() == []


def test_the_seat_of_a_late_plan_is_told(site):
    make.EvolutionFactory(site=site, day=DAY, published_at=NOW)
    make.ZoneFactory(site=site)
    plan = make.IntentionFactory(site=site)

    intention_seating.seat_day(site.pk, DAY, plan.person_id, now=NOW)

    assert told() == [("allocation.created", Allocation.objects.get().pk)]


def test_nothing_is_told_of_what_is_undone(site):
    zone = make.ZoneFactory(site=site, capacity=2)
    row = make.AllocationFactory(zone=zone, seats=1)
    answer = Client().put(
        PATH,
        {"allocations": [{"_id": row.pk, "seats": 3}]},
        content_type="application/json",
        headers=WorkplaceKeyFactory().header,
    )

    assert answer.status_code == 409
    assert told() == []


def test_a_webhook_of_the_organization_is_called_and_another_one_is_not(site):
    person = UserFactory(api_role="api-developer")
    ours = WebhookEndpointFactory(owner=person, event_types=["allocation.deleted"])
    WebhookEndpointFactory(
        owner=UserFactory(api_role="api-developer"), event_types=["allocation.deleted"]
    )
    WebhookEndpointFactory(owner=person, event_types=["allocation.created"])
    team = make.TeamFactory(organization=person.organization)
    row = make.AllocationFactory(team=team, zone=make.ZoneFactory(site=site))

    allocations.delete([row.pk], tenant=OPERATOR, by=None, now=NOW)
    publishing.publish(now=NOW)

    delivery = WebhookDelivery.objects.get()
    assert (delivery.endpoint, delivery.event.object_id) == (ours, row.pk)
