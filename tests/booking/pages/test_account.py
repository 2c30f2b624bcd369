"""Who has logged in sees their own next bookings, each with the way to its page."""

import datetime as dt
import re

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
