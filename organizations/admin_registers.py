"""Company checks and registers in the back office: what was found, and asking again."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from config import clock
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter
from organizations.domain import company_checks
from organizations.models import (
    CompanyCheck,
    Organization,
    RegisterAnswer,
    RegisterState,
)
from organizations.registers import questions as registers

NOT_CHECKED = "not_checked"
# a value without a tone would be shown as its key
CHECK_TONES = {
    NOT_CHECKED: "plain",
    "no_register": "plain",
    "found": "success",
    "closed": "danger",
    "not_found": "danger",
    "later": "info",
    "unanswered": "warning",
}
ANSWER_TONES = {"found": "success", "closed": "danger", "unknown": "danger"}
STATE_TONES = {"off": "plain", "on": "success", "resting": "warning"}


class CompanyCheckShown:
    """What the register said, in the list and form of organizations, and an action that asks again."""

    @display(description=_("company register"), label=CHECK_TONES)
    def register_outcome(self, organization: Organization) -> tuple[str, str]:
        check = _check_of(organization)
        if check is None:
            return NOT_CHECKED, str(_("Not checked")) if organization.company_number else "–"
        return check.outcome, check.get_outcome_display()

    @display(description=_("company register"))
    def register_told(self, organization: Organization) -> str:
        check = _check_of(organization)
        if check is None or check.company_number != organization.company_number:
            return str(_("Not checked")) if organization.company_number else "–"
        told = [check.get_outcome_display(), check.verified_name, check.verified_number]
        if check.name_likeness is not None:
            told.append(str(_("names %d %% alike") % check.name_likeness))
        return " · ".join(filter(None, told))

    @action(
        description=_("Check the company number again"),
        icon="fact_check",
        url_path="check-number",
        dialog={
            "title": _("Check the company number again"),
            "description": _("The company registers are asked in the background."),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Check the company number again"),
        },
    )
    def check_this_again(
        self,
        request: HttpRequest,
        form: BaseDialogForm,  # noqa: ARG002 - the dialog asks nothing
        object_id: str,
    ) -> HttpResponse:
        self.check_again(request, Organization.objects.filter(pk=object_id))
        return self.back_to(object_id)  # type: ignore[attr-defined,no-any-return]  # of the admin it is mixed into

    @action(description=_("Check the company number again"))
    def check_again(self, request: HttpRequest, chosen: QuerySet[Organization]) -> None:
        count = company_checks.check_again(chosen, now=clock.now())
        text = (
            ngettext("%d company is being checked.", "%d companies are being checked.", count)
            % count
        )
        self.tell(request, text)  # type: ignore[attr-defined]  # as above


@admin.register(CompanyCheck)
class CompanyCheckAdmin(ReadOnlyAdmin):
    list_display = [
        "organization",
        "company_number",
        "state",
        "confidence",
        "verified_name",
        "name_likeness",
        "checked_at",
    ]
    list_select_related = ["organization"]
    list_filter = [
        ("outcome", ChoicesDropdownFilter),
        "source",
        ("checked_at", RangeDateTimeFilter),
    ]
    search_fields = ["organization__name", "company_number", "verified_name"]
    ordering = ["-checked_at", "-id"]
    actions = ["check_again"]

    @display(description=_("outcome"), ordering="outcome", label=CHECK_TONES)
    def state(self, check: CompanyCheck) -> tuple[str, str]:
        return check.outcome, check.get_outcome_display()

    @action(description=_("Check the company number again"))
    def check_again(self, request: HttpRequest, chosen: QuerySet[CompanyCheck]) -> None:
        companies = Organization.objects.filter(company_check__in=chosen)
        count = company_checks.check_again(companies, now=clock.now())
        self.tell(
            request,
            ngettext("%d company is being checked.", "%d companies are being checked.", count)
            % count,
        )


@admin.register(RegisterAnswer)
class RegisterAnswerAdmin(ReadOnlyAdmin):
    list_display = ["asked_number", "register", "answer", "name", "answered_at", "expires_at"]
    list_filter = [
        ("register", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("answered_at", RangeDateTimeFilter),
    ]
    search_fields = ["asked_number", "name"]
    ordering = ["-answered_at", "-id"]

    @display(description=_("answer"), ordering="kind", label=ANSWER_TONES)
    def answer(self, kept: RegisterAnswer) -> tuple[str, str]:
        return kept.kind, kept.get_kind_display()


@admin.register(RegisterState)
class RegisterStateAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "state",
        "rests_until",
        "last_failure",
        "last_failure_at",
    ]
    search_fields = ["register"]
    ordering = ["register"]

    @display(description=_("state"), label=STATE_TONES)
    def state(self, register: RegisterState) -> tuple[str, str]:
        if not settings.COMPANY_REGISTERS_ON:
            return "off", str(_("Off"))
        if not registers.is_on(register.register):
            return "off", str(_("Off: no address or credentials are set"))
        if register.rests_until is not None and register.rests_until > clock.now():
            return "resting", str(_("Rests after failures"))
        return "on", str(_("On"))


def _check_of(organization: Organization) -> Any:
    return getattr(organization, "company_check", None)
