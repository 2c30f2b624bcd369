"""Several processes book, move and give back series that cross: no overlap, no deadlock."""

import datetime as dt
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Count

from booking.domain import reservations, series_retries
from booking.domain.booking_plans import Source
from booking.domain.meetings import ChangedMeanwhile
from booking.models import Meeting, MeetingSeries, Reservation
from tests.contention import racing
from tests.contention.test_one_slot import overlaps, world
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

PROCESSES, CONNECTIONS, TURNS = 3, 3, 4
SAID = {"BOOKED", "MOVED", "GIVEN_BACK", "SLOT_TAKEN"}


def race(rooms, people):
    """Run the processes and count what each step came to."""
    task = {
        "connections": CONNECTIONS,
        "turns": TURNS,
        "now": "2029-12-01T10:00:00+00:00",
        "first_start": "2030-01-07T09:00:00+00:00",
        "rooms": [room.id for room in rooms],
        "people": people,
    }
    tasks = [task | {"process": number} for number in range(PROCESSES)]
    return sum(racing.race("series_booker", tasks), Counter())


def test_crossing_series_never_overlap_and_never_deadlock():
    rooms, people = world(rooms=3)
    for room in rooms:
        room.slot_sunday = "00:00-24:00"
        room.save()
    rooms[0].parts.set(rooms[1:2])  # a room made of another one is locked with it

    total = race(rooms, people)

    assert set(total) <= SAID, total
    assert total["BOOKED"] == MeetingSeries.objects.count() > 0
    assert total["MOVED"] > 0
    assert overlaps() == 0
    assert _without_their_room() == 0


def _without_their_room():
    """Count live meetings that hold no reservation of their own room, or more than one."""
    own = Reservation.objects.filter(holds=True).values("meeting", "room").annotate(n=Count("id"))
    held = {(row["meeting"], row["room"]): row["n"] for row in own}
    live = Meeting.objects.filter(status="confirmed")
    return sum(held.get((one.id, one.room_id)) != 1 for one in live)


MONDAY = dt.datetime(2030, 1, 7, 9, tzinfo=dt.UTC)


def retried(series_id):
    now = MONDAY - dt.timedelta(days=1)
    try:
        return series_retries.retry(
            series_id, dates=None, source=Source.API, api_token=None, now=now
        )
    except ChangedMeanwhile as refusal:
        return refusal
    finally:
        connection.close()


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_dates_tried_again_while_the_series_goes_to_another_room_take_no_wrong_one():
    left, entered = RoomFactory.create_batch(2)
    skipped = [{"date": "2030-01-14", "code": "SLOT_TAKEN", "message": "Taken"}]
    series = MeetingSeriesFactory(
        room=left, starts_on=MONDAY.date(), wall_time=dt.time(10), skipped=skipped
    )
    MeetingFactory(room=left, series=series, starts_at=MONDAY, organizer=UserFactory())

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        reservations.lock_rooms(left.id, entered.id)  # as who moves the series does
        answer = other.submit(retried, series.id)
        while not is_waited_for() and not answer.done():
            time.sleep(0.02)
        MeetingSeries.objects.update(room=entered)

    assert isinstance(answer.result(), ChangedMeanwhile)
    assert _without_their_room() == 0
