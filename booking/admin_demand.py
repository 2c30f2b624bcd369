"""Limits, the waiting list and refused wishes in the back office."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from booking.models import BookingLimit, RefusedDemand, WaitlistEntry
from config.admin_base import ReadOnlyAdmin, RecordAdmin
from config.admin_filters import RangeDateTimeFilter


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
        "starts_at",
        "ends_at",
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


@admin.register(RefusedDemand)
class RefusedDemandAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "at",
        "kind",
        "reason",
        "site",
        "room",
        "room_type",
        "starts_at",
        "duration_minutes",
        "attendees",
        "price",
        "currency",
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
