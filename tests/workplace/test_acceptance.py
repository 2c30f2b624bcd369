"""The sentences of the Workplace API's contract that are worth a test of their own, in its order.

Source: workplace-api, section 10. Number 8 is `test_tenancy.py`.
"""

import base64
import datetime as dt
import json
import random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from booking.models import Meeting, Reservation
from config import clock
from tests.contention import racing
from tests.factories import workplace as make
from tests.factories.apitokens import ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory
from tests.workplace.intention_world import World, details
from workplace.domain import evolution_runs, forecast_runs
from workplace.models import Allocation, Evolution, Intention, Occupancy, Zone

BASE = "/workplace/v1"
NOW = dt.datetime(2030, 1, 3, 10, tzinfo=dt.UTC)
MONDAY = dt.date(2030, 1, 7)
OPEN = [{"days": [1, 2, 3, 4, 5], "open": "08:00", "close": "19:00"}]


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


# --- 1 and 2 ------------------------------------------------------------------------------------------
def tell(key: Any, *items: dict[str, Any]) -> Any:
    answer = Client().post(
        f"{BASE}/occupancy",
        {"occupancy": list(items)},
        content_type="application/json",
        headers=key.header,
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]["summary"]


@pytest.mark.django_db
def test_a_thousand_rows_of_presence_sent_again_are_a_thousand_duplicates(frozen: None) -> None:
    key, site = WorkplaceKeyFactory(), SiteFactory()
    people = UserFactory.create_batch(4)
    seen = dt.datetime(2029, 12, 3, 8, tzinfo=dt.UTC)
    items = [
        {
            "location_id": site.pk,
            "people_id": people[number % 4].pk,
            "seen_at": (seen + dt.timedelta(minutes=number)).isoformat(),
        }
        for number in range(1000)
    ]

    first, again = tell(key, *items), tell(key, *items)

    assert (first["created"], first["duplicates"]) == (1000, 0)
    assert (again["created"], again["duplicates"]) == (0, 1000)
    assert Occupancy.objects.count() == 1000


@pytest.mark.django_db
def test_deleted_presence_is_gone_from_lists_and_forecasts_until_it_is_told_again(
    frozen: None,
) -> None:
    key, site, person = WorkplaceKeyFactory(), SiteFactory(), UserFactory()
    item = {"location_id": site.pk, "people_id": person.pk, "seen_at": "2030-01-02T09:00:00Z"}
    tell(key, item)

    def listed() -> list[str]:
        params = {"location_id": site.pk}
        answer = Client().get(f"{BASE}/occupancy", params, headers=key.header)
        return [row["people_id"] for row in answer.json()["data"]["occupancy"]]

    def heads() -> int:
        """Return whom a forecast counts at the location: seen there in the last 90 days."""
        sent = {"location_id": site.pk, "force_rebuild": True}
        started = Client().post(
            f"{BASE}/forecast/start", sent, content_type="application/json", headers=key.header
        )
        forecast_runs.run(started.json()["data"]["job_id"], clock=lambda: NOW)
        params = {"location_id": site.pk}
        answer = Client().get(f"{BASE}/forecast/locations", params, headers=key.header)
        return max(row["head_count"] for row in answer.json()["data"]["forecasts"])

    before = (listed(), heads())
    deletion = Client().delete(
        f"{BASE}/occupancy",
        {"location_id": site.pk, "people_id": person.pk},
        content_type="application/json",
        headers=key.header,
    )
    between = (listed(), heads())
    again = tell(key, item)

    assert before == ([person.pk], 1)
    assert deletion.json()["data"] == {"deleted": 1}
    assert between == ([], 0)
    assert (again["restored"], listed(), heads()) == (1, [person.pk], 1)


# --- 3 ----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_day_on_which_the_clocks_go_back_is_listed_for_25_hours() -> None:
    zone = make.ZoneFactory(site=SiteFactory(time_zone="Europe/Paris"))
    first = dt.datetime(2025, 10, 25, 22, tzinfo=dt.UTC)
    hour, second = dt.timedelta(hours=1), dt.timedelta(seconds=1)

    def seat(start: dt.datetime, end: dt.datetime) -> str:
        row = make.AllocationFactory(
            zone=zone, team=make.TeamFactory(), starts_at=start, ends_at=end
        )
        return str(row.pk)

    seat(first - hour, first)  # ends as the day begins
    inside = {
        seat(first - hour, first + second),
        seat(first + 24 * hour, first + 25 * hour),  # the hour that only this day has
        seat(first + 25 * hour - second, first + 26 * hour),
    }
    seat(first + 25 * hour, first + 26 * hour)
    params = {"starts_at": "2025-10-26", "ends_at": "2025-10-26", "timezone": "Europe/Paris"}

    answer = Client().get(f"{BASE}/allocations", params, headers=WorkplaceKeyFactory().header)

    assert {row["_id"] for row in answer.json()["data"]["allocations"]} == inside


