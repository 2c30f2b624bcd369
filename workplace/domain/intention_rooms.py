"""Rooms of intentions: booked and given back by booking's own calls, in the one table of reservations.

Source: Workplace API, section 1, "Room truth is shared"; section 12, "One truth both ways"; section 13.
"""

import datetime as dt
from collections.abc import Sequence

from apitokens.models import ApiToken
from booking.domain import cancellations, meeting_requests, reservations
from booking.domain.meeting_requests import MeetingRequest, Source
from booking.domain.reservations import SlotTaken
from booking.models import Meeting
from config.errors import DomainError
from config.intervals import Interval
from organizations.models import Role, User
from sites_app.models import Room
from workplace.domain import room_refusals
from workplace.domain.refusals import Conflict, Detail, Invalid
from workplace.models import Intention, IntentionType, Team

WITH_ROOM = (IntentionType.ROOM, IntentionType.MEETING)
_MINUTE = dt.timedelta(minutes=1)


class TooLateForRoom(Conflict):
    """The meeting has begun, so that its room cannot be given back."""

    code = "room_in_use"


def lock(*intentions: Intention) -> None:
    """Lock the rooms that plans have or want, before anything else is."""
    rooms = [one.room_id for one in intentions if one.room_id and one.type in WITH_ROOM]
    if rooms:
        reservations.lock_rooms(*rooms)


def claim(room: Room, *, span: Interval[dt.datetime], now: dt.datetime) -> None:
    """Lock a room that is free then; look before and after, so that whoever comes too late is soon gone.

    :raises RoomConflict:
    """
    _check_free(reservations.touched_by(room.pk), span=span, now=now)
    _check_free(reservations.lock_rooms(room.pk), span=span, now=now)


def _check_free(room_ids: Sequence[str], *, span: Interval[dt.datetime], now: dt.datetime) -> None:
    found = reservations.conflicts(room_ids, span=span, now=now)
    if not all(conflict.is_stale for conflict in found):
        raise room_refusals.told(SlotTaken())


def book(
    intention: Intention,
    *,
    booker: User,
    attendees: int,
    api_token: ApiToken | None,
    now: dt.datetime,
) -> None:
    """Book the room of a plan in the caller's transaction, as a meeting request of the booker.

    The room is booked by whole minutes; the plan takes the booking's end.

    :raises RoomConflict: :raises Invalid: with each rule that the booking breaks.
    """
    request = MeetingRequest(
        room_id=str(intention.room_id),
        contact_email=booker.email,
        starts_at=intention.starts_at,
        duration_minutes=-((intention.starts_at - intention.ends_at) // _MINUTE),
        attendees=attendees,
        is_private=True,
        source=Source.WORKPLACE,
        member=booker,
        api_token=api_token,
    )
    try:
        outcome = meeting_requests.request_meeting(request, now=now)
    except DomainError as refusal:
        raise room_refusals.told(refusal) from refusal
    if outcome.meeting_id is None:
        raise Invalid([Detail(path="people_id", message="This person's account is archived")])
    intention.meeting = Meeting.objects.get(pk=outcome.meeting_id)
    intention.ends_at = intention.meeting.ends_at


def needs_booking(intention: Intention) -> bool:
    """Say whether a plan for a room has none: neither itself nor that of which it is part."""
    if intention.type not in WITH_ROOM or intention.room_id is None:
        return False
    own, parent = intention.meeting, intention.parent
    booked = [own, parent.meeting if parent else None]
    return not any(one is not None and (one.is_confirmed or one.is_pending) for one in booked)


def booker_of(person: User | None, team: Team | None, *, token: ApiToken | None) -> User:
    """Return in whose name a room is booked: the person's; for a team the key's owner's or its leader's.

    :raises Invalid: when there is nobody.
    """
    if person is not None:
        return person
    assert team is not None
    owner = token.owner if token else None
    if owner is not None and owner.organization_id == team.organization_id and owner.is_existing:
        return owner
    colleagues = User.objects.select_related("organization").filter(
        organization=team.organization_id, is_archived=False, email_verified_at__isnull=False
    )
    leader = colleagues.filter(role=Role.PRINCIPAL_ADMIN).order_by("pk").first()
    member = leader or colleagues.filter(teams=team).order_by("pk").first()
    if member is None:
        message = "Nobody of this team can book a room"
        raise Invalid([Detail(path="team_id", message=message)])
    return member


def give_back(intention: Intention, *, reason: str, by: User | None, now: dt.datetime) -> None:
    """Cancel the booking of a plan, if it has one that lives.

    :raises TooLateForRoom: when it has begun.
    """
    meeting = intention.meeting
    if meeting is None or not (meeting.is_confirmed or meeting.is_pending):
        return
    try:
        cancellations.cancel(meeting.pk, reason=reason, by=by, now=now)
    except cancellations.NotCancellable as refusal:
        raise TooLateForRoom(
            [Detail(path="", message=refusal.message, code=TooLateForRoom.code)]
        ) from refusal
