"""The organization's page with what other apps know about it: rooms, services and meetings."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline

from contracts.models import ContractOption
from organizations.admin import OrganizationAdmin
from organizations.models import Organization
from sites_app.admin_forms import LeaseForm
from sites_app.domain import leases
from sites_app.models import RoomLease


class LeaseInline(TabularInline):
    model = RoomLease
    form = LeaseForm
    fields = ["room", "starts_on", "own_end_on", "ends_on", "price"]
    readonly_fields = ["ends_on"]
    autocomplete_fields = ["room"]
    extra = 0
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoomLease]:
        found: QuerySet[RoomLease] = super().get_queryset(request)
        return found.select_related("room", "organization").order_by("room__name", "id")


class OptionInline(TabularInline):
    """Ordered services at a glance; each is edited on its own page."""

    model = ContractOption
    fields = ["number", "name", "quantity", "price", "start_on", "end_on"]
    readonly_fields = fields
    extra = 0
    tab = True
    show_change_link = True
    can_delete = False
    ordering = ["number"]

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


admin.site.unregister(Organization)


@admin.register(Organization)
class CustomerAdmin(OrganizationAdmin):
    inlines = [*OrganizationAdmin.inlines, LeaseInline, OptionInline]

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        if "rental_end_on" in form.changed_data:
            leases.follow_contract(form.instance)
