"""API tokens in the back office: their beginnings only, never a hash; switched off, never deleted."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apitokens.admin_access import ApiAccessRequestAdmin
from apitokens.domain import revocation, webhooks
from apitokens.models import (
    ApiCall,
    ApiQuota,
    ApiToken,
    ApiUsage,
    Enquiry,
    Event,
    IdempotentAnswer,
    WebhookDelivery,
    WebhookEndpoint,
)
from config import clock
from config.admin_base import ReadOnlyAdmin, RecordAdmin
from config.admin_confirming import confirmed
from config.admin_filters import RangeDateFilter, RangeDateTimeFilter

__all__ = [
    "ApiAccessRequestAdmin",
    "ApiCallAdmin",
    "ApiQuotaAdmin",
    "ApiTokenAdmin",
    "ApiUsageAdmin",
    "EnquiryAdmin",
    "EventAdmin",
    "IdempotentAnswerAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
]

WEBHOOK_TONES = {"": "success", "owner": "info", "gone": "danger", "failing": "danger"}
DELIVERY_TONES = {"pending": "info", "delivered": "success", "failed": "danger"}


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "begins_with",
        "kind",
        "owner",
        "company",
        "is_active",
        "scope_list",
        "last_used_at",
    ]
    list_select_related = ["owner__organization", "organization"]
    list_filter = [
        "is_active",
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = [
        "name",
        "prefix",
        "owner__email",
        "owner__organization__name",
        "organization__name",
    ]
    ordering = ["-created_at", "-id"]
    fields = [
        ("name", "begins_with"),
        ("owner", "is_active"),
        ("kind", "organization"),
        "scope_list",
        ("created_at", "regenerated_at"),
        "last_used_at",
    ]
    actions = ["invalidate", "allow_contracts"]

    @display(description=_("begins with"), ordering="prefix")
    def begins_with(self, token: ApiToken) -> str:
        return f"{token.prefix}…"

    @display(description=_("organization"))
    def company(self, token: ApiToken) -> str:
        return str(token.organization or token.owner.organization or "–")

    @display(description=_("scopes"))
    def scope_list(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @action(description=_("Invalidate"))
    @confirmed(
        question=_("Invalidate these tokens?"),
        consequence=_(
            "Every next call with one of them is refused. They cannot be made valid again: their owners "
            "make new ones."
        ),
    )
    def invalidate(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        """Every next call with the token is told that it expired. Source: Public API, "Token Errors"."""
        count = revocation.invalidate(chosen)
        self.tell(
            request, ngettext("%d token invalidated.", "%d tokens invalidated.", count) % count
        )

    @action(description=_("Allow to write contracts"))
    def allow_contracts(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        """Source: public-api, section 1, Scopes, "unless staff grant it"."""
        count = revocation.allow_contracts(chosen)
        self.tell(
            request,
            ngettext(
                "%d token may write contracts now.", "%d tokens may write contracts now.", count
            )
            % count,
        )


@admin.register(ApiQuota)
class ApiQuotaAdmin(RecordAdmin):
    list_display = ["user", "daily_limit", "used_today", "monthly_limit", "used_this_month"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__organization__name"]
    ordering = ["user__email"]
    autocomplete_fields = ["user"]
    readonly_fields = ["used_today", "used_this_month"]
    may_be_deleted = True

    @display(description=_("last counted day"))
    def used_today(self, quota: ApiQuota) -> str:
        return f"{date_format(quota.day)}: {quota.day_used}" if quota.day else "–"

    @display(description=_("last counted month"))
    def used_this_month(self, quota: ApiQuota) -> str:
        return f"{date_format(quota.month, 'F Y')}: {quota.month_used}" if quota.month else "–"


@admin.register(ApiUsage)
class ApiUsageAdmin(ReadOnlyAdmin):
    list_display = ["day", "token", "owner", "calls"]
    list_select_related = ["token__owner"]
    list_filter = [("day", RangeDateFilter)]
    search_fields = ["token__name", "token__owner__email"]
    ordering = ["-day", "-id"]

    @display(description=_("owner"))
    def owner(self, usage: ApiUsage) -> str:
        return str(usage.token.owner)


@admin.register(Enquiry)
class EnquiryAdmin(ReadOnlyAdmin):
    list_display = ["token", "endpoint", "was_known", "at"]
    list_select_related = ["token"]
    list_filter = ["was_known", ("at", RangeDateTimeFilter)]
    search_fields = ["token__name", "token__prefix", "token__owner__email"]
    ordering = ["-at", "-id"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "type", "object_kind", "object_id", "organization"]
    list_select_related = ["organization"]
    list_filter = [("type", ChoicesDropdownFilter), ("at", RangeDateTimeFilter)]
    search_fields = ["type", "object_id", "organization__name"]
    ordering = ["-at", "-id"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """An id typed here is that of the record which the event is about."""
        by_key, has_duplicates = super().get_search_results(request, queryset, search_term)
        return by_key | queryset.filter(object_id=search_term.strip().lower()), has_duplicates


@admin.register(IdempotentAnswer)
class IdempotentAnswerAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "token", "path", "key", "status"]
    list_select_related = ["token"]
    list_filter = ["status", ("created_at", RangeDateTimeFilter)]
    search_fields = ["key", "path", "token__name", "token__owner__email"]
    ordering = ["-created_at", "-id"]
    fields = ["token", "path", "key", "status", "created_at"]


@admin.register(ApiCall)
class ApiCallAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "token", "method", "path", "status", "ms"]
    list_select_related = ["user", "token"]
    list_filter = ["method", "status", ("at", RangeDateTimeFilter)]
    search_fields = ["path", "request_id", "user__email", "token__name"]
    ordering = ["-id"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    """Who is told where; secrets are shown to nobody."""

    list_display = ["url", "owner", "event_list", "state", "failing_since", "created_at"]
    list_select_related = ["owner__organization"]
    list_filter = [
        "is_active",
        ("switched_off", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["url", "description", "owner__email", "owner__organization__name"]
    ordering = ["-created_at", "-id"]
    fields = [
        "url",
        ("owner", "shown_state"),
        "event_list",
        "description",
        ("failing_since", "paused_until"),
        "created_at",
    ]

    @display(description=_("events"))
    def event_list(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(endpoint.event_types)

    @display(description=_("state"), ordering="switched_off", label=WEBHOOK_TONES)
    def state(self, endpoint: WebhookEndpoint) -> tuple[str, str]:
        return endpoint.switched_off, endpoint.get_switched_off_display()

    @display(description=_("state"))
    def shown_state(self, endpoint: WebhookEndpoint) -> str:
        return endpoint.get_switched_off_display()


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was sent where, and how it went; what an address answered is its owner's alone."""

    list_display = [
        "created_at",
        "happening",
        "endpoint",
        "state",
        "attempts",
        "answer_status",
        "next_attempt_at",
    ]
    list_select_related = ["event", "endpoint"]
    list_filter = [
        ("status", ChoicesDropdownFilter),
        ("event__type", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    search_fields = ["endpoint__url", "endpoint__owner__email"]
    ordering = ["-created_at", "-id"]
    fields = [
        ("endpoint", "happening"),
        ("state", "attempts"),
        ("answer_status", "answer_ms"),
        "error",
        ("created_at", "last_attempt_at"),
        "next_attempt_at",
    ]
    actions = ["send_again"]

    @display(description=_("event"), ordering="event__type")
    def happening(self, delivery: WebhookDelivery) -> str:
        return str(delivery.event or _("test message"))

    @display(description=_("status"), ordering="status", label=DELIVERY_TONES)
    def state(self, delivery: WebhookDelivery) -> tuple[str, str]:
        return delivery.status, delivery.get_status_display()

    @action(description=_("Send again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[WebhookDelivery]) -> None:
        """Deliveries of webhooks that are off are left out."""
        count = webhooks.replay_for_staff(chosen, now=clock.now())
        self.tell(
            request,
            ngettext("%d delivery is sent again.", "%d deliveries are sent again.", count) % count,
        )
