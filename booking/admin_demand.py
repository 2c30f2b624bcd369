"""Limits, the waiting list and refused wishes in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from booking.models import BookingLimit, RefusedDemand, WaitlistEntry
from config import moments
from config.admin_base import ReadOnlyAdmin, RecordAdmin
from config.admin_filters import RangeDateTimeFilter
from config.templatetags.writing import money

REASONS = {
    "LIMIT_REACHED": _("Booking limit reached"),
    "NOTHING_FREE": _("Nothing free"),
    "SLOT_TAKEN": _("Booked"),
    "TOO_MANY_OPEN_REQUESTS": _("Too many open requests"),
}
"""Why a wish was refused, by its code."""


@admin.register(BookingLimit)
class BookingLimitAdmin(RecordAdmin):
    may_be_deleted = True
    list_display = ["scope", "room_type", "period", "count", "minutes"]
    list_filter = [
        ("scope", ChoicesDropdownFilter),
        ("period", ChoicesDropdownFilter),
        ("room_type", ChoicesDropdownFilter),
    ]
    search_fields = ["scope", "room_type", "period"]
    ordering = ["scope", "room_type", "period"]
    fields = [("scope", "room_type"), ("period", "count", "minutes")]


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "created_at",
        "contact_email",
        "site",
        "room",
        "when",
        "duration_minutes",
        "attendees",
        "status",
    ]
    list_select_related = ["site", "room"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("starts_at", RangeDateTimeFilter),
        ("site", AutocompleteSelectFilter),
        ("room", AutocompleteSelectFilter),
    ]
    search_fields = ["contact_email", "contact_name", "site__name", "room__name"]
    ordering = ["-created_at", "-id"]

    @display(description=_("when"), ordering="starts_at")
    def when(self, entry: WaitlistEntry) -> str:
        """The stretch that is waited for, on the clock of the site."""
        return moments.span(entry.starts_at, entry.ends_at, zone=entry.site.time_zone)


@admin.register(RefusedDemand)
class RefusedDemandAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "at",
        "kind",
        "shown_reason",
        "site",
        "room",
        "starts_at",
        "duration_minutes",
        "attendees",
        "shown_price",
    ]
    list_select_related = ["site", "room"]
    list_filter = [
        ("at", RangeDateTimeFilter),
        ("kind", ChoicesDropdownFilter),
        ("room_type", ChoicesDropdownFilter),
        ("site", AutocompleteSelectFilter),
    ]
    search_fields = ["site__name", "room__name", "reason"]
    ordering = ["-at", "-id"]

    @display(description=_("reason"), ordering="reason")
    def shown_reason(self, wish: RefusedDemand) -> str:
        return str(REASONS.get(wish.reason, wish.reason)) or "–"

    @display(description=_("price, net"), ordering="price")
    def shown_price(self, wish: RefusedDemand) -> str:
        return "–" if wish.price is None else money(wish.price, currency=wish.currency)
