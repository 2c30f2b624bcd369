"""Kept answers never outlive a change, whoever commits it and whenever."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from booking.domain import catalogue_cache
from booking.domain.catalogue_cache import Built
from booking.models import CatalogueChange
from config.api.conditional import represent
from sites_app.models import Room
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2030, 1, 2, 9, tzinfo=dt.UTC)
RENAME = "UPDATE sites_app_room SET name = %s"
ADD_NOTE = "UPDATE booking_meeting SET description = %s WHERE room_id = %s"


@pytest.fixture
def other_process() -> Iterator[psycopg.Connection]:
    """A connection that knows nothing of this process's."""
    facts = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    with psycopg.connect(**{n: facts[n] for n in names if facts.get(n)}) as opened:
        yield opened


def _names(*, now: dt.datetime = NOW, change_in: int | None = None, rooms: Any = None) -> str:
    def build() -> Built:
        text = ",".join(Room.objects.order_by("name").values_list("name", flat=True))
        change_at = None if change_in is None else now + dt.timedelta(seconds=change_in)
        return Built(represent(text.encode()), change_at)

    return catalogue_cache.serve("names", build=build, now=now, room_ids=rooms).body.decode()


def test_a_change_of_another_process_shows_in_the_next_call(other_process):
    RoomFactory(name="old")
    assert _names() == "old"
    other_process.execute(RENAME, ["new"])
    assert _names() == "old"
    other_process.commit()
    assert _names() == "new"


def test_a_change_begun_before_and_committed_after_the_answer_was_built(other_process):
    RoomFactory(name="old")
    other_process.execute(RENAME, ["new"])
    MeetingFactory(room=Room.objects.get(), organizer=None)  # a later transaction commits first
    assert _names() == "old"
    other_process.commit()
    assert _names() == "new"


def test_a_change_that_is_taken_back_changes_nothing(other_process, django_assert_num_queries):
    RoomFactory(name="old")
    assert _names() == "old"
    other_process.execute(RENAME, ["new"])
    other_process.rollback()
    with django_assert_num_queries(1):
        assert _names() == "old"


def test_an_answer_about_some_rooms_outlives_changes_of_others(
    other_process, django_assert_num_queries
):
    one, other = MeetingFactory(room__name="one"), MeetingFactory(room__name="other")
    _names(rooms=[one.room_id])

    other_process.execute(ADD_NOTE, ["x", other.room_id])
    other_process.commit()
    with django_assert_num_queries(1):
        _names(rooms=[one.room_id])
    other_process.execute(ADD_NOTE, ["x", one.room_id])
    other_process.commit()
    with django_assert_num_queries(3):
        _names(rooms=[one.room_id])


@pytest.mark.parametrize(("seconds", "queries"), [(59, 1), (60, 2)])
def test_an_answer_ends_at_its_next_change(seconds, queries, django_assert_num_queries):
    _names(change_in=60)
    with django_assert_num_queries(queries):
        _names(now=NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize(("seconds", "queries"), [(599, 1), (600, 2)])
def test_an_answer_is_built_anew_after_ten_minutes(seconds, queries, django_assert_num_queries):
    _names()
    with django_assert_num_queries(queries):
        _names(now=NOW + dt.timedelta(seconds=seconds))


def test_nothing_is_kept_inside_a_transaction():
    RoomFactory(name="old")
    with transaction.atomic():
        Room.objects.update(name="not committed")
        assert _names() == "not committed"
        transaction.set_rollback(True)
    assert _names() == "old"


def test_old_changes_are_forgotten():
    RoomFactory()
    noted = CatalogueChange.objects.order_by("at").values_list("at", flat=True)
    first, last = noted[0], noted.reverse()[0]

    assert catalogue_cache.prune_changes(now=first + catalogue_cache.KEPT) == 0
    later = last + catalogue_cache.KEPT + dt.timedelta(seconds=1)
    assert catalogue_cache.prune_changes(now=later) > 0
    assert not CatalogueChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_answer_survives_a_database_connection_that_died(client):
    RoomFactory()
    first = client.get("/api/rooms")
    connection.connection.close()

    again = client.get("/api/rooms")

    assert (again.status_code, again.content) == (200, first.content)
