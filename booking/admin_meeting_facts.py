"""What a meeting's page tells beside its own fields: price and terms in words, and where to look on."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking.domain.pricing import Label, PriceLine, Unit
from booking.models import Meeting
from booking.pages import words
from config import admin_links
from config.admin_links import ListLink, PageLink
from config.templatetags.writing import money


class MeetingFacts:
    """Fields of a meeting's page: price lines as a table, cancellation terms as sentences, links."""

    @display(description=_("see also"))
    def see_also(self, meeting: Meeting) -> SafeString:
        site = meeting.room.site
        day = meeting.starts_at.astimezone(ZoneInfo(site.time_zone)).date()
        links: list[ListLink | PageLink] = [
            PageLink(_("The day on the board"), "board", {"site": site.pk, "day": day}),
            ListLink(_("E-mails about it"), "organizations.outgoingemail", {"q": meeting.pk}),
            ListLink(_("Events"), "apitokens.event", {"q": meeting.pk}),
            ListLink(_("Bookings of the contact"), "booking.meeting", {"q": meeting.contact_email}),
        ]
        if meeting.organization_id:
            own = {"organization__id__exact": meeting.organization_id}
            links.append(ListLink(_("Bookings of the organization"), "booking.meeting", own))
        return admin_links.shown(links)

    @display(description=_("price lines"))
    def shown_lines(self, meeting: Meeting) -> str | SafeString:
        if not meeting.price_lines:
            return "–"
        rows = [_row(line, currency=meeting.currency) for line in meeting.price_lines]
        return render_to_string("admin/price_lines.html", {"rows": rows})

    @display(description=_("cancellation terms"))
    def shown_terms(self, meeting: Meeting) -> str | SafeString:
        try:
            sentences = words.cancellation_terms(meeting.cancellation_terms)
        except ValueError:  # imported ones of another shape
            return str(meeting.cancellation_terms)
        return format_html_join("\n", "<div>{}</div>", ((one,) for one in sentences))


def _row(stored: Any, *, currency: str) -> dict[str, str]:
    """Put a stored line into words; one of another shape, as a file may bring it, is shown as it is."""
    try:
        line = _line(stored)
    except (KeyError, ValueError, InvalidOperation, TypeError):
        return {"what": str(stored)}
    is_percent = line.unit == Unit.PERCENT
    return {
        "what": words.price_line(line),
        "unit_price": "" if is_percent else money(line.unit_price, currency=currency),
        "net": money(line.net, currency=currency),
        "vat": words.percent(line.vat_rate),
    }


def _line(stored: Mapping[str, str]) -> PriceLine:
    amounts = ("quantity", "unit_price", "net", "vat_rate")
    return PriceLine(
        label_code=Label(stored["label_code"]),
        unit=Unit(stored["unit"]),
        **{name: Decimal(stored[name]) for name in amounts},
    )