# --- 4 and 5: several processes ------------------------------------------------------------------------
def race(*tasks: dict[str, Any], connections: int = 4) -> list[list[dict[str, Any]]]:
    """Run one process of callers for each task at one moment; return the answers of each."""
    return racing.race("caller", [task | {"connections": connections} for task in tasks])


def body_of(answer: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(answer["body"]))


@pytest.mark.contention
@pytest.mark.django_db(transaction=True)
def test_parallel_starts_of_an_evolution_get_one_run() -> None:
    key, site = WorkplaceKeyFactory(), SiteFactory(time_zone="UTC")
    day = clock.now().date() + dt.timedelta(days=2)
    task = {
        "method": "POST",
        "path": f"{BASE}/evolve/start",
        "headers": key.header,
        "body": json.dumps({"location_id": site.pk, "date": day.isoformat()}),
    }

    answers = [answer for told in race(task, task) for answer in told]

    assert {answer["status"] for answer in answers} == {200}
    told = [body_of(answer)["data"] for answer in answers]
    assert {each["evolution_id"] for each in told} == {str(Evolution.objects.get().pk)}
    assert [each["reused"] for each in told].count(False) == 1


@pytest.mark.contention
@pytest.mark.django_db(transaction=True)
def test_one_slot_of_a_room_is_won_once_by_plans_and_meeting_requests_together() -> None:
    world = World(time_zone="UTC")
    room = world.room(max_duration=480)
    today = clock.now().date()
    day = today + dt.timedelta(days=14 - today.weekday())  # a Monday ahead
    people = [world.colleague() for _ in range(8)]
    token = ApiTokenFactory()
    plans = [
        {
            "method": "POST",
            "path": f"{BASE}/intentions",
            "headers": world.key.header,
            "body": json.dumps(
                world.body(
                    type="ROOM",
                    room_id=room.pk,
                    people_id=person.pk,
                    starts_at=f"{day}T10:00:00Z",
                    ends_at=f"{day}T11:00:00Z",
                )
            ),
        }
        for person in people[:2]
    ]
    request = {
        "method": "POST",
        "path": "/api/meeting-request",
        "headers": token.header,
        "body": json.dumps(
            {
                "contactEmail": people[2].email,
                "bookedRoom": room.pk,
                "bookedAt": f"{day}T10:00:00",
                "duration": 60,
            }
        ),
    }

    of_plans, of_request = race(plans[0], request, connections=3)
    also = race(plans[1], connections=1)

    statuses = sorted(answer["status"] for answer in [*of_plans, *of_request, *also[0]])
    assert statuses == [200, *[409] * 6]
    assert Meeting.objects.count() == Reservation.objects.filter(holds=True).count() == 1
    assert Intention.objects.count() in (0, 1)


# --- 6 and 7 -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_accepting_against_a_conflict_takes_force_and_cancels_the_other(frozen: None) -> None:
    world = World()
    first = world.made(status="PENDING")
    second = world.made(status="ACCEPTED", starts_at="2030-01-08T08:00:00Z", ends_at=...)
    Intention.objects.filter(pk=second["_id"]).update(
        starts_at=first["starts_at"], ends_at=first["ends_at"], day=MONDAY
    )

    refused = world.answer("accept", first)
    forced = world.answer("accept", first, query="?force=true")

    assert details(refused, 409)[0][1] == "intention_conflict"
    assert forced.json()["data"]["intention"]["status"] == "ACCEPTED"
    other = Intention.objects.get(pk=second["_id"])
    assert (other.status, other.reason) == ("CANCELLED", f"superseded_by:{first['_id']}")


@pytest.mark.django_db
def test_who_cancelled_may_join_again_but_not_what_was_deleted(frozen: None) -> None:
    world = World()
    plan = world.made()

    statuses = [
        world.answer("cancel", plan).json()["data"]["intention"]["status"],
        world.answer("accept", plan).json()["data"]["intention"]["status"],
    ]
    deleted = world.delete(plan)
    gone = world.answer("accept", plan)

    assert statuses == ["CANCELLED", "ACCEPTED"]
    assert deleted.json()["data"] == {"deleted": 1}
    assert gone.json()["error"]["code"] == "resource_not_found"
    assert world.delete(plan).status_code == 404


# --- 9, 10 and 12: evolutions --------------------------------------------------------------------------
def evolved(key: Any, site: Any) -> Any:
    """Start a run over the API, let a worker do it, and return what the API says of it."""
    sent = {"location_id": site.pk, "date": MONDAY.isoformat()}
    started = Client().post(
        f"{BASE}/evolve/start", sent, content_type="application/json", headers=key.header
    )
    evolution_id = started.json()["data"]["evolution_id"]
    evolution_runs.run(evolution_id, clock=lambda: NOW)
    params = {"evolution_id": evolution_id}
    return Client().get(f"{BASE}/evolve/status", params, headers=key.header).json()["data"]


