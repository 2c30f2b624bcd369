"""Sites, rooms and leases in the back office."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_filters import RangeDateFilter, RangeDateTimeFilter
from sites_app.admin_announcing import AnnouncingAdmin
from sites_app.admin_forms import ClosureForm, LeaseForm, OpeningExceptionForm, RoomForm, SiteForm
from sites_app.admin_inlines import (
    ClosureInline,
    MembershipInline,
    RoomImageInline,
    RoomInline,
    RoomLeaseInline,
)
from sites_app.models import (
    Closure,
    OpeningException,
    Room,
    RoomLease,
    Site,
)

STATE_TONES = {
    "bookable": "success",
    "free": "success",
    "forrent": "info",
    "occupied": "warning",
    "rented": "info",
    "toclean": "warning",
    "maintenance": "danger",
    "closed": "danger",
}


@admin.register(Site)
class SiteAdmin(AnnouncingAdmin):
    clock_of = "self"
    announced_site = "pk"
    form = SiteForm
    list_display = ["name", "city", "country", "rooms", "is_public", "busy_only", "time_zone"]
    list_filter = ["is_public", "busy_only", "country", "public_holidays"]
    search_fields = ["name", "city", "postal_code", "address", "external_id", "rooms__name"]
    ordering = ["country", "name", "id"]
    readonly_fields = ["id", "created_at", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "is_public"),
                    ("address", "city"),
                    ("postal_code", "country"),
                    ("latitude", "longitude"),
                    ("email", "phone"),
                    ("description", "description_fr"),
                ]
            },
        ),
        (
            _("Opening and calendar"),
            {
                "classes": ["tab"],
                "fields": [
                    ("time_zone", "currency"),
                    "closed_dates",
                    ("public_holidays", "busy_only"),
                ],
            },
        ),
        (
            _("Workplace"),
            {
                "classes": ["tab"],
                "fields": [
                    ("capacity", "external_id"),
                    ("holiday_country", "holiday_subdivision"),
                    "operating_hours",
                    "workplace_settings",
                ],
            },
        ),
        (_("Record"), {"classes": ["tab"], "fields": ["id", "created_at", "updated_at"]}),
    ]
    inlines = [RoomInline, MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        found: QuerySet[Site] = super().get_queryset(request)
        return found.annotate(room_count=Count("rooms"))

    @display(description=_("rooms"), ordering="room_count")
    def rooms(self, site: Site) -> int:
        return int(site.room_count)  # type: ignore[attr-defined]  # annotated


@admin.register(Room)
class RoomAdmin(AnnouncingAdmin):
    clock_of = "site"
    announced_room = "pk"
    form = RoomForm
    list_display = [
        "display_name",
        "site",
        "type",
        "state",
        "seats",
        "price_per_hour",
        "price_per_month",
    ]
    list_select_related = ["site"]
    list_filter = [
        ("site", AutocompleteSelectFilter),
        ("type", ChoicesDropdownFilter),
        ("default_state", ChoicesDropdownFilter),
    ]
    search_fields = ["name", "public_name", "site__name", "site__city"]
    ordering = ["site__name", "name", "id"]
    autocomplete_fields = ["site", "parts"]
    readonly_fields = ["id", "created_at", "updated_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "public_name"),
                    ("site", "type"),
                    ("min_person", "max_person"),
                    ("nb_seat", "default_state"),
                    ("surface_commercial", "surface_computed"),
                    ("configuration", "other_configuration"),
                    ("description", "description_fr"),
                    "equipment",
                    "parts",
                ]
            },
        ),
        (
            _("Opening and booking"),
            {
                "classes": ["tab"],
                "fields": [
                    "slot_week",
                    ("slot_saturday", "slot_sunday"),
                    ("min_duration", "max_duration"),
                    "step_duration",
                    ("setup_minutes", "cleaning_minutes"),
                    "cancellation_terms",
                ],
            },
        ),
        (
            _("Prices"),
            {
                "classes": ["tab"],
                "fields": [
                    ("price_per_hour", "price_per_half_day"),
                    ("price_per_day", "price_per_week"),
                    "price_per_month",
                    ("member_discount_percent", "supplement_per_person"),
                ],
            },
        ),
        (_("Record"), {"classes": ["tab"], "fields": ["id", "created_at", "updated_at"]}),
    ]
    inlines = [RoomImageInline, ClosureInline, RoomLeaseInline]

    @display(description=_("room"), ordering="name")
    def display_name(self, room: Room) -> str:
        return room.display_name

    @display(description=_("state"), ordering="default_state", label=STATE_TONES)
    def state(self, room: Room) -> tuple[str, str]:
        return room.default_state, room.get_default_state_display()

    @display(description=_("persons"), ordering="max_person")
    def seats(self, room: Room) -> str:
        return f"{room.min_person}–{room.max_person}"


@admin.register(RoomLease)
class RoomLeaseAdmin(AnnouncingAdmin):
    announced_room = "room_id"
    form = LeaseForm
    list_display = ["room", "site", "organization", "starts_on", "ends_on", "price"]
    list_select_related = ["room__site", "organization"]
    list_filter = [
        ("organization", AutocompleteSelectFilter),
        ("room__site", AutocompleteSelectFilter),
        ("starts_on", RangeDateFilter),
        ("ends_on", RangeDateFilter),
    ]
    search_fields = ["room__name", "room__public_name", "organization__name", "room__site__name"]
    ordering = ["-starts_on", "id"]
    autocomplete_fields = ["room", "organization"]
    readonly_fields = ["ends_on"]
    may_be_deleted = True

    @display(description=_("site"))
    def site(self, lease: RoomLease) -> str:
        return str(lease.room.site)


@admin.register(Closure)
class ClosureAdmin(AnnouncingAdmin):
    clock_of = "site"
    announced_room, announced_site = "room_id", "site_id"
    form = ClosureForm
    list_display = ["site", "room", "starts_at", "ends_at", "reason"]
    list_select_related = ["site", "room"]
    list_filter = [("site", AutocompleteSelectFilter), ("starts_at", RangeDateTimeFilter)]
    search_fields = ["site__name", "room__name", "reason", "reason_fr"]
    ordering = ["-starts_at", "id"]
    autocomplete_fields = ["site", "room"]
    may_be_deleted = True


@admin.register(OpeningException)
class OpeningExceptionAdmin(AnnouncingAdmin):
    announced_site = "site_id"
    form = OpeningExceptionForm
    list_display = ["date", "site", "slots", "reason"]
    list_select_related = ["site"]
    list_filter = [("site", AutocompleteSelectFilter), ("date", RangeDateFilter)]
    search_fields = ["site__name", "reason", "reason_fr"]
    ordering = ["-date", "id"]
    autocomplete_fields = ["site"]
    may_be_deleted = True
