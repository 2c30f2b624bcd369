"""Events, feeds and invitations, read back by two libraries."""

import datetime as dt
from dataclasses import replace

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ics import Calendar as OtherCalendar

from booking.domain import ics

FACTS = ics.EventFacts(
    uid="507f191e810c19729de860ea@workways.example",
    starts_at=dt.datetime(2025, 10, 30, 14, tzinfo=dt.UTC),
    ends_at=dt.datetime(2025, 10, 30, 15, tzinfo=dt.UTC),
    summary="Team Meeting",
    description="Weekly team sync",
    location="Meeting Room A, Dublin Coworking Center",
    created_at=dt.datetime(2025, 10, 1, 8, tzinfo=dt.UTC),
    revised_at=dt.datetime(2025, 10, 2, 8, 0, 0, 999, tzinfo=dt.UTC),
    sequence=2,
)
TEXTS = st.text(max_size=200)
EVENTS = st.builds(
    lambda summary, description, location, status: replace(
        FACTS, summary=summary, description=description, location=location, status=status
    ),
    TEXTS,
    TEXTS,
    TEXTS,
    st.sampled_from(["CONFIRMED", "TENTATIVE", "CANCELLED"]),
)


def _event(raw: bytes) -> icalendar.Event:
    return icalendar.Event.from_ical(raw)


def test_an_event_has_the_documented_properties_in_their_order():
    lines = ics.detailed(FACTS).decode().split("\r\n")

    assert lines == [
        "BEGIN:VEVENT",
        "UID:507f191e810c19729de860ea@workways.example",
        "DTSTAMP:20251002T080000Z",
        "DTSTART:20251030T140000Z",
        "DTEND:20251030T150000Z",
        "SUMMARY:Team Meeting",
        "LOCATION:Meeting Room A\\, Dublin Coworking Center",
        "DESCRIPTION:Weekly team sync",
        "STATUS:CONFIRMED",
        "SEQUENCE:2",
        "CREATED:20251001T080000Z",
        "LAST-MODIFIED:20251002T080000Z",
        "END:VEVENT",
        "",
    ]


LONG_WAY = f"{FACTS.location}, 31 Sir John Rogerson's Quay, D02 Dublin; third floor"


@given(EVENTS)
def test_a_ready_made_event_is_relocated_as_if_made_anew(facts):
    facts = replace(facts, location=FACTS.location)

    moved = ics.relocated(ics.detailed(facts), was=FACTS.location, now=LONG_WAY)

    assert moved == ics.detailed(replace(facts, location=LONG_WAY))


def test_an_event_elsewhere_is_not_relocated():
    event = ics.detailed(replace(FACTS, summary="LOCATION:Meeting Room A, Dublin Coworking Center"))

    assert ics.relocated(event, was="Meeting Room A", now="B") == event


def test_a_busy_event_tells_nothing_about_its_subject():
    event = _event(ics.busy(FACTS))

    assert event["SUMMARY"] == "Busy"
    assert "DESCRIPTION" not in event
    assert event.start == FACTS.starts_at


def test_a_held_request_is_tentative_and_shows_no_subject():
    event = _event(ics.detailed(replace(FACTS, status="TENTATIVE")))

    assert (event["SUMMARY"], event["STATUS"]) == ("Pending request", "TENTATIVE")
    assert "DESCRIPTION" not in event


def test_a_meeting_without_subject_has_a_name():
    assert _event(ics.detailed(replace(FACTS, summary=" ")))["SUMMARY"] == "Meeting"


def test_times_are_written_in_utc():
    paris = dt.timezone(dt.timedelta(hours=2))
    facts = replace(FACTS, starts_at=FACTS.starts_at.astimezone(paris))
    assert ics.detailed(facts) == ics.detailed(FACTS)


def test_an_injected_property_stays_text():
    event = _event(ics.detailed(replace(FACTS, summary="x\r\nATTACH:http://evil.example")))

    assert event["SUMMARY"] == "x ATTACH:http://evil.example"
    assert "ATTACH" not in event


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0e", "\x1f", "\x7f", "\x9f", "\ud800"])
def test_control_characters_are_dropped(sign: str):
    assert _event(ics.detailed(replace(FACTS, summary=f"a{sign}b")))["SUMMARY"] == "ab"


@given(st.lists(EVENTS, max_size=4), TEXTS)
def test_a_joined_feed_is_what_the_library_writes_at_once(events, name):
    joined = ics.feed([ics.detailed(facts) for facts in events], name=name)

    whole = icalendar.Calendar.from_ical(ics.feed([], name=name))
    for facts in events:
        whole.add_component(_event(ics.detailed(facts)))
    assert joined == whole.to_ical(sorted=False)


@given(EVENTS)
def test_lines_are_folded_at_75_octets_and_break_by_crlf(facts):
    raw = ics.feed([ics.detailed(facts)], name=facts.summary)

    raw.decode("utf-8")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        assert not set(line) & {*range(9), *range(10, 32), 127}


READABLE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)


@given(READABLE, READABLE)
def test_texts_read_back_as_written(summary, description):
    event = _event(ics.detailed(replace(FACTS, summary=summary, description=description)))

    assert event["SUMMARY"] == (" ".join(summary.split()) or "Meeting")
    assert event.get("DESCRIPTION", "") == description.strip()


def test_a_feed_names_itself_and_how_often_to_ask():
    calendar = icalendar.Calendar.from_ical(ics.feed([], name="Room 1"))

    assert {key: str(value) for key, value in calendar.items() if key != "REFRESH-INTERVAL"} == {
        "VERSION": "2.0",
        "PRODID": "-//Workways//Meeting Calendar//EN",
        "CALSCALE": "GREGORIAN",
        "METHOD": "PUBLISH",
        "X-WR-CALNAME": "Room 1",
        "NAME": "Room 1",
    }
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in ics.feed([], name="Room 1")


def test_another_library_reads_the_feed():
    raw = ics.feed([ics.detailed(FACTS), ics.busy(replace(FACTS, uid="2@x"))], name="Room 1")

    events = {event.uid: event for event in OtherCalendar(raw.decode()).events}
    assert len(events) == 2
    assert events[FACTS.uid].name == "Team Meeting"
    assert events[FACTS.uid].description == "Weekly team sync"
    assert events[FACTS.uid].location == "Meeting Room A, Dublin Coworking Center"
    assert events[FACTS.uid].begin.datetime == FACTS.starts_at
    assert events[FACTS.uid].end.datetime == FACTS.ends_at


ORGANIZER = ics.Party(email="bookings@workways.example", name='The "house"')
GUEST = ics.Party(email="jean.dupont@acme.com", name="Jean Dupont")


def test_an_invitation_asks_its_guest():
    raw = ics.invitation(FACTS, method="REQUEST", organizer=ORGANIZER, attendee=GUEST)
    calendar = icalendar.Calendar.from_ical(raw)
    event = calendar.events[0]

    assert calendar["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:bookings@workways.example"
    assert event["ATTENDEE"] == "mailto:jean.dupont@acme.com"
    assert event["ATTENDEE"].params["CN"] == "Jean Dupont"
    assert event["STATUS"] == "CONFIRMED"
    assert "REFRESH-INTERVAL" not in calendar


def test_a_cancellation_keeps_uid_and_sequence():
    facts = replace(FACTS, sequence=3)
    raw = ics.invitation(facts, method="CANCEL", organizer=ORGANIZER, attendee=GUEST)
    calendar = icalendar.Calendar.from_ical(raw)
    event = calendar.events[0]

    assert calendar["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (FACTS.uid, 3, "CANCELLED")
