"""The demo is made up without a database: the same for the same seed, and in itself possible."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Model

from backoffice.demo import calendar, operator
from backoffice.demo.calendar import Booked
from backoffice.demo.operator import Operator
from booking.models import MeetingStatus

NOW = dt.datetime(2030, 1, 7, 12, 0, tzinfo=dt.UTC)


def _operator(*, sites: int = 3, rooms: int = 12, people: int = 16, seed: int = 1) -> Operator:
    return operator.make(sites=sites, rooms=rooms, people=people, seed=seed, now=NOW)


def _meetings(made: Operator, *, count: int = 300, seed: int = 1) -> list[Booked]:
    return list(calendar.fill(rooms=made.rooms, people=made.users, count=count, seed=seed, now=NOW))


def _facts(rows: Iterable[Model]) -> list[dict[str, Any]]:
    return [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        for row in rows
    ]


def _everything(seed: int) -> list[list[dict[str, Any]]]:
    made = _operator(seed=seed)
    booked = _meetings(made, seed=seed)
    lists = [getattr(made, name) for name in Operator.__dataclass_fields__]
    lists += [[one.meeting for one in booked], [one.reservation for one in booked]]
    # links between sites and companies have no id of their own: the database numbers them
    return [_facts(rows) for rows in lists]


def test_the_same_seed_and_moment_make_the_same_demo():
    assert _everything(seed=7) == _everything(seed=7)


def test_another_seed_makes_another_demo():
    one, other = _everything(seed=1), _everything(seed=2)

    assert all(rows != others for rows, others in zip(one, other, strict=True) if "id" in rows[0])


@pytest.mark.parametrize(("sites", "rooms", "people"), [(1, 1, 3), (2, 5, 10), (7, 60, 80)])
def test_it_has_the_size_that_was_asked_for(sites, rooms, people):
    made = _operator(sites=sites, rooms=rooms, people=people)

    assert (len(made.sites), len(made.rooms), len(made.users)) == (sites, rooms, people)


@pytest.mark.parametrize("count", [0, 100, 300])
def test_it_has_as_many_meetings_as_were_asked_for(count):
    assert len(_meetings(_operator(), count=count)) == count


def test_its_printed_people_exist_and_addresses_differ():
    emails = [user.email for user in _operator().users]

    assert len(set(emails)) == len(emails)
    assert {operator.STAFF, operator.MEMBER, operator.DEVELOPER} <= set(emails)


def test_meetings_of_a_room_never_overlap():
    by_room = defaultdict(list)
    for booked in _meetings(_operator(), count=1_000):
        by_room[booked.meeting.room_id].append(booked.reservation.blocked)

    assert len(by_room) == 9  # every fourth of the twelve rooms is an office
    for spans in by_room.values():
        ordered = sorted(spans, key=lambda span: span.lower)
        assert all(one.upper <= next_.lower for one, next_ in pairwise(ordered))


def test_meetings_lie_in_the_past_and_in_the_future():
    starts = [booked.meeting.starts_at for booked in _meetings(_operator())]

    assert min(starts) < NOW < max(starts)


def test_each_meeting_is_one_that_its_room_allows():
    for booked in _meetings(_operator()):
        meeting, room = booked.meeting, booked.meeting.room
        assert room.is_booked_by_the_hour
        assert 1 <= meeting.attendees <= max(1, room.max_person)
        assert room.min_duration <= meeting.duration_minutes
        assert meeting.price is not None
        assert booked.reservation.holds == (meeting.status == MeetingStatus.CONFIRMED)
        assert meeting.created_at <= NOW
