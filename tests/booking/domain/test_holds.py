"""Holds end on time, once, and say so."""

import datetime as dt

import pytest
import time_machine

from apitokens.models import Event
from booking import tasks
from booking.domain import holds
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hours_ahead", "held_hours"),
    [(100, 24), (36, 24), (35, 23), (13, 1), (12.5, 0.5), (12.25, 0.5), (5, 0.5), (0.25, 0.25)],
)
def test_a_newcomers_hold(hours_ahead, held_hours):
    starts_at = NOW + hours_ahead * HOUR

    assert holds.expiry_for_newcomer(starts_at=starts_at, now=NOW) == NOW + held_hours * HOUR


@pytest.mark.parametrize(("minutes_ahead", "held_minutes"), [(31, 30), (30, 30), (29, 29)])
def test_a_mailed_links_hold(minutes_ahead, held_minutes):
    end = holds.expiry_for_mailed_link(starts_at=NOW + minutes_ahead * MINUTE, now=NOW)

    assert end == NOW + held_minutes * MINUTE


@pytest.mark.django_db
def test_stale_holds_are_released_and_live_ones_kept():
    stale = MeetingFactory(pending=True, hold_expires_at=NOW)
    live = MeetingFactory(pending=True, hold_expires_at=NOW + dt.timedelta(seconds=1))
    confirmed = MeetingFactory()

    assert holds.release_stale(now=NOW) == 1

    for meeting in (stale, live, confirmed):
        meeting.refresh_from_db()
    assert [stale.status, live.status, confirmed.status] == ["expired", "pending", "confirmed"]
    held = [meeting.reservations.get().holds for meeting in (stale, live, confirmed)]
    assert held == [False, True, True]
    assert stale.sequence == 1


@pytest.mark.django_db
def test_release_is_told_once():
    stale = MeetingFactory(pending=True, hold_expires_at=NOW)

    with time_machine.travel(NOW):
        tasks.release_stale_holds()
        tasks.release_stale_holds()

    mail, event = OutgoingEmail.objects.get(), Event.objects.get()
    assert (mail.template, mail.to_address) == ("hold_released", stale.contact_email)
    assert (event.type, event.object_id) == ("meeting.expired", stale.id)


@pytest.mark.django_db
def test_many_are_released_in_batches(monkeypatch):
    monkeypatch.setattr(holds, "BATCH", 2)
    for day in range(5):
        MeetingFactory(
            pending=True,
            hold_expires_at=NOW,
            starts_at=dt.datetime(2030, 1, 7 + day, 9, 0, tzinfo=dt.UTC),
        )

    assert holds.release_stale(now=NOW) == 5
