"""Calendars in iCalendar: events, feeds joined from ready-made events, and invitations for mails.

Every text is made by the icalendar library (escaping, folding at 75 octets, CRLF); here stands
which properties an event has and in which order. Instants are written in UTC.
Source: RFC 5545, 5546, 7986; Public API, GET /api/icsfeed.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

PRODUCT = "-//Workways//Meeting Calendar//EN"
REFRESH = dt.timedelta(minutes=15)
BUSY_SUMMARY = "Busy"
PENDING_SUMMARY = "Pending request"
UNNAMED_SUMMARY = "Meeting"

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
Method = Literal["REQUEST", "CANCEL"]

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What an event says. Instants are aware; `sequence` counts the revisions, from 0."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str
    created_at: dt.datetime
    revised_at: dt.datetime
    description: str = ""
    status: Status = "CONFIRMED"
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who invites or is invited."""

    email: str
    name: str = ""


def detailed(facts: EventFacts) -> bytes:
    """Give the VEVENT as people with a token see it; a held request shows no subject."""
    if facts.status == "TENTATIVE":
        facts = replace(facts, summary=PENDING_SUMMARY, description="")
    return _bytes(_event(facts))


def busy(facts: EventFacts) -> bytes:
    """Give the VEVENT that tells when and where, and nothing about what."""
    return _bytes(_event(replace(facts, summary=BUSY_SUMMARY, description="")))


def relocated(event: bytes, *, was: str, now: str) -> bytes:
    """Give a ready-made VEVENT another place; one that names no such place stays as it is."""
    return event.replace(_location(was), _location(now), 1)


def feed(events: Iterable[bytes], *, name: str) -> bytes:
    """Join ready-made events into a published calendar of that name."""
    return b"".join([_head(_published(name)), *events, _END])


def invitation(
    facts: EventFacts, *, method: Method = "REQUEST", organizer: Party, attendee: Party
) -> bytes:
    """Write the message that puts an event into the attendee's calendar, or takes it out.

    One message is about one UID; a later one about the same must carry a higher sequence.
    Source: RFC 5546, 3.2.
    """
    event = _bytes(_invited(facts, method, organizer, attendee))
    return b"".join([_head_of_message(method), event, _END])


def _location(place: str) -> bytes:
    event = Event()
    event["LOCATION"] = vText(_line(place))
    return b"\r\n" + _bytes(event).split(b"\r\n", 1)[1].removesuffix(b"END:VEVENT\r\n")


def _invited(facts: EventFacts, method: Method, organizer: Party, attendee: Party) -> Event:
    if method == "CANCEL":
        facts = replace(facts, status="CANCELLED")
    event = _event(facts)
    event["ORGANIZER"] = _address(organizer)
    guest = _address(attendee)
    guest.params.update({"ROLE": "REQ-PARTICIPANT", "CUTYPE": "INDIVIDUAL"})
    if method == "REQUEST":
        guest.params.update({"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    event["ATTENDEE"] = guest
    return event


def _event(facts: EventFacts) -> Event:
    event = Event()
    event.add("uid", facts.uid)
    event.add("dtstamp", _utc(facts.revised_at))
    event.add("dtstart", _utc(facts.starts_at))
    event.add("dtend", _utc(facts.ends_at))
    event["SUMMARY"] = vText(_line(facts.summary) or UNNAMED_SUMMARY)
    event["LOCATION"] = vText(_line(facts.location))
    if description := _text(facts.description):
        event["DESCRIPTION"] = vText(description)
    event.add("status", facts.status)
    event.add("sequence", facts.sequence)
    event.add("created", _utc(facts.created_at))
    event.add("last-modified", _utc(facts.revised_at))
    return event


def _published(name: str) -> Calendar:
    calendar = _calendar("PUBLISH")
    calendar["X-WR-CALNAME"] = calendar["NAME"] = vText(_line(name))
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar["REFRESH-INTERVAL"] = refresh
    return calendar


@lru_cache(maxsize=8)
def _head_of_message(method: str) -> bytes:
    return _head(_calendar(method))


def _head(calendar: Calendar) -> bytes:
    """Write a calendar without events up to where its first one goes."""
    return _bytes(calendar).removesuffix(_END)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{_line(party.email)}")
    if name := _line(party.name):
        address.params["CN"] = name
    return address


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _text(text: str) -> str:
    """Keep what RFC 5545 allows in a text: line breaks and tabs, no other control character."""
    return _CONTROL.sub("", _LINE_BREAKS.sub("\n", text)).strip()


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _bytes(component: Event | Calendar) -> bytes:
    written: bytes = component.to_ical(sorted=False)
    return written
