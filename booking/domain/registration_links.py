"""Registration links: what the mail about a held request opens, and whether its reader is who asked.

The link is signed for the request and for the address it was mailed to: who follows it within three
days has shown whose mailbox it is, as by the link of a verification. Once the request is somebody
else's it proves nothing. Source: safety, S-27.
"""

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from booking.domain import meetings
from booking.models import Meeting
from config import links
from config.links import Purpose
from organizations.domain import verifications

_SALT = "registration-link"
_MARK_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The request that a link is about, and whether the link proves the address that it was made with."""

    meeting: Meeting
    proves_address: bool


def subject(meeting: Meeting) -> str:
    """Write what the link to complete a registration is signed for."""
    return f"{meeting.id}-{_mark(meeting.contact_email)}"


def opened(key: str) -> Opened:
    """Return what a link stands for; looking changes nothing.

    :raises InvalidLink: :raises MeetingNotFound:
    """
    meeting_id, _, mark = links.read(Purpose.COMPLETE_REGISTRATION, key).partition("-")
    meeting = meetings.by_id(meeting_id)
    is_theirs = constant_time_compare(mark, _mark(meeting.contact_email))
    return Opened(meeting=meeting, proves_address=is_theirs and _is_fresh(key))


def _is_fresh(key: str) -> bool:
    try:
        links.read(Purpose.COMPLETE_REGISTRATION, key, max_age=verifications.LIFETIME)
    except links.InvalidLink:
        return False
    return True


def _mark(email: str) -> str:
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:_MARK_LENGTH]
