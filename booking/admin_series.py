"""Series of meetings in the back office."""

import datetime as dt

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from booking.models import MeetingSeries
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateFilter


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(ReadOnlyAdmin):
    clock_of = "room__site"
    list_display = ["rule", "room", "site", "starts_on", "wall_time", "skipped_dates", "created_at"]
    list_select_related = ["room__site"]
    list_filter = [
        ("starts_on", RangeDateFilter),
        ("room", AutocompleteSelectFilter),
        ("room__site", AutocompleteSelectFilter),
    ]
    search_fields = [
        "rule",
        "room__name",
        "room__public_name",
        "room__site__name",
        "meetings__contact_email",
    ]
    ordering = ["-starts_on", "-id"]
    fields = ["room", "rule", "starts_on", "wall_time", "duration_minutes", "skipped_dates"]

    @display(description=_("site"), ordering="room__site__name")
    def site(self, series: MeetingSeries) -> str:
        return str(series.room.site)

    @display(description=_("skipped dates"))
    def skipped_dates(self, series: MeetingSeries) -> str:
        return (
            ", ".join(date_format(dt.date.fromisoformat(entry["date"])) for entry in series.skipped)
            or "–"
        )
