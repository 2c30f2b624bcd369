"""The back office: staff only, through the portal's one log-in, with the second factor given.

Source: safety, S-26; the stock admin log-in asks for a password alone, so it is never shown.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from unfold.sites import UnfoldAdminSite

from backoffice import office
from config import clock, moments
from organizations import second_factor

View = Callable[..., HttpResponse]


class NamedChoices(AutocompleteJsonView):
    """Choices as one types: by the full name that an admin gives its records, else as text."""

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        return found.select_related(*getattr(self.model_admin, "choice_related", ()))

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class BackOfficeSite(UnfoldAdminSite):
    """Django's admin behind the portal's log-in."""

    def has_permission(self, request: HttpRequest) -> bool:
        is_staff: bool = super().has_permission(request)
        return is_staff and second_factor.was_given(request, now=clock.now())

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 - Django's
        """Show every page in the language of whoever works here and on the office's clock."""
        guarded: View = super().admin_view(view, cacheable)

        @wraps(guarded)
        def in_their_words(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with (
                translation.override(office.language(request)),
                timezone.override(office.zone()),
            ):
                try:
                    response = guarded(request, *args, **kwargs)
                    return (
                        response.render()
                        if isinstance(response, SimpleTemplateResponse)
                        else response
                    )
                except DataError as error:  # such as NUL in a filter or for a choice
                    raise BadRequest("This holds what no record can hold") from error

        return in_their_words

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages that are no model's; they import models, which wait for the apps."""
        from backoffice.board import pages as board
        from backoffice.workplace import urls as workplace

        own = [
            path("language/", self.admin_view(self.choose_language), name="language"),
            path("board/", self.admin_view(board.board), name="board"),
            path("board/week/", self.admin_view(board.week), name="board-week"),
        ]
        return [*own, *workplace.patterns(self.admin_view), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add what every page names: the clock that it shows, and the languages it may be read in."""
        context: dict[str, Any] = super().each_context(request)
        if context["has_permission"]:
            context["office_clock"] = moments.place(timezone.get_current_timezone_name())
            context["office_languages"] = [code for code, _name in settings.LANGUAGES]
        return context

    def choose_language(self, request: HttpRequest) -> HttpResponse:
        """Keep the language that was chosen for this person and browser, and lead back to the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen, wanted = request.POST.get("language", ""), request.POST.get("next", "")
        if chosen not in dict(settings.LANGUAGES):
            raise BadRequest("There is no such language")
        is_own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
        response = HttpResponseRedirect(wanted if is_own else reverse("admin:index"))
        assert request.user.is_authenticated
        office.prefer(request.user, chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return NamedChoices.as_view(admin_site=self)(request)

    def login(
        self, request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead visitors to the portal's log-in, staff to their second factor, and refuse all others."""
        with translation.override(office.language(request)):
            response: HttpResponse = secure_admin_login(self._let_in)(request)
        return response

    def _let_in(self, request: HttpRequest) -> HttpResponse:
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        if self.has_permission(request):
            return redirect(wanted)
        step = "mfa_reauthenticate" if second_factor.is_set_up(request) else "mfa_activate_totp"
        return redirect(f"{reverse(step)}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def password_change(
        self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
