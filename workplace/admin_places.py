"""Layers, zones, desks and rooms on their layers in the back office."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from config.admin_base import RecordAdmin
from workplace import admin_labels
from workplace.admin_forms import RoomPlacementForm, SpaceForm, ZoneForm
from workplace.domain import desks
from workplace.models import Layer, RoomPlacement, Space, Zone


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
