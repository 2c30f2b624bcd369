"""Allocations, intentions and the systems that declare them, in the back office."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from config import moments
from config.admin_base import ReadOnlyAdmin, RecordAdmin
from config.admin_filters import RangeDateFilter, RangeDateTimeFilter
from workplace.admin_forms import ConfigurationForm
from workplace.models import Allocation, AllocationSpace, Configuration, Intention

INTENTION_TONES = {
    "PENDING": "info",
    "ACCEPTED": "success",
    "DECLINED": "danger",
    "CANCELLED": "warning",
}


class HeldSpaceInline(TabularInline):
    model = AllocationSpace
    hide_title = True
    fields = ["space", "taken", "holds"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    ordering = ["id"]

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @display(description=_("taken"))
    def taken(self, held: AllocationSpace) -> str:
        return moments.of(held.during)


@admin.register(Allocation)
class AllocationAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "starts_at",
        "site",
        "zone",
        "room",
        "team",
        "person",
        "seats",
        "source",
        "is_locked",
        "deleted_at",
    ]
    list_select_related = ["site", "zone", "room", "team", "person"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("zone", AutocompleteSelectFilter),
        ("source", ChoicesDropdownFilter),
        "is_locked",
        ("starts_at", RangeDateTimeFilter),
        ("deleted_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["team__name", "=person__email", "external_id", "zone__name", "room__name"]
    ordering = ["-starts_at", "-id"]
    inlines = [HeldSpaceInline]


@admin.register(Configuration)
class ConfigurationAdmin(RecordAdmin):
    form = ConfigurationForm
    list_display = ["name", "company", "namespace", "default_timezone", "provision_people"]
    list_select_related = ["organization"]
    list_filter = [("organization", AutocompleteSelectFilter), "provision_people"]
    search_fields = ["name", "namespace", "organization__name"]
    ordering = ["name", "id"]
    autocomplete_fields = ["organization"]

    def save_model(
        self, request: HttpRequest, obj: Configuration, form: ModelForm, change: Any
    ) -> None:
        """Whoever read the configuration before has a stale version from now on."""
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    @display(description=_("organization"), ordering="organization__name")
    def company(self, configuration: Configuration) -> str:
        return str(configuration.organization or _("All organizations"))


@admin.register(Intention)
class IntentionAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "starts_at",
        "site",
        "person",
        "team",
        "type",
        "shown_status",
        "source",
        "created_at",
    ]
    list_select_related = ["site", "person", "team"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("type", ChoicesDropdownFilter),
        ("source", ChoicesDropdownFilter),
        ("day", RangeDateFilter),
    ]
    search_fields = ["=person__email", "team__name", "external_id"]
    ordering = ["-starts_at", "-id"]

    @display(description=_("status"), ordering="status", label=INTENTION_TONES)
    def shown_status(self, intention: Intention) -> tuple[str, str]:
        return intention.status, intention.get_status_display()