def seats_of(day_zone: str = "Europe/Paris") -> dict[tuple[Any, Any, Any], tuple[int, int]]:
    """Return who sits where, with the row's version."""
    rows = Allocation.objects.filter(deleted_at=None)
    return {(row.pk, row.zone_id, row.team_id): (row.seats, row.version) for row in rows}


def expected(site: Any, people: int, **fields: Any) -> Any:
    team = make.TeamFactory(**fields)
    make.TeamForecastFactory(team=team, site=site, day=MONDAY, forecast_inc=people)
    return team


@pytest.mark.django_db
def test_a_second_evolution_without_change_executes_nothing(frozen: None) -> None:
    key, site = WorkplaceKeyFactory(), SiteFactory(operating_hours=OPEN)
    layer = make.LayerFactory(site=site)
    for _ in range(2):
        make.ZoneFactory(layer=layer, capacity=6)
        expected(site, 4)

    first = evolved(key, site)
    seats = seats_of()
    second = evolved(key, site)

    assert (first["status"], second["status"]) == ("successful", "no_execution")
    written = second["result"]["allocations"]
    assert (written["created"], written["updated"], written["deleted"]) == (0, 0, 0)
    assert seats_of() == seats


@pytest.mark.django_db
def test_a_locked_allocation_survives_an_evolution(frozen: None) -> None:
    key, site = WorkplaceKeyFactory(), SiteFactory(operating_hours=OPEN)
    layer = make.LayerFactory(site=site)
    small, _large = (make.ZoneFactory(layer=layer, capacity=capacity) for capacity in (3, 20))
    team = expected(site, 5)
    body = {
        "allocations": [
            {
                "location_id": site.pk,
                "type": "SPACE",
                "team_id": team.pk,
                "zone_id": small.pk,
                "seats": 3,
                "starts_at": "2030-01-07T08:00:00Z",
                "ends_at": "2030-01-07T17:00:00Z",
                "locked": True,
            }
        ]
    }
    made = Client().post(
        f"{BASE}/allocations", body, content_type="application/json", headers=key.header
    )
    (locked,) = made.json()["data"]["allocations"]

    told = evolved(key, site)

    shown = Client().get(
        f"{BASE}/allocations", {"allocation_id": locked["_id"]}, headers=key.header
    )
    assert shown.json()["data"]["allocations"] == [locked]
    assert told["result"]["allocations"]["kept_locked"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_no_zone_is_overfull_and_nobody_sits_outside_their_area(frozen: None, seed: int) -> None:
    chance = random.Random(seed)
    key, site = WorkplaceKeyFactory(), SiteFactory(operating_hours=OPEN)
    zones = [
        make.ZoneFactory(layer=layer, capacity=chance.randint(1, 9))
        for layer in make.LayerFactory.create_batch(2, site=site)
        for _ in range(3)
    ]
    areas: dict[str, set[str]] = {}
    for kind in ("FREE", "FLEX", "FIX", *chance.choices(("FREE", "FLEX", "FIX"), k=4)):
        team = expected(site, chance.randint(1, 8))
        wanted = chance.sample(zones, k=chance.randint(1, 2))
        wishes = make.TeamLocationSettingsFactory(team=team, site=site, type=kind)
        wishes.preferred_zones.set(wanted)
        layers = {zone.layer_id for zone in wanted}
        areas[team.pk] = {
            "FREE": {zone.pk for zone in zones},
            "FLEX": {zone.pk for zone in zones if zone.layer_id in layers},
            "FIX": {zone.pk for zone in wanted},
        }[kind]

    told = evolved(key, site)

    taken: dict[str, int] = {}
    for row in Allocation.objects.filter(deleted_at=None, person=None):
        assert row.zone_id in areas[row.team_id]
        taken[row.zone_id] = taken.get(row.zone_id, 0) + row.seats
    capacities = dict(Zone.objects.values_list("pk", "capacity"))
    assert [pk for pk, seats in taken.items() if seats > capacities[pk]] == []
    assert sum(taken.values()) == told["result"]["seated"] > 0


# --- 11 -------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_pages_visit_each_of_120_rows_once_though_many_sort_alike() -> None:
    key, people = WorkplaceKeyFactory(), UserFactory.create_batch(3)
    zone = make.ZoneFactory(capacity=200)
    start = dt.datetime(2030, 1, 7, 8, tzinfo=ZoneInfo("UTC"))
    every = set()
    for number in range(120):
        begin = start + dt.timedelta(days=number)
        every.add(
            make.AllocationFactory(
                team=None,
                person=people[number % 3],
                zone=zone,
                starts_at=begin,
                ends_at=begin + dt.timedelta(hours=8),
            ).pk
        )

    seen: list[str] = []
    for skip in range(0, 125, 25):
        params = {"sort": "people_id", "skip": str(skip)}
        answer = Client().get(f"{BASE}/allocations", params, headers=key.header)
        data = answer.json()["data"]
        seen += [row["_id"] for row in data["allocations"]]
        assert data["pagination"]["total_results"] == 120

    assert (len(seen), set(seen)) == (120, every)
