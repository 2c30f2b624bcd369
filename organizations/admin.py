"""Companies in the back office; people, cards, mail and registers have modules of their own."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.validators import URLValidator
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminURLInputWidget

from config import admin_links
from config.admin_base import RecordAdmin
from config.admin_filters import RangeDateFilter, RangeDateTimeFilter
from config.admin_links import ListLink
from organizations.admin_archiving import ArchivingActions
from organizations.admin_joining import DepartureAdmin, InvitationAdmin
from organizations.admin_mail import EmailVerificationAdmin, OutgoingEmailAdmin
from organizations.admin_people import AccessCardAdmin, UserAdmin
from organizations.admin_registers import CompanyCheckShown
from organizations.domain import document_links
from organizations.models import Organization, User

__all__ = [
    "AccessCardAdmin",
    "DepartureAdmin",
    "EmailVerificationAdmin",
    "InvitationAdmin",
    "OrganizationAdmin",
    "OutgoingEmailAdmin",
    "UserAdmin",
]


STATE_TONES = {"active": "success", "pending": "warning", "archived": "plain"}


class PeopleInline(TabularInline):
    model = User
    hide_title = True
    fields = ["email", "first_name", "last_name", "role", "is_archived"]
    readonly_fields = ["email"]
    extra = 0
    tab = True
    per_page = 20
    show_change_link = True
    ordering = ["email"]
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class OrganizationForm(forms.ModelForm):
    rental_url = forms.URLField(
        label=_("Documents"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    def clean_rental_url(self) -> str:
        address = str(self.cleaned_data["rental_url"])
        hosts = settings.RENTAL_URL_HOSTS
        if address and not document_links.is_acceptable(address, hosts=hosts):
            raise forms.ValidationError(_("Documents cannot lie at this address."))
        return address

    class Meta:
        model = Organization
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose them


@admin.register(Organization)
class OrganizationAdmin(CompanyCheckShown, ArchivingActions, RecordAdmin):
    form = OrganizationForm
    list_display = [
        "name",
        "state",
        "is_member",
        "country",
        "register_outcome",
        "email",
        "people",
        "rental_end_on",
    ]
    list_select_related = ["company_check"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("company_check__outcome", ChoicesDropdownFilter),
        "is_archived",
        "is_member",
        ("accessible_sites", AutocompleteSelectFilter),
        ("rental_end_on", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["name", "email", "company_number", "vat_number", "people__email"]
    ordering = ["name", "id"]
    readonly_fields = [
        "id",
        "created_at",
        "updated_at",
        "identity_verification",
        "register_told",
        "see_also",
    ]
    actions = ["archive", "unarchive", "check_again"]
    actions_detail = ["check_this_again"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "status"),
                    ("is_member", "is_archived"),
                    ("email", "phone"),
                    ("country", "language"),
                    ("company_number", "vat_number"),
                    "register_told",
                    "address",
                    "max_resident_users",
                    "person_forecasts",
                    "comments",
                    "see_also",
                ]
            },
        ),
        (
            _("Contract"),
            {
                "classes": ["tab"],
                "fields": [
                    ("rental_start_on", "rental_end_on"),
                    "renewal_months",
                    ("base_price", "rental_price_text"),
                    "rental_url",
                    "rental_comment",
                ],
            },
        ),
        (
            _("Record"),
            {
                "classes": ["tab"],
                "fields": ["id", "identity_verification", "created_at", "updated_at"],
            },
        ),
    ]
    inlines = [PeopleInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        found: QuerySet[Organization] = super().get_queryset(request)
        return found.annotate(people_count=Count("people", distinct=True))

    @display(description=_("status"), label=STATE_TONES)
    def state(self, organization: Organization) -> tuple[str, str]:
        if organization.is_archived:
            return "archived", str(_("Archived"))
        return organization.status, organization.get_status_display()

    @display(description=_("see also"))
    def see_also(self, organization: Organization) -> str | SafeString:
        if organization._state.adding:
            return "–"
        own = {"organization__id__exact": organization.pk}
        lists = [
            (_("Meetings"), "booking.meeting"),
            (_("Leases"), "sites_app.roomlease"),
            (_("Contract options"), "contracts.contractoption"),
            (_("Statements"), "contracts.statement"),
            (_("Invitations"), "organizations.invitation"),
            (_("Wishes to join"), "organizations.joinrequest"),
        ]
        return admin_links.shown(ListLink(label, model, own) for label, model in lists)

    @display(description=_("people"), ordering="people_count")
    def people(self, organization: Organization) -> int:
        return int(organization.people_count)  # type: ignore[attr-defined]  # annotated
