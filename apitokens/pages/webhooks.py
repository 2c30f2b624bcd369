"""Settings → API Developer Settings → Webhooks: addresses that are told of events, and how that went.

Source: public-api, section 7, `webhooks`; rules and owner checks are the domain's.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from apitokens.domain import webhooks
from apitokens.domain.webhooks import Changes, DeliveryNotFound, WebhookIsOff, WebhookNotFound
from apitokens.models import WebhookEndpoint
from apitokens.pages.doors import for_developers, person_of
from apitokens.pages.forms import WebhookForm
from apitokens.pages.sections import sections
from config import clock, ids, outbound
from config.pages.sent_once import sent_once, shown_once

DELIVERIES_A_PAGE = 25


@for_developers
def listed(request: HttpRequest) -> HttpResponse:
    """Show the person's webhooks and how the last message to each went."""
    context = {
        "sections": sections("api-webhooks"),
        "webhooks": list(webhooks.list_of(person_of(request))),
    }
    return render(request, "account/api/webhooks.html", context)


@for_developers
@shown_once("api-webhooks")
def create(request: HttpRequest) -> HttpResponse:
    """Ask where and of what to tell; a good form makes the webhook and shows its secret, this once."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, form, status=422 if form.is_bound else 200)
    try:
        issued = webhooks.create(
            owner=person_of(request),
            url=outbound.check(form.cleaned_data["url"]),
            event_types=form.event_types,
            description=form.cleaned_data["description"],
            now=clock.now(),
        )
    except outbound.AddressRefused as refusal:
        sentence = gettext("We cannot call this address. It must be a public https:// address.")
        form.add_error("url", sentence)
        return _form(request, form, status=refusal.status)
    except webhooks.TooManyWebhooks as refusal:
        form.add_error(None, gettext("You have too many webhooks. Delete one first."))
        return _form(request, form, status=refusal.status)
    return _secret_shown(request, issued)


@for_developers
@sent_once
def one(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Show a webhook and its log; a POST sends a test, sends one again, or switches it on or off."""
    endpoint = _own(request, webhook_id)
    if request.method == "POST":
        _act(request, endpoint)
        return redirect("api-webhook", endpoint.pk)
    log = webhooks.deliveries_of(owner=person_of(request), webhook_id=endpoint.pk)
    pages = Paginator(log, DELIVERIES_A_PAGE)
    context = {
        "sections": sections("api-webhooks"),
        "webhook": endpoint,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "account/api/webhook.html", context)


@for_developers
@shown_once("api-webhooks")
def rotate(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Ask once more, then give the webhook a new secret and show it, this once."""
    endpoint = _own(request, webhook_id)
    if request.method != "POST":
        return render(request, "account/api/webhook_rotate.html", {"webhook": endpoint})
    issued = webhooks.rotate(owner=person_of(request), webhook_id=endpoint.pk, now=clock.now())
    return _secret_shown(request, issued)


@for_developers
@sent_once
def delete(request: HttpRequest, webhook_id: str) -> HttpResponse:
    """Ask once more, then remove the webhook with its log."""
    endpoint = _own(request, webhook_id)
    if request.method != "POST":
        return render(request, "account/api/webhook_delete.html", {"webhook": endpoint})
    webhooks.delete(owner=person_of(request), webhook_id=endpoint.pk)
    messages.success(request, gettext("The webhook is deleted."))
    return redirect("api-webhooks")


def _act(request: HttpRequest, endpoint: WebhookEndpoint) -> None:
    """Do what the pressed button says; a page that is out of date is told so."""
    try:
        done = _done(request, endpoint)
    except WebhookIsOff:
        messages.error(request, gettext("The webhook is off. Switch it on first."))
    except (DeliveryNotFound, KeyError):
        messages.error(request, gettext("That is no longer there."))
    else:
        messages.success(request, done)


def _done(request: HttpRequest, endpoint: WebhookEndpoint) -> str:
    """Return what was done, in words.

    :raises KeyError: when the button is none of ours.
    """
    who: dict[str, Any] = {"owner": person_of(request), "now": clock.now()}
    if "replay" in request.POST:
        webhooks.replay(delivery_id=ids.normalise(request.POST["replay"]) or "", **who)
        return gettext("The message is sent again.")
    action = request.POST["do"]
    if action == "test":
        webhooks.send_test(webhook_id=endpoint.pk, **who)
        return gettext("A test message is on its way; it appears in the log.")
    is_active = {"on": True, "off": False}[action]
    webhooks.change(webhook_id=endpoint.pk, changes=Changes(is_active=is_active), **who)
    return gettext("The webhook is on.") if is_active else gettext("The webhook is off.")


def _own(request: HttpRequest, webhook_id: str) -> WebhookEndpoint:
    try:
        return webhooks.get(owner=person_of(request), webhook_id=webhook_id)
    except WebhookNotFound as error:
        raise Http404 from error


def _form(request: HttpRequest, form: WebhookForm, *, status: int) -> HttpResponse:
    return render(request, "account/api/webhook_form.html", {"form": form}, status=status)


def _secret_shown(request: HttpRequest, issued: webhooks.IssuedWebhook) -> HttpResponse:
    return render(request, "account/api/webhook_secret.html", {"issued": issued})
