"""People and their cards in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config import admin_links, clock
from config.admin_base import RecordAdmin
from config.admin_filters import RangeDateTimeFilter
from config.admin_links import ListLink
from config.errors import DomainError
from organizations.admin_archiving import ArchivingActions
from organizations.admin_forms import PersonForm, SecondFactorResetForm
from organizations.domain import access_cards, second_factor_resets
from organizations.models import AccessCard, User

ROLE_TONES = {
    "principal-admin": "success",
    "admin": "info",
    "user": "plain",
    "temp": "warning",
    "archived": "plain",
}


@admin.register(User)
class UserAdmin(ArchivingActions, RecordAdmin):
    form = PersonForm
    list_display = ["email", "full_name", "company", "role_label", "api_role", "is_verified"]
    list_select_related = ["organization"]
    list_filter = [
        ("role", ChoicesDropdownFilter),
        ("api_role", ChoicesDropdownFilter),
        "is_archived",
        ("organization", AutocompleteSelectFilter),
        ("organization__accessible_sites", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["email", "first_name", "last_name", "external_id", "organization__name"]
    ordering = ["email"]
    autocomplete_fields = ["organization"]
    readonly_fields = [
        "id",
        "email_verified_at",
        "last_login",
        "second_factor_reset_at",
        "created_at",
        "updated_at",
        "see_also",
    ]
    actions = ["archive", "unarchive"]
    actions_detail = ["reset_second_factor"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "email",
                    ("first_name", "last_name"),
                    ("phone", "language"),
                    ("organization", "role"),
                    ("api_role", "is_archived"),
                    ("external_id", "schedule_visibility"),
                    "see_also",
                ]
            },
        ),
        (
            _("Record"),
            {
                "classes": ["tab"],
                "fields": [
                    "id",
                    ("email_verified_at", "last_login"),
                    "second_factor_reset_at",
                    ("created_at", "updated_at"),
                ],
            },
        ),
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """Offer the reset only where it would be done."""
        person = User.objects.filter(pk=object_id).first()
        assert request.user.is_authenticated
        if person is None or not second_factor_resets.may_be_done(person, by=request.user):
            return []
        offered: list[UnfoldAction] = super().get_actions_detail(request, object_id)
        return offered

    @action(
        description=_("Reset the second factor"),
        icon="phonelink_erase",
        variant=ActionVariant.DANGER,
        dialog={
            "title": _("Reset the second factor"),
            "description": _(
                "The authenticator app and the recovery codes stop working, every device is logged "
                "out, and the person is told by e-mail. The password stays."
            ),
            "form_class": SecondFactorResetForm,
            "form_submit_text": _("Reset the second factor"),
        },
    )
    def reset_second_factor(
        self, request: HttpRequest, _form: SecondFactorResetForm, object_id: str
    ) -> HttpResponse:
        assert request.user.is_authenticated
        try:
            second_factor_resets.reset(object_id, by=request.user, now=clock.now())
        except DomainError as refusal:
            self.tell(request, refusal.message, failed=True)
        else:
            self.tell(request, gettext("The second factor is reset."))
        return self.back_to(object_id)

    @display(description=_("see also"))
    def see_also(self, person: User) -> str | SafeString:
        if person._state.adding:
            return "–"
        lists = [
            (_("Meetings"), "booking.meeting"),
            (_("Outgoing e-mails"), "organizations.outgoingemail"),
            (_("Access cards"), "organizations.accesscard"),
            (_("API tokens"), "apitokens.apitoken"),
            (_("Registrations"), "booking.registration"),
        ]
        return admin_links.shown(
            ListLink(label, model, {"q": person.email}) for label, model in lists
        )

    @display(description=_("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return person.full_name

    @display(description=_("organization"), ordering="organization__name")
    def company(self, person: User) -> str:
        return str(person.organization or "–")

    @display(description=_("role"), ordering="role", label=ROLE_TONES)
    def role_label(self, person: User) -> tuple[str, str]:
        if person.counts_as_archived:
            return "archived", str(_("Archived"))
        return person.role, person.get_role_display()

    @display(description=_("e-mail verified"), boolean=True)
    def is_verified(self, person: User) -> bool:
        return person.email_verified_at is not None


@admin.register(AccessCard)
class AccessCardAdmin(RecordAdmin):
    list_display = ["number", "holder", "status", "created_at"]
    list_select_related = ["holder"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["number", "holder__email", "holder__organization__name"]
    ordering = ["number"]
    autocomplete_fields = ["holder"]

    def save_model(self, request: HttpRequest, obj: AccessCard, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """A status that staff choose is theirs; a card of somebody archived is blocked all the same."""
        if "status" in form.changed_data:
            obj.blocked_from = ""
        super().save_model(request, obj, form, change)
        access_cards.follow_archiving(person_ids=[obj.holder_id])
