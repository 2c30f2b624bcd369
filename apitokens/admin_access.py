"""Requests for API access in the back office: granted with one click, the asker is told."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import truncatechars
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from apitokens.domain import access_requests
from apitokens.models import ApiAccessRequest
from config import clock
from config.admin_base import ReadOnlyAdmin
from config.admin_confirming import confirmed
from config.admin_filters import RangeDateTimeFilter

REQUEST_TONES = {"waiting": "warning", "granted": "success", "declined": "danger"}


@admin.register(ApiAccessRequest)
class ApiAccessRequestAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "person", "company", "wish", "state", "decision"]
    list_select_related = ["person__organization"]
    list_filter = [("status", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    search_fields = ["person__email", "person__organization__name", "purpose"]
    ordering = ["-created_at", "-id"]
    actions = ["grant", "decline"]

    @display(description=_("organization"))
    def company(self, asked: ApiAccessRequest) -> str:
        return str(asked.person.organization or "–")

    @display(description=_("what for"))
    def wish(self, asked: ApiAccessRequest) -> str:
        return str(truncatechars(asked.purpose, 90))

    @display(description=_("status"), ordering="status", label=REQUEST_TONES)
    def state(self, asked: ApiAccessRequest) -> tuple[str, str]:
        return asked.status, asked.get_status_display()

    @display(description=_("one click"))
    def decision(self, asked: ApiAccessRequest) -> str:
        """The button sends the list's own form, protection included, to the request's address."""
        if not asked.is_waiting:
            return "–"
        return format_html(
            '<button type="submit" form="changelist-form" formaction="{}" class="font-semibold'
            ' text-primary-600 dark:text-primary-400">{}</button>',
            reverse("admin:apitokens_apiaccessrequest_grant", args=[asked.pk]),
            gettext("Grant"),
        )

    def get_urls(self) -> list[URLPattern]:
        grant = path(
            "<path:object_id>/grant/",
            self.admin_site.admin_view(self.grant_one),
            name="apitokens_apiaccessrequest_grant",
        )
        return [grant, *super().get_urls()]

    def grant_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Grant the request whose button was pressed."""
        if request.method == "POST":
            granted = access_requests.grant(object_id, now=clock.now())
            self._tell_granted(request, int(granted))
        return redirect("admin:apitokens_apiaccessrequest_changelist")

    @action(description=_("Grant API access"))
    def grant(self, request: HttpRequest, chosen: QuerySet[ApiAccessRequest]) -> None:
        self._tell_granted(request, self._decided(chosen, access_requests.grant))

    @action(description=_("Decline"))
    @confirmed(
        question=_("Decline these requests?"),
        consequence=_("Each person who asked is told by e-mail."),
    )
    def decline(self, request: HttpRequest, chosen: QuerySet[ApiAccessRequest]) -> None:
        count = self._decided(chosen, access_requests.decline)
        text = ngettext("%d request declined.", "%d requests declined.", count)
        self.tell(request, text % count)

    def _decided(self, chosen: QuerySet[ApiAccessRequest], decide: Callable[..., bool]) -> int:
        return sum(decide(pk, now=clock.now()) for pk in chosen.values_list("pk", flat=True))

    def _tell_granted(self, request: HttpRequest, count: int) -> None:
        self.tell(request, ngettext("%d request granted.", "%d requests granted.", count) % count)
