"""Who may join a company: the pages of its principal administrator, by log-in or by mailed link."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from booking.domain import approvals
from booking.pages import words
from booking.pages.decorators import no_referrer
from booking.pages.visitors import member
from config import clock, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once
from organizations import selectors
from organizations.domain import joining
from organizations.models import User

LINK_LASTS = dt.timedelta(days=30)
MOST_PEOPLE = 200


@never_cache
@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List who waits for this administrator, and the company's people; nobody else has such a page."""
    person = member(request)
    if person is None or not person.is_principal_admin:
        raise Http404
    company = person.organization
    context = {
        "person": person,
        "wishes": joining.waiting_for(person),
        "people": selectors.people_of(company, limit=MOST_PEOPLE) if company else [],
        "most_people": MOST_PEOPLE,
    }
    return render(request, "account/team.html", context)


@never_cache
@login_required
@require_POST
@sent_once
def decide(request: HttpRequest, request_id: str) -> HttpResponse:
    """Approve or refuse somebody who waits."""
    person = member(request)
    if person is None or not person.is_principal_admin:
        raise Http404
    try:
        messages.success(request, _decide(request, request_id, by=person))
    except joining.JoinRequestNotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
    return redirect("team-waiting")


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
            context["done"] = _decide(request, request_id, by=person)
        except DomainError as refusal:
            context["refusal"], status = words.refusal(refusal), refusal.status
        context["wish"].refresh_from_db()
    return render(request, "booking/join.html", context, status=status)


def _decide(request: HttpRequest, request_id: str, *, by: User) -> str:
    if "approve" in request.POST:
        approvals.approve(request_id, by=by, now=clock.now())
        return gettext("Approved. The person has been told by e-mail.")
    approvals.refuse(request_id, by=by, now=clock.now())
    return gettext("Refused. The person has been told by e-mail.")
