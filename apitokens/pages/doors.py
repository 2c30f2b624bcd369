"""Who may open the API settings: people with API access, staff only with their second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from apitokens.domain import tokens
from config import clock
from organizations import second_factor
from organizations.models import User

Page = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> User:
    """Return who is logged in."""
    return cast("User", request.user)


def for_developers(page: Page) -> Page:
    """Show a page to people with API access; lead others to where they can ask for it.

    A token of staff can do what staff can, so they prove their second factor first, as for the back
    office. Nothing of these pages is stored anywhere. Source: safety, S-02, S-09 and S-26.
    """

    @never_cache
    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = person_of(request)
        if person.api_role not in tokens.TOKEN_ROLES:
            return redirect("api-access")
        if person.is_staff and not second_factor.was_given(request, now=clock.now()):
            step = "mfa_reauthenticate" if second_factor.is_set_up(request) else "mfa_activate_totp"
            return redirect(f"{reverse(step)}?{urlencode({'next': request.path})}")
        return page(request, *args, **kwargs)

    return guarded
