"""Meetings with the reservation that holds their room, and blocks without a meeting."""

import datetime as dt
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory

from booking.models import Meeting, MeetingSeries, MeetingStatus, Reservation, ReservationKind
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory

MADE_AT = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
_HOLDING = (MeetingStatus.CONFIRMED, MeetingStatus.PENDING)


class MeetingSeriesFactory(DjangoModelFactory):
    """Four Mondays at nine, of which the second could not be had; make its meetings yourself."""

    class Meta:
        model = MeetingSeries

    room = factory.SubFactory(RoomFactory)
    rule = "FREQ=WEEKLY;COUNT=4"
    starts_on = dt.date(2030, 1, 7)
    wall_time = dt.time(9, 0)
    duration_minutes = 60
    skipped = factory.LazyFunction(
        lambda: [
            {
                "date": "2030-01-14",
                "code": "SLOT_TAKEN",
                "message": "This room is already booked for the requested time",
            }
        ]
    )
    created_at = MADE_AT


class MeetingFactory(DjangoModelFactory):
    """A confirmed meeting of an hour, and its reservation with setup and cleaning times.

    `pending` holds its slot until `hold_expires_at`; `cancelled`, `expired` hold nothing. `duration`
    (minutes) sets the end.
    """

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    class Params:
        duration = 60
        pending = factory.Trait(
            status=MeetingStatus.PENDING,
            hold_expires_at=factory.LazyAttribute(
                lambda meeting: meeting.starts_at - dt.timedelta(hours=12)
            ),
        )
        cancelled = factory.Trait(
            status=MeetingStatus.CANCELLED,
            cancelled_at=factory.LazyAttribute(
                lambda meeting: meeting.starts_at - dt.timedelta(days=1)
            ),
        )
        expired = factory.Trait(status=MeetingStatus.EXPIRED)

    room = factory.SubFactory(RoomFactory)
    starts_at = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
    ends_at = factory.LazyAttribute(
        lambda meeting: meeting.starts_at + dt.timedelta(minutes=meeting.duration)
    )
    name = "Team Meeting"
    description = "Weekly team sync"
    organizer = factory.SubFactory(UserFactory)
    organization = factory.LazyAttribute(
        lambda meeting: meeting.organizer and meeting.organizer.organization
    )
    contact_email = factory.LazyAttribute(
        lambda meeting: meeting.organizer.email if meeting.organizer else "visitor@example.com"
    )
    contact_name = "Jean Dupont"
    created_at = MADE_AT
    revised_at = factory.SelfAttribute("created_at")

    @factory.post_generation
    def reservation(self, create: bool, extracted: Any, **_kwargs: object) -> None:
        """Hold the room; `reservation=False` leaves the meeting without."""
        if not create or extracted is False:
            return
        Reservation.objects.create(
            room=self.room,
            meeting=self,
            blocked=DateTimeTZRange(
                self.starts_at - dt.timedelta(minutes=self.room.setup_minutes),
                self.ends_at + dt.timedelta(minutes=self.room.cleaning_minutes),
            ),
            holds=self.status in _HOLDING,
        )


class BlockFactory(DjangoModelFactory):
    """A time that staff keep a room for themselves; `starts_at` and `ends_at` set it."""

    class Meta:
        model = Reservation

    class Params:
        starts_at = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
        ends_at = dt.datetime(2030, 1, 7, 10, 0, tzinfo=dt.UTC)

    room = factory.SubFactory(RoomFactory)
    kind = ReservationKind.BLOCK
    reason = "Maintenance"
    blocked = factory.LazyAttribute(lambda block: DateTimeTZRange(block.starts_at, block.ends_at))
