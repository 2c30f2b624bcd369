"""Who may join a company: what its principal administrator decides, by log-in or by mailed link."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from booking.pages import words
from booking.pages.colleagues import TEAM, decided, for_administrators
from booking.pages.decorators import no_referrer
from config import links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once
from organizations.domain import joining
from organizations.models import User

LINK_LASTS = dt.timedelta(days=30)


@for_administrators
@require_POST
@sent_once
def decide(request: HttpRequest, person: User, request_id: str) -> HttpResponse:
    """Approve or refuse somebody who waits."""
    try:
        messages.success(request, decided(request, request_id, by=person))
    except joining.JoinRequestNotFound:
        raise
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
    return redirect(TEAM)


# As on the pages that prove an address: the key keeps forgers out, and no referrer tells it.
@csrf_exempt
@never_cache
@no_referrer
def decide_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """Show who would like to join; only the buttons decide, so that no mail scanner can."""
    try:
        subject = links.read(Purpose.DECIDE_JOINING, key, max_age=LINK_LASTS)
        request_id, _, person_id = subject.partition("-")
        person = User.objects.select_related("organization").filter(pk=person_id).first()
        if person is None:
            raise Http404
        context: dict[str, Any] = {"wish": joining.shown_to(person, request_id=request_id)}
    except (links.InvalidLink, joining.JoinRequestNotFound) as error:
        raise Http404 from error
    status = 200
    if request.method == "POST":
        try:
            context["done"] = decided(request, request_id, by=person)
        except DomainError as refusal:
            context["refusal"], status = words.refusal(refusal), refusal.status
        context["wish"].refresh_from_db()
    return render(request, "booking/join.html", context, status=status)
