"""The page of somebody who has logged in: who they are to us, and what they have booked."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from booking import selectors_account
from config import clock, links
from config.links import Purpose

A_PAGE = 25


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the person and their next or past bookings, each with the way to its own page."""
    is_past = request.GET.get("when") == "past"
    listed = selectors_account.past if is_past else selectors_account.upcoming
    found = listed(user_id=str(request.user.pk), now=clock.now())
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": request.user,
        "is_past": is_past,
        "page": page,
        "bookings": [(selectors_account.line(one), _address(one.pk)) for one in page],
    }
    return render(request, "account/account.html", context)


def _address(meeting_id: str) -> str:
    return reverse("manage-booking", args=[links.key(Purpose.MANAGE_BOOKING, meeting_id)])
