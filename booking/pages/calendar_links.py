"""Settings → Calendar: a person's and their company's meetings as a feed at a secret address.

The address is shown once; whoever has it reads the calendar, so that it can be made anew or killed.
Source: safety, S-32; experience, "A company".
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from booking import selectors_calendar_links
from booking.domain import calendar_links, feeds
from booking.domain.calendar_links import IssuedLink
from booking.pages.visitors import member
from config import clock
from config.api import conditional
from config.pages.sent_once import sent_once, shown_once
from organizations.models import User

CONTENT_TYPE = "text/calendar; charset=utf-8"
LIST = "account-calendar"


class _Doings(NamedTuple):
    renew: Callable[..., IssuedLink]
    revoke: Callable[[User], None]


WHOSE = {
    "mine": _Doings(calendar_links.renew_own, calendar_links.revoke_own),
    "company": _Doings(calendar_links.renew_of_company, calendar_links.revoke_of_company),
}


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show which calendars have an address, and since when; never the address."""
    person = _person(request)
    context = {
        "person": person,
        "own": selectors_calendar_links.of_person(person.pk),
        "of_company": selectors_calendar_links.of_organization(person.organization_id),
        "may_manage": calendar_links.may_manage_company(person),
    }
    return render(request, "account/calendar.html", context)


@never_cache
@login_required
@require_POST
@shown_once(LIST)
def renew(request: HttpRequest, whose: str) -> HttpResponse:
    """Make an address and show it, this once; the one before is dead."""
    try:
        issued = _doings(whose).renew(_person(request), now=clock.now())
    except calendar_links.NotAllowed as error:
        raise Http404 from error
    path = reverse("calendar-feed", kwargs={"key": issued.secret})
    address = f"{settings.PUBLIC_URL}{path}"
    context = {
        "is_company": issued.link.person_id is None,
        "address": address,
        "subscribe": f"webcal:{address.partition(':')[2]}",
    }
    return render(request, "account/calendar_shown.html", context)


@never_cache
@login_required
@require_POST
@sent_once
def revoke(request: HttpRequest, whose: str) -> HttpResponse:
    """Kill an address."""
    try:
        _doings(whose).revoke(_person(request))
    except calendar_links.NotAllowed as error:
        raise Http404 from error
    messages.success(request, gettext("The calendar's address no longer works."))
    return redirect(LIST)


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a calendar program with what stands behind its address."""
    try:
        found = feeds.of_link(calendar_links.read(key, now=clock.now()), now=clock.now())
    except calendar_links.NoSuchCalendar as error:
        raise Http404 from error
    response = conditional.respond(
        request,
        conditional.represent(found, content_type=CONTENT_TYPE),
        cache_control=conditional.PRIVATE,
    )
    response["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return response


def _doings(whose: str) -> _Doings:
    if whose not in WHOSE:
        raise Http404
    return WHOSE[whose]


def _person(request: HttpRequest) -> User:
    person = member(request)
    assert person is not None  # the page is for people who have logged in
    return person
