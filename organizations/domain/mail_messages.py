"""Mail messages: an outgoing mail put into words, in plain text and HTML, with its invitation.

A single invitation stands among the alternatives, where Outlook and Gmail look for it, and is attached
as a file, which Apple Mail and people like. Those of a series are files alone: among the alternatives
Outlook would show one of them in place of the mail, and a message about several UIDs is none.
Source: RFC 5546, 3.2; RFC 6047.
"""

import datetime as dt
from email.mime.text import MIMEText
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

from config import links
from organizations.domain import password_links
from organizations.models import OutgoingEmail

MAX_SUBJECT = 180
_CALENDAR_END = "\r\nEND:VCALENDAR\r\n"


def write(email: OutgoingEmail) -> EmailMultiAlternatives:
    """Put the mail into words in its reader's language, ready to send.

    Texts that people typed are plain text in the body and one line in the subject.
    """
    with translation.override(email.language):
        context = _context(email)
        subject = _render(email, "subject.txt", context)
        text = _render(email, "txt", context)
        html = _render(email, "html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:MAX_SUBJECT],
        body=text.strip() + "\n",
        to=[email.to_address],
        headers={"Message-ID": message_id(email), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    if calendar := calendar_of(email):
        _add_calendar(message, calendar.decode(), method=email.calendar_method)
    return message


def calendar_of(email: OutgoingEmail) -> bytes | None:
    """Return the mail's calendar messages, if any; written once, so that each attempt sends the same."""
    if email.calendar is None and email.calendar_notes:
        write_calendar = import_string(settings.CALENDAR_WRITER)
        email.calendar = write_calendar(email.calendar_notes, method=email.calendar_method)
    return None if email.calendar is None else bytes(email.calendar)


def message_id(email: OutgoingEmail) -> str:
    """Return the mail's own name: the same at every attempt, so that a repeated one is known as such."""
    return f"<{email.id}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def _render(email: OutgoingEmail, part: str, context: dict[str, Any]) -> str:
    return render_to_string(f"emails/{email.template}.{part}", context)


def _context(email: OutgoingEmail) -> dict[str, Any]:
    facts: dict[str, Any] = _with_wall_times(email.context)
    if link := facts.pop("link", None):
        facts["link"] = links.url(link["purpose"], link["subject"], language=email.language)
    if address := facts.pop("new_password_for", None):
        facts["link"] = password_links.link_for(address, language=email.language)
    return facts | {
        "language": email.language,
        "brand": settings.BRAND_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "home": settings.PUBLIC_URL,
    }


def _with_wall_times(facts: Any) -> Any:
    """Read every `…_at` among the facts, at any depth."""
    if isinstance(facts, list):
        return [_with_wall_times(fact) for fact in facts]
    if isinstance(facts, dict):
        return {
            name: _wall_time(fact) if name.endswith("_at") else _with_wall_times(fact)
            for name, fact in facts.items()
        }
    return facts


def _wall_time(text: str) -> dt.datetime | None:
    """Read the time that stood on the wall of the place; naive, so that templates leave it alone."""
    moment = parse_datetime(text)
    return moment.replace(tzinfo=None) if moment else None


def _add_calendar(message: EmailMultiAlternatives, calendar: str, *, method: str) -> None:
    calendars = [f"{one}{_CALENDAR_END}" for one in calendar.split(_CALENDAR_END) if one]
    if len(calendars) == 1:
        message.attach_alternative(calendar, f"text/calendar; method={method}")
        message.attach(_calendar_file(calendar, "invite.ics", method=method))
        return
    for number, one in enumerate(calendars, start=1):
        message.attach(_calendar_file(one, f"invite-{number:02}.ics", method=method))


def _calendar_file(calendar: str, name: str, *, method: str) -> MIMEText:
    file = MIMEText(calendar, "calendar", "utf-8")
    file.set_param("method", method)
    file.add_header("Content-Disposition", "attachment", filename=name)
    return file
