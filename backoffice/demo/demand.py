"""The demo's waiting list, and a weekly meeting of the company's administrator."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from backoffice.bulk import tables
from backoffice.demo import calendar
from backoffice.demo.calendar import Booked
from booking.domain.reservations import SlotTaken
from booking.models import Meeting, MeetingSeries, MeetingStatus, Reservation, WaitlistEntry
from organizations.models import User
from sites_app.models import Room

WEEKS = 5
_LEAD = dt.timedelta(days=3)
_LENGTH = 60
_HOURS = range(9, 17)


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
    days = [tuesday + dt.timedelta(weeks=week) for week in range(WEEKS)]

    def at(hour: int) -> list[tuple[dt.date, Booked]]:
        tz = ZoneInfo(room.site.time_zone)
        starts = [dt.datetime.combine(day, dt.time(hour), tz) for day in days]
        made = [
            calendar.one(room, person, start, minutes=_LENGTH, seed=seed, now=now)
            for start in starts
        ]
        pairs = zip(days, made, strict=True)
        return [(day, booked) for day, booked in pairs if not _is_taken(booked.reservation)]

    hour, free = max(((hour, at(hour)) for hour in _HOURS), key=lambda found: len(found[1]))
    booked_on = [day for day, _booked in free]
    series = MeetingSeries.objects.create(
        room=room,
        rule=f"FREQ=WEEKLY;COUNT={WEEKS}",
        starts_on=tuesday,
        wall_time=dt.time(hour),
        duration_minutes=_LENGTH,
        skipped=[
            {"date": day.isoformat(), "code": SlotTaken.code, "message": SlotTaken.message}
            for day in days
            if day not in booked_on
        ],
        created_at=now,
    )
    kept = [booked for _day, booked in free]
    for booked in kept:
        booked.meeting.series = series
    if kept:
        tables.upsert(Meeting, [booked.meeting for booked in kept])
        tables.upsert(Reservation, [booked.reservation for booked in kept])


def _is_taken(reservation: Reservation) -> bool:
    same_room = Reservation.objects.filter(room=reservation.room, holds=True)
    return same_room.filter(blocked__overlap=reservation.blocked).exists()
