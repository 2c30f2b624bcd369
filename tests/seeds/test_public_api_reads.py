"""Every example of the reads in the Public API's document, word for word.

The rows bear the ids of the document; only addresses of pictures, which name the host and the
picture, are compared apart. Source: Public API.
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory, RoomImageFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

DUBLIN = "507f1f77bcf86cd799439011"
ROOM_A = "507f191e810c19729de860ea"
HOT_DESK = "507f191e810c19729de860eb"
OFFICE_101 = "507f191e810c19729de860ec"
ACME = "507f1f77bcf86cd799439099"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(dt.datetime(2025, 10, 29, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def dublin():
    return SiteFactory(
        id=DUBLIN, name="Dublin Coworking Center", country="IE", time_zone="Europe/Dublin"
    )


@pytest.fixture
def room_a(dublin):
    return RoomFactory(
        id=ROOM_A,
        site=dublin,
        name="Meeting Room A",
        description="Modern meeting room with video conferencing",
        surface_commercial=Decimal(25),
        min_person=2,
        max_person=8,
        nb_seat=8,
        configuration="boardroom",
        other_configuration="Video conferencing, whiteboard",
        min_duration=60,
        max_duration=480,
        step_duration=30,
        slot_week="09:00-18:00",
        price_per_month=Decimal(500),
    )


@pytest.fixture
def hot_desk(dublin):
    return RoomFactory(
        id=HOT_DESK,
        site=dublin,
        office=True,
        name="Hot Desk 1",
        public_name="Hot Desk Area",
        surface_commercial=None,
    )


@pytest.fixture
def office_101(dublin):
    lease = RoomLeaseFactory(
        room__id=OFFICE_101,
        room__site=dublin,
        room__name="Private Office 101",
        room__public_name="Executive Suite",
        room__description="Fully equipped private office",
        room__surface_commercial=Decimal(45),
        room__min_person=1,
        room__max_person=4,
        room__nb_seat=4,
        room__configuration="office",
        room__price_per_month=Decimal(1500),
        organization__id=ACME,
        organization__name="Acme Corp",
        ends_on=dt.date(2025, 11, 30),
    )
    return lease.room


@pytest.mark.parametrize("country", ["Ireland", "IE", "Irlande", "ireland"])
def test_sites(client, room_a, hot_desk, office_101, country):
    SiteFactory(country="FR")

    assert client.get("/api/sites", {"country": country}).json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "_id": "507f1f77bcf86cd799439011",
                "name": "Dublin Coworking Center",
                "country": "Ireland",
                "roomCount": 1,
                "meetingRoomCount": 1,
                "publicRooms": [
                    {
                        "_id": "507f191e810c19729de860ea",
                        "name": "Meeting Room A",
                        "publicName": "Meeting Room A",
                        "type": "publicMeeting",
                        "surface": 25,
                    },
                    {
                        "_id": "507f191e810c19729de860eb",
                        "name": "Hot Desk 1",
                        "publicName": "Hot Desk Area",
                        "type": "publicOffice",
                        "surface": -1,
                    },
                ],
            }
        ],
    }


def test_sites_with_a_token(client, room_a, office_101):
    answer = client.get("/api/sites?type=all", headers=ApiTokenFactory().header)

    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "_id": "507f1f77bcf86cd799439011",
                "name": "Dublin Coworking Center",
                "country": "Ireland",
                "roomCount": 1,
                "meetingRoomCount": 1,
                "publicRooms": [
                    {
                        "_id": "507f191e810c19729de860ea",
                        "name": "Meeting Room A",
                        "publicName": "Meeting Room A",
                        "type": "publicMeeting",
                        "surface": 25,
                        "actualState": "bookable",
                    }
                ],
                "otherRooms": [
                    {
                        "_id": "507f191e810c19729de860ec",
                        "name": "Private Office 101",
                        "publicName": "Executive Suite",
                        "type": "privateOffice",
                        "surface": 45,
                        "actualState": "rented",
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "query", ["?country=Ireland", f"?site={DUBLIN}", f"?country=irlande&site={DUBLIN}"]
)
def test_rooms(client, room_a, office_101, query):
    picture = RoomImageFactory(room=room_a)
    RoomFactory(site__country="BE")

    assert client.get(f"/api/rooms{query}").json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "_id": "507f191e810c19729de860ea",
                "name": "Meeting Room A",
                "publicName": "Meeting Room A",
                "type": "publicMeeting",
                "description": "Modern meeting room with video conferencing",
                "actualState": "bookable",
                "surface": 25,
                "siteId": "507f1f77bcf86cd799439011",
                "siteName": "Dublin Coworking Center",
                "country": "Ireland",
                "minPerson": 2,
                "maxPerson": 8,
                "nbSeat": 8,
                "configuration": "boardroom",
                "otherConfiguration": "Video conferencing, whiteboard",
                "minDurationBooking": 60,
                "maxDurationBooking": 480,
                "stepDurationBooking": 30,
                "slotWeek": "09:00-18:00",
                "slotSaturday": "",
                "slotSunday": "",
                "pricePerHour": 0,
                "pricePerHalfDay": 0,
                "pricePerDay": 0,
                "pricePerMonth": "500",
                "image": f"https://portal.example/imageroom?id={picture.id}",
            }
        ],
    }


def test_rooms_with_a_token(client, office_101):
    [shown] = client.get("/api/rooms", headers=ApiTokenFactory().header).json()["data"]

    address = shown.pop("image")
    assert shown == {
        "_id": "507f191e810c19729de860ec",
        "name": "Private Office 101",
        "publicName": "Executive Suite",
        "type": "privateOffice",
        "description": "Fully equipped private office",
        "actualState": "rented",
        "surface": 45,
        "siteId": "507f1f77bcf86cd799439011",
        "siteName": "Dublin Coworking Center",
        "country": "Ireland",
        "minPerson": 1,
        "maxPerson": 4,
        "nbSeat": 4,
        "configuration": "office",
        "otherConfiguration": "",
        "minDurationBooking": 0,
        "maxDurationBooking": 0,
        "stepDurationBooking": 0,
        "slotWeek": "",
        "slotSaturday": "",
        "slotSunday": "",
        "pricePerHour": 0,
        "pricePerHalfDay": 0,
        "pricePerDay": 0,
        "pricePerMonth": "1500",
        "organizationId": "507f1f77bcf86cd799439099",
        "organizationName": "Acme Corp",
        "contractEndDate": "2025-11-30",
    }
    assert address.startswith(f"https://portal.example/imageroom?id={OFFICE_101}&")


def test_countries(client):
    for country in ("IE", "BE", "FR"):
        SiteFactory(country=country)

    assert client.get("/api/countries").json() == {
        "retcode": 1,
        "message": "OK",
        "data": ["Belgium", "France", "Ireland"],
    }


def test_icsfeed(client, room_a):
    meeting = MeetingFactory(
        room=room_a,
        starts_at=dt.datetime(2025, 10, 30, 14, tzinfo=dt.UTC),
        name="Team Meeting",
        description="Weekly team sync",
    )

    answer = client.get(f"/api/icsfeed?rooms={ROOM_A}")

    lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
    names = "BEGIN END VERSION PRODID CALSCALE UID DTSTART DTEND SUMMARY LOCATION DESCRIPTION"
    assert [line for line in lines if line.partition(":")[0] in names.split()] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Workways//Meeting Calendar//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{meeting.id}@portal.example",
        "DTSTART:20251030T140000Z",
        "DTEND:20251030T150000Z",
        "SUMMARY:Team Meeting",
        "LOCATION:Meeting Room A\\, Dublin Coworking Center",
        "DESCRIPTION:Weekly team sync",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@pytest.mark.parametrize("query", ["", "?rooms=", "?rooms=nonsense"])
def test_icsfeed_refused(client, query):
    answer = client.get(f"/api/icsfeed{query}")

    assert (answer.status_code, answer.json()) == (
        400,
        {
            "retcode": -1,
            "message": (
                'Bad request: "rooms" query parameter is missing, empty, or contains invalid IDs.'
            ),
        },
    )


@pytest.mark.parametrize("endpoint", ["sites", "rooms"])
def test_an_invalid_country(client, endpoint):
    answer = client.get(f"/api/{endpoint}?country=XYZ")

    assert (answer.status_code, answer.json()) == (
        400,
        {
            "retcode": -1,
            "message": (
                'Invalid country: "XYZ". Use ISO code (e.g., "FR", "BE") '
                'or country name (e.g., "France", "Belgium")'
            ),
            "data": [],
        },
    )


def test_an_invalid_site(client):
    answer = client.get("/api/rooms?site=XYZ")

    assert (answer.status_code, answer.json()) == (
        400,
        {"retcode": -1, "message": "Invalid site ID format."},
    )


def test_an_internal_error(client, monkeypatch):
    def crash(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("booking.domain.catalogue.list_sites", crash)

    answer = client.get("/api/sites")
    assert (answer.status_code, answer.json()) == (
        500,
        {"retcode": -1, "message": "Internal server error"},
    )
