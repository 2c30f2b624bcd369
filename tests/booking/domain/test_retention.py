"""What is over is kept as long as the setting says, no longer. Source: safety, S-72."""

import datetime as dt

import pytest
import time_machine

from booking import tasks
from booking.domain import visitor_registrations
from booking.models import LinkRequest, Registration, WaitlistEntry
from tests.factories.demand import WaitlistEntryFactory
from tests.safety.test_secrets_at_rest import columns_holding

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 4, 7, 8, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAYS = dt.timedelta(days=90)
HOUR = dt.timedelta(hours=1)


def forget():
    with time_machine.travel(NOW, tick=False):
        tasks.forget_what_is_over()


def registration(status, *, at):
    return Registration.objects.create(status=status, email="ada@gone.example", created_at=at)


def place(status, *, ends, created=NOW - 2 * DAYS):
    return WaitlistEntryFactory(
        status=status, starts_at=ends - HOUR, ends_at=ends, created_at=created
    )


@pytest.mark.parametrize(
    ("status", "goes"),
    [
        ("CREATED", True),
        ("UPDATED", True),
        ("USER_EXISTS", True),
        ("refused", True),
        ("waiting", False),
        ("failed", False),
    ],
)
def test_registrations_go_ninety_days_after_they_came_to_something(status, goes):
    registration(status, at=NOW - DAYS - SECOND)
    younger = registration(status, at=NOW - DAYS)

    forget()

    assert Registration.objects.count() == (1 if goes else 2)
    assert Registration.objects.filter(pk=younger.pk).exists()


@pytest.mark.parametrize(
    ("status", "goes"), [("left", True), ("over", True), ("offered", True), ("waiting", False)]
)
def test_places_go_ninety_days_after_their_time(status, goes):
    place(status, ends=NOW - DAYS - SECOND)
    place(status, ends=NOW - DAYS + HOUR, created=NOW - DAYS)

    forget()

    assert WaitlistEntry.objects.count() == (1 if goes else 2)


def test_a_place_that_was_left_need_not_wait_for_its_time():
    place("left", ends=NOW + DAYS, created=NOW - DAYS - SECOND)
    offered = place("offered", ends=NOW + DAYS, created=NOW - DAYS - SECOND)

    forget()

    assert list(WaitlistEntry.objects.all()) == [offered]


def test_nothing_of_the_address_stays_in_any_table():
    entry = WaitlistEntryFactory(
        status="over",
        contact_email="ada@gone.example",
        contact_name="Ada Gone",
        starts_at=NOW - 2 * DAYS,
        ends_at=NOW - 2 * DAYS + HOUR,
    )
    registration("CREATED", at=NOW - 2 * DAYS)
    assert columns_holding("ada@gone.example")

    forget()

    assert not WaitlistEntry.objects.filter(pk=entry.pk).exists()
    assert columns_holding("ada@gone.example") == columns_holding("Ada Gone") == []


def test_a_link_that_nobody_could_send_is_asked_for_again():
    for email, age in [("a@b.example", 24 * HOUR), ("c@d.example", 24 * HOUR + SECOND)]:
        visitor_registrations.ask_for_link(email, language="en", now=NOW - age)

    forget()

    assert [wish.email for wish in LinkRequest.objects.all()] == ["a@b.example"]
