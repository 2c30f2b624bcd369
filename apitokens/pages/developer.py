"""Settings → API Developer Settings: tokens, usage, the call log, and the request for access.

Source: Public API, "Obtaining API Tokens" and "Token Management".
"""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from apitokens import selectors_calls
from apitokens.domain import access_requests, own_tokens, tokens, usage
from apitokens.domain.own_tokens import UnknownToken
from apitokens.domain.tokens import IssuedToken
from apitokens.models import ApiToken
from apitokens.pages import plot
from apitokens.pages.doors import for_developers, person_of
from apitokens.pages.forms import AccessForm, KeyForm, TokenForm
from apitokens.pages.sections import sections
from config import clock
from config.pages.sent_once import sent_once, shown_once

CALLS_A_PAGE = 50
_ROLE_IS_ANOTHER = (tokens.NoTokenRole, tokens.NotTheirOrganization, tokens.UnknownScope)
"""What a form meets whose sender may do less by now than when it was opened: it is shown anew."""


@for_developers
def overview(request: HttpRequest) -> HttpResponse:
    """Show the person's tokens, and how much all of them are used."""
    person, now = person_of(request), clock.now()
    today = now.date()
    since = today - dt.timedelta(days=plot.DAYS - 1)
    context = {
        "sections": sections("api-tokens"),
        "tokens": own_tokens.of(person),
        "standing": usage.standing(owner_id=person.pk, now=now),
        "plot": plot.per_day(selectors_calls.calls_by_day(person.pk, since=since), today=today),
        "most_tokens": own_tokens.MOST_TOKENS,
        "may_make_keys": own_tokens.may_make_keys(person),
    }
    return render(request, "account/api/overview.html", context)


@for_developers
@shown_once("api-tokens")
def create(request: HttpRequest) -> HttpResponse:
    """Ask for name and scopes; a good form makes the token and shows it, this once."""
    person = person_of(request)
    form = TokenForm(
        request.POST if request.method == "POST" else None, allowed=tokens.default_scopes(person)
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/api/token_form.html", {"form": form}, status=status)
    try:
        issued = own_tokens.create(
            owner=person,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            now=clock.now(),
        )
    except _ROLE_IS_ANOTHER:
        return redirect(request.path)
    except own_tokens.TooManyTokens:
        form.add_error(None, _too_many())
        return render(request, "account/api/token_form.html", {"form": form}, status=409)
    return _shown(request, issued)


@for_developers
@shown_once("api-tokens")
def create_key(request: HttpRequest) -> HttpResponse:
    """Ask for name, scopes and, of staff, whose workplace; a good form makes the key and shows it once."""
    person = person_of(request)
    if not own_tokens.may_make_keys(person):
        raise Http404
    form = KeyForm(
        request.POST if request.method == "POST" else None,
        allowed=own_tokens.key_scopes(person),
        own=None if person.is_staff else person.organization,
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/api/key_form.html", {"form": form}, status=status)
    try:
        issued = own_tokens.create_key(
            owner=person,
            organization=form.chosen,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            now=clock.now(),
        )
    except _ROLE_IS_ANOTHER:
        return redirect(request.path)
    except own_tokens.TooManyTokens:
        form.add_error(None, _too_many())
        return render(request, "account/api/key_form.html", {"form": form}, status=409)
    return _shown(request, issued)


@for_developers
@shown_once("api-tokens")
def regenerate(request: HttpRequest, token_id: str) -> HttpResponse:
    """Ask once more, then give the token a new secret and show it, this once."""
    token = _own(request, token_id)
    if request.method != "POST":
        return render(request, "account/api/regenerate.html", {"token": token})
    try:
        issued = own_tokens.regenerate(owner=person_of(request), token_id=token.pk, now=clock.now())
    except tokens.NotTheirOrganization:
        messages.error(
            request, gettext("This key is of an organization that you have left. Delete it.")
        )
        return redirect(request.path)
    return _shown(request, issued)


@for_developers
@sent_once
def delete(request: HttpRequest, token_id: str) -> HttpResponse:
    """Ask once more, then remove the token for good."""
    token = _own(request, token_id)
    if request.method != "POST":
        return render(request, "account/api/delete.html", {"token": token})
    own_tokens.delete(owner=person_of(request), token_id=token.pk)
    messages.success(request, gettext("The token is deleted."))
    return redirect("api-tokens")


@for_developers
def calls(request: HttpRequest) -> HttpResponse:
    """Show the last calls of the person's tokens with the ids under which our logs know them."""
    pages = Paginator(selectors_calls.calls_of_user(person_of(request).pk), CALLS_A_PAGE)
    context = {
        "sections": sections("api-calls"),
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "account/api/calls.html", context)


@never_cache
@login_required
@sent_once
def access(request: HttpRequest) -> HttpResponse:
    """Let a person without API access ask for it, and see what became of that."""
    person = person_of(request)
    if person.api_role in tokens.TOKEN_ROLES:
        return redirect("api-tokens")
    form = AccessForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        access_requests.ask(person=person, purpose=form.cleaned_data["purpose"], now=clock.now())
        return redirect("api-access")
    context = {"form": form, "asked": access_requests.latest_of(person)}
    return render(request, "account/api/access.html", context, status=422 if form.is_bound else 200)


def _too_many() -> str:
    return gettext("You have too many tokens. Delete one that you no longer use.")


def _own(request: HttpRequest, token_id: str) -> ApiToken:
    try:
        return own_tokens.one(owner=person_of(request), token_id=token_id)
    except UnknownToken as error:
        raise Http404 from error


def _shown(request: HttpRequest, issued: IssuedToken) -> HttpResponse:
    return render(request, "account/api/token_shown.html", {"issued": issued})
