"""The nights on which the clocks change: what is offered is what can be booked, and nothing else.

A room that opens at night, asked for at every half hour of the true length of the night.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2027, 1, 4, 10, 0, tzinfo=dt.UTC)
HALF_AN_HOUR = dt.timedelta(minutes=30)
SPRING, AUTUMN = "2027-03-28", "2027-10-31"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def token():
    UserFactory(email="jean.dupont@acme.com")
    return ApiTokenFactory()


def room_open(zone: str, hours: str):
    site = SiteFactory(time_zone=zone)
    return RoomFactory(site=site, slot_sunday=hours, min_duration=30, step_duration=30)


def half_hours(day: str, tz: ZoneInfo) -> list[dt.datetime]:
    """From 0:30 to 4:30 on the wall: seven in the spring, eleven in the autumn."""
    midnight = dt.datetime.fromisoformat(day)
    instant = (midnight + HALF_AN_HOUR).replace(tzinfo=tz).astimezone(dt.UTC)
    last = midnight.replace(hour=4, minute=30, tzinfo=tz).astimezone(dt.UTC)
    found = []
    while instant <= last:
        found.append(instant)
        instant += HALF_AN_HOUR
    return found


def offered(client, room, day: str) -> set[dt.datetime]:
    asked = {"room": room.pk, "from": f"{day}T00:30", "to": f"{day}T05:00", "duration": 30}
    [entry] = client.get("/api/availability", asked).json()["data"]
    return {dt.datetime.fromisoformat(one["start"]) for one in entry["bookable"]}


def is_accepted(client, token, room, at: str) -> bool:
    body = {
        "contactEmail": "jean.dupont@acme.com",
        "bookedRoom": room.pk,
        "bookedAt": at,
        "duration": 30,
        "dryRun": True,
    }
    answer = client.post(
        "/api/meeting-request", body, content_type="application/json", headers=token.header
    )
    assert answer.status_code in (200, 400), answer.content
    return answer.status_code == 200


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Brussels", "Europe/Dublin"])
@pytest.mark.parametrize(("day", "length"), [(SPRING, 7), (AUTUMN, 11)])
@pytest.mark.parametrize("hours", ["00:00-24:00", "01:30-02:30"])
def test_what_is_offered_is_what_is_accepted(client, token, zone, day, length, hours):
    room = room_open(zone, hours)
    asked = half_hours(day, ZoneInfo(zone))

    accepted = {at for at in asked if is_accepted(client, token, room, at.isoformat())}

    assert len(asked) == length
    assert accepted == offered(client, room, day)
    assert accepted


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Europe/Paris", ["02:00", "02:30"]),
        ("Europe/Brussels", ["02:00", "02:30"]),
        ("Europe/Dublin", ["01:00", "01:30"]),
    ],
)
def test_times_on_the_wall_are_accepted_but_for_those_that_the_clocks_skip(
    client, token, zone, skipped
):
    room = room_open(zone, "00:00-24:00")
    midnight = dt.datetime.fromisoformat(SPRING)
    walls = [midnight + number * HALF_AN_HOUR for number in range(1, 10)]

    refused = [
        f"{wall:%H:%M}" for wall in walls if not is_accepted(client, token, room, wall.isoformat())
    ]

    assert refused == skipped
