"""Calendar messages of mails: what they tell is noted with a booking, their text written with the mail.

The notes are plain JSON: writing a calendar costs as much as a tenth of a booking, and nobody who
books has to wait for it.
Source: RFC 5546, 3.2.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from booking.domain import calendar_entries, ics
from booking.models import Meeting

_INSTANTS = ("starts_at", "ends_at", "created_at", "revised_at")


def note(meeting: Meeting, *, to: Meeting) -> dict[str, Any]:
    """Note what the message about a meeting tells now, to the contact of `to`."""
    facts = calendar_entries.facts_for_guests(meeting)
    return {
        "uid": facts.uid,
        **{name: getattr(facts, name).isoformat() for name in _INSTANTS},
        "summary": facts.summary,
        "location": facts.location,
        "description": facts.description,
        "status": facts.status,
        "sequence": facts.sequence,
        "attendee": {"email": to.contact_email, "name": to.contact_name},
    }


def write(notes: Iterable[Mapping[str, Any]], *, method: ics.Method) -> bytes:
    """Write the messages, one a meeting, one after the other. The outbox calls it as its settings say."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = ics.Party(email=address, name=settings.BRAND_NAME)
    return b"".join(_message(one, method=method, organizer=organizer) for one in notes)


def _message(noted: Mapping[str, Any], *, method: ics.Method, organizer: ics.Party) -> bytes:
    told = {name: value for name, value in noted.items() if name != "attendee"}
    instants = {name: dt.datetime.fromisoformat(noted[name]) for name in _INSTANTS}
    return ics.invitation(
        ics.EventFacts(**told | instants),
        method=method,
        organizer=organizer,
        attendee=ics.Party(**noted["attendee"]),
    )
