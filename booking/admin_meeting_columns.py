"""The columns of the list of meetings; a meeting's own page shows some of them too."""

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from booking.models import Meeting
from config import moments
from config.templatetags.writing import money

STATUS_TONES = {
    "confirmed": "success",
    "pending": "warning",
    "cancelled": "danger",
    "expired": "info",
}


class MeetingColumns:
    """When and where a meeting is, whose it is, how it stands and what it costs."""

    @display(description=_("when"), ordering="starts_at")
    def when(self, meeting: Meeting) -> str:
        """The time on the clock of the site."""
        zone = meeting.room.site.time_zone
        return moments.span(meeting.starts_at, meeting.ends_at, zone=zone)

    @display(description=_("site"), ordering="room__site__name")
    def site(self, meeting: Meeting) -> str:
        return str(meeting.room.site)

    @display(description=_("subject"), ordering="name")
    def subject(self, meeting: Meeting) -> str:
        return meeting.name or "–"

    @display(description=_("contact"), ordering="contact_email")
    def contact(self, meeting: Meeting) -> str:
        return meeting.contact_email

    @display(description=_("organization"), ordering="organization__name")
    def company(self, meeting: Meeting) -> str:
        return str(meeting.organization or "–")

    @display(description=_("status"), ordering="status", label=STATUS_TONES)
    def state(self, meeting: Meeting) -> tuple[str, str]:
        return meeting.status, meeting.get_status_display()

    @display(description=_("price, net"), ordering="price")
    def shown_price(self, meeting: Meeting) -> str:
        return "–" if meeting.price is None else money(meeting.price, currency=meeting.currency)
