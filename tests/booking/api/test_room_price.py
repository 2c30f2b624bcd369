"""GET /api/room-price: every example, parameter and refusal of the document."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Meeting
from sites_app.models import Room
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 1, 13, 10, 0, tzinfo=dt.UTC)
URL = "/api/room-price"
MEETING_ROOMS = ["meeting", "privateMeeting", "sharedMeeting", "conference"]
OFFICES = ["office", "privateOffice", "sharedOffice"]
UNAVAILABLE = "Price calculation not available for this room state/type"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def token():
    return ApiTokenFactory(last_used_at=NOW)


@pytest.fixture
def ask(client, token):
    def _ask(headers=token.header, **query):
        return client.get(URL, query, headers=headers)

    return _ask


@pytest.fixture
def room():
    return RoomFactory(type="privateMeeting", price_per_hour=Decimal(50), price_per_half_day=None)


def office(**values):
    return RoomFactory(office=True, **{"type": "privateOffice", "default_state": "rented"} | values)


def refused(answer, status, message):
    assert (answer.status_code, answer.json()) == (status, {"retcode": -1, "message": message})


def unavailable(room, state):
    return {
        "retcode": -1,
        "message": UNAVAILABLE,
        "data": {
            "roomId": room.id,
            "roomType": room.type,
            "defaultState": room.default_state,
            "actualState": state,
            "price": -1,
        },
    }


def test_meeting_room_price(ask, room):
    answer = ask(roomId=room.id, startDate="2025-01-18T10:00:00", duration="120", nbPersons="4")

    body = answer.json()
    token = body["data"].pop("quoteToken")
    assert answer.status_code == 200
    assert body == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "roomId": room.id,
            "roomType": "privateMeeting",
            "defaultState": "bookable",
            "actualState": "free",
            "startDate": "2025-01-18T10:00:00",
            "duration": 120,
            "nbPersons": 4,
            "price": 100,
            "currency": "EUR",
            "vatRate": 20,
            "priceGross": 120,
            "lines": [{"label": "Hours", "quantity": 2, "unit": "hour", "net": 100, "vatRate": 20}],
        },
    }
    assert len(token) > 40


def test_office_price(ask):
    room = office(price_per_month=Decimal(100))

    answer = ask(roomId=room.id, period="month")

    assert answer.json() == {
        "retcode": 1,
        "message": "OK",
        "data": {
            "roomId": room.id,
            "roomType": "privateOffice",
            "defaultState": "rented",
            "actualState": "rented",
            "period": "month",
            "price": 100,
            "currency": "EUR",
            "vatRate": 20,
            "priceGross": 120,
            "lines": [
                {"label": "Month", "quantity": 1, "unit": "month", "net": 100, "vatRate": 20}
            ],
        },
    }


def test_state_without_price(ask):
    room = RoomFactory(type="meeting", default_state="toclean")

    answer = ask(roomId=room.id)

    assert (answer.status_code, answer.json()) == (200, unavailable(room, "toclean"))


@pytest.mark.parametrize("state", Room._meta.get_field("default_state").choices)
@pytest.mark.parametrize("type_", MEETING_ROOMS)
def test_meeting_rooms_have_a_price_while_bookable_or_occupied(ask, type_, state):
    room = RoomFactory(type=type_, default_state=state[0], price_per_hour=Decimal(50))

    assert ask(roomId=room.id).json()["data"]["price"] == (
        50 if state[0] in ("bookable", "occupied") else -1
    )


@pytest.mark.parametrize("state", Room._meta.get_field("default_state").choices)
@pytest.mark.parametrize("type_", OFFICES)
def test_offices_have_a_price_while_rented_or_for_rent(ask, type_, state):
    room = office(type=type_, default_state=state[0])

    assert ask(roomId=room.id).json()["data"]["price"] == (
        500 if state[0] in ("rented", "forrent") else -1
    )


@pytest.mark.parametrize("state", Room._meta.get_field("default_state").choices)
def test_public_rooms_have_a_price_in_every_state(ask, state):
    meeting_room = RoomFactory(default_state=state[0])
    public_office = RoomFactory(office=True, default_state=state[0])

    assert ask(roomId=meeting_room.id).json()["data"]["price"] == 20
    assert ask(roomId=public_office.id).json()["data"]["price"] == 500


def test_a_public_room_shows_the_state_that_staff_set(ask):
    room = RoomFactory(default_state="toclean")

    assert ask(roomId=room.id).json()["data"]["actualState"] == "toclean"


@pytest.mark.parametrize(
    ("minutes", "state"), [(-60, "free"), (-59, "occupied"), (0, "occupied"), (1, "free")]
)
def test_a_room_is_occupied_from_the_start_to_the_end_of_a_meeting(ask, minutes, state):
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=NOW + dt.timedelta(minutes=minutes))

    assert ask(roomId=room.id).json()["data"]["actualState"] == state


def test_neither_requests_nor_cancelled_meetings_occupy(ask):
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=NOW, cancelled=True)
    MeetingFactory(room=room, starts_at=NOW, pending=True)

    assert ask(roomId=room.id).json()["data"]["actualState"] == "free"


@pytest.mark.parametrize(
    ("ends_on", "state"), [(dt.date(2025, 1, 13), "rented"), (dt.date(2025, 1, 12), "forrent")]
)
def test_an_office_is_rented_to_the_last_day_of_its_lease(ask, ends_on, state):
    room = office(default_state="forrent")
    RoomLeaseFactory(room=room, ends_on=ends_on)

    assert ask(roomId=room.id).json()["data"]["actualState"] == state


def test_a_lease_ends_at_the_midnight_of_the_site(ask, clock):
    room = office(default_state="forrent")
    RoomLeaseFactory(room=room, ends_on=dt.date(2025, 1, 13))

    clock.move_to(dt.datetime(2025, 1, 13, 22, 59, tzinfo=dt.UTC))
    assert ask(roomId=room.id).json()["data"]["actualState"] == "rented"
    clock.move_to(dt.datetime(2025, 1, 13, 23, 0, tzinfo=dt.UTC))
    assert ask(roomId=room.id).json()["data"]["actualState"] == "forrent"


def test_defaults_are_an_hour_for_two_and_a_month(ask):
    room, small = RoomFactory(), RoomFactory(min_person=0, max_person=1)
    unlimited = RoomFactory(min_person=0, max_person=0)

    data = ask(roomId=room.id).json()["data"]

    assert (data["duration"], data["nbPersons"]) == (60, 2)
    assert {"startDate", "period", "quoteToken"} & data.keys() == set()
    assert ask(roomId=small.id).json()["data"]["nbPersons"] == 1
    assert ask(roomId=unlimited.id).json()["data"]["nbPersons"] == 2
    assert ask(roomId=office().id).json()["data"]["period"] == "month"


@pytest.mark.parametrize(
    "given",
    [
        "2025-01-18T10:00:00",
        "2025-01-18 10:00",
        "2025-01-18",
        "2025-01-18T10:00:00Z",
        "2025-01-18T10:00:00.000+01:00",
        "1737194400000",
        "Sat, 18 Jan 2025 10:00:00 GMT",
    ],
)
def test_a_start_is_read_leniently_and_echoed_as_given(ask, room, given):
    data = ask(roomId=room.id, startDate=given).json()["data"]

    assert data["startDate"] == given
    assert data["quoteToken"]


@pytest.mark.parametrize(
    "given", ["soon", "2025-13-01", "2025-01-18T25:00", "1e12", "-1", "9" * 15, "0x1"]
)
def test_nonsense_is_no_start(ask, room, given):
    refused(ask(roomId=room.id, startDate=given), 400, "Invalid startDate")


def test_a_start_that_the_clocks_skip_is_none(ask, room):
    refused(
        ask(roomId=room.id, startDate="2025-03-30T02:30"),
        400,
        "Invalid startDate: this local time does not exist at the site",
    )


def test_vat_is_that_of_the_day(ask):
    room = RoomFactory(site__country="IE", site__time_zone="Europe/Dublin")

    before = ask(roomId=room.id, startDate="2021-02-28T23:59").json()["data"]
    after = ask(roomId=room.id, startDate="2021-03-01T00:00").json()["data"]

    assert (before["vatRate"], before["priceGross"]) == (21, 24.2)
    assert (after["vatRate"], after["priceGross"]) == (23, 24.6)


def test_the_cheapest_cover_counts(ask):
    room = RoomFactory()  # 20 an hour, 70 a half day, 120 a day

    def price(minutes):
        return ask(roomId=room.id, duration=minutes).json()["data"]["price"]

    assert [price(minutes) for minutes in (1, 30, 31, 210, 211, 240, 480, 510)] == [
        10, 10, 20, 70, 70, 70, 120, 130,
    ]  # fmt: skip
    assert price("60.0") == 20


@pytest.mark.parametrize("given", ["0", "-60", "an hour", "60.5", "NaN", "1e400"])
def test_a_duration_is_a_positive_number(ask, room, given):
    refused(ask(roomId=room.id, duration=given), 400, "Invalid duration: must be a positive number")


def test_persons_have_both_borders(ask):
    room = RoomFactory(max_person=8)

    assert ask(roomId=room.id, nbPersons=1).json()["data"]["nbPersons"] == 1
    assert ask(roomId=room.id, nbPersons=8).json()["data"]["nbPersons"] == 8
    refused(ask(roomId=room.id, nbPersons=0), 400, "Invalid nbPersons: must be at least 1")
    refused(ask(roomId=room.id, nbPersons=9), 400, "This room holds at most 8 persons")
    refused(ask(roomId=room.id, nbPersons="many"), 400, "Invalid nbPersons: must be a number")


def test_week_is_its_own_price_or_a_share_of_the_year(ask):
    weekly = office(price_per_week=Decimal(130))
    monthly = office(price_per_month=Decimal(500))

    assert ask(roomId=weekly.id, period="week").json()["data"]["price"] == 130
    data = ask(roomId=monthly.id, period="week").json()["data"]
    assert (data["period"], data["price"], data["priceGross"]) == ("week", 115.38, 138.46)


def test_period_is_week_or_month(ask):
    refused(
        ask(roomId=office().id, period="year"), 400, 'Invalid period: must be "week" or "month"'
    )


@pytest.mark.parametrize(
    "values",
    [
        {"office": True, "price_per_month": None},
        {"price_per_hour": 0, "price_per_half_day": None, "price_per_day": None},
    ],
    ids=["office", "meeting room"],
)
def test_a_room_without_any_price(ask, values):
    room = RoomFactory(**values)
    state = "forrent" if "office" in values else "free"

    assert ask(roomId=room.id).json() == unavailable(room, state)


def test_an_office_sold_by_the_hour_is_quoted_like_a_meeting_when_a_duration_is_given(ask):
    room = RoomFactory(office=True, price_per_hour=Decimal(15), min_duration=60)

    by_hour = ask(roomId=room.id, duration=120).json()["data"]

    assert (by_hour["duration"], by_hour["price"], "period" in by_hour) == (120, 30, False)
    assert ask(roomId=room.id).json()["data"]["price"] == 500
    assert ask(roomId=RoomFactory(office=True).id, duration=60).json()["data"]["price"] == 500


def test_members_have_their_discount_and_guests_their_supplement(ask):
    room = RoomFactory(member_discount_percent=Decimal(10), supplement_per_person=Decimal(5))
    member = OrganizationFactory(is_member=True)
    other = OrganizationFactory(is_member=False)

    data = ask(roomId=room.id, nbPersons=4, organizationId=member.id).json()["data"]

    assert data["price"] == 28
    assert data["lines"] == [
        {"label": "Hours", "quantity": 1, "unit": "hour", "net": 20, "vatRate": 20},
        {"label": "Supplement per person", "quantity": 2, "unit": "person", "net": 10, "vatRate": 20},
        {"label": "Member discount", "quantity": 10, "unit": "percent", "net": -2, "vatRate": 20},
    ]  # fmt: skip
    assert ask(roomId=room.id, nbPersons=2, organizationId=other.id).json()["data"]["price"] == 20
    assert ask(roomId=room.id, nbPersons=2).json()["data"]["price"] == 20


def test_a_caller_names_only_a_customer_that_it_may_see(client, room):
    own, other = OrganizationFactory(), OrganizationFactory()
    owner = UserFactory(organization=own, api_role="api-developer")
    staff = UserFactory(organization=own, api_role="app-admin")

    def ask(caller, organization_id):
        query = {"roomId": room.id, "organizationId": organization_id}
        return client.get(URL, query, headers=ApiTokenFactory(owner=caller).header)

    assert ask(owner, own.id).json()["data"]["price"] == 50
    refused(ask(owner, other.id), 404, "Organization not found")
    refused(ask(owner, "0" * 24), 404, "Organization not found")
    refused(ask(owner, "x"), 400, "Invalid organizationId format")
    assert ask(staff, other.id).json()["data"]["price"] == 50


def test_refusals(ask, client, room):
    refused(ask(), 400, "Missing required parameter: roomId")
    refused(ask(roomId=""), 400, "Missing required parameter: roomId")
    refused(ask(roomId="507f"), 400, "Invalid roomId format")
    refused(ask(roomId="0" * 24), 404, "Room not found")
    access = RoomFactory(type="privateAccess")
    refused(
        ask(roomId=access.id), 400, "Price calculation not supported for room type: privateAccess"
    )
    refused(ask(roomId=RoomFactory(type="other").id), 400,
            "Price calculation not supported for room type: other")  # fmt: skip
    refused(
        ask(headers={}, roomId=room.id),
        401,
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>",
    )
    assert client.post(URL).status_code == 405


def test_a_token_without_read_is_refused(client, room):
    token = ApiTokenFactory(scopes=["bookings:write"])

    answer = client.get(URL, {"roomId": room.id}, headers=token.header)

    refused(answer, 403, "Forbidden: this token lacks the scope read")


@pytest.mark.parametrize("meetings", [1, 3])
def test_four_queries_at_most(ask, room, meetings):
    customer = OrganizationFactory()
    for number in range(meetings):
        MeetingFactory(room=room, starts_at=NOW + dt.timedelta(hours=number))
    ask(roomId=room.id)

    with CaptureQueriesContext(
        connection,
    ) as made:
        ask(roomId=room.id, organizationId=customer.id, startDate="2025-01-18T10:00")

    assert len(made) == 4


# --- quoteToken -------------------------------------------------------------------------------


@pytest.fixture
def public_room():
    return RoomFactory(
        site=SiteFactory(time_zone="UTC"), price_per_hour=Decimal(50), price_per_half_day=None
    )


@pytest.fixture
def book(client, token, public_room):
    UserFactory(email="jean@acme.example", organization=OrganizationFactory(is_member=True))

    def _book(**changes):
        body = {
            "contactEmail": "jean@acme.example",
            "bookedRoom": public_room.id,
            "bookedAt": "2025-01-20T10:00:00Z",
            "duration": 120,
            "bookedUser": 4,
        } | changes
        return client.post(
            "/api/meeting-request", body, content_type="application/json", headers=token.header
        )

    return _book


def quoted(ask, room, **changes):
    query = {"roomId": room.id, "startDate": "2025-01-20T10:00:00", "duration": 120, "nbPersons": 4}
    return ask(**query | changes).json()["data"]["quoteToken"]


def test_what_has_no_price_promises_none(ask):
    shut = RoomFactory(type="privateMeeting", default_state="maintenance", price_per_hour=20)

    data = ask(roomId=shut.id, startDate="2025-01-20T10:00:00").json()["data"]

    assert data["price"] == -1
    assert "quoteToken" not in data


def test_a_quote_is_kept_when_rates_change(ask, book, public_room):
    token = quoted(ask, public_room)
    Room.objects.update(price_per_hour=Decimal(90), supplement_per_person=Decimal(7))

    answer = book(quoteToken=token)

    meeting = Meeting.objects.get()
    assert answer.json()["status"] == "ACCEPTED"
    assert (meeting.price, meeting.price_gross, meeting.vat_rate) == (100, 120, 20)
    assert [line["net"] for line in meeting.price_lines] == ["100.00"]


def test_without_the_token_the_new_rate_counts(ask, book, public_room):
    quoted(ask, public_room)
    Room.objects.update(price_per_hour=Decimal(90))

    book()

    assert Meeting.objects.get().price == 120  # the day, cheaper than two hours at 90


def test_persons_come_from_the_quote_when_none_are_given(ask, book, public_room):
    book(quoteToken=quoted(ask, public_room), bookedUser=None)

    assert Meeting.objects.get().attendees == 4


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 400)])
def test_a_quote_is_good_for_half_an_hour(ask, book, public_room, clock, minutes, status):
    token = quoted(ask, public_room)

    clock.shift(dt.timedelta(minutes=minutes))

    assert book(quoteToken=token).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        {"bookedAt": "2025-01-20T10:30:00Z"},
        {"duration": 150},
        {"bookedUser": 5},
        {"bookedRoom": "5f0000000000000000000009"},
        {"quoteToken": "x"},
        {"quoteToken": "ey:x"},
    ],
    ids=lambda change: next(iter(change.items()))[0],
)
def test_a_quote_is_good_for_what_it_was_given_for(ask, book, public_room, change):
    RoomFactory(id="5f0000000000000000000009", site=public_room.site)

    answer = book(**{"quoteToken": quoted(ask, public_room)} | change)

    refused(answer, 400, "Invalid or expired quoteToken")
    assert Meeting.objects.count() == 0


def test_a_quote_for_one_company_is_no_others(ask, book, public_room):
    Room.objects.update(member_discount_percent=Decimal(10))
    other = OrganizationFactory(is_member=True)
    own = UserFactory._meta.model.objects.get(email="jean@acme.example").organization

    foreign = book(quoteToken=quoted(ask, public_room, organizationId=other.id))
    theirs = book(quoteToken=quoted(ask, public_room, organizationId=own.id))

    refused(foreign, 400, "Invalid or expired quoteToken")
    assert theirs.status_code == 200
    assert Meeting.objects.get().price == 90


def test_a_quote_gives_no_room_that_is_taken(ask, book, public_room):
    token = quoted(ask, public_room)
    MeetingFactory(room=public_room, starts_at=dt.datetime(2025, 1, 20, 11, tzinfo=dt.UTC))

    assert book(quoteToken=token).status_code == 409
