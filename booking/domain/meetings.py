"""Meetings by their id, as the other rules need them."""

from booking.models import Meeting
from config.errors import DomainError


class MeetingNotFound(DomainError):
    """No meeting has that id."""

    code = "MEETING_NOT_FOUND"
    status = 404
    message = "Meeting not found"


def by_id(meeting_id: str, *, locked: bool = False) -> Meeting:
    """Return the meeting with its room, site and person; locked it stays as it is until the commit.

    :raises MeetingNotFound: when there is none.
    """
    meetings = Meeting.objects.select_related("room__site", "organizer__organization")
    if locked:
        meetings = meetings.select_for_update(of=("self",))
    meeting = meetings.filter(id=meeting_id).first()
    if meeting is None:
        raise MeetingNotFound
    return meeting
