"""Signed links: what a mailed address may do, told by the address alone, so that no secret is stored.

A key is signed for one purpose and cannot serve another. Pages keep it in the path behind `/k/`,
where the access log leaves it out.
"""

import datetime as dt
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from config.errors import DomainError


class Purpose(StrEnum):
    """What a key allows; each has its page."""

    MANAGE_BOOKING = "manage-booking"
    CONFIRM_BOOKING = "confirm-booking"
    COMPLETE_REGISTRATION = "complete-registration"
    LEAVE_WAITLIST = "leave-waitlist"
    VERIFY_EMAIL = "verify-email"
    DECIDE_JOINING = "decide-joining"
    ACCEPT_INVITATION = "accept-invitation"


class InvalidLink(DomainError):
    """The key was altered, made for another purpose, or is too old."""

    code = "INVALID_LINK"
    status = 404
    message = "This link is invalid or has expired"


def key(purpose: str, subject: str) -> str:
    """Sign `subject` (an id) for one purpose; every call gives another key, all are good."""
    return _signer(purpose).sign(subject)


def read(purpose: str, signed: str, *, max_age: dt.timedelta | None = None) -> str:
    """Return the subject of a key, at most `max_age` old.

    :raises InvalidLink: when the key is not one of ours for this purpose, or too old.
    """
    try:
        return _signer(purpose).unsign(signed, max_age=max_age)
    except signing.BadSignature as error:
        raise InvalidLink from error


def url(purpose: str, subject: str, *, language: str) -> str:
    """Write the absolute address of the purpose's page (its URL's name), in the reader's language."""
    with translation.override(language):
        path = reverse(purpose, kwargs={"key": key(purpose, subject)})
    return f"{settings.PUBLIC_URL}{path}"


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"link:{purpose}")
