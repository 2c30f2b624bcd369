"""What the pages of a site and of a room show of the rows that belong to it."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from config import clock
from sites_app.admin_forms import ClosureForm, LeaseForm, RoomImageForm
from sites_app.domain import pictures
from sites_app.models import (
    Closure,
    Room,
    RoomImage,
    RoomLease,
    SiteMembership,
)


class RoomInline(TabularInline):
    """A site's rooms at a glance; each is edited on its own page."""

    model = Room
    hide_title = True
    fields = ["name", "public_name", "type", "default_state", "max_person", "price_per_hour"]
    readonly_fields = fields
    extra = 0
    tab = True
    show_change_link = True
    can_delete = False
    ordering = ["name", "id"]

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class MembershipInline(TabularInline):
    model = SiteMembership
    hide_title = True
    autocomplete_fields = ["organization"]
    extra = 0
    tab = True
    ordering = ["position", "id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SiteMembership]:
        found: QuerySet[SiteMembership] = super().get_queryset(request)
        return found.select_related("organization", "site")


class RoomImageInline(TabularInline):
    model = RoomImage
    hide_title = True
    form = RoomImageForm
    fields = ["preview", "file", "alt_text", "position"]
    readonly_fields = ["preview"]
    extra = 0
    tab = True

    @display(description=_("picture"))
    def preview(self, picture: RoomImage) -> str | SafeString:
        if not picture.file:
            return "–"
        address = pictures.url(
            room_id=picture.room_id,
            image_id=picture.pk,
            is_public=pictures.is_public(picture.room),
            now=clock.now(),
            width=320,
        )
        # On this very host, whatever its name.
        path = urlsplit(address)._replace(scheme="", netloc="").geturl()
        return format_html('<img src="{}" alt="" width="120" height="75">', path)


class RoomLeaseInline(TabularInline):
    model = RoomLease
    hide_title = True
    form = LeaseForm
    fields = ["organization", "starts_on", "own_end_on", "ends_on", "price"]
    readonly_fields = ["ends_on"]
    autocomplete_fields = ["organization"]
    extra = 0
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoomLease]:
        found: QuerySet[RoomLease] = super().get_queryset(request)
        return found.select_related("organization", "room__site")


class ClosureInline(TabularInline):
    model = Closure
    hide_title = True
    form = ClosureForm
    fields = ["starts_at", "ends_at", "reason", "reason_fr"]
    extra = 0
    tab = True
    ordering = ["-starts_at", "id"]
