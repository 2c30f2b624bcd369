"""Mails about a series: every date once, in the site's time, in both languages."""

import datetime as dt
from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from booking.domain import series_mails
from booking.domain.series_scopes import Skipped
from organizations.domain import mail_messages
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 1, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
SKIPPED = [Skipped(on=dt.date(2030, 1, 21), code="SLOT_TAKEN", message="Taken")]


@pytest.fixture
def meetings():
    first = MeetingFactory(starts_at=START, room__name="Blue", cancellation_fee=Decimal(10))
    second = MeetingFactory(
        room=first.room, organizer=first.organizer, starts_at=START + dt.timedelta(weeks=1)
    )
    return [first, second]


def tell(name, meetings):
    if name == "confirmed":
        series_mails.confirmed(meetings, SKIPPED, now=NOW)
    elif name == "cancelled":
        series_mails.cancelled(meetings, confirmed_ones=meetings, now=NOW)
    else:
        getattr(series_mails, name)(meetings, now=NOW)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["confirmed", "requested", "changed", "cancelled"])
def test_every_mail_lists_every_date(meetings, name, language):
    meetings[0].language = language
    meetings[0].hold_expires_at = NOW

    tell(name, meetings)

    message = mail_messages.write(OutgoingEmail.objects.get())
    html = next(str(part.content) for part in message.alternatives if "html" in part.mimetype)
    dates = ["7 January 2030", "14 January 2030"]
    if language == "fr":
        dates = ["7 janvier 2030", "14 janvier 2030"]
    for text in (str(message.body), html):
        assert all(date in text for date in dates)
        assert text.count("10:00–11:00") == 2
        assert "Blue" in text
    assert "Blue" in message.subject
    assert ("/k/" in str(message.body)) == (name != "cancelled")


def test_skipped_dates_and_fees_are_told(meetings):
    tell("confirmed", meetings)
    tell("cancelled", meetings)

    confirmed, cancelled = [
        str(mail_messages.write(email).body) for email in OutgoingEmail.objects.order_by("template")
    ][::-1]
    assert "These dates could not be booked:\n- Monday 21 January 2030" in confirmed
    assert "a cancellation fee of €10 (excl. VAT) is due." in cancelled


def calendars_of(name, meetings):
    """Send the mail over the wire and back; return its text/calendar parts."""
    tell(name, meetings)
    raw = mail_messages.write(OutgoingEmail.objects.get()).message()
    message = message_from_bytes(raw.as_bytes(linesep="\r\n"), policy=policy.default)
    return [part for part in message.walk() if part.get_content_type() == "text/calendar"]


@pytest.mark.parametrize(
    ("name", "method", "status"),
    [
        ("confirmed", "REQUEST", "CONFIRMED"),
        ("changed", "REQUEST", "CONFIRMED"),
        ("cancelled", "CANCEL", "CANCELLED"),
    ],
)
def test_each_event_is_a_file_and_a_message_of_its_own(meetings, name, method, status):
    """One UID a message, as RFC 5546 (3.2) has it; none in place of the mail's text."""
    parts = calendars_of(name, meetings)

    assert [part.get_filename() for part in parts] == ["invite-01.ics", "invite-02.ics"]
    assert {part.get_content_disposition() for part in parts} == {"attachment"}
    assert {part.get_param("method") for part in parts} == {method}
    for part, meeting in zip(parts, meetings, strict=True):
        (calendar,) = Calendar.from_ical(part.get_content(), multiple=True)
        (event,) = calendar.walk("VEVENT")
        assert (str(calendar["METHOD"]), str(event["STATUS"])) == (method, status)
        assert str(event["UID"]) == f"{meeting.id}@portal.example"
        assert event["DTSTART"].dt == meeting.starts_at


def test_what_people_write_ends_no_message(meetings):
    for meeting in meetings:
        meeting.description = "One\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nTwo"

    parts = calendars_of("changed", meetings)

    assert len(parts) == 2
    for part in parts:
        (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
        assert event["DESCRIPTION"] == "One\nEND:VCALENDAR\nBEGIN:VCALENDAR\nTwo"


def test_one_event_alone_stands_where_programs_look_for_it(meetings):
    parts = calendars_of("changed", meetings[:1])

    assert [part.get_content_disposition() for part in parts] == [None, "attachment"]
