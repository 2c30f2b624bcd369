"""Which meeting a call is about: one that the token's owner may see, or none at all."""

from rest_framework.request import Request

from booking import selectors_meetings
from booking.domain.meetings import MeetingNotFound
from booking.models import Meeting
from config.api import inputs
from organizations.models import User


def caller(request: Request) -> User:
    """Return the token's owner."""
    person = request.user
    assert isinstance(person, User)
    return person


def named(given: inputs.Reader, name: str, *, person: User) -> Meeting:
    """Return the meeting that a parameter names; somebody else's is as unknown as one that is not.

    :raises InvalidInput: when it is missing or no id. :raises MeetingNotFound:
    """
    given.require(name)
    meeting_id = given.object_id(name, message=MeetingNotFound.message)
    found = selectors_meetings.meeting(meeting_id or "", person=person)
    if found is None:
        raise MeetingNotFound
    return found
