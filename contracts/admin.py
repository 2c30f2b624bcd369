"""Rates and ordered services in the back office."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
)
from unfold.decorators import display

from config.admin_base import RecordAdmin
from contracts.domain import option_numbers
from contracts.models import ContractOption, Rate


@admin.register(Rate)
class RateAdmin(RecordAdmin):
    list_display = ["name", "key", "place", "type", "public_base", "member_base", "is_active"]
    list_select_related = ["site"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("type", ChoicesDropdownFilter),
        ("vat_type", ChoicesDropdownFilter),
        "is_active",
    ]
    search_fields = ["name", "name_fr", "name_en", "key", "site__name"]
    ordering = ["key", "name", "id"]
    autocomplete_fields = ["site"]

    @display(description=_("site"), ordering="site__name")
    def place(self, rate: Rate) -> str:
        return str(rate.site or _("All sites"))


@admin.register(ContractOption)
class ContractOptionAdmin(RecordAdmin):
    list_display = ["organization", "number", "name", "quantity", "price", "start_on", "end_on"]
    list_select_related = ["organization", "rate"]
    list_filter = [
        ("organization", AutocompleteSelectFilter),
        ("start_on", RangeDateFilter),
        ("end_on", RangeDateFilter),
    ]
    search_fields = ["name", "key", "organization__name", "organization__email"]
    ordering = ["organization__name", "number", "id"]
    autocomplete_fields = ["organization", "rate"]
    readonly_fields = ["number"]
    may_be_deleted = True

    def save_model(
        self, request: HttpRequest, obj: ContractOption, form: ModelForm, change: Any
    ) -> None:
        if not change:
            obj.number = option_numbers.take(obj.organization_id)
        super().save_model(request, obj, form, change)
