"""Meetings and room blocks in the back office; every change of a slot goes through the domain."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from booking.models import CatalogueChange, Meeting, Reservation
from config.admin_base import ReadOnlyAdmin
from config.templatetags.components import money

STATUS_TONES = {
    "confirmed": "success",
    "pending": "warning",
    "cancelled": "danger",
    "expired": "info",
}


class ReservationInline(TabularInline):
    """What the meeting occupies, setup and cleaning included; frozen."""

    model = Reservation
    fields = ["room", "blocked", "holds", "kind"]
    readonly_fields = fields
    extra = 0
    tab = True
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        found: QuerySet[Reservation] = super().get_queryset(request)
        return found.select_related("room").order_by("room_id")


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ["when", "room", "site", "subject", "contact", "company", "state", "shown_price"]
    list_select_related = ["room__site", "organization"]
    list_filter = [
        ("starts_at", RangeDateTimeFilter),
        ("status", ChoicesDropdownFilter),
        ("room", AutocompleteSelectFilter),
        ("room__site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
    ]
    search_fields = [
        "contact_email",
        "contact_name",
        "name",
        "organization__name",
        "room__name",
        "room__public_name",
        "room__site__name",
    ]
    ordering = ["-starts_at", "-id"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("when", "state"),
                    ("room", "site"),
                    ("name", "is_private"),
                    "description",
                    ("contact_name", "contact_email"),
                    ("organizer", "organization"),
                    ("attendees", "language"),
                    ("hold_expires_at", "terms_accepted_at"),
                ]
            },
        ),
        (
            _("Price"),
            {
                "classes": ["tab"],
                "fields": [
                    ("price", "price_gross", "vat_rate", "currency"),
                    "price_lines",
                    "cancellation_terms",
                    ("cancelled_at", "cancellation_fee"),
                    "cancel_reason",
                ],
            },
        ),
        (
            _("Record"),
            {
                "classes": ["tab"],
                "fields": ["id", "sequence", "api_token", "created_at", "revised_at"],
            },
        ),
    ]
    inlines = [ReservationInline]

    @display(description=_("when"), ordering="starts_at")
    def when(self, meeting: Meeting) -> str:
        """The time on the clock of the site."""
        tz = ZoneInfo(meeting.room.site.time_zone)
        start, end = meeting.starts_at.astimezone(tz), meeting.ends_at.astimezone(tz)
        return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"

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


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ["room", "site", "blocked", "kind", "holds", "reason"]
    list_select_related = ["room__site", "meeting"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        "holds",
        ("room", AutocompleteSelectFilter),
    ]
    search_fields = [
        "room__name",
        "room__public_name",
        "room__site__name",
        "reason",
        "=meeting__id",
    ]
    ordering = ["-blocked", "id"]

    @display(description=_("site"), ordering="room__site__name")
    def site(self, reservation: Reservation) -> str:
        return str(reservation.room.site)


@admin.register(CatalogueChange)
class CatalogueChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "transaction", "room"]
    list_filter = [("at", RangeDateTimeFilter)]
    search_fields = ["=room"]
    ordering = ["-at", "-id"]
