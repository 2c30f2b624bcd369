"""Meetings in the back office; every change of a slot goes through the domain."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from booking import selectors_meetings
from booking.admin_calendar_links import CalendarLinkAdmin
from booking.admin_demand import BookingLimitAdmin, RefusedDemandAdmin, WaitlistEntryAdmin
from booking.admin_forms import CancelForm, MeetingRequestForm, MoveForm
from booking.admin_meeting_columns import MeetingColumns
from booking.admin_meeting_facts import MeetingFacts
from booking.admin_occupation import CatalogueChangeAdmin, ReservationAdmin
from booking.admin_onboarding import JoinRequestAdmin, RegistrationAdmin
from booking.admin_series import MeetingSeriesAdmin
from booking.domain import cancellations, changes, meeting_requests, meetings
from booking.domain.booking_plans import RulesBroken
from booking.models import Meeting, Reservation
from config import clock, moments
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter
from config.errors import DomainError

__all__ = [
    "BookingLimitAdmin",
    "CalendarLinkAdmin",
    "CatalogueChangeAdmin",
    "JoinRequestAdmin",
    "MeetingAdmin",
    "MeetingSeriesAdmin",
    "RefusedDemandAdmin",
    "RegistrationAdmin",
    "ReservationAdmin",
    "WaitlistEntryAdmin",
]


class AccountArchived(DomainError):
    """The address is that of somebody who is shut out, so that nothing was booked."""

    code = "ACCOUNT_ARCHIVED"
    status = 409
    message = "This account is archived; nothing was booked."


class ReservationInline(TabularInline):
    """What the meeting occupies, setup and cleaning included; frozen."""

    model = Reservation
    hide_title = True
    fields = ["room", "taken", "holds", "kind"]
    readonly_fields = fields
    extra = 0
    tab = True
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reservation]:
        found: QuerySet[Reservation] = super().get_queryset(request)
        return found.select_related("room").order_by("room_id")

    @display(description=_("taken"))
    def taken(self, reservation: Reservation) -> str:
        return moments.of(reservation.blocked)


@admin.register(Meeting)
class MeetingAdmin(MeetingColumns, MeetingFacts, ReadOnlyAdmin):
    clock_of = "room__site"
    list_display = ["when", "room", "site", "subject", "contact", "company", "state", "shown_price"]
    list_select_related = ["room__site", "organization"]
    list_filter = [
        ("starts_at", RangeDateTimeFilter),
        ("status", ChoicesDropdownFilter),
        ("hold_expires_at", RangeDateTimeFilter),
        ("room", AutocompleteSelectFilter),
        ("room__site", AutocompleteSelectFilter),
        ("organization", AutocompleteSelectFilter),
    ]
    search_fields = [
        "contact_email",
        "contact_name",
        "name",
        "organization__name",
        "room__name",
        "room__public_name",
        "room__site__name",
    ]
    ordering = ["-starts_at", "-id"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("when", "status"),
                    ("room", "site"),
                    ("name", "is_private"),
                    "description",
                    ("contact_name", "contact_email"),
                    ("organizer", "organization"),
                    ("attendees", "language"),
                    ("hold_expires_at", "terms_accepted_at"),
                    "see_also",
                ]
            },
        ),
        (
            _("Price"),
            {
                "classes": ["tab"],
                "fields": [
                    ("price", "price_gross"),
                    ("vat_rate", "currency"),
                    "shown_lines",
                    "shown_terms",
                    ("cancelled_at", "cancellation_fee"),
                    "cancel_reason",
                ],
            },
        ),
        (
            _("Record"),
            {
                "classes": ["tab"],
                "fields": [
                    ("id", "sequence"),
                    ("series", "api_token"),
                    ("created_at", "revised_at"),
                    "handed_over_at",
                ],
            },
        ),
    ]
    inlines = [ReservationInline]
    actions_detail = ["move", "cancel"]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    ("room", "attendees"),
                    ("on", "at"),
                    "minutes",
                    ("contact_email", "contact_name"),
                    ("name", "is_private"),
                    "description",
                    "override_reason",
                ]
            },
        )
    ]
    autocomplete_fields = ["room"]

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_act_permission(self, request: HttpRequest, _object_id: str | None = None) -> bool:
        """Say who may move and cancel meetings; the form itself changes none."""
        return admin.ModelAdmin.has_change_permission(self, request)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """What is cancelled or expired is neither moved nor cancelled again."""
        if not selectors_meetings.stands(str(object_id)):
            return []
        offered: list[UnfoldAction] = super().get_actions_detail(request, object_id)
        return offered

    def get_form(self, request: HttpRequest, obj: Meeting | None = None, **kwargs: Any) -> Any:
        if obj is None:
            kwargs |= {"form": MeetingRequestForm, "fields": MeetingRequestForm.Meta.fields}
        return super().get_form(request, obj, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take room, day and time from the address; the day is written as the reader's language does."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        with suppress(ValueError):
            initial["on"] = dt.date.fromisoformat(initial.get("on", ""))
        return initial

    def get_fieldsets(self, request: HttpRequest, obj: Meeting | None = None) -> Any:
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_inlines(self, _request: HttpRequest, obj: Meeting | None) -> Any:
        return [] if obj is None else self.inlines

    def save_form(self, _request: HttpRequest, form: MeetingRequestForm, **_kwargs: Any) -> Meeting:
        """Book through the domain, which locks the room; what it refuses now is told as a message."""
        outcome = meeting_requests.request_meeting(form.wish(), now=clock.now())
        if outcome.meeting_id is None:
            raise AccountArchived
        return meetings.by_id(outcome.meeting_id)

    def save_model(self, *_args: Any) -> None:
        """Nothing: the domain has written the meeting."""

    def save_related(self, *_args: Any) -> None:
        """Nothing: the domain has written what belongs to it."""

    @action(
        permissions=["act"],
        description=_("Cancel the meeting"),
        icon="event_busy",
        variant=ActionVariant.DANGER,
        dialog={
            "title": _("Cancel the meeting"),
            "description": _("The room is free at once, and the contact gets an e-mail."),
            "form_class": CancelForm,
            "form_submit_text": _("Cancel the meeting"),
        },
    )
    def cancel(self, request: HttpRequest, form: CancelForm, object_id: str) -> HttpResponse:
        assert request.user.is_authenticated
        fee = Decimal(0) if form.cleaned_data["is_free"] else None
        try:
            cancellations.cancel(
                object_id,
                reason=form.cleaned_data["reason"],
                by=request.user,
                fee=fee,
                now=clock.now(),
            )
        except DomainError as refusal:
            self.tell(request, refusal.message, failed=True)
        else:
            self.tell(request, gettext("The meeting is cancelled."))
        return self.back_to(object_id)

    @action(
        permissions=["act"],
        description=_("Move the meeting"),
        icon="event_repeat",
        dialog={
            "title": _("Move the meeting"),
            "description": _("What stays empty stays as it is. The contact gets an e-mail."),
            "form_class": MoveForm,
            "form_submit_text": _("Move the meeting"),
        },
    )
    def move(self, request: HttpRequest, form: MoveForm, object_id: str) -> HttpResponse:
        assert request.user.is_authenticated
        try:
            changes.change(object_id, form.wanted(), by=request.user, now=clock.now())
        except RulesBroken as refusal:
            for violation in refusal.violations:
                self.tell(request, violation.message, failed=True)
        except DomainError as refusal:
            self.tell(request, refusal.message, failed=True)
        else:
            self.tell(request, gettext("The meeting is moved."))
        return self.back_to(object_id)
