"""From when on calendars offer a start; it is Monday noon in UTC, one o'clock in Paris."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.domain import notice

PARIS = ZoneInfo("Europe/Paris")
NOW = dt.datetime(2030, 1, 7, 12, 0, tzinfo=dt.UTC)


def _first(*, is_new_person: bool, now: dt.datetime = NOW) -> dt.datetime:
    return notice.first_allowed_start(tz=PARIS, is_new_person=is_new_person, now=now)


def test_known_people_may_start_now():
    assert _first(is_new_person=False) == NOW


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (dt.datetime(2030, 1, 7, 22, 59), dt.datetime(2030, 1, 8, 23, 0)),
        (dt.datetime(2030, 1, 7, 23, 0), dt.datetime(2030, 1, 9, 23, 0)),
    ],
)
def test_new_people_wait_whole_local_days(now, first):
    now, first = now.replace(tzinfo=dt.UTC), first.replace(tzinfo=dt.UTC)

    assert _first(is_new_person=True, now=now) == first


def test_without_notice_nothing_past_is_offered_to_new_people(settings):
    settings.NEW_PERSON_MIN_DAYS = 0

    assert _first(is_new_person=True) == NOW


def test_what_has_begun_is_not_offered_even_where_it_may_be_booked(settings):
    settings.PAST_START_GRACE_MINUTES = 15

    assert _first(is_new_person=False) == NOW
