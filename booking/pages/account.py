"""The page of somebody who has logged in: who they are to us, and what they have booked."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from booking import selectors_account
from config import clock


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the person and their next bookings."""
    upcoming = selectors_account.upcoming(user_id=str(request.user.pk), now=clock.now())
    return render(request, "account/account.html", {"person": request.user, "upcoming": upcoming})
