"""The page of the back office that loads badge files, first as a dry run."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from config import clock
from config.errors import DomainError
from organizations.models import Organization
from sites_app.models import Site
from workplace.domain import badge_files
from workplace.domain.badge_files import Report
from workplace.models import Occupancy, Team
from workplace.selectors_tenants import Tenant

MOST_BYTES = 10_000_000
_TEMPLATE = "admin/badge_file.html"


_SENTENCES = {
    "must not lie in the future": _("This lies in the future."),
    "must be at most 5 years ago": _("This is more than five years ago."),
    "must not be after seen_at": _("This is after seen_at."),
    "must not be before seen_at": _("This is before seen_at."),
    "must be within 24 hours of first_seen_at": _(
        "This is more than 24 hours after first_seen_at."
    ),
    "must be an ISO 8601 date or date-time": _("Write a time such as 2026-01-31T09:00."),
    "must be an IANA time zone": _("Write a time zone such as Europe/Paris."),
    "must be an id of 24 hexadecimal characters": _("This is no id."),
    "Person not found": _("Nobody has this id."),
    "Location not found": _("No location has this id."),
    "Team not found": _("No team of the person's organization has this id."),
    "This names people of several organizations": _(
        "People of several organizations have this id."
    ),
}
"""The refusals of the API, in words for staff."""


class BadgeForm(forms.Form):
    """Which file, of which location, and whether it is only a try."""

    site = forms.ModelChoiceField(
        queryset=Site.objects.order_by("name", "id"),
        label=_("Location"),
        widget=AutocompleteSelect(Occupancy._meta.get_field("site"), admin.site),
    )
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.order_by("name", "id"),
        required=False,
        label=_("Only people of this organization"),
        widget=AutocompleteSelect(Team._meta.get_field("organization"), admin.site),
    )
    file = forms.FileField(
        label=_("CSV file"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"})
    )
    dry_run = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Try only: nothing is stored"),
        widget=UnfoldBooleanSwitchWidget,
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("A file has at most 10 MB."))
        return upload


def page(request: HttpRequest, *, opts: Any, context: dict[str, Any]) -> HttpResponse:
    """Show the form, and what the file that was sent comes to."""
    form = BadgeForm(request.POST or None, request.FILES or None)
    report, refusal = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            report = _load(form.cleaned_data)
        except DomainError as error:
            refusal = str(error.message)
    return TemplateResponse(
        request,
        _TEMPLATE,
        {
            **context,
            "title": gettext("Load a badge file"),
            "opts": opts,
            "form": form,
            "columns": ", ".join(badge_files.COLUMNS),
            "refusal": refusal,
            "is_stored": report is not None and not form.cleaned_data["dry_run"],
            "report": report,
            "counts": _counts(report) if report else None,
            "wrong": _wrong(report) if report else None,
        },
    )


def _load(chosen: dict[str, Any]) -> Report:
    now = clock.now()
    organization = chosen["organization"]
    return badge_files.load(
        chosen["file"].read(),
        site=chosen["site"],
        tenant=Tenant(organization_id=organization.pk if organization else None, now=now),
        dry_run=chosen["dry_run"],
        now=now,
    )


def _counts(report: Report) -> dict[str, Any]:
    return {
        "headers": [_("Rows"), _("New"), _("Changed"), _("Brought back"), _("Known"), _("Wrong")],
        "rows": [
            [
                str(report.received),
                str(report.created),
                str(report.updated),
                str(report.restored),
                str(report.duplicates),
                str(report.failed),
            ]
        ],
    }


def _wrong(report: Report) -> dict[str, Any] | None:
    if not report.wrong:
        return None
    rows = [
        [str(one.line), one.column, str(_SENTENCES.get(one.message, one.message))]
        for one in report.wrong
    ]
    more = report.failed - len(rows)
    if more:
        told = ngettext("and %d line more", "and %d lines more", more) % more
        rows.append(["…", "", told])
    return {"headers": [_("Line"), _("Column"), _("What is wrong")], "rows": rows}
