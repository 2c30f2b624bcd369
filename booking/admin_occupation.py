"""What occupies rooms, and which of them changed lately, in the back office."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from booking.admin_filters import OccupiedFilter
from booking.models import CatalogueChange, Reservation
from config import moments
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    clock_of = "room__site"
    list_display = ["room", "site", "taken", "kind", "holds", "reason"]
    list_select_related = ["room__site", "meeting"]
    list_filter = [
        OccupiedFilter,
        ("kind", ChoicesDropdownFilter),
        "holds",
        ("room__site", AutocompleteSelectFilter),
        ("room", AutocompleteSelectFilter),
    ]
    search_fields = [
        "room__name",
        "room__public_name",
        "room__site__name",
        "reason",
        "=meeting__id",
    ]
    ordering = ["-blocked", "id"]
    fields = ["room", "taken", "kind", "holds", "meeting", "reason"]
    readonly_fields = ["taken"]

    @display(description=_("site"), ordering="room__site__name")
    def site(self, reservation: Reservation) -> str:
        return str(reservation.room.site)

    @display(description=_("taken"), ordering="blocked")
    def taken(self, reservation: Reservation) -> str:
        return moments.of(reservation.blocked, zone=reservation.room.site.time_zone)


@admin.register(CatalogueChange)
class CatalogueChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "transaction", "room"]
    list_filter = [("at", RangeDateTimeFilter)]
    search_fields = ["=room"]
    ordering = ["-at", "-id"]
