"""Handovers: a company's bookings to come get another contact; the slots, prices and terms stay.

Links that were mailed before no longer open them, and the calendar of who had them loses them.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from booking.domain import calendar_entries, mails, meeting_events, meetings
from booking.models import Meeting, MeetingStatus
from config import instants
from organizations.domain import outbox
from organizations.models import User


def to_come(person: User, *, now: dt.datetime) -> QuerySet[Meeting]:
    """Return a person's booked meetings that are not over and belong to their company."""
    return Meeting.objects.filter(
        organizer=person,
        organization=person.organization_id,
        status=MeetingStatus.CONFIRMED,
        ends_at__gt=now,
    )


def locked(person: User, *, now: dt.datetime) -> list[Meeting]:
    """Lock those meetings, after the person, and return them by start."""
    ids = meetings.lock(to_come(person, now=now))
    chosen = Meeting.objects.select_related("room__site", "api_token").filter(id__in=ids)
    return sorted(chosen, key=lambda meeting: (meeting.starts_at, meeting.id))


def hand_over(theirs: Sequence[Meeting], *, to: User, now: dt.datetime) -> outbox.CalendarPart:
    """Make these locked meetings, at least one, somebody else's and tell them, in the caller's transaction.

    Return what takes them out of the calendar of who had them.
    """
    for meeting in theirs:
        meeting.sequence += 1
        meeting.revised_at = meeting.handed_over_at = now
    calendar = mails.invitation(*theirs, method="CANCEL")
    _shut_links_of_series(theirs, now=now)
    for meeting in theirs:
        _write(meeting, to=to)
        meeting_events.record(
            "meeting.changed",
            meeting,
            startsAt=instants.written(meeting.starts_at),
            endsAt=instants.written(meeting.ends_at),
            now=now,
        )
    outbox.enqueue(
        template="bookings_handed_over",
        to=to.email,
        language=to.language,
        context={"dates": [facts(meeting) for meeting in theirs]},
        calendar=mails.invitation(*theirs, method="REQUEST"),
        now=now,
    )
    return calendar


def facts(meeting: Meeting) -> dict[str, Any]:
    """Return what a mail tells of one of several meetings; instants are in the site's zone."""
    tz = ZoneInfo(meeting.room.site.time_zone)
    return {
        "starts_at": meeting.starts_at.astimezone(tz).isoformat(),
        "ends_at": meeting.ends_at.astimezone(tz).isoformat(),
        "room": meeting.room.display_name,
        "site": meeting.room.site.name,
    }


def _shut_links_of_series(meetings: Sequence[Meeting], *, now: dt.datetime) -> None:
    """Shut the links to what is over of these series, too: they would lead to the dates to come."""
    series = {meeting.series_id for meeting in meetings if meeting.series_id}
    was_theirs = Meeting.objects.filter(organizer=meetings[0].organizer_id, series__in=series)
    was_theirs.filter(ends_at__lte=now).update(handed_over_at=now)


def _write(meeting: Meeting, *, to: User) -> None:
    meeting.organizer = to
    meeting.contact_email = to.email
    meeting.contact_name = to.full_name
    meeting.language = to.language
    meeting.save(
        update_fields=[
            "organizer",
            "contact_email",
            "contact_name",
            "language",
            "sequence",
            "revised_at",
            "handed_over_at",
        ]
    )
    calendar_entries.refresh(meeting)
