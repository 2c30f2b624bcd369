"""GET /api/rooms: the documented examples, filters, pages, and states as time passes."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from booking.models import Meeting
from sites_app.models import Room
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomImageFactory,
    RoomLeaseFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dublin():
    return SiteFactory(name="Dublin Coworking Center", country="IE", time_zone="Europe/Dublin")


@pytest.fixture
def room(dublin):
    return RoomFactory(
        site=dublin,
        name="Meeting Room A",
        description="Modern meeting room with video conferencing",
        other_configuration="Video conferencing, whiteboard",
        price_per_month=Decimal(500),
    )


def _data(client, query: str = "", **headers):
    return client.get(f"/api/rooms{query}", headers=headers.get("headers")).json()["data"]


def _names(client, query: str = "", **headers) -> list[str]:
    return [room["name"] for room in _data(client, query, **headers)]


def test_the_documented_answer(client, room):
    image = RoomImageFactory(room=room)

    expected = {
        "_id": room.id,
        "name": "Meeting Room A",
        "publicName": "Meeting Room A",
        "type": "publicMeeting",
        "description": "Modern meeting room with video conferencing",
        "actualState": "bookable",
        "surface": 25,
        "siteId": room.site_id,
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
        "image": f"https://portal.example/imageroom?id={image.id}",
    }
    answer = client.get("/api/rooms").json()
    assert answer == {"retcode": 1, "message": "OK", "data": [expected]}
    assert list(answer["data"][0]) == list(expected)


def test_a_token_shows_prices(client, room):
    Room.objects.update(price_per_hour=Decimal("37.50"))
    shown = _data(client, headers=ApiTokenFactory().header)[0]
    assert (shown["pricePerHour"], shown["pricePerHalfDay"], shown["pricePerDay"]) == (
        37.5,
        70,
        120,
    )
    assert "organizationId" not in shown


def test_a_token_shows_tenants_of_let_rooms(client):
    lease = RoomLeaseFactory(organization__name="Acme Corp", ends_on=dt.date(2030, 11, 30))
    token = ApiTokenFactory()

    shown = _data(client, headers=token.header)[0]
    assert list(shown)[-3:] == ["organizationId", "organizationName", "contractEndDate"]
    assert shown["organizationId"] == lease.organization_id
    assert shown["organizationName"] == "Acme Corp"
    assert shown["contractEndDate"] == "2030-11-30"
    assert shown["actualState"] == "rented"
    assert "&signature=" in shown["image"]


def test_a_lease_without_end_shows_an_empty_date(client):
    RoomLeaseFactory()
    assert _data(client, headers=ApiTokenFactory().header)[0]["contractEndDate"] == ""


def test_without_token_nothing_private_shows(client, room):
    RoomLeaseFactory(room=RoomFactory(site=room.site, office=True, name="Let office"))
    RoomFactory(site=room.site, private_office=True)
    RoomFactory(site__hidden=True)

    shown = _data(client)
    assert [each["name"] for each in shown] == ["Let office", "Meeting Room A"]
    assert not {"organizationId", "organizationName", "contractEndDate"} & {
        key for each in shown for key in each
    }
    assert _names(client, f"?site={RoomFactory(site__hidden=True).site_id}") == []


@pytest.mark.parametrize(
    ("price", "text"),
    [(None, ""), (Decimal(1500), "1500"), (Decimal("499.90"), "499.90"), (Decimal(0), "0")],
)
def test_the_monthly_price_is_text(client, room, price, text):
    Room.objects.update(price_per_month=price)
    assert _data(client)[0]["pricePerMonth"] == text


def test_filters(client, dublin, room):
    paris = RoomFactory(name="Paris", site__country="FR", max_person=20)
    RoomFactory(site=paris.site, name="Office", office=True, max_person=2)

    assert _names(client, "?country=belgique") == []
    assert _names(client, "?country=irlande") == ["Meeting Room A"]
    assert _names(client, f"?site={paris.site_id.upper()}") == ["Office", "Paris"]
    assert _names(client, f"?site={'0' * 24}") == []
    assert _names(client, "?type=publicOffice") == ["Office"]
    assert _names(client, "?type=all") == ["Office", "Paris", "Meeting Room A"]
    assert _names(client, "?capacity=8") == ["Paris", "Meeting Room A"]
    assert _names(client, "?capacity=9") == ["Paris"]
    assert _names(client, f"?country=ie&site={paris.site_id}") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("site=nonsense", "Invalid site ID format."),
        ("capacity=0", "Invalid capacity: must be at least 1"),
        ("capacity=x", "Invalid capacity: must be a number"),
        ("limit=0", "Invalid limit: must be at least 1"),
        ("cursor=%00", "Invalid cursor: must not contain control characters"),
        ("cursor=é", "Invalid cursor"),
        ("cursor=abc", "Invalid cursor"),
        ("cursor=WzFd", "Invalid cursor"),
        ("type=x", "Invalid type: must be one of publicOffice, publicMeeting, all"),
        ("availableFrom=2030-01-07T09:00", "Missing required parameter: availableTo"),
        ("availableTo=2030-01-07T09:00", "Missing required parameter: availableFrom"),
        (
            "availableFrom=2030-01-07T09:00&availableTo=2030-01-07T09:00",
            "Invalid availableTo: must be after availableFrom",
        ),
        (
            "availableFrom=2030-01-07T09:00&availableTo=2030-01-07T10:00Z",
            "Invalid availableTo: give both moments with a zone, or none",
        ),
        (
            "availableFrom=2030-03-31T01:30&availableTo=2030-03-31T09:00",
            "Invalid availableFrom: this local time does not exist",
        ),
        (
            "availableFrom=2030-03-30T09:00&availableTo=2030-03-31T01:30",
            "Invalid availableTo: this local time does not exist",
        ),
        (
            "availableFrom=soon&availableTo=x",
            "Invalid availableFrom: must be an ISO 8601 date-time",
        ),
    ],
)
def test_refused_parameters(client, room, query, message):
    answer = client.get(f"/api/rooms?{query}")
    assert (answer.status_code, answer.json()) == (400, {"retcode": -1, "message": message})


def test_pages_hold_every_room_once(client, dublin):
    rooms = RoomFactory.create_batch(5, site=dublin)
    seen, cursor = [], ""
    for _ in range(3):
        answer = client.get("/api/rooms", {"limit": 2, "cursor": cursor}).json()
        seen += [room["name"] for room in answer["data"]]
        cursor = answer.get("nextCursor", "")

    assert seen == sorted(room.name for room in rooms)
    assert cursor == ""


def test_a_full_last_page_has_no_next(client, dublin):
    RoomFactory.create_batch(2, site=dublin)
    assert "nextCursor" not in client.get("/api/rooms?limit=2").json()
    assert "nextCursor" not in client.get("/api/rooms").json()


class TestFreeRooms:
    QUERY = "?availableFrom=2030-01-07T{}&availableTo=2030-01-07T{}"

    @pytest.mark.parametrize(
        ("start", "end", "is_free"),
        [
            ("09:00Z", "10:00Z", True),
            ("09:59Z", "10:00Z", True),
            ("10:00Z", "11:00Z", False),
            ("09:59Z", "10:01Z", False),
            ("11:00Z", "12:00Z", True),
            ("10:59Z", "12:00Z", False),
            ("17:00Z", "18:00Z", True),
            ("17:00Z", "18:01Z", False),
            ("08:59Z", "10:00Z", False),
            ("09:00", "10:00", True),
        ],
    )
    def test_the_whole_time_must_be_open_and_free(self, client, room, start, end, is_free):
        MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 10, tzinfo=dt.UTC))
        RoomFactory(site=room.site, office=True)
        assert bool(_names(client, self.QUERY.format(start, end))) is is_free

    def test_local_time_is_each_sites_own(self, client, room):
        RoomFactory(name="Paris")
        query = self.QUERY.format("09:00", "10:00")
        assert _names(client, query) == ["Paris", "Meeting Room A"]
        assert _names(client, self.QUERY.format("08:00Z", "09:00Z")) == ["Paris"]

    def test_cleaning_times_and_blocks_count(self, client, dublin):
        room = RoomFactory(site=dublin, cleaning_minutes=30)
        BlockFactory(
            room=room,
            starts_at=dt.datetime(2030, 1, 7, 12, tzinfo=dt.UTC),
            ends_at=dt.datetime(2030, 1, 7, 13, tzinfo=dt.UTC),
        )
        assert _names(client, self.QUERY.format("10:00Z", "11:30Z")) == [room.name]
        assert _names(client, self.QUERY.format("10:00Z", "11:31Z")) == []

    def test_a_time_longer_than_any_opening_has_no_room(self, client, room):
        query = "?availableFrom=1971-01-01&availableTo=2199-01-01"
        assert _names(client, query) == []

    def test_a_skipped_local_time_is_refused(self, client, room):
        query = "?availableFrom=2030-03-31T01:30&availableTo=2030-03-31T03:30"
        assert client.get(f"/api/rooms{query}").status_code == 400


class TestState:
    START = dt.datetime(2030, 1, 7, 10, tzinfo=dt.UTC)

    def _state_at(self, client, moment: dt.datetime) -> str:
        with time_machine.travel(moment, tick=False):
            return _data(client)[0]["actualState"]

    def test_a_meeting_occupies_from_its_start_to_its_end(self, client, room):
        meeting = MeetingFactory(room=room, starts_at=self.START)
        second = dt.timedelta(seconds=1)

        assert self._state_at(client, self.START - second) == "bookable"
        assert self._state_at(client, self.START) == "occupied"
        assert self._state_at(client, meeting.ends_at - second) == "occupied"
        assert self._state_at(client, meeting.ends_at) == "bookable"

    @pytest.mark.parametrize("trait", ["pending", "cancelled", "expired"])
    def test_only_confirmed_meetings_occupy(self, client, room, trait):
        MeetingFactory(room=room, starts_at=self.START, **{trait: True})
        assert self._state_at(client, self.START) == "bookable"

    @pytest.mark.parametrize("state", ["toclean", "maintenance", "closed"])
    def test_what_staff_set_wins(self, client, room, state):
        MeetingFactory(room=room, starts_at=self.START)
        Room.objects.update(default_state=state)
        assert self._state_at(client, self.START) == state

    def test_a_lease_ends_with_its_last_local_day(self, client, dublin):
        office = RoomFactory(site=dublin, office=True)
        RoomLeaseFactory(room=office, ends_on=dt.date(2030, 7, 1))
        midnight = dt.datetime(2030, 7, 1, 23, tzinfo=dt.UTC)  # summer time in Dublin

        assert self._state_at(client, midnight - dt.timedelta(seconds=1)) == "rented"
        assert self._state_at(client, midnight) == "forrent"

    def test_a_lease_begins_with_its_first_local_day(self, client, dublin):
        office = RoomFactory(site=dublin, office=True)
        RoomLeaseFactory(room=office, starts_on=dt.date(2030, 7, 2))
        midnight = dt.datetime(2030, 7, 1, 23, tzinfo=dt.UTC)

        assert self._state_at(client, midnight - dt.timedelta(seconds=1)) == "forrent"
        assert self._state_at(client, midnight) == "rented"


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_constant(client, count, django_assert_num_queries):
    for _ in range(count):
        RoomLeaseFactory()
        MeetingFactory()
    token = ApiTokenFactory()
    client.get("/api/rooms", headers=token.header)

    with django_assert_num_queries(5):  # token, usage; rooms, leases, meetings
        client.get("/api/rooms", headers=token.header)
    with django_assert_num_queries(3):
        client.get("/api/rooms")
    with django_assert_num_queries(5):  # and the rooms again, with their calendars
        client.get("/api/rooms?availableFrom=2030-01-07T09:00&availableTo=2030-01-07T10:00")


@pytest.mark.django_db(transaction=True)
class TestKept:
    """The same answer again costs one query, until something changes."""

    START = dt.datetime(2030, 1, 7, 10, tzinfo=dt.UTC)

    def test_one_query_while_nothing_changes(self, client, room, django_assert_num_queries):
        first = client.get("/api/rooms")
        with django_assert_num_queries(1):
            assert client.get("/api/rooms").content == first.content

    def test_any_change_shows_in_the_next_call(self, client, room):
        client.get("/api/rooms")
        Room.objects.update(public_name="Renamed")
        assert _data(client)[0]["publicName"] == "Renamed"
        room.site.name = "Elsewhere"
        room.site.save()
        assert _data(client)[0]["siteName"] == "Elsewhere"
        RoomImageFactory(room=room)
        assert room.id not in _data(client)[0]["image"]

    def test_a_new_meeting_shows_while_it_runs(self, client, room):
        with time_machine.travel(self.START, tick=False):
            assert _data(client)[0]["actualState"] == "bookable"
            MeetingFactory(room=room, starts_at=self.START)
            assert _data(client)[0]["actualState"] == "occupied"
            Meeting.objects.update(status="cancelled")
            assert _data(client)[0]["actualState"] == "bookable"

    def test_a_meeting_costs_a_look_at_the_meetings_alone(
        self, client, room, django_assert_num_queries
    ):
        RoomFactory(site=room.site, public_name="Another")
        token = ApiTokenFactory()
        for headers in ({}, token.header):
            with time_machine.travel(self.START, tick=False):
                before = _data(client, headers=headers)
                meeting = MeetingFactory(room=room, starts_at=self.START, organizer=None)
                # the kept list, the moment, the kept rooms, the meetings; token, usage
                with django_assert_num_queries(4 + 2 * bool(headers)):
                    after = _data(client, headers=headers)
                meeting.delete()

            changed = [entry for entry in after if entry not in before]
            assert [entry["_id"] for entry in changed] == [room.id]
            assert changed == [
                entry | {"actualState": "occupied"} for entry in before if entry["_id"] == room.id
            ]

    def test_a_tenant_of_the_new_day_ends_what_lies_ready(self, client):
        office = RoomFactory(type="publicOffice", default_state="forrent")
        RoomLeaseFactory(room=office, starts_on=dt.date(2030, 1, 8), ends_on=None)
        midnight = dt.datetime(2030, 1, 8, tzinfo=ZoneInfo(office.site.time_zone))
        states = []
        for moment in (midnight - dt.timedelta(seconds=1), midnight):
            with time_machine.travel(moment, tick=False):
                states.append(_data(client)[0]["actualState"])
        assert states == ["forrent", "rented"]

    def test_a_room_that_is_made_of_parts_from_now_on(self, client, room):
        part = RoomFactory(site=room.site, private_office=True)
        with time_machine.travel(self.START, tick=False):
            MeetingFactory(room=part, starts_at=self.START)
            assert _data(client)[0]["actualState"] == "bookable"
            room.parts.add(part)
            assert _data(client)[0]["actualState"] == "occupied"
            room.parts.clear()
            assert _data(client)[0]["actualState"] == "bookable"

    def test_time_itself_ends_an_answer(self, client, room):
        meeting = MeetingFactory(room=room, starts_at=self.START)
        states = []
        for moment in (
            self.START - dt.timedelta(seconds=1),
            self.START,
            meeting.ends_at - dt.timedelta(seconds=1),
            meeting.ends_at,
        ):
            with time_machine.travel(moment, tick=False):
                states.append(_data(client)[0]["actualState"])
        assert states == ["bookable", "occupied", "occupied", "bookable"]

    def test_public_and_private_answers_are_kept_apart(self, client, room):
        token = ApiTokenFactory()
        RoomFactory(private_office=True)
        assert len(_data(client)) == 1
        assert len(_data(client, headers=token.header)) == 2
        assert len(_data(client)) == 1
