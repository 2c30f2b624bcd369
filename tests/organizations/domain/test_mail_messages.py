"""What mails look like to the programs and the people that read them."""

import datetime as dt
from decimal import Decimal
from email import message_from_bytes, policy

import icalendar
import pytest

from booking.domain import mails
from config import links
from organizations.domain import mail_messages
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail
from tests.factories.booking import MeetingFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 11, 3, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def meeting():
    site = SiteFactory(name="Workways Paris", address="1 rue de la Paix", postal_code="75001")
    return MeetingFactory(
        room=RoomFactory(name="Salon Bleu", site=site),
        starts_at=dt.datetime(2025, 11, 5, 13, 0, tzinfo=dt.UTC),
        language="en",
        name="Review <b>",
        price=Decimal("20.00"),
        price_gross=Decimal("24.00"),
    )


def written():
    raw = mail_messages.write(OutgoingEmail.objects.latest("id")).message()
    return message_from_bytes(raw.as_bytes(linesep="\r\n"), policy=policy.default)


def parts(message):
    return [part.get_content_type() for part in message.walk()]


def test_an_invitation_stands_where_every_program_looks_for_it(meeting):
    mails.confirmed(meeting, now=NOW)

    message = written()
    assert parts(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]
    inline, attached = [
        part for part in message.walk() if part.get_content_type() == "text/calendar"
    ]
    assert (inline.get_param("method"), inline.get_param("charset")) == ("REQUEST", "utf-8")
    assert inline.get_content_disposition() is None
    assert (attached.get_filename(), attached.get_param("method")) == ("invite.ics", "REQUEST")
    assert inline.get_content() == attached.get_content()
    assert f"UID:{meeting.id}@portal.example" in inline.get_content()


def test_an_invitation_tells_the_street(meeting):
    site = meeting.room.site
    site.address, site.postal_code, site.city = "31 Quay", "D02", "Dublin"

    mails.confirmed(meeting, now=NOW)

    event = icalendar.Calendar.from_ical(calendar_of(OutgoingEmail.objects.get())).events[0]
    assert event["LOCATION"] == f"{meeting.room.display_name}, {site.name}, 31 Quay, D02 Dublin"


def test_a_cancellation_takes_the_event_out(meeting):
    mails.cancelled(meeting, was_confirmed=True, now=NOW)

    calendar = written().get_body(("html", "plain")), parts(written())
    assert calendar[1].count("text/calendar") == 2
    assert b"METHOD:CANCEL" in calendar_of(OutgoingEmail.objects.get())
    assert b"STATUS:CANCELLED" in calendar_of(OutgoingEmail.objects.get())


def test_a_cancelled_request_was_in_no_calendar(meeting):
    mails.cancelled(meeting, was_confirmed=False, now=NOW)

    assert parts(written()) == ["multipart/alternative", "text/plain", "text/html"]


def test_the_times_are_those_on_the_sites_wall(meeting):
    mails.confirmed(meeting, now=NOW)

    text = written().get_body(("plain",)).get_content()
    assert "14:00–15:00" in text
    assert "Salon Bleu, Workways Paris, 1 rue de la Paix, 75001 Paris" in text
    assert "€24 with VAT (€20 without)" in text


def test_a_price_without_its_vat_is_told_as_it_is(meeting):
    meeting.price_gross = None
    mails.confirmed(meeting, now=NOW)

    assert "Price: €20 excl. VAT" in written().get_body(("plain",)).get_content()


def test_what_people_typed_is_plain_text(meeting):
    meeting.contact_name = "Eve https://evil.example/pay www.evil.example " + "x" * 200
    mails.confirmed(meeting, now=NOW)

    message = written()
    html, text = (
        message.get_body(("html",)).get_content(),
        message.get_body(("plain",)).get_content(),
    )
    assert "Review &lt;b&gt;" in html
    assert "Review <b>" in text
    assert "://evil" not in html + text
    assert "www.evil" not in html + text
    assert "x" * 81 not in text


def test_no_header_can_be_smuggled_in(meeting):
    meeting.room.name = "Room\r\nBcc: x@y.z"
    mails.confirmed(meeting, now=NOW)

    message = written()
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Confirmed: Room Bcc: x@y.z")


EVERY_MAIL = {
    "confirmed": lambda meeting: mails.confirmed(meeting, now=NOW),
    "changed": lambda meeting: mails.changed(meeting, now=NOW),
    "cancelled": lambda meeting: mails.cancelled(meeting, was_confirmed=True, now=NOW),
    "request_received": lambda meeting: mails.request_received(meeting, now=NOW),
    "confirm_link": lambda meeting: mails.confirm_link(meeting, now=NOW),
    "hold_released": lambda meeting: mails.hold_released(meeting, now=NOW),
    "slot_gone": lambda meeting: mails.slot_gone(meeting, (), now=NOW),
    "account_archived": lambda meeting: mails.account_archived(meeting.organizer, now=NOW),
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", EVERY_MAIL)
def test_every_mail_is_whole_in_both_languages(meeting, name, language):
    meeting.language = meeting.organizer.language = language
    meeting.hold_expires_at = NOW + dt.timedelta(hours=24)

    EVERY_MAIL[name](meeting)

    message = written()
    html, text = (
        message.get_body(("html",)).get_content(),
        message.get_body(("plain",)).get_content(),
    )
    assert f'<html lang="{language}">' in html
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"]
    assert "{{" not in text + html
    assert "{%" not in text + html
    assert "None" not in text


@pytest.mark.parametrize(
    ("send", "purpose", "path"),
    [
        (mails.confirmed, links.Purpose.MANAGE_BOOKING, "/booking/k/"),
        (mails.request_received, links.Purpose.COMPLETE_REGISTRATION, "/register/k/"),
        (mails.confirm_link, links.Purpose.CONFIRM_BOOKING, "/booking/"),
    ],
)
@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("fr", "/fr")])
def test_links_are_signed_for_one_purpose(meeting, send, purpose, path, language, prefix):
    meeting.language = language
    send(meeting, now=NOW)

    text = written().get_body(("plain",)).get_content()
    link = next(line for line in text.splitlines() if line.startswith("https://"))
    assert link.startswith(f"https://portal.example{prefix}{path}")
    key = link.rstrip("/").rsplit("/", 1)[1]
    assert links.read(purpose, key).partition("-")[0] == meeting.id
    for other in set(links.Purpose) - {purpose}:
        with pytest.raises(links.InvalidLink):
            links.read(other, key)
    stored = OutgoingEmail.objects.get()
    assert key not in str(stored.context)


def test_amounts_are_written_as_in_the_readers_language(meeting):
    meeting.language = "fr"
    mails.confirmed(meeting, now=NOW)

    assert "20\u00a0€" in written().get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        (dt.datetime(2025, 11, 4, 12, 59, tzinfo=dt.UTC), True),
        (dt.datetime(2025, 11, 4, 13, 0, tzinfo=dt.UTC), False),
    ],
)
def test_the_end_of_free_cancelling_is_told_while_it_lies_ahead(meeting, now, is_told):
    mails.confirmed(meeting, now=now)

    text = written().get_body(("plain",)).get_content()
    assert ("Cancelling costs nothing until 4 November 2025, 14:00" in text) is is_told
