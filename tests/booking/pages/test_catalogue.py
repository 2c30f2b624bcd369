"""Home, search, sites and rooms as visitors see them."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from sites_app.models import Room
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, RoomImageFactory, SiteFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)  # 9:00 in Paris


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel(MONDAY, tick=False), translation.override("en"):
        yield


def week_of(client: Client, room: Room, **query: str):
    return client.get(reverse("room", args=[room.id]), query)


def cell(response, day: int, time: dt.time) -> dict:
    row = next(row for row in response.context["rows"] if row["time"] == f"{time:%H:%M}")
    return row["cells"][day]


def starts_of(response) -> list[tuple[Room, dt.datetime]]:
    return [(card["room"], card["wall"]) for card in response.context["cards"]]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("home", 1), ("sites", 1), ("find", 4)])
def test_list_pages_need_as_many_queries_for_three_rooms_as_for_one(
    client: Client, django_assert_num_queries, count: int, name: str, queries: int
) -> None:
    for _ in range(count):
        RoomImageFactory(room=RoomFactory())

    with django_assert_num_queries(queries):
        response = client.get(reverse(name))

    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_site_page_needs_as_many_queries_for_three_rooms_as_for_one(
    client: Client, django_assert_num_queries, count: int
) -> None:
    site = SiteFactory()
    RoomFactory.create_batch(count, site=site)

    with django_assert_num_queries(3):
        response = client.get(reverse("site", args=[site.id]))

    assert len(response.context["meeting_rooms"]) == count


def test_room_page_needs_three_queries_and_no_session(
    client: Client, django_assert_num_queries
) -> None:
    room = RoomFactory()

    with django_assert_num_queries(3):
        response = week_of(client, room)

    assert response.cookies == {}


def test_hidden_site_and_private_room_are_not_found(client: Client) -> None:
    hidden = RoomFactory(site=SiteFactory(hidden=True))
    private = RoomFactory(type="privateMeeting")

    answers = [
        client.get(reverse("site", args=[hidden.site_id])).status_code,
        week_of(client, hidden).status_code,
        week_of(client, private).status_code,
        client.get(reverse("room", args=["nonsense"])).status_code,
    ]

    assert answers == [404, 404, 404, 404]


def test_search_with_nothing_filled_in_offers_the_first_time_with_two_days_notice(
    client: Client,
) -> None:
    room = RoomFactory()

    response = client.get(reverse("find"))

    assert starts_of(response) == [(room, dt.datetime(2030, 1, 9, 9, 0))]


def test_search_at_a_taken_time_shows_the_nearest_free_one(client: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 10, 9, 0, tzinfo=dt.UTC))

    response = client.get(reverse("find"), {"day": "2030-01-10", "time": "10:00"})

    found = [(card["room"], card["wall"]) for card in response.context["alternatives"]]
    assert starts_of(response) == []
    assert found == [(room, dt.datetime(2030, 1, 10, 9, 0))]


def test_a_result_leads_to_the_week_and_length_searched_for(client: Client) -> None:
    room = RoomFactory()

    page = client.get(reverse("find"), {"day": "2030-03-14", "time": "11:00", "duration": "120"})

    (card,) = page.context["cards"]
    assert card["url"] == f"/rooms/{room.id}/?week=2030-03-14&duration=120"
    week = client.get(card["url"])
    assert week.context["week"].monday == dt.date(2030, 3, 11)
    assert week.context["duration"] == 120


def test_people_searched_for_go_with_the_visitor_to_the_booking(client: Client) -> None:
    room = RoomFactory(max_person=8, min_person=4, supplement_per_person=5)
    page = client.get(reverse("find"), {"day": "2030-03-14", "people": "6"})

    (card,) = page.context["cards"]
    week = client.get(card["url"])
    free = next(cell["url"] for cell in week.context["day_list"][1]["free"])
    form = client.get(free)

    assert card["url"] == f"/rooms/{room.id}/?week=2030-03-14&duration=60&people=6"
    assert 'name="people" value="6"' in week.content.decode()
    assert week.context["quote"].net == form.context["quote"].net == 30
    assert form.context["form"]["people"].value() == 6
    assert form.context["room_url"] == card["url"].replace("03-14", "03-12")


@pytest.mark.parametrize("people", ["0", "-1", "x", "1001", "9" * 400, ""])
def test_number_of_people_that_cannot_be_is_ignored(client: Client, people: str) -> None:
    response = week_of(client, RoomFactory(), people=people)

    assert (response.status_code, response.context["people"]) == (200, None)


def test_who_logs_in_for_shorter_notice_comes_back_to_the_search(client: Client) -> None:
    RoomFactory()

    page = client.get(reverse("find"), {"day": "2030-03-14", "people": "2"}).content.decode()

    assert 'href="/accounts/login/?next=%2Ffind%2F%3Fday%3D2030-03-14%26people%3D2"' in page


def test_search_at_a_free_time_offers_that_time(client: Client) -> None:
    room = RoomFactory()
    MeetingFactory(room=room, starts_at=dt.datetime(2030, 1, 10, 9, 0, tzinfo=dt.UTC))

    response = client.get(reverse("find"), {"day": "2030-01-10", "time": "11:00"})

    assert starts_of(response) == [(room, dt.datetime(2030, 1, 10, 11, 0))]


@pytest.mark.parametrize(("people", "found"), [("8", 1), ("9", 0)])
def test_search_keeps_to_the_size_of_the_room(client: Client, people: str, found: int) -> None:
    RoomFactory(max_person=8)

    response = client.get(reverse("find"), {"people": people})

    assert len(response.context["cards"]) == found


@pytest.mark.parametrize(("minutes", "found"), [("30", 0), ("60", 1), ("480", 1)])
def test_search_keeps_to_the_lengths_of_the_room(client: Client, minutes: str, found: int) -> None:
    RoomFactory(min_duration=60)

    response = client.get(reverse("find"), {"duration": minutes})

    assert len(response.context["cards"]) == found


def test_search_filters_by_place_and_equipment_and_sorts_by_price(client: Client) -> None:
    here = SiteFactory(country="IE", time_zone="Europe/Dublin")
    dear = RoomFactory(site=here, equipment=["screen", "wifi"], price_per_hour=50)
    cheap = RoomFactory(site=here, equipment=["screen"], price_per_hour=10)
    RoomFactory(site=here, equipment=[])
    RoomFactory(equipment=["screen"])

    response = client.get(reverse("find"), {"where": "IE", "equipment": "screen", "sort": "price"})

    assert [room for room, _ in starts_of(response)] == [cheap, dear]


def test_search_with_nonsense_says_so_and_still_shows_rooms(client: Client) -> None:
    RoomFactory()

    response = client.get(reverse("find"), {"people": "many", "day": "yesterday", "page": "x"})

    assert response.status_code == 200
    assert sorted(response.context["form"].errors) == ["day", "people"]
    assert len(response.context["cards"]) == 1


def test_search_for_a_day_that_is_over_says_so(client: Client) -> None:
    RoomFactory()

    yesterday = client.get(reverse("find"), {"day": "2030-01-06"}).content.decode()
    over = client.get(reverse("find"), {"day": "2029-01-06"}).content.decode()
    today = client.get(reverse("find"), {"day": "2030-01-07"}).content.decode()

    assert "This day is over" in yesterday
    assert "Nearest free times" in yesterday
    assert "This day is over" in over
    assert "No room fits" not in over
    assert "This day is over" not in today


def test_sites_are_found_by_their_city(client: Client) -> None:
    SiteFactory(name="Part-Dieu", city="Lyon")
    SiteFactory(name="Lyon Confluence", city="Lyon")
    SiteFactory(name="Somewhere", city="")

    text = client.get(reverse("find")).content.decode()

    for name in ("Part-Dieu, Lyon", "Lyon Confluence", "Somewhere"):
        assert f">{name}</option>" in text


def test_week_says_why_each_slot_cannot_be_had(client: Client) -> None:
    room = RoomFactory()
    nine = dt.datetime(2030, 1, 14, 8, 0, tzinfo=dt.UTC)
    MeetingFactory(room=room, starts_at=nine)
    MeetingFactory(room=room, pending=True, starts_at=nine + dt.timedelta(hours=2))
    BlockFactory(
        room=room, starts_at=nine + dt.timedelta(hours=4), ends_at=nine + dt.timedelta(hours=5)
    )

    response = week_of(client, room, week="2030-01-14", duration="60")

    shown = {
        time: cell(response, 0, dt.time.fromisoformat(time)).get("word", "free")
        for time in ("09:00", "10:00", "10:30", "11:00", "13:00", "14:00")
    }
    assert shown == {
        "09:00": "Booked",
        "10:00": "free",
        "10:30": "Too short",
        "11:00": "On hold",
        "13:00": "Blocked",
        "14:00": "free",
    }


def test_this_week_is_past_too_soon_and_free_from_the_second_day(client: Client) -> None:
    room = RoomFactory(slot_week="08:00-18:00")

    response = week_of(client, room)

    nine = dt.time(9)
    assert cell(response, 0, dt.time(8))["word"] == "Past"
    assert cell(response, 0, nine)["word"] == "Too soon"
    assert cell(response, 1, dt.time(17))["word"] == "Too soon"
    assert "url" in cell(response, 2, dt.time(8))


def test_closed_day_shows_its_reason_in_the_readers_language(client: Client) -> None:
    room = RoomFactory()
    day = dt.datetime(2030, 1, 16, tzinfo=dt.UTC)
    ClosureFactory(site=room.site, starts_at=day, ends_at=day + dt.timedelta(days=1))

    response = client.get(f"/fr/rooms/{room.id}/", {"week": "2030-01-14"})

    assert "Travaux" in response.content.decode()


def test_office_shows_its_month_and_leads_to_registration(client: Client) -> None:
    office = RoomFactory(office=True)

    response = week_of(client, office)

    assert f"{reverse('register')}?room={office.id}" in response.content.decode()
    assert "€500" in response.content.decode()


@pytest.mark.parametrize("path", ["/terms/", "/privacy/", "/legal/", "/developers/", "/register/"])
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_pages_of_text_exist_in_both_languages(client: Client, path: str, prefix: str) -> None:
    assert client.get(prefix + path).status_code == 200


@pytest.mark.parametrize(
    ("day", "query", "monday"),
    [
        (7, {}, dt.date(2030, 1, 7)),
        (12, {}, dt.date(2030, 1, 14)),
        (12, {"week": "2030-01-07"}, dt.date(2030, 1, 7)),
    ],
    ids=["monday", "saturday", "saturday, asked for"],
)
def test_week_with_nothing_left_gives_way_to_the_next_unless_asked_for(
    client: Client, day: int, query: dict[str, str], monday: dt.date
) -> None:
    room = RoomFactory()

    with time_machine.travel(MONDAY.replace(day=day), tick=False):
        response = week_of(client, room, **query)

    assert response.context["week"].monday == monday


def test_french_weekend_is_written_small_inside_a_sentence() -> None:
    with translation.override("fr"):
        assert date_format(dt.date(2030, 1, 12), "l j F") == "samedi 12 janvier"


@pytest.mark.parametrize(
    ("english", "french", "seen", "seen_in_french"),
    [
        ("Over the courtyard", "Sur la cour", "Over the courtyard", "Sur la cour"),
        ("Over the courtyard", "", "Over the courtyard", "Over the courtyard"),
        ("", "Sur la cour", "Sur la cour", "Sur la cour"),
    ],
)
def test_places_are_described_in_the_readers_language(
    client: Client, english: str, french: str, seen: str, seen_in_french: str
) -> None:
    texts = {"description": english, "description_fr": french}
    room = RoomFactory(site=SiteFactory(**texts), **texts)

    for page in (reverse("site", args=[room.site_id]), reverse("room", args=[room.id])):
        assert f"<p>{seen}</p>" in client.get(page).content.decode()
        assert f"<p>{seen_in_french}</p>" in client.get(f"/fr{page}").content.decode()
