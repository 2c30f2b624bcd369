"""Forms of the back office whose changes are told to those who follow the catalogue."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from config import clock
from config.admin_base import RecordAdmin
from sites_app.domain import announcements


class AnnouncingAdmin(RecordAdmin):
    """Tells of the room, or else of the site, that a record is or belongs to, in the same transaction."""

    announced_room = ""
    announced_site = ""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: Any
    ) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(one.has_changed() for one in formsets):
            self._announce(form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._announce(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for record in queryset:
                self._announce(record)
            super().delete_queryset(request, queryset)

    def _announce(self, record: Any) -> None:
        room = self.announced_room and getattr(record, self.announced_room)
        if room:
            announcements.rooms_changed([room], now=clock.now())
        else:
            announcements.sites_changed([getattr(record, self.announced_site)], now=clock.now())
