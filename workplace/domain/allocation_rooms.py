"""Rooms of allocations: a person books theirs like everybody, a team takes one that it may have.

Both by booking's own calls, in the one table of reservations.
Source: workplace-api, section 1, "Room truth is shared"; section 7.
"""

import datetime as dt
from collections.abc import Iterable

from booking.domain import cancellations, changes, meeting_requests, reservations, team_rooms
from booking.domain.change_plans import MeetingChange
from booking.domain.meeting_requests import MeetingRequest, Source
from booking.models import Meeting
from config.errors import DomainError
from workplace.domain import room_refusals
from workplace.domain.allocation_drafts import Draft
from workplace.domain.refusals import Invalid
from workplace.models import Allocation

CANCELLED = "The allocation was deleted"
_MINUTE = dt.timedelta(minutes=1)


def lock(drafts: Iterable[Draft], rows: Iterable[Allocation] = ()) -> None:
    """Lock every room that the drafts want or the rows have, before anything else is."""
    wanted = {draft.room.id for draft in drafts if draft.room}
    held = {row.room_id for row in rows if row.room_id}
    if ids := wanted | held:
        reservations.lock_rooms(*ids)


def arrange(row: Allocation, draft: Draft, *, now: dt.datetime) -> None:
    """Give the row the room of its draft, in the caller's transaction; keep what stays the same.

    :raises Conflict: when somebody has it then. :raises Invalid: when a rule of booking is broken.
    """
    try:
        _arrange(row, draft, now=now)
    except DomainError as refusal:
        raise room_refusals.told(refusal, path=draft.wish.path) from refusal


def release(rows: Iterable[Allocation], *, now: dt.datetime) -> None:
    """Give the rooms of these rows back; a meeting that has begun goes on."""
    for row in rows:
        if row.meeting_id:
            _cancel(row.meeting_id, now=now)
        if row.reservation_id:
            team_rooms.give_back([row.reservation_id])


def _arrange(row: Allocation, draft: Draft, *, now: dt.datetime) -> None:
    is_booked = row.meeting_id is not None and row.person_id == _person_id(draft)
    if draft.room is not None and is_booked:
        _change(row, draft, now=now)
        return
    if not _is_other(row, draft):
        return
    release([row], now=now)
    row.meeting = row.reservation = None
    if draft.room is None:
        return
    if draft.person is not None:
        row.meeting_id = _book(draft, now=now)
    else:
        assert draft.team is not None
        row.reservation = team_rooms.take(
            draft.room, span=draft.span, team_name=draft.team.name, now=now
        )


def _is_other(row: Allocation, draft: Draft) -> bool:
    stored = (row.room_id, row.starts_at, row.ends_at, row.person_id)
    wanted = (
        draft.room.id if draft.room else None,
        draft.wish.starts_at,
        draft.wish.ends_at,
        _person_id(draft),
    )
    has_room = row.meeting_id is not None or row.reservation_id is not None
    return stored != wanted or (draft.room is not None and not has_room)


def _person_id(draft: Draft) -> str | None:
    return draft.person.id if draft.person else None


def _book(draft: Draft, *, now: dt.datetime) -> str:
    assert draft.room is not None
    assert draft.person is not None
    outcome = meeting_requests.request_meeting(
        MeetingRequest(
            room_id=draft.room.id,
            contact_email=draft.person.email,
            starts_at=draft.wish.starts_at,
            duration_minutes=_minutes(draft),
            attendees=max(1, draft.seats),
            is_private=True,
            source=Source.WORKPLACE,
            member=draft.person,
        ),
        now=now,
    )
    if outcome.meeting_id is None:
        raise Invalid([draft.wish.wrong("people_id", "is archived")])
    return outcome.meeting_id


def _change(row: Allocation, draft: Draft, *, now: dt.datetime) -> None:
    assert row.meeting_id is not None
    assert draft.room is not None
    changes.change(
        row.meeting_id,
        MeetingChange(
            room_id=draft.room.id,
            starts_at=draft.wish.starts_at,
            duration_minutes=_minutes(draft),
            attendees=max(1, draft.seats),
            source=Source.WORKPLACE,
        ),
        by=draft.person,
        now=now,
    )


def _minutes(draft: Draft) -> int:
    minutes, rest = divmod(draft.wish.ends_at - draft.wish.starts_at, _MINUTE)
    if rest:
        raise Invalid([draft.wish.wrong("ends_at", "must be whole minutes after starts_at")])
    return minutes


def _cancel(meeting_id: str, *, now: dt.datetime) -> None:
    is_over = Meeting.objects.filter(pk=meeting_id, starts_at__lte=now).exists()
    if is_over:
        return
    try:
        cancellations.cancel(meeting_id, reason=CANCELLED, by=None, now=now)
    except cancellations.NotCancellable:
        return  # nobody holds the room for it any more
