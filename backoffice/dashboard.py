"""The back office's start page: what needs a look today."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice import selectors
from booking.models import Meeting, Reservation
from config import clock, moments
from config.templatetags.writing import short_day
from organizations.models import JoinRequest, Organization, OutgoingEmail


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One number and the list behind it."""

    title: str | Promise
    number: int
    icon: str
    address: str
    model: type[Model]
    is_alarming: bool = False


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the day's numbers, the next meetings and a plot of the coming days, as far as one may see them."""
    now = timezone.localtime(clock.now())
    cards = _cards(selectors.day_numbers(now=now), now=now)
    return context | {
        "title": gettext("Today"),
        "cards": [card for card in cards if _may_see(request, card.model)],
        "may_see_meetings": _may_see(request, Meeting),
        "next_meetings": {
            "headers": [_("When"), _("Room"), _("Subject"), _("Contact"), _("State")],
            "rows": [_row(meeting) for meeting in selectors.next_meetings(now=now)],
        },
        "plot": _plot(selectors.meetings_by_day(now=now)),
    }


def _may_see(request: HttpRequest, model: type[Model]) -> bool:
    return bool(admin.site.get_model_admin(model).has_view_permission(request))


def _cards(numbers: selectors.DayNumbers, *, now: dt.datetime) -> list[Card]:
    meetings, mails = "booking_meeting", "organizations_outgoingemail"
    today, soon = f"{now:%Y-%m-%d}", now + selectors.SOON
    day = {"starts_at_from_0": today, "starts_at_to_0": today}
    return [
        Card(
            title=_("Meetings today"),
            number=numbers.meetings_today,
            icon="event",
            address=_list(meetings, status__exact="confirmed", **day),
            model=Meeting,
        ),
        Card(
            title=_("Rooms busy now"),
            number=numbers.rooms_busy,
            icon="meeting_room",
            address=_list("booking_reservation", occupied="now"),
            model=Reservation,
        ),
        Card(
            title=_("Holds ending within 6 hours"),
            number=numbers.holds_expiring,
            icon="hourglass_bottom",
            address=_list(
                meetings,
                status__exact="pending",
                hold_expires_at_from_0=today,
                hold_expires_at_from_1=f"{now:%H:%M:%S}",
                hold_expires_at_to_0=f"{soon:%Y-%m-%d}",
                hold_expires_at_to_1=f"{soon:%H:%M:%S}",
            ),
            model=Meeting,
        ),
        Card(
            title=_("E-mails given up"),
            number=numbers.mails_failed,
            icon="unsubscribe",
            address=_list(mails, status__exact="failed"),
            model=OutgoingEmail,
            is_alarming=numbers.mails_failed > 0,
        ),
        Card(
            title=_("Contracts ending in 60 days"),
            number=numbers.contracts_ending,
            icon="contract",
            address=_list(
                "organizations_organization",
                is_archived__exact=0,
                rental_end_on_from=today,
                rental_end_on_to=f"{now + selectors.CONTRACT_NOTICE:%Y-%m-%d}",
            ),
            model=Organization,
        ),
        *_waiting(numbers),
    ]


def _waiting(numbers: selectors.DayNumbers) -> list[Card]:
    return [
        Card(
            title=_("Waiting approvals"),
            number=numbers.approvals_waiting,
            icon="how_to_reg",
            address=_list("organizations_joinrequest", status__exact="waiting"),
            model=JoinRequest,
        ),
        Card(
            title=_("Waiting registrations"),
            number=numbers.registrations_waiting,
            icon="domain_add",
            address=_list(
                "organizations_organization", status__exact="pending", is_archived__exact=0
            ),
            model=Organization,
        ),
    ]


def _list(model: str, **filters: str | int) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(filters)}"


def _row(meeting: Meeting) -> list[str]:
    zone = meeting.room.site.time_zone
    start, end = (
        moment.astimezone(ZoneInfo(zone)) for moment in (meeting.starts_at, meeting.ends_at)
    )
    when = f"{short_day(start)}, {start:%H:%M}–{end:%H:%M}{moments.whose(start, zone)}"
    return [
        _link(meeting, when),
        f"{meeting.room.display_name} · {meeting.room.site.name}",
        meeting.name or "–",
        str(meeting.organization or meeting.contact_email),
        meeting.get_status_display(),
    ]


def _link(meeting: Meeting, text: str) -> str:
    address = reverse("admin:booking_meeting_change", args=[meeting.pk])
    return format_html('<a class="text-primary-600" href="{}">{}</a>', address, text)


def _plot(counts: list[tuple[Any, int]]) -> str:
    """Write the bars for the chart component."""
    return json.dumps(
        {
            "labels": [date_format(day, "D j") for day, _count in counts],
            "datasets": [
                {
                    "label": gettext("Meetings"),
                    "data": [count for _day, count in counts],
                    "backgroundColor": "var(--color-primary-600)",
                }
            ],
        }
    )
