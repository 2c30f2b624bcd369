"""The page of somebody who has logged in: who they are to us, and what they have booked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from booking import selectors_account
from config import clock, links
from config.links import Purpose


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the person and their next bookings, each with the way to its own page."""
    upcoming = selectors_account.upcoming(user_id=str(request.user.pk), now=clock.now())
    bookings = [(booking, _address(booking.meeting_id)) for booking in upcoming]
    return render(request, "account/account.html", {"person": request.user, "bookings": bookings})


def _address(meeting_id: str) -> str:
    return reverse("manage-booking", args=[links.key(Purpose.MANAGE_BOOKING, meeting_id)])
