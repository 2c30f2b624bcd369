"""Forecasts and evolutions in the back office: what ran, how it went, what it says."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateFilter, RangeDateTimeFilter
from workplace.models import (
    Evolution,
    ForecastJob,
    LocationForecast,
    PersonForecast,
    TeamForecast,
)

JOB_TONES = {
    "queued": "info",
    "running": "info",
    "completed": "success",
    "failed": "danger",
    "cancelled": "warning",
}
EVOLUTION_TONES = {
    "created": "info",
    "processing": "info",
    "no_execution": "warning",
    "successful": "success",
    "failed": "danger",
}


@admin.register(ForecastJob)
class ForecastJobAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "created_at",
        "site",
        "organization",
        "shown_state",
        "progress",
        "starts_on",
        "ends_on",
        "quality",
        "finished_at",
    ]
    list_select_related = ["site", "organization"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("state", ChoicesDropdownFilter),
        ("quality", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["site__name", "organization__name", "error_code"]
    ordering = ["-created_at", "-id"]
    fields = [
        ("site", "organization"),
        ("state", "progress"),
        ("starts_on", "ends_on"),
        ("force_rebuild", "rerun_wanted"),
        ("reused_count", "run_of"),
        ("location_rows", "team_rows", "people_rows"),
        "quality",
        "metrics",
        "backtest",
        ("error_code", "error_message"),
        ("attempts", "heartbeat_at"),
        ("created_at", "started_at", "finished_at"),
    ]

    @display(description=_("state"), ordering="state", label=JOB_TONES)
    def shown_state(self, job: ForecastJob) -> tuple[str, str]:
        return job.state, job.get_state_display()


@admin.register(LocationForecast)
class LocationForecastAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "day",
        "site",
        "organization",
        "forecast",
        "forecast_inc",
        "capacity",
        "intentions",
        "quality",
    ]
    list_select_related = ["site", "organization"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("day", RangeDateFilter),
        ("quality", ChoicesDropdownFilter),
    ]
    search_fields = ["site__name", "organization__name"]
    ordering = ["-day", "-id"]


@admin.register(TeamForecast)
class TeamForecastAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "day",
        "site",
        "team",
        "head_count",
        "forecast",
        "forecast_inc",
        "intentions",
        "quality",
    ]
    list_select_related = ["site", "team"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("team", AutocompleteSelectFilter),
        ("day", RangeDateFilter),
        ("quality", ChoicesDropdownFilter),
    ]
    search_fields = ["site__name", "team__name", "team__organization__name"]
    ordering = ["-day", "-id"]


@admin.register(PersonForecast)
class PersonForecastAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = ["day", "site", "person", "team", "probability", "probability_inc"]
    list_select_related = ["site", "person", "team"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("team", AutocompleteSelectFilter),
        ("day", RangeDateFilter),
    ]
    search_fields = ["=person__email", "team__name"]
    ordering = ["-day", "-id"]


@admin.register(Evolution)
class EvolutionAdmin(ReadOnlyAdmin):
    clock_of = "site"
    list_display = [
        "created_at",
        "site",
        "organization",
        "day",
        "shown_status",
        "progress",
        "disruption",
        "published_at",
        "plan",
    ]
    list_select_related = ["site", "organization"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("day", RangeDateFilter),
    ]
    search_fields = ["site__name", "organization__name", "error_code"]
    ordering = ["-created_at", "-id"]
    fields = [
        ("site", "organization"),
        ("day", "disruption"),
        ("status", "progress"),
        ("waits_for_acceptance", "run_by_zone"),
        "result",
        "proposal",
        "before",
        ("error_code", "error_message"),
        "forecast_job",
        ("attempts", "heartbeat_at"),
        ("created_at", "started_at", "finished_at"),
        ("published_at", "rolled_back_at"),
    ]

    @display(description=_("status"), ordering="status", label=EVOLUTION_TONES)
    def shown_status(self, evolution: Evolution) -> tuple[str, str]:
        return evolution.status, evolution.get_status_display()

    @display(description=_("plan"))
    def plan(self, evolution: Evolution) -> SafeString:
        address = reverse("admin:workplace-run", args=[evolution.pk])
        return format_html('<a class="underline" href="{}">{}</a>', address, gettext("Compare"))
