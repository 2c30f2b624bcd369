"""The demo's waiting list, and a weekly meeting of the company's administrator."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from backoffice.bulk import tables
from backoffice.demo import calendar
from booking.domain.reservations import SlotTaken
from booking.models import Meeting, MeetingSeries, MeetingStatus, Reservation, WaitlistEntry
from organizations.models import User
from sites_app.models import Room

WEEKS = 5
_LEAD = dt.timedelta(days=3)
_LENGTH = 60


def write(rooms: Sequence[Room], people: Sequence[User], *, seed: int, now: dt.datetime) -> None:
    """Let people wait for times that are taken, and book a room every week."""
    taken = Meeting.objects.filter(
        status=MeetingStatus.CONFIRMED, starts_at__gt=now + _LEAD
    ).select_related("room__site")
    for person, meeting in zip(people, taken.order_by("starts_at", "id")[:3], strict=False):
        _wait(person, meeting, now=now)
    bookable = [room for room in rooms if room.is_booked_by_the_hour]
    if bookable and people:
        _every_week(bookable[0], people[0], seed=seed, now=now)


def _wait(person: User, meeting: Meeting, *, now: dt.datetime) -> None:
    WaitlistEntry.objects.create(
        site=meeting.room.site,
        room=meeting.room,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        duration_minutes=int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60,
        attendees=2,
        contact_email=person.email,
        contact_name=person.full_name,
        language=person.language,
        created_at=now - dt.timedelta(days=1),
    )


def _every_week(room: Room, person: User, *, seed: int, now: dt.datetime) -> None:
    """Book the weeks that are free; the others stand in the series as what could not be had."""
    tuesday = now.date() + dt.timedelta(days=(1 - now.weekday()) % 7 + 7)
    series = MeetingSeries(
        room=room,
        rule=f"FREQ=WEEKLY;COUNT={WEEKS}",
        starts_on=tuesday,
        wall_time=dt.time(10),
        duration_minutes=_LENGTH,
        created_at=now,
    )
    days = [tuesday + dt.timedelta(weeks=week) for week in range(WEEKS)]
    made = [
        calendar.one(room, person, _starts_at(room, day), minutes=_LENGTH, seed=seed, now=now)
        for day in days
    ]
    free = [not _is_taken(booked.reservation) for booked in made]
    series.skipped = [
        {"date": day.isoformat(), "code": SlotTaken.code, "message": SlotTaken.message}
        for day, is_free in zip(days, free, strict=True)
        if not is_free
    ]
    series.save()
    kept = [booked for booked, is_free in zip(made, free, strict=True) if is_free]
    for booked in kept:
        booked.meeting.series = series
    tables.upsert(Meeting, [booked.meeting for booked in kept])
    tables.upsert(Reservation, [booked.reservation for booked in kept])


def _starts_at(room: Room, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), ZoneInfo(room.site.time_zone))


def _is_taken(reservation: Reservation) -> bool:
    same_room = Reservation.objects.filter(room=reservation.room, holds=True)
    return same_room.filter(blocked__overlap=reservation.blocked).exists()
