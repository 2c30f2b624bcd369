"""Who has logged in sees their own next bookings, each with the way to its page."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from config import clock
from tests.factories.booking import MeetingFactory
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
