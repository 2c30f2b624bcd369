"""Secret calendar addresses in the back office: who has one; killed there, never shown."""

from django.contrib import admin

from booking.models import CalendarLink
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter


@admin.register(CalendarLink)
class CalendarLinkAdmin(ReadOnlyAdmin):
    may_be_deleted = True
    list_display = ["id", "person", "organization", "made_by", "created_at", "last_read_at"]
    list_select_related = ["person", "organization", "made_by"]
    list_filter = [("created_at", RangeDateTimeFilter), ("last_read_at", RangeDateTimeFilter)]
    search_fields = ["person__email", "person__last_name", "organization__name"]
    ordering = ["-created_at", "-id"]
