"""What an invitation's link opens: the company that asks, and the button that accepts.

As on the page that proves an address, the key in the path keeps forgers out and no referrer tells it.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from booking.domain import team_invitations
from booking.pages import words
from booking.pages.decorators import no_referrer
from booking.pages.team_forms import NamesForm, NewcomerForm
from config import clock, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once_by_key
from organizations.domain import invitations
from organizations.domain.invitations import Answer, DeadInvitation
from organizations.models import Invitation, User


@csrf_exempt
@never_cache
@no_referrer
@sent_once_by_key
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Show who asks whom; only the button accepts, so that no mail scanner can."""
    try:
        subject = links.read(Purpose.ACCEPT_INVITATION, key)
        return _answer(request, invitations.opened(subject, now=clock.now()))
    except (links.InvalidLink, DeadInvitation):
        return render(request, "booking/invitation_dead.html", status=404)


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    reader = invitations.reader_of(invitation)
    form = _form(request, reader)
    context: dict[str, Any] = {"invitation": invitation, "form": form}
    if refusal := _obstacle(reader, invitation):
        context |= {"refusal": words.refusal(refusal), "is_shut": True}
        return render(request, "booking/invitation.html", context, status=refusal.status)
    if request.method != "POST":
        return render(request, "booking/invitation.html", context)
    if form is not None and not form.is_valid():
        return render(request, "booking/invitation.html", context, status=422)
    try:
        team_invitations.accept(invitation.pk, _told(form), now=clock.now())
    except DeadInvitation:
        raise
    except DomainError as refusal:
        context["refusal"] = words.refusal(refusal)
        return render(request, "booking/invitation.html", context, status=refusal.status)
    sentence = gettext("Welcome to %(company)s. Log in with your e-mail address and your password.")
    messages.success(request, sentence % {"company": invitation.organization.name})
    return redirect("account")


def _obstacle(reader: User | None, invitation: Invitation) -> DomainError | None:
    """Return why the reader, who has shown whose mailbox it is, cannot accept."""
    try:
        if reader is not None:
            invitations.check_free(reader, invitation)
    except DeadInvitation:
        raise
    except DomainError as refusal:
        return refusal
    return None


def _form(request: HttpRequest, reader: User | None) -> NamesForm | None:
    """Return the form for what is missing of the reader; None when nothing is."""
    data = request.POST if request.method == "POST" else None
    if reader is None or not reader.has_usable_password():
        names = {"first_name": reader.first_name, "last_name": reader.last_name} if reader else {}
        return NewcomerForm(data, initial=names)
    return None if reader.first_name else NamesForm(data)


def _told(form: NamesForm | None) -> Answer:
    typed = form.cleaned_data if form else {}
    return Answer(
        first_name=typed.get("first_name", ""),
        last_name=typed.get("last_name", ""),
        password=typed.get("password1", ""),
    )
