"""The form that changes a booking is sent twice at once, or from two tabs: each wish has one effect."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apitokens.models import Event
from booking.models import Meeting, Reservation
from booking.pages import change_forms
from config import clock, links
from config.links import Purpose
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

DAY = clock.now().date() + dt.timedelta(days=30)
WEEKDAY = DAY + dt.timedelta(days=7 - DAY.weekday())
START = dt.datetime.combine(WEEKDAY, dt.time(12), tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _mail_waits(monkeypatch):
    monkeypatch.setattr("config.background.after_commit", lambda *_args: None)
    monkeypatch.setattr("config.background.after_commit_together", lambda *_args: None)


@pytest.fixture
def meeting():
    hours = {"slot_week": "00:00-24:00"}
    return MeetingFactory(room=RoomFactory(**hours), starts_at=START)


def sent_at_once(meeting, *forms):
    """Post each form by a browser of its own in the same moment; return the answers' statuses."""
    address = reverse("change-booking", args=[links.key(Purpose.MANAGE_BOOKING, meeting.id)])
    barrier = Barrier(len(forms))

    def post(form):
        try:
            barrier.wait(timeout=10)
            return Client().post(address, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(post, forms))


def form(meeting, time, token):
    typed = {
        "csrfmiddlewaretoken": token,
        "day": f"{WEEKDAY}",
        "time": time,
        "duration": "60",
        "room": meeting.room_id,
        "people": str(meeting.attendees),
        "name": meeting.name,
    }
    return typed | {"confirm": change_forms.digest(typed)}


@pytest.mark.parametrize("tokens", [["one", "one"], ["one", "other"]], ids=["one form", "two tabs"])
def test_the_same_change_sent_twice_at_once_is_made_once(meeting, tokens):
    statuses = sent_at_once(meeting, *[form(meeting, "18:00", token) for token in tokens])

    assert statuses == [302, 302]
    assert Meeting.objects.get().sequence == 1
    assert Reservation.objects.count() == 1
    assert OutgoingEmail.objects.count() == 1
    assert Event.objects.filter(type="meeting.changed").count() == 1


def test_two_tabs_with_different_times_change_it_once_each(meeting):
    statuses = sent_at_once(meeting, form(meeting, "18:00", "one"), form(meeting, "20:00", "other"))

    assert statuses == [302, 302]
    changed = Meeting.objects.get()
    assert changed.sequence == 2
    assert Reservation.objects.get().blocked.lower == changed.starts_at
    assert changed.starts_at != START
    assert OutgoingEmail.objects.count() == 2
    assert Event.objects.filter(type="meeting.changed").count() == 2
