"""Who was asked into companies and who left them, in the back office; the companies' own people decide."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter
from organizations.models import Departure, Invitation

INVITATION_TONES = {"waiting": "warning", "accepted": "success", "withdrawn": "danger"}


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization", "role", "state", "invited_by", "sent_at", "expires_at"]
    list_select_related = ["organization", "invited_by"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("sent_at", RangeDateTimeFilter),
    ]
    search_fields = ["email", "organization__name", "invited_by__email"]
    ordering = ["-sent_at", "-id"]

    @display(description=_("status"), ordering="status", label=INVITATION_TONES)
    def state(self, invitation: Invitation) -> tuple[str, str]:
        return invitation.status, invitation.get_status_display()


@admin.register(Departure)
class DepartureAdmin(ReadOnlyAdmin):
    list_display = ["person", "organization", "at", "decided_by", "settled_at"]
    list_select_related = ["person", "organization", "decided_by"]
    list_filter = [
        ("organization", AutocompleteSelectFilter),
        ("at", RangeDateTimeFilter),
    ]
    search_fields = ["person__email", "person__last_name", "organization__name"]
    ordering = ["-at", "-id"]
