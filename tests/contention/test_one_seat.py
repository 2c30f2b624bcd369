"""Calls of several processes for the same seats, desks, rooms, runs and presence of the workplace.

Source: workplace-api, sections 7 and 10, test 4.
"""

import base64
import datetime as dt
import json
from collections import Counter

import pytest

from booking.models import Reservation
from config import clock
from tests.contention.test_one_key import calls
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from workplace.models import (
    Allocation,
    AllocationSpace,
    Evolution,
    ForecastJob,
    Occupancy,
)

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, CONNECTIONS = 2, 8
START = dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)


def race(path: str, body: object) -> list[dict]:
    task = {
        "method": "POST",
        "path": f"/workplace/v1/{path}",
        "headers": WorkplaceKeyFactory().header,
        "body": json.dumps(body),
    }
    codes, answers = calls(task, processes=PROCESSES, connections=CONNECTIONS)
    assert codes == [0] * PROCESSES
    return [
        {"status": answer["status"], **json.loads(base64.b64decode(answer["body"]))}
        for answer in answers
    ]


def outcomes(answers: list[dict]) -> Counter:
    """Count the answers by the code of their first detail."""
    return Counter(
        "made" if answer["status"] == 200 else answer["error"]["details"][0]["code"]
        for answer in answers
    )


def wish(site, **fields: object) -> dict[str, object]:
    return {
        "allocations": [
            {
                "location_id": site.id,
                "type": "SPACE",
                "starts_at": START.isoformat(),
                "ends_at": (START + dt.timedelta(hours=2)).isoformat(),
                **fields,
            }
        ]
    }


def test_a_zone_gives_each_seat_once():
    zone = make.ZoneFactory(capacity=5)
    body = wish(zone.layer.site, team_id=make.TeamFactory().id, zone_id=zone.id, seats=1)

    found = outcomes(race("allocations", body))

    assert found == {"made": 5, "zone_over_capacity": PROCESSES * CONNECTIONS - 5}
    assert Allocation.objects.count() == 5


def test_a_desk_without_a_zone_is_given_once():
    layer = make.LayerFactory()
    desk = make.SpaceFactory(layer=layer, zone=None)
    body = wish(layer.site, team_id=make.TeamFactory().id, spaces=[desk.id])

    found = outcomes(race("allocations", body))

    assert found == {"made": 1, "space_already_allocated": PROCESSES * CONNECTIONS - 1}
    assert AllocationSpace.objects.count() == 1


def test_a_room_is_given_once():
    room = RoomFactory()
    body = wish(room.site, team_id=make.TeamFactory().id, room_id=room.id, type="ROOM")

    found = outcomes(race("allocations", body))

    assert found == {"made": 1, "room_conflict": PROCESSES * CONNECTIONS - 1}
    assert Reservation.objects.count() == 1


def test_a_day_has_one_run_under_way():
    """Source: workplace-api, section 10, test 4."""
    day = clock.now().date() + dt.timedelta(days=2)
    body = {"location_id": SiteFactory().id, "date": day.isoformat()}

    answers = race("evolve/start", body)

    assert {answer["status"] for answer in answers} == {200}
    assert {answer["data"]["evolution_id"] for answer in answers} == {
        str(Evolution.objects.get().pk)
    }
    assert Counter(answer["data"]["reused"] for answer in answers) == {
        False: 1,
        True: PROCESSES * CONNECTIONS - 1,
    }


def test_presence_is_stored_once_whoever_tells_it():
    """Source: workplace-api, section 10, test 1."""
    people, site = UserFactory.create_batch(3, organization=OrganizationFactory()), SiteFactory()
    yesterday = clock.now().replace(microsecond=0) - dt.timedelta(days=1)
    items = [
        {
            "people_id": people[number % 3].id,
            "seen_at": (yesterday - dt.timedelta(seconds=number)).isoformat(),
        }
        for number in range(60)
    ]

    answers = race("occupancy", {"location_id": site.id, "occupancy": items})

    assert {answer["status"] for answer in answers} == {200}
    told = Counter(row["result"] for answer in answers for row in answer["data"]["occupancy"])
    assert told == {"created": 60, "duplicate": 60 * (PROCESSES * CONNECTIONS - 1)}
    assert Occupancy.objects.count() == 60


def test_a_location_has_one_forecast_under_way():
    answers = race("forecast/start", {"location_id": SiteFactory().id})

    assert {answer["status"] for answer in answers} == {200}
    assert {answer["data"]["job_id"] for answer in answers} == {ForecastJob.objects.get().pk}
    assert Counter(answer["data"]["reused"] for answer in answers) == {
        False: 1,
        True: PROCESSES * CONNECTIONS - 1,
    }
    assert ForecastJob.objects.get().reused_count == PROCESSES * CONNECTIONS - 1
