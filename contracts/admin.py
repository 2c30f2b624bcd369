"""Rates, ordered services and monthly statements in the back office."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from config import clock
from config.admin_base import ReadOnlyAdmin, RecordAdmin
from config.admin_confirming import confirmed
from config.admin_filters import RangeDateFilter
from config.errors import DomainError
from config.templatetags.writing import money
from contracts.domain import months, option_numbers, statements
from contracts.models import (
    ContractNotice,
    ContractOption,
    LineKind,
    Rate,
    Statement,
    StatementLine,
)
from organizations.models import Organization

STATEMENT_TONES = {"draft": "warning", "final": "success"}
PREVIEW_HEADERS = [
    _("kind"),
    _("what"),
    _("days"),
    _("quantity"),
    _("net"),
    _("VAT, %"),
    _("VAT"),
]


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


class ContractOptionForm(forms.ModelForm):
    """What a company orders; its key is the rate's, and some keys are had once.

    Source: Public API, "Option Types"; public-api, section 6, Contracts.
    """

    class Meta:
        model = ContractOption
        fields = "__all__"  # noqa: DJ007 - the admin shows some as they are

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        rate = told.get("rate")
        company = told.get("organization") or self.instance.organization_id
        if rate is None or not company:
            return told
        self.instance.key = rate.key
        others = ContractOption.objects.filter(organization=company, key=rate.key)
        if rate.is_unique and others.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "rate", _("The organization has this service already, which is had once.")
            )
        return told


@admin.register(ContractOption)
class ContractOptionAdmin(RecordAdmin):
    form = ContractOptionForm
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
    readonly_fields = ["number", "key"]
    may_be_deleted = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An order stays with who made it: its number counts there."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if obj is None else ["organization", *fields]

    def save_model(
        self, request: HttpRequest, obj: ContractOption, form: ModelForm, change: Any
    ) -> None:
        if not change:
            obj.number = option_numbers.take(obj.organization_id)
        super().save_model(request, obj, form, change)


class StatementLineInline(TabularInline):
    model = StatementLine
    hide_title = True
    fields = [
        "kind",
        "label",
        "first_on",
        "last_on",
        "quantity",
        "unit_price",
        "net",
        "vat_rate",
        "vat",
    ]
    readonly_fields = fields
    ordering = ["position"]
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class PreviewForm(forms.Form):
    """Whose month, and which; any day of it will do."""

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.order_by("name", "id"),
        label=_("Organization"),
        widget=AutocompleteSelect(Statement._meta.get_field("organization"), admin.site),
    )
    month = forms.DateField(
        label=_("A day of the month"), widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Statements are made by the portal; staff make drafts anew, close them, and look ahead."""

    list_display = ["organization", "shown_month", "state", "shown_net", "shown_vat", "shown_total"]
    list_select_related = ["organization"]
    list_filter = [
        ("organization", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("month", RangeDateFilter),
    ]
    search_fields = ["organization__name", "organization__email"]
    ordering = ["-month", "organization__name", "id"]
    inlines = [StatementLineInline]
    actions = ["make_anew", "close"]
    actions_list = ["preview"]

    @action(description=_("Work out anew"))
    def make_anew(self, request: HttpRequest, chosen: QuerySet[Statement]) -> None:
        self._each(request, chosen, statements.recompute)

    @action(description=_("Make final"))
    @confirmed(
        question=_("Make these statements final?"),
        consequence=_("What is final is billed as it stands and can no longer be changed."),
    )
    def close(self, request: HttpRequest, chosen: QuerySet[Statement]) -> None:
        self._each(request, chosen, statements.finalize)

    def _each(
        self, request: HttpRequest, chosen: QuerySet[Statement], change: Callable[..., Statement]
    ) -> None:
        done = 0
        for statement in chosen:
            try:
                change(statement.pk, now=clock.now())
            except DomainError as refusal:
                self.tell(
                    request, f"{statement.organization} {statement}: {refusal.message}", failed=True
                )
            else:
                done += 1
        if done:
            self.tell(
                request, ngettext("%d statement changed.", "%d statements changed.", done) % done
            )

    @action(description=_("Preview a month"), icon="receipt_long", url_path="preview")
    def preview(self, request: HttpRequest) -> HttpResponse:
        """Show what a month comes to as things stand; nothing is written."""
        form = PreviewForm(request.GET or None)
        tables: list[dict[str, Any]] = []
        is_asked = form.is_valid()
        if is_asked:
            month = months.month_of(form.cleaned_data["month"])
            organization = form.cleaned_data["organization"]
            tables = [_table(bill) for bill in statements.preview(organization.pk, month)]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Preview a month"),
            "opts": self.model._meta,
            "form": form,
            "tables": tables,
            "is_empty": is_asked and not tables,
        }
        return TemplateResponse(request, "admin/statement_preview.html", context)

    @display(description=_("month"), ordering="month")
    def shown_month(self, statement: Statement) -> str:
        return date_format(statement.month, "F Y")

    @display(description=_("status"), ordering="status", label=STATEMENT_TONES)
    def state(self, statement: Statement) -> tuple[str, str]:
        return statement.status, statement.get_status_display()

    @display(description=_("net"), ordering="net")
    def shown_net(self, statement: Statement) -> str:
        return money(statement.net, currency=statement.currency)

    @display(description=_("VAT"), ordering="vat")
    def shown_vat(self, statement: Statement) -> str:
        return money(statement.vat, currency=statement.currency)

    @display(description=_("total"), ordering="gross")
    def shown_total(self, statement: Statement) -> str:
        return money(statement.gross, currency=statement.currency)


def _table(bill: statements.Bill) -> dict[str, Any]:
    """Put a bill into the rows of a table, its totals last."""
    currency, totals = bill.currency, bill.totals
    rows = [
        [
            str(LineKind(line.kind.value).label),
            line.subject.label or "–",
            f"{line.days.first} – {line.days.last}",
            str(line.quantity),
            money(line.net, currency=currency),
            f"{line.vat_rate.normalize():f} %",
            money(line.vat, currency=currency),
        ]
        for line in bill.lines
    ]
    sums = [money(totals.net, currency=currency), "", money(totals.vat, currency=currency)]
    rows.append([gettext("Total"), "", "", "", *sums])
    return {
        "total": money(totals.gross, currency=currency),
        "table": {"headers": PREVIEW_HEADERS, "rows": rows},
    }


@admin.register(ContractNotice)
class ContractNoticeAdmin(ReadOnlyAdmin):
    list_display = ["organization", "kind", "ends_on", "at"]
    list_select_related = ["organization"]
    list_filter = [
        ("organization", AutocompleteSelectFilter),
        ("kind", ChoicesDropdownFilter),
        ("ends_on", RangeDateFilter),
    ]
    search_fields = ["organization__name"]
    ordering = ["-at", "-id"]
