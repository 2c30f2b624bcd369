"""Teams, their wishes, and where people work otherwise, in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from apitokens.models import EventType
from config import clock
from config.admin_base import RecordAdmin
from workplace import admin_labels
from workplace.admin_forms import TeamForm, TeamLocationSettingsForm, TeamMembershipForm
from workplace.domain import team_settings, team_settings_events, teams
from workplace.models import (
    DefaultLocation,
    Team,
    TeamLocationSettings,
    TeamMembership,
    TeamSettings,
)


class MemberInline(TabularInline):
    model = TeamMembership
    form = TeamMembershipForm
    hide_title = True
    autocomplete_fields = ["person"]
    extra = 0
    tab = True
    per_page = 20
    ordering = ["person__email"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMembership]:
        found: QuerySet[TeamMembership] = super().get_queryset(request)
        return found.select_related("person", "team")


@admin.register(Team)
class TeamAdmin(RecordAdmin):
    choice_label = staticmethod(admin_labels.team)
    choice_related = admin_labels.OF_TEAM
    form = TeamForm
    list_display = ["name", "organization", "external_id", "people"]
    list_select_related = ["organization"]
    list_filter = [("organization", AutocompleteSelectFilter)]
    search_fields = ["name", "external_id", "organization__name", "members__email"]
    ordering = ["organization__name", "name", "id"]
    autocomplete_fields = ["organization"]
    fields = [("name", "organization"), ("color", "external_id")]
    inlines = [MemberInline]
    may_be_deleted = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        found: QuerySet[Team] = super().get_queryset(request)
        return found.annotate(
            people_count=Count("memberships", filter=Q(memberships__is_primary=True), distinct=True)
        )

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any
    ) -> None:
        """A new team has its settings from the start; name and members of another show in its own."""
        super().save_related(request, form, formsets, change)
        now = clock.now()
        settings = teams.equip(form.instance, now=now)
        if change:
            team_settings_events.record(EventType.TEAM_SETTINGS_UPDATED, [settings], now=now)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What hangs on a team goes with it; seats and plans that name it keep it."""
        found, counts, _, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected

    def delete_model(self, _request: HttpRequest, obj: Team) -> None:
        teams.delete([obj], now=clock.now())

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[Team]) -> None:
        teams.delete(queryset, now=clock.now())

    @display(description=_("people"), ordering="people_count")
    def people(self, team: Team) -> int:
        return int(team.people_count)  # type: ignore[attr-defined]  # annotated


class TeamLocationSettingsInline(StackedInline):
    model = TeamLocationSettings
    hide_title = True
    form = TeamLocationSettingsForm
    autocomplete_fields = [
        "site",
        "room",
        "preferred_layers",
        "preferred_zones",
        "adjacent_teams",
    ]
    fields = [
        ("site", "type"),
        ("min_capacity", "max_capacity", "target"),
        ("contingency", "fixed_days"),
        ("preferred_layers", "preferred_zones"),
        ("adjacent_teams", "room"),
        "allow_split",
    ]
    extra = 0
    tab = True
    ordering = ["site__name", "id"]


@admin.register(TeamSettings)
class TeamSettingsAdmin(RecordAdmin):
    list_display = ["team", "company", "space_type_preference", "priority", "default_location"]
    list_select_related = ["team__organization", "default_location"]
    list_filter = [
        ("team__organization", AutocompleteSelectFilter),
        ("default_location", AutocompleteSelectFilter),
        ("space_type_preference", ChoicesDropdownFilter),
        ("priority", ChoicesDropdownFilter),
    ]
    search_fields = ["team__name", "team__external_id", "team__organization__name"]
    ordering = ["team__organization__name", "team__name", "id"]
    autocomplete_fields = ["team", "default_location", "linked_locations"]
    fields = [
        "team",
        ("space_type_preference", "priority"),
        "default_location",
        "linked_locations",
    ]
    inlines = [TeamLocationSettingsInline]

    def save_model(
        self, request: HttpRequest, obj: TeamSettings, form: ModelForm, change: Any
    ) -> None:
        """Whoever read the settings before has a stale version from now on."""
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any
    ) -> None:
        """Neighbours are so for both sides, as the API has it."""
        super().save_related(request, form, formsets, change)
        now = clock.now()
        kind = EventType.TEAM_SETTINGS_UPDATED if change else EventType.TEAM_SETTINGS_CREATED
        team_settings_events.record(kind, [form.instance], now=now)
        neighbours = team_settings.mirror_neighbours(form.instance, now=now)
        team_settings_events.record(EventType.TEAM_SETTINGS_UPDATED, neighbours, now=now)

    @display(description=_("organization"), ordering="team__organization__name")
    def company(self, settings: TeamSettings) -> str:
        return str(settings.team.organization)


@admin.register(DefaultLocation)
class DefaultLocationAdmin(RecordAdmin):
    list_display = ["person", "site"]
    list_select_related = ["person", "site"]
    list_filter = [("site", AutocompleteSelectFilter)]
    search_fields = ["person__email", "person__last_name", "site__name"]
    ordering = ["person__email"]
    autocomplete_fields = ["person", "site"]
    may_be_deleted = True
