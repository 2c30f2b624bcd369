"""Mails about the waiting list."""

import datetime as dt
from zoneinfo import ZoneInfo

from booking.models import WaitlistEntry
from config.links import Purpose
from organizations.domain import outbox, typed_texts


def joined(entry: WaitlistEntry, *, now: dt.datetime) -> None:
    """Confirm a place, with the link that gives it up."""
    tz = ZoneInfo(entry.site.time_zone)
    outbox.enqueue(
        template="waitlist_joined",
        to=entry.contact_email,
        language=entry.language,
        context={
            "contact_name": typed_texts.harmless(entry.contact_name),
            "room": entry.room.display_name if entry.room else "",
            "site": entry.site.name,
            "from_at": entry.starts_at.astimezone(tz).isoformat(),
            "to_at": entry.ends_at.astimezone(tz).isoformat(),
            "minutes": entry.duration_minutes,
            "link": {"purpose": Purpose.LEAVE_WAITLIST, "subject": entry.id},
        },
        now=now,
    )
