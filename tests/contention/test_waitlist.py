"""Several processes cancel and sweep at once: one slot makes one offer, one place gets one."""

import datetime as dt

import pytest

from booking.models import Meeting, WaitlistEntry
from organizations.models import OutgoingEmail
from tests.contention import racing
from tests.contention.test_one_slot import overlaps
from tests.factories.booking import MeetingFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, ROUNDS = 4, 6
NINE = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)


def race(meetings):
    """Let two processes cancel and two sweep; return how many offers they made."""
    task = {"now": "2029-12-01T10:00:00+00:00", "meetings": meetings}
    return sum(racing.race("waiting", [task | {"cancels": n < 2} for n in range(PROCESSES)]))


def test_each_freed_slot_is_offered_once_in_the_order_of_the_queue():
    room = RoomFactory(site=SiteFactory(time_zone="UTC"), slot_week="09:00-18:00")
    slots = [NINE + dt.timedelta(hours=number) for number in range(ROUNDS)]
    meetings = [MeetingFactory(room=room, starts_at=slot).id for slot in slots]
    MeetingFactory(room=room, starts_at=NINE + dt.timedelta(hours=ROUNDS), duration=180)
    queue = [
        WaitlistEntryFactory(
            room=room, contact_email=UserFactory().email, ends_at=NINE + dt.timedelta(hours=9)
        )
        for _ in range(ROUNDS + 2)
    ]

    made = race(meetings)

    held = Meeting.objects.filter(status="pending").order_by("starts_at")
    assert made == held.count() == ROUNDS
    assert [meeting.contact_email for meeting in held] == [
        entry.contact_email for entry in queue[:ROUNDS]
    ]
    assert WaitlistEntry.objects.filter(status="offered").count() == ROUNDS
    assert OutgoingEmail.objects.filter(template="waitlist_offer").count() == ROUNDS
    assert overlaps() == 0
