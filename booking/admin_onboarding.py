"""Registrations and wishes to join in the back office; decisions go through the domain."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import action, display

from booking.domain import approvals, visitor_registrations
from booking.models import LinkRequest, Registration
from config import clock
from config.admin_base import ReadOnlyAdmin
from config.admin_confirming import confirmed
from config.admin_filters import RangeDateTimeFilter
from config.errors import DomainError
from organizations.models import JoinRequest

JOIN_TONES = {"waiting": "warning", "approved": "success", "refused": "danger"}
OUTCOME_TONES = {
    "CREATED": "success",
    "UPDATED": "info",
    "refused": "danger",
    "failed": "danger",
    "waiting": "warning",
}


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnlyAdmin):
    list_display = ["person", "organization", "state", "created_at", "decided_at", "decided_by"]
    list_select_related = ["person", "organization", "decided_by"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["person__email", "person__last_name", "organization__name"]
    ordering = ["-created_at", "-id"]
    actions = ["approve", "refuse"]

    @display(description=_("status"), ordering="status", label=JOIN_TONES)
    def state(self, wish: JoinRequest) -> tuple[str, str]:
        return wish.status, wish.get_status_display()

    @action(description=_("Approve"))
    def approve(self, request: HttpRequest, chosen: QuerySet[JoinRequest]) -> None:
        count = self._decide(request, chosen, approvals.approve)
        self.tell(request, ngettext("%d person approved.", "%d people approved.", count) % count)

    @action(description=_("Refuse"))
    @confirmed(
        question=_("Refuse these people?"),
        consequence=_("Each is told by e-mail that they do not belong to the company."),
    )
    def refuse(self, request: HttpRequest, chosen: QuerySet[JoinRequest]) -> None:
        count = self._decide(request, chosen, approvals.refuse)
        self.tell(request, ngettext("%d person refused.", "%d people refused.", count) % count)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[JoinRequest], decide: Callable[..., Any]
    ) -> int:
        """Decide about each; those that cannot be decided any more are named and left."""
        count = 0
        for wish in chosen.order_by("created_at", "id"):
            try:
                decide(wish.pk, by=request.user, now=clock.now())
            except DomainError as refusal:
                self.tell(request, f"{wish}: {refusal.message}", failed=True)
            else:
                count += 1
        return count


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization", "outcome", "room_of_interest", "wishes", "created_at"]
    list_select_related = ["organization", "room_of_interest__site"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["email", "organization__name", "comments"]
    ordering = ["-created_at", "-id"]
    actions = ["try_again"]

    @action(description=_("Try again"))
    def try_again(self, request: HttpRequest, chosen: QuerySet[Registration]) -> None:
        count = visitor_registrations.try_again(chosen)
        self.tell(
            request, ngettext("%d registration queued.", "%d registrations queued.", count) % count
        )

    @display(description=_("outcome"), ordering="status", label=OUTCOME_TONES)
    def outcome(self, registration: Registration) -> tuple[str, str]:
        return registration.status, registration.get_status_display()

    @display(description=_("wishes"))
    def wishes(self, registration: Registration) -> str:
        return registration.comments[:80] or "–"


@admin.register(LinkRequest)
class LinkRequestAdmin(ReadOnlyAdmin):
    list_display = ["email", "language", "created_at"]
    list_filter = [("created_at", RangeDateTimeFilter)]
    search_fields = ["email"]
    ordering = ["-created_at", "-id"]
