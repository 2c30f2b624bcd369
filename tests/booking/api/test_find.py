"""GET /api/find. Source: public-api, sections 5 and 7.

2030-01-07 is a Monday.
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import selectors, selectors_finder
from booking.domain import finding
from booking.models import RefusedDemand
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
MONDAY = {"from": "2030-01-07", "to": "2030-01-08"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def site():
    return SiteFactory(name="Quay", time_zone="UTC")


def room_of(site, **values):
    return RoomFactory(**{"site": site, "slot_week": "09:00-12:00", "step_duration": 60} | values)


def ask(client, *, headers=None, **query):
    values = {"duration": 60, **MONDAY} | query
    given = {name.rstrip("_"): value for name, value in values.items() if value is not None}
    return client.get("/api/find", given, headers=headers or {})


def found(client, **query):
    response = ask(client, **query)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def starts(client, **query):
    return [(one["roomName"], one["start"][5:16]) for one in found(client, **query)]


def refused(answer, status, message):
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_a_room_is_found_with_its_reasons(client, site):
    room = room_of(site, name="Salon", slot_week="09:00-10:00", max_person=8)

    assert ask(client, people=4).json() == {
        "retcode": 1,
        "message": "OK",
        "data": [
            {
                "roomId": room.id,
                "siteId": site.id,
                "roomName": "Salon",
                "siteName": "Quay",
                "start": "2030-01-07T09:00:00Z",
                "end": "2030-01-07T10:00:00Z",
                "score": 79,
                "why": [
                    "Free on Monday 7 January 2030, 09:00-10:00",
                    "The earliest start of all",
                    "Holds 8 persons, the closest fit",
                ],
            }
        ],
    }


def test_prices_are_shown_and_rank_with_a_token_alone(client, site):
    room_of(site, name="Dear", slot_week="09:00-10:00", price_per_hour=Decimal(80))
    room_of(site, name="Cheap", slot_week="09:00-10:00", price_per_hour=Decimal("12.50"),
            max_person=9)  # fmt: skip
    token = ApiTokenFactory()

    with_token = found(client, headers=token.header)
    without = found(client)

    assert [(one["roomName"], one["price"]) for one in with_token] == [
        ("Cheap", 12.5),
        ("Dear", 70),
    ]
    assert "The lowest price of all" in with_token[0]["why"]
    assert "The lowest price of all" not in with_token[1]["why"]
    assert [one["roomName"] for one in without] == ["Dear", "Cheap"]
    assert all("price" not in one and "price" not in str(one["why"]) for one in without)


def test_every_answer_can_be_booked(client, site):
    room_of(site, slot_week="09:00-13:00", setup_minutes=15, cleaning_minutes=15)
    token = ApiTokenFactory()
    person = UserFactory()

    for one in found(client, duration=60):
        answer = client.post(
            "/api/meeting-request",
            {
                "contactEmail": person.email,
                "bookedRoom": one["roomId"],
                "bookedAt": one["start"],
                "duration": 60,
                "dryRun": True,
            },
            content_type="application/json",
            headers=token.header,
        )
        assert answer.json().get("status") == "ACCEPTED"


def test_taken_time_with_setup_and_cleaning_is_left_out(client, site):
    room = room_of(site, slot_week="09:00-14:00", step_duration=30, setup_minutes=30)
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 10, 30, tzinfo=dt.UTC))
    MeetingFactory(
        room=room, starts_at=dt.datetime(2030, 1, 7, 12, 0, tzinfo=dt.UTC), cancelled=True
    )

    # the meeting holds 10:00-11:30; a new one needs the half hour before
    assert sorted(start for _, start in starts(client)) == [
        "01-07T09:00", "01-07T12:00", "01-07T12:30", "01-07T13:00",
    ]  # fmt: skip


def test_from_and_to_are_the_sites_and_half_open(client):
    site = SiteFactory(time_zone="Europe/Paris")
    room_of(site, name="A")

    assert [
        start for _, start in starts(client, from_="2030-01-07T09:30", to="2030-01-07T11:59")
    ] == ["01-07T09:00"]  # ten o'clock in Paris
    assert len(starts(client, from_="2030-01-07T08:00:00Z", to="2030-01-07T11:00:00Z")) == 3


def test_the_past_is_never_found(client, site, clock):
    room_of(site)
    clock.move_to(dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC))

    assert sorted(start for _, start in starts(client)) == ["01-07T10:00", "01-07T11:00"]
    clock.move_to(dt.datetime(2030, 1, 7, 10, 1, tzinfo=dt.UTC))
    assert [start for _, start in starts(client)] == ["01-07T11:00"]


def test_windows_and_weekdays_of_the_site(client, site):
    room_of(site, slot_week="08:00-20:00", slot_saturday="08:00-20:00")
    week = {"from_": "2030-01-07", "to": "2030-01-14", "duration": 120}

    morning = starts(client, **week, windows="09:00-11:00,14:00-16:30", weekdays="2,6")

    assert sorted(start for _, start in morning) == [
        "01-08T09:00", "01-08T14:00", "01-12T09:00", "01-12T14:00",
    ]  # fmt: skip


def test_country_site_people_and_equipment(client, site):
    other = SiteFactory(country="IE", time_zone="UTC")
    room_of(site, name="A", max_person=4, equipment=["screen"])
    room_of(site, name="B", max_person=12)
    room_of(other, name="C", max_person=0, equipment=["screen", "video"])

    def names(**query):
        return {name for name, _ in starts(client, **query)}

    assert names() == {"A", "B", "C"}
    assert names(country="irlande") == {"C"}
    assert names(site=site.id) == {"A", "B"}
    assert names(people=4) == {"A", "B", "C"}
    assert names(people=5) == {"B", "C"}
    assert names(equipment="screen") == {"A", "C"}
    assert names(equipment="screen,video") == {"C"}


def test_the_rooms_own_limits_count(client, site):
    room_of(site, name="Long", min_duration=120)
    room_of(site, name="Short", max_duration=60)
    room_of(site, name="Stepped", min_duration=30, step_duration=45)

    assert {name for name, _ in starts(client, duration=60)} == {"Short"}
    assert {name for name, _ in starts(client, duration=120)} == {"Long"}


def test_only_public_rooms_that_are_not_let(client, site):
    hidden = SiteFactory(hidden=True, time_zone="UTC")
    room_of(hidden)
    room_of(site, type="privateMeeting")
    office = room_of(site, name="Office", type="publicOffice", slot_week="09:00-18:00")
    RoomLeaseFactory(room=office, starts_on=dt.date(2030, 1, 8))

    assert {name for name, _ in starts(client, to="2030-01-10")} == {"Office"}
    assert {start[:5] for _, start in starts(client, to="2030-01-10")} == {"01-07"}
    assert (
        found(client, headers=ApiTokenFactory().header, from_="2030-01-08", to="2030-01-09") == []
    )


def test_a_combined_room_is_free_when_all_its_parts_are(client, site):
    whole, left, right = (room_of(site, name=name) for name in ("Whole", "Left", "Right"))
    whole.parts.set([left, right])
    MeetingFactory(room=left, starts_at=dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC))
    BlockFactory(
        room=right,
        starts_at=dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 7, 11, 0, tzinfo=dt.UTC),
    )

    assert {name: start for name, start in starts(client) if name == "Whole"} == {
        "Whole": "01-07T11:00"
    }
    assert sorted(start for name, start in starts(client) if name == "Left") == [
        "01-07T10:00", "01-07T11:00",
    ]  # fmt: skip


def test_at_most_fifty_spread_over_rooms_and_days(client, site):
    for _ in range(20):
        room_of(site, slot_week="08:00-20:00")

    answers = found(client, from_="2030-01-07", to="2030-01-12")

    assert len(answers) == 50
    assert len({(one["roomId"], one["start"]) for one in answers}) == 50
    assert [one["score"] for one in answers] == sorted(
        (one["score"] for one in answers), reverse=True
    )


def test_one_room_and_day_shows_all_its_starts(client, site):
    room_of(site, slot_week="09:00-18:00", step_duration=30)

    assert len(starts(client)) == 17


# --- without result ---------------------------------------------------------------------------


def suggested(client, **query):
    body = ask(client, **query).json()
    assert body["data"] == []
    return {one["change"]["code"]: one for one in body["suggestions"]}


def test_what_would_have_to_give(client, site):
    other = SiteFactory(name="Harbour", time_zone="UTC")
    room = room_of(site, name="Salon", slot_week="09:00-12:00", max_person=4, equipment=["screen"])
    room_of(other, name="Hall", slot_week="09:00-12:00", max_person=10, equipment=["screen"])
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC), duration=120)

    found = suggested(
        client, site=site.id, duration=120, equipment="screen", windows="09:00-11:00", weekdays="1"
    )

    assert {code: one["change"]["message"] for code, one in found.items()} == {
        "DATES": "On another date: Salon is free on Monday 14 January 2030, 09:00-11:00",
        "PLACE": "At another place, Harbour: Hall is free on Monday 7 January 2030, 09:00-11:00",
    }
    assert found["DATES"]["start"] == "2030-01-14T09:00:00Z"
    assert suggested(client, site=site.id, duration=120, windows="09:00-11:00").keys() == {
        "DATES", "PLACE",
    }  # fmt: skip
    shorter = suggested(client, site=site.id, duration=120)["DURATION"]
    assert shorter["change"]["message"] == (
        "For 60 minutes instead of 120: Salon is free on Monday 7 January 2030, 11:00-12:00"
    )


def test_each_part_of_the_wish_may_give(client, site):
    room_of(site, name="Salon", max_person=4, equipment=["screen"])

    assert (
        suggested(client, windows="13:00-15:00")["TIME_OF_DAY"]["start"] == "2030-01-07T09:00:00Z"
    )
    weekday = suggested(client, weekdays="6", from_="2030-01-08", to="2030-01-13")["WEEKDAY"]
    assert weekday["change"]["message"].startswith("On another weekday: Salon is free on Tuesday 8")
    assert suggested(client, equipment="screen,video")["EQUIPMENT"]["change"]["message"].startswith(
        "Without video: Salon"
    )
    people = suggested(client, people=9)["PEOPLE"]
    assert people["change"]["message"].startswith("For 4 persons at most: Salon is free")
    assert suggested(client, from_="2030-01-05", to="2030-01-07")["DATES"]["start"] == (
        "2030-01-03T09:00:00Z"
    )
    assert "price" not in people
    token = ApiTokenFactory()
    assert suggested(client, people=9, headers=token.header)["PEOPLE"]["price"] == 20


def test_nothing_at_all_has_no_suggestions(client):
    assert ask(client).json() == {"retcode": 1, "message": "OK", "data": [], "suggestions": []}


def test_a_search_without_result_is_counted_without_a_word_about_the_person(client, site):
    room = room_of(site, max_person=4)
    BlockFactory(
        room=room,
        starts_at=dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 7, 12, tzinfo=dt.UTC),
    )

    found(client, people=3, site=site.id)
    found(client, from_="2030-01-08", to="2030-01-09")

    row = RefusedDemand.objects.values().get()
    assert (row["kind"], row["site_id"], row["duration_minutes"], row["attendees"]) == (
        "search", site.id, 60, 3,
    )  # fmt: skip
    assert (row["price"], row["currency"]) == (Decimal(20), "EUR")
    assert row["starts_at"] == dt.datetime(2030, 1, 7, tzinfo=dt.UTC)


# --- refusals and work ------------------------------------------------------------------------


def test_refusals(client, site):
    for name in ("duration", "from", "to"):
        query = {"duration": 60, "from": "2030-01-07", "to": "2030-01-08"}
        query.pop(name)
        refused(client.get("/api/find", query), 400, f"Missing required parameter: {name}")
    refused(ask(client, duration=29), 400, "Invalid duration: must be at least 30")
    refused(ask(client, duration=1441), 400, "Invalid duration: must be at most 1440")
    refused(ask(client, people=0), 400, "Invalid people: must be at least 1")
    refused(ask(client, to="2030-01-07"), 400, "Invalid to: must be after from")
    refused(ask(client, to="2030-02-08"), 400, "At most 31 days per call")
    assert ask(client, to="2030-02-07").status_code == 200
    refused(ask(client, to="soon"), 400, "Invalid to: must be an ISO 8601 date-time")
    refused(
        ask(client, to="2030-01-08T00:00Z"),
        400,
        "Invalid to: give both moments with a zone, or none",
    )
    slots = '"9-12" is not a time slot: write HH:MM-HH:MM, for example 09:00-18:00'
    refused(ask(client, windows="9-12"), 400, f"Invalid windows: {slots}")
    refused(ask(client, weekdays="0"), 400,
            "Invalid weekdays: must be numbers from 1 (Monday) to 7 (Sunday)")  # fmt: skip
    assert ask(client, equipment="sauna").json()["message"].startswith("Invalid equipment: must be")
    refused(ask(client, site="x"), 400, "Invalid site ID format.")
    refused(ask(client, site="0" * 24), 404, "Site not found")
    refused(ask(client, site=SiteFactory(hidden=True).id), 404, "Site not found")
    assert ask(client, country="XYZ").json()["data"] == []
    refused(
        ask(client, headers={"Authorization": "Bearer x"}),
        401,
        "Unauthorized: Invalid or revoked token",
    )
    assert client.post("/api/find").status_code == 405


def test_near_misses_take_one_more_look_at_few_rooms(client, site, monkeypatch):
    """What gives way in the same rooms and time was looked at; other rooms are few, and dates near."""
    monkeypatch.setattr(selectors_finder, "MOST_AROUND", 2)
    monkeypatch.setattr(finding, "MOST_ON_OTHER_DAYS", 1)
    for _ in range(3):
        room_of(site, max_person=4)
        room_of(SiteFactory(time_zone="UTC"), max_person=4)
    read, real = [], selectors.obstacles

    def obstacles(*, room_ids, start, end, **more):
        read.append((len(room_ids), end - start))
        return real(room_ids=room_ids, start=start, end=end, **more)

    monkeypatch.setattr(selectors, "obstacles", obstacles)
    day = dt.timedelta(days=1)

    codes = suggested(client, site=site.id, windows="13:00-15:00").keys()

    assert codes == {"TIME_OF_DAY"}
    assert read[0] == (3, day)
    from_today_to_the_15th = dt.timedelta(days=13)
    assert read[1:] == [(1 + 2, from_today_to_the_15th)]


@pytest.mark.parametrize(("people", "queries"), [(1, 2), (9, 4)], ids=["found", "suggested"])
@pytest.mark.parametrize("rooms", [1, 3])
def test_queries_do_not_grow(client, site, rooms, people, queries):
    for _ in range(rooms):
        room_of(site)
        room_of(site, type="publicOffice", min_duration=60, max_person=8)
    savepoint = 2 if people == 9 else 0  # around the row of refused demand

    with CaptureQueriesContext(connection) as made:
        ask(client, people=people)

    assert len(made) == queries + savepoint
