"""Filters of the back office that ask about this very moment."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from booking.models import Reservation
from config import clock


class OccupiedFilter(admin.SimpleListFilter):
    """What holds its room now, setup and cleaning included."""

    title = _("occupied")
    parameter_name = "occupied"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Now"))]

    def queryset(
        self, _request: HttpRequest, found: QuerySet[Reservation]
    ) -> QuerySet[Reservation]:
        if self.value() != "now":
            return found
        return found.filter(holds=True, blocked__contains=clock.now())
