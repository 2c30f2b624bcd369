"""Places and teams in the back office; what is planned, seen and worked out has modules of its own."""

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
from workplace.admin_forms import (
    RoomPlacementForm,
    SpaceForm,
    TeamForm,
    TeamLocationSettingsForm,
    TeamMembershipForm,
    ZoneForm,
)
from workplace.admin_plans import AllocationAdmin, ConfigurationAdmin, IntentionAdmin
from workplace.admin_runs import (
    EvolutionAdmin,
    ForecastJobAdmin,
    LocationForecastAdmin,
    PersonForecastAdmin,
    TeamForecastAdmin,
)
from workplace.admin_seen import (
    AttendanceDayAdmin,
    OccupancyAdmin,
    OccupancySessionAdmin,
    PersonalReadAdmin,
)
from workplace.domain import desks, team_settings_events, teams
from workplace.models import (
    DefaultLocation,
    Layer,
    RoomPlacement,
    Space,
    Team,
    TeamLocationSettings,
    TeamMembership,
    TeamSettings,
    Zone,
)

__all__ = [
    "AllocationAdmin",
    "AttendanceDayAdmin",
    "ConfigurationAdmin",
    "DefaultLocationAdmin",
    "EvolutionAdmin",
    "ForecastJobAdmin",
    "IntentionAdmin",
    "LayerAdmin",
    "LocationForecastAdmin",
    "OccupancyAdmin",
    "OccupancySessionAdmin",
    "PersonForecastAdmin",
    "PersonalReadAdmin",
    "RoomPlacementAdmin",
    "SpaceAdmin",
    "TeamAdmin",
    "TeamForecastAdmin",
    "TeamSettingsAdmin",
    "ZoneAdmin",
]


class ZoneInline(TabularInline):
    """A layer's zones at a glance; wishes, neighbours and desks stand on each one's own page."""

    model = Zone
    hide_title = True
    fields = ["name", "capacity", "is_active"]
    extra = 0
    tab = True
    per_page = 20
    show_change_link = True
    ordering = ["name", "id"]


@admin.register(Layer)
class LayerAdmin(RecordAdmin):
    choice_label = staticmethod(admin_labels.layer)
    choice_related = admin_labels.OF_LAYER
    inlines = [ZoneInline]
    list_display = ["name", "site", "ordinal", "zones"]
    list_select_related = ["site"]
    list_filter = [("site", AutocompleteSelectFilter)]
    search_fields = ["name", "site__name"]
    ordering = ["site__name", "ordinal", "id"]
    autocomplete_fields = ["site"]
    may_be_deleted = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Layer]:
        found: QuerySet[Layer] = super().get_queryset(request)
        return found.annotate(zone_count=Count("zones"))

    @display(description=_("zones"), ordering="zone_count")
    def zones(self, layer: Layer) -> int:
        return int(layer.zone_count)  # type: ignore[attr-defined]  # annotated


@admin.register(Zone)
class ZoneAdmin(RecordAdmin):
    choice_label = staticmethod(admin_labels.zone)
    choice_related = admin_labels.OF_ZONE
    form = ZoneForm
    list_display = ["name", "place", "layer", "capacity", "tenant", "is_active"]
    list_select_related = ["layer__site", "organization"]
    list_filter = [
        ("layer__site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
        "is_active",
    ]
    search_fields = ["name", "layer__name", "layer__site__name", "organization__name"]
    ordering = ["layer__site__name", "layer__ordinal", "name", "id"]
    autocomplete_fields = ["layer", "neighbours", "organization"]
    fields = [
        ("name", "layer"),
        ("capacity", "desks_to_add"),
        ("labels", "is_active"),
        "neighbours",
        ("x", "y"),
        "organization",
    ]
    may_be_deleted = True

    def save_model(self, request: HttpRequest, obj: Zone, form: ModelForm, change: Any) -> None:
        """The desks lie where their zone lies; new ones are added by number."""
        super().save_model(request, obj, form, change)
        desks.follow(obj)
        desks.add(obj, number=form.cleaned_data.get("desks_to_add") or 0)

    @display(description=_("site"), ordering="layer__site__name")
    def place(self, zone: Zone) -> str:
        return str(zone.layer.site)

    @display(description=_("organization"), ordering="organization__name")
    def tenant(self, zone: Zone) -> str:
        return str(zone.organization or "–")


@admin.register(Space)
class SpaceAdmin(RecordAdmin):
    choice_label = staticmethod(admin_labels.space)
    choice_related = admin_labels.OF_SPACE
    form = SpaceForm
    list_display = ["__str__", "place", "layer", "zone", "room", "is_active"]
    list_select_related = ["layer__site", "zone", "room"]
    list_filter = [
        ("layer__site", AutocompleteSelectFilter),
        ("zone", AutocompleteSelectFilter),
        "is_active",
    ]
    search_fields = ["name", "layer__name", "layer__site__name", "zone__name"]
    ordering = ["layer__site__name", "layer__ordinal", "name", "id"]
    autocomplete_fields = ["layer", "zone", "room"]
    fields = [("name", "layer"), ("zone", "room"), "labels", "is_active"]
    may_be_deleted = True

    @display(description=_("site"), ordering="layer__site__name")
    def place(self, space: Space) -> str:
        return str(space.layer.site)


@admin.register(RoomPlacement)
class RoomPlacementAdmin(RecordAdmin):
    form = RoomPlacementForm
    list_display = ["room", "layer", "place"]
    list_select_related = ["room", "layer__site"]
    list_filter = [("layer__site", AutocompleteSelectFilter), ("layer", AutocompleteSelectFilter)]
    search_fields = ["room__name", "room__public_name", "layer__name", "layer__site__name"]
    ordering = ["layer__site__name", "layer__ordinal", "room__name"]
    autocomplete_fields = ["room", "layer"]
    may_be_deleted = True

    @display(description=_("site"), ordering="layer__site__name")
    def place(self, placement: RoomPlacement) -> str:
        return str(placement.layer.site)


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
        super().save_related(request, form, formsets, change)
        kind = EventType.TEAM_SETTINGS_UPDATED if change else EventType.TEAM_SETTINGS_CREATED
        team_settings_events.record(kind, [form.instance], now=clock.now())

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
