"""Meetings that plans and seats of a bulk file book, share and give up.

Source: Workplace API, section 1 ("Room truth is shared").
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from backoffice.bulk import entries, forms
from backoffice.bulk.entries import Entry
from backoffice.bulk.rows import Change
from booking.models import Meeting, MeetingStatus
from config import ids
from organizations.models import User
from workplace.models import (
    OPEN_STATUSES,
    Allocation,
    Intention,
    IntentionStatus,
    IntentionType,
)

_MINUTE = dt.timedelta(minutes=1)
_PLANNED = ("pk", "room_id", "meeting_id")


def rooms_wanted(changes: Sequence[Change], *, now: dt.datetime) -> list[Entry]:
    """Return a meeting's entry for each new accepted plan of a person in a room that has none yet.

    What is over needs no room.
    """
    return _meetings(
        [change for change in changes if _needs_room(change.row, now) and change.is_new]
    )


def _needs_room(row: Intention, now: dt.datetime) -> bool:
    return (
        row.type in (IntentionType.ROOM, IntentionType.MEETING)
        and row.status == IntentionStatus.ACCEPTED
        and None not in (row.room_id, row.person_id)
        and row.meeting_id is None
        and row.ends_at > now
    )


def meetings_over(
    changes: Sequence[Change], told: Iterable[Entry], *, now: dt.datetime
) -> list[Entry]:
    """Return a meeting's entry for each plan that is off now: its meeting is cancelled, unless told of.

    One that has begun, or is cancelled already, stays as it is.
    """
    ended = {
        change.row.meeting_id: change.entry
        for change in changes
        if change.row.meeting_id and _is_given_up(change)
    }
    for entry in told:
        ended.pop(entry.id, None)
    standing = Meeting.objects.filter(
        pk__in=ended, starts_at__gt=now, status__in=[MeetingStatus.CONFIRMED, MeetingStatus.PENDING]
    )
    given = {"status": MeetingStatus.CANCELLED}
    return [
        Entry(ended[pk].place, pk, given, dict(given))
        for pk in standing.order_by("pk").values_list("pk", flat=True)
    ]


def _is_given_up(change: Change) -> bool:
    was_open = not change.is_new and change.before["status"] in OPEN_STATUSES
    return was_open and change.row.status not in OPEN_STATUSES


def rooms_of_people(changes: Sequence[Change], *, now: dt.datetime) -> list[Entry]:
    """Return a meeting's entry for each new allocation of a room to a person: people book like everybody."""
    return _meetings(
        [
            change
            for change in changes
            if change.is_new and change.row.person_id and has_no_room(change.row, now)
        ]
    )


def share_meetings(changes: Sequence[Change], intentions: Sequence[Change]) -> None:
    """Give a room that a plan has booked already to the allocation that belongs to the plan."""
    wanted = [change.row for change in changes if change.row.intention_id and change.row.room_id]
    stored = Intention.objects.filter(pk__in={row.intention_id for row in wanted})
    rooms = {pk: (room, meeting) for pk, room, meeting in stored.values_list(*_PLANNED)}
    rooms |= {one.row.pk: (one.row.room_id, one.row.meeting_id) for one in intentions}
    for row in wanted:
        room_id, meeting_id = rooms.get(row.intention_id, (None, None))
        is_held = row.meeting_id is not None or row.reservation_id is not None
        if room_id == row.room_id and row.deleted_at is None and not is_held:
            row.meeting_id = meeting_id


def has_no_room(row: Allocation, now: dt.datetime) -> bool:
    """Say whether a row that is not over wants a room and holds none."""
    is_held = row.reservation_id is not None or row.meeting_id is not None
    return row.room_id is not None and not is_held and row.deleted_at is None and row.ends_at > now


def _meetings(wanted: Sequence[Change]) -> list[Entry]:
    people = {change.row.person_id for change in wanted}
    emails = dict(User.objects.filter(pk__in=people).values_list("pk", "email"))
    return [_meeting(change, emails[change.row.person_id]) for change in wanted]


def _meeting(change: Change, email: str) -> Entry:
    row, entry = change.row, change.entry
    row.meeting_id = ids.new_id()
    minutes = -((row.starts_at - row.ends_at) // _MINUTE)
    row.ends_at = row.starts_at + minutes * _MINUTE
    given = {
        "bookedRoom": row.room_id,
        "bookedAt": row.starts_at.isoformat(),
        "duration": minutes,
        "contactEmail": email,
        "isPrivate": True,
    }
    found = Entry(entry.place, row.meeting_id, given)
    found.values = entries.values(entry.place, forms.MEETINGS.fields, given)
    return found
