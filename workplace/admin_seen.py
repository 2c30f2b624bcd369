"""Observed presence in the back office: read there, written by imports."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import action

from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateFilter, RangeDateTimeFilter
from workplace import admin_badges
from workplace.models import AttendanceDay, Occupancy, OccupancySession, PersonalRead


@admin.register(Occupancy)
class OccupancyAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = ["seen_at", "person", "site", "team", "deleted_at"]
    list_select_related = ["person", "site", "team"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("day", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
        ("deleted_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["=person__email"]
    ordering = ["-seen_at"]
    actions_list = ["load_badges"]

    @action(
        description=_("Load a badge file"),
        icon="upload_file",
        url_path="badges",
        permissions=["load"],
    )
    def load_badges(self, request: HttpRequest) -> HttpResponse:
        """Take presence as door systems export it."""
        context = self.admin_site.each_context(request)
        return admin_badges.page(request, opts=self.model._meta, context=context)

    def has_load_permission(self, request: HttpRequest) -> bool:
        """Say whether somebody may load presence, which nobody adds record by record."""
        return admin.ModelAdmin.has_add_permission(self, request)


@admin.register(OccupancySession)
class OccupancySessionAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = ["started_at", "site", "organization", "received", "finished_at"]
    list_select_related = ["site", "organization"]
    list_filter = [("site", AutocompleteSelectFilter), ("started_at", RangeDateTimeFilter)]
    search_fields = ["site__name", "organization__name"]
    ordering = ["-started_at", "-id"]


@admin.register(AttendanceDay)
class AttendanceDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "site", "organization", "team", "people"]
    list_select_related = ["site", "organization", "team"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("day", RangeDateFilter),
    ]
    search_fields = ["site__name", "organization__name", "team__name"]
    ordering = ["-day", "-id"]


@admin.register(PersonalRead)
class PersonalReadAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "api_token", "rows"]
    list_select_related = ["api_token"]
    list_filter = [("kind", ChoicesDropdownFilter), ("at", RangeDateTimeFilter)]
    search_fields = ["api_token__name", "api_token__owner__email"]
    ordering = ["-at", "-id"]
