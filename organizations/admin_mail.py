"""Mail that waits, went or failed, and the links that prove addresses, in the back office."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from config import clock, ids
from config.admin_base import ReadOnlyAdmin
from config.admin_filters import RangeDateTimeFilter
from organizations.domain import resending
from organizations.models import EmailVerification, OutgoingEmail

MAIL_TONES = {"pending": "info", "sent": "success", "failed": "danger"}


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(ReadOnlyAdmin):
    list_display = ["to_address", "template", "state", "attempts", "created_at", "sent_at"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["to_address", "template"]
    ordering = ["-created_at", "-id"]
    exclude = ["context"]
    actions = ["send_again"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutgoingEmail], search_term: str
    ) -> tuple[QuerySet[OutgoingEmail], bool]:
        """An id typed here may be that of the meeting which the mail is about."""
        if key := ids.normalise(search_term.strip()):
            return queryset.filter(Q(pk=key) | Q(context__meeting_id=key)), False
        found: tuple[QuerySet[OutgoingEmail], bool] = super().get_search_results(
            request, queryset, search_term
        )
        return found

    @display(description=_("status"), ordering="status", label=MAIL_TONES)
    def state(self, mail: OutgoingEmail) -> tuple[str, str]:
        return mail.status, mail.get_status_display()

    @action(description=_("Send again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[OutgoingEmail]) -> None:
        count = resending.send_again(chosen, now=clock.now())
        self.tell(request, ngettext("%d e-mail queued.", "%d e-mails queued.", count) % count)


@admin.register(EmailVerification)
class EmailVerificationAdmin(ReadOnlyAdmin):
    list_display = ["email", "user", "created_at", "expires_at", "used_at"]
    list_select_related = ["user"]
    list_filter = [("created_at", RangeDateTimeFilter)]
    search_fields = ["email", "user__email"]
    ordering = ["-created_at", "-id"]
