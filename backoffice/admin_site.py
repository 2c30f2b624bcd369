"""The back office: staff only, through the portal's one log-in, with the second factor given.

Source: safety, S-26; the stock admin log-in asks for a password alone, so it is never shown.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import translation
from django.utils.http import urlencode
from unfold.sites import UnfoldAdminSite

from config import clock
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
        """Show every page in the language of whoever works here; the addresses carry none."""
        guarded: View = super().admin_view(view, cacheable)

        @wraps(guarded)
        def in_their_language(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            language = getattr(request.user, "language", translation.get_language())
            with translation.override(language):
                try:
                    response = guarded(request, *args, **kwargs)
                    return (
                        response.render()
                        if isinstance(response, SimpleTemplateResponse)
                        else response
                    )
                except DataError as error:  # such as NUL in a filter or for a choice
                    raise BadRequest("This holds what no record can hold") from error

        return in_their_language

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages that are no model's; they import models, which wait for the apps."""
        from backoffice.workplace import urls as workplace

        return [*workplace.patterns(self.admin_view), *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return NamedChoices.as_view(admin_site=self)(request)

    def login(
        self, request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead visitors to the portal's log-in, staff to their second factor, and refuse all others."""
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
