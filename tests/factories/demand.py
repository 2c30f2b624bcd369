"""Booking limits and people who wait."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from booking.models import BookingLimit, WaitlistEntry
from tests.factories.sites_app import RoomFactory


class BookingLimitFactory(DjangoModelFactory):
    """Each person may book once a day, in whatever room."""

    class Meta:
        model = BookingLimit

    scope = "person"
    room_type = ""
    period = "day"
    count = 1


class WaitlistEntryFactory(DjangoModelFactory):
    """Somebody who waits for an hour between 9 and 10 (UTC) in one room."""

    class Meta:
        model = WaitlistEntry

    room = factory.SubFactory(RoomFactory)
    site = factory.LazyAttribute(lambda entry: entry.room.site)
    starts_at = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
    ends_at = dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC)
    duration_minutes = 60
    contact_email = factory.Sequence(lambda number: f"waiting{number}@company.example")
    created_at = factory.Sequence(
        lambda number: dt.datetime(2029, 12, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
    )
