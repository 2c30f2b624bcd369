"""Several processes cancel and sweep at once: one slot makes one offer, one place gets one."""

import datetime as dt
import json
import os
import subprocess
import sys
import time

import pytest
from django.db import connection

from booking.models import Meeting, WaitlistEntry
from organizations.models import OutgoingEmail
from tests.contention.test_one_slot import overlaps
from tests.factories.booking import MeetingFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, ROUNDS = 4, 6
NINE = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)


def race(meetings):
    task = {
        "database": connection.settings_dict["NAME"],
        "begin": time.time() + 7.0,
        "now": "2029-12-01T10:00:00+00:00",
        "meetings": meetings,
    }
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contention.waiting"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        for _ in range(PROCESSES)
    ]
    for number, program in enumerate(programs):
        program.stdin.write(json.dumps(task | {"cancels": number < 2}))
        program.stdin.close()
    answers = [json.loads(program.stdout.read()) for program in programs]
    for program in programs:
        assert program.wait(timeout=10) == 0
        program.stdout.close()
    return sum(answer["made"] for answer in answers)


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
