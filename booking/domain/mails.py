"""Mails about bookings: what each one tells, promised in the transaction of what it tells about."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain import calendar_messages, ics, registration_links
from booking.domain import meetings as meeting_facts
from booking.domain.alternatives import Alternative
from booking.models import Meeting
from config.links import Purpose
from organizations.domain import outbox, typed_texts
from organizations.models import User


def confirmed(meeting: Meeting, *, now: dt.datetime) -> None:
    """Confirm a booking: the invitation, and a link to manage it."""
    _send(
        "booking_confirmed",
        meeting,
        free_until_at=_free_until(meeting, now=now),
        link=Purpose.MANAGE_BOOKING,
        calendar=invitation(meeting, method="REQUEST"),
        now=now,
    )


def changed(meeting: Meeting, *, now: dt.datetime) -> None:
    """Tell what is different; the invitation replaces the earlier one, a mere request has none."""
    _send(
        "booking_changed",
        meeting,
        free_until_at=_free_until(meeting, now=now),
        link=Purpose.MANAGE_BOOKING,
        calendar=invitation(meeting, method="REQUEST") if meeting.is_confirmed else None,
        is_confirmed=meeting.is_confirmed,
        now=now,
    )


def cancelled(meeting: Meeting, *, was_confirmed: bool, now: dt.datetime) -> None:
    """Tell that a booking is cancelled; it leaves the calendar into which an invitation put it."""
    calendar = invitation(meeting, method="CANCEL") if was_confirmed else None
    _send("booking_cancelled", meeting, calendar=calendar, now=now)


def request_received(meeting: Meeting, *, now: dt.datetime) -> None:
    """Ask a newcomer to complete the registration while the slot is held."""
    _send("request_received", meeting, link=Purpose.COMPLETE_REGISTRATION, now=now)


def confirm_link(meeting: Meeting, *, now: dt.datetime) -> None:
    """Ask a known address, given by somebody who was not logged in, to confirm the booking."""
    _send("confirm_booking", meeting, link=Purpose.CONFIRM_BOOKING, now=now)


def waitlist_offer(meeting: Meeting, *, is_known: bool, now: dt.datetime) -> None:
    """Tell somebody who waited that a slot is held, and until when; newcomers register first."""
    link = Purpose.CONFIRM_BOOKING if is_known else Purpose.COMPLETE_REGISTRATION
    _send("waitlist_offer", meeting, link=link, is_known=is_known, now=now)


def hold_released(meeting: Meeting, *, now: dt.datetime) -> None:
    """Tell that a request was not confirmed in time."""
    _send("hold_released", meeting, now=now)


def slot_gone(meeting: Meeting, offered: Sequence[Alternative], *, now: dt.datetime) -> None:
    """Tell that the slot was taken after the hold ran out, and which ones are free instead."""
    _send("slot_gone", meeting, now=now, alternatives=[_offer(entry) for entry in offered])


def account_archived(person: User, *, now: dt.datetime) -> None:
    """Tell the mailbox, and nobody else, why a booking on the website was not made."""
    outbox.enqueue(
        template="account_archived", to=person.email, language=person.language, context={}, now=now
    )


def invitation(*meetings: Meeting, method: ics.Method) -> outbox.CalendarPart:
    """Note the messages, one a meeting, that put these of one contact into a calendar or take them out."""
    notes = [calendar_messages.note(meeting, to=meetings[0]) for meeting in meetings]
    return outbox.CalendarPart(notes=notes, method=method)


def _send(
    template: str,
    meeting: Meeting,
    *,
    now: dt.datetime,
    link: Purpose | None = None,
    calendar: outbox.CalendarPart | None = None,
    **more: Any,
) -> None:
    context = facts(meeting) | more
    if link:
        context["link"] = link_to(meeting, link)
    outbox.enqueue(
        template=template,
        to=meeting.contact_email,
        language=meeting.language,
        context=context,
        calendar=calendar,
        now=now,
    )


def link_to(meeting: Meeting, purpose: Purpose) -> dict[str, str]:
    """Return the facts from which a mail's link is signed when the mail is written."""
    completes = purpose == Purpose.COMPLETE_REGISTRATION
    subject = registration_links.subject(meeting) if completes else meeting.id
    return {"purpose": purpose, "subject": subject}


def facts(meeting: Meeting) -> dict[str, Any]:
    """Return what a mail tells, as JSON; instants are in the site's zone, amounts are text."""
    room, site = meeting.room, meeting.room.site
    tz = ZoneInfo(site.time_zone)
    return {
        "meeting_id": meeting.id,
        "name": typed_texts.harmless(meeting.name),
        "contact_name": typed_texts.harmless(meeting.contact_name),
        "attendees": meeting.attendees,
        "starts_at": meeting.starts_at.astimezone(tz).isoformat(),
        "ends_at": meeting.ends_at.astimezone(tz).isoformat(),
        "held_until_at": _iso(meeting.hold_expires_at, tz),
        "room": room.display_name,
        "site": site.name,
        "address": site.full_address,
        "price": str(meeting.price) if meeting.price is not None else "",
        "price_gross": str(meeting.price_gross) if meeting.price_gross is not None else "",
        "currency": meeting.currency,
        "fee": str(meeting.cancellation_fee) if meeting.cancellation_fee else "",
    }


def _free_until(meeting: Meeting, *, now: dt.datetime) -> str:
    """Return until when cancelling costs nothing, or nothing when that is over."""
    free_until = meeting_facts.cancellation_fee(meeting, now=now).free_until
    return _iso(free_until if free_until > now else None, ZoneInfo(meeting.room.site.time_zone))


def _offer(alternative: Alternative) -> dict[str, str]:
    site = alternative.room.site
    return {
        "starts_at": alternative.starts_at.astimezone(ZoneInfo(site.time_zone)).isoformat(),
        "room": alternative.room.display_name,
        "site": site.name,
        "price": str(alternative.quote.net),
        "currency": alternative.quote.currency,
    }


def _iso(moment: dt.datetime | None, tz: ZoneInfo) -> str:
    return moment.astimezone(tz).isoformat() if moment else ""
