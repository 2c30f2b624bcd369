"""Who has logged in sees their own next bookings, each with the way to its page."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db


def test_each_booking_leads_to_its_own_page(client: Client) -> None:
    person = UserFactory()
    soon = clock.now() + dt.timedelta(days=3)
    mine = MeetingFactory(organizer=person, starts_at=soon, name="Mine")
    MeetingFactory(starts_at=soon, name="Somebody else's")
    client.force_login(person, backend=BACKEND)

    page = client.get(reverse("account")).content.decode()

    links = re.findall(r'href="(/booking/k/[^"]+)"', page)
    assert len(links) == 1
    assert "Mine" in client.get(links[0]).content.decode()
    assert mine.room.display_name in page
    assert "Somebody else" not in page
    assert "past bookings" in page.lower()


def test_what_is_over_stands_on_a_page_of_its_own_the_latest_first(client: Client) -> None:
    person = UserFactory()
    now = clock.now()
    for days, fields in (
        (-9, {"name": "Earlier"}),
        (-2, {"name": "Later"}),
        (-3, {"name": "Called off", "cancelled": True}),
        (3, {"name": "Coming"}),
    ):
        MeetingFactory(organizer=person, starts_at=now + dt.timedelta(days=days), **fields)
    MeetingFactory(starts_at=now - dt.timedelta(days=2), name="Somebody else's")
    client.force_login(person, backend=BACKEND)

    response = client.get(reverse("account"), {"when": "past"})

    names = [booking.subject for booking, _address in response.context["bookings"]]
    assert names == ["Later", "Earlier"]


def test_a_booking_is_listed_with_the_price_that_its_own_page_tells(client: Client) -> None:
    person = UserFactory()
    soon = clock.now() + dt.timedelta(days=3)
    MeetingFactory(organizer=person, starts_at=soon, price=Decimal(100), price_gross=Decimal(120))
    client.force_login(person, backend=BACKEND)

    page = client.get(reverse("account")).content.decode()

    assert "€120" in page
    assert "incl. VAT" in page
    assert "€100" not in page


def test_more_bookings_than_a_page_holds_stand_on_further_pages(client: Client) -> None:
    person = UserFactory()
    now = clock.now()
    for number in range(27):
        MeetingFactory(organizer=person, starts_at=now + dt.timedelta(days=3 + number))
    client.force_login(person, backend=BACKEND)

    first = client.get(reverse("account"))
    second = client.get(reverse("account"), {"page": "2"})

    assert len(first.context["bookings"]) == 25
    assert 'href="?page=2"' in first.content.decode()
    assert len(second.context["bookings"]) == 2


def test_the_list_asks_no_more_for_three_bookings_than_for_one(client: Client) -> None:
    person = UserFactory()
    client.force_login(person, backend=BACKEND)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("account"))
        return len(captured)

    MeetingFactory(organizer=person, starts_at=clock.now() + dt.timedelta(days=3))
    queries()
    one = queries()
    for days in (4, 5):
        MeetingFactory(organizer=person, starts_at=clock.now() + dt.timedelta(days=days))

    assert queries() == one


def test_a_date_of_a_series_is_marked_and_its_page_leads_back(client: Client) -> None:
    person = UserFactory()
    series = MeetingSeriesFactory()
    soon = clock.now() + dt.timedelta(days=3)
    MeetingFactory(organizer=person, series=series, room=series.room, starts_at=soon)
    client.force_login(person, backend=BACKEND)

    page = client.get(reverse("account")).content.decode()
    address = re.findall(r'href="(/booking/k/[^"]+)"', page)[0]

    assert "Series" in page
    back = f'<a href="{reverse("account")}">My bookings</a>'
    assert back in client.get(address).content.decode()
    assert back not in Client().get(address).content.decode()
