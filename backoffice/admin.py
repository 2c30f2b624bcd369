"""The organization's page with what other apps know about it: rooms, services and meetings.

What libraries register by themselves and would let staff act as somebody else is taken out again.
"""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from config import clock
from contracts.domain import bill_facts, option_pricing
from contracts.models import ContractOption, Statement
from organizations.admin import OrganizationAdmin, OrganizationForm
from organizations.models import Organization
from sites_app.admin_forms import CountryField, LeaseForm
from sites_app.domain import announcements, leases
from sites_app.models import RoomLease


class CustomerForm(OrganizationForm):
    """An organization whose contract lasts as long as its rooms need."""

    country = CountryField(label=_("Country"), required=False)

    def clean_rental_end_on(self) -> dt.date | None:
        end_on: dt.date | None = self.cleaned_data["rental_end_on"]
        try:
            if "rental_end_on" in self.changed_data:
                leases.check_contract_end(self.instance.pk, end_on)
        except leases.ContractEndsTooSoon as refusal:
            sentence = _("The lease of %(room)s begins on %(day)s: change or end that lease first.")
            day = date_format(refusal.starts_on, "j F Y")
            raise forms.ValidationError(
                sentence, params={"room": refusal.room, "day": day}
            ) from refusal
        return end_on


class LeaseInline(TabularInline):
    model = RoomLease
    hide_title = True
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
    hide_title = True
    fields = ["number", "name", "quantity", "price", "start_on", "end_on", "promo_until"]
    readonly_fields = fields
    extra = 0
    tab = True
    show_change_link = True
    can_delete = False
    ordering = ["number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContractOption]:
        found: QuerySet[ContractOption] = super().get_queryset(request)
        return found.select_related("rate", "organization")

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @display(description=_("promotional price until"))
    def promo_until(self, option: ContractOption) -> str:
        terms = bill_facts.terms_of(option, option.organization)
        last = option_pricing.promo_end(terms)
        return date_format(last, "j F Y") if last else "–"


class StatementInline(TabularInline):
    """What the organization owed month by month; the lines stand on each one's own page."""

    model = Statement
    hide_title = True
    fields = ["month", "status", "net", "vat", "gross", "currency"]
    readonly_fields = fields
    extra = 0
    tab = True
    per_page = 12
    show_change_link = True
    can_delete = False
    ordering = ["-month"]

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


# They show whole keys of sessions, and let second factors be added to any account.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.unregister(Organization)


@admin.register(Organization)
class CustomerAdmin(OrganizationAdmin):
    form = CustomerForm
    inlines = [*OrganizationAdmin.inlines, LeaseInline, OptionInline, StatementInline]

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: Any
    ) -> None:
        before = leases.terms_of(form.instance.pk)
        super().save_related(request, form, formsets, change)
        if "rental_end_on" in form.changed_data:
            leases.follow_contract(form.instance)
        changed = before ^ leases.terms_of(form.instance.pk)
        announcements.rooms_changed({room_id for room_id, *_terms in changed}, now=clock.now())
