"""Proving the address: what the mailed link opens, and how to get another.

The address of these pages holds the secret, so they send no referrer. Browsers then say `Origin: null`
with the form, which the check against forged requests refuses; the key, which a forger cannot know,
stands in for it, and nothing here leans on a session.
"""

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from booking import selectors_account
from booking.domain import activation, visitor_registrations
from booking.domain.activation import Activation
from booking.pages.decorators import no_referrer
from booking.pages.registration_forms import AddressForm, PasswordForm
from config import clock, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once, sent_once_by_key
from organizations.domain import verifications
from organizations.models import EmailVerification

DONE = "email-verified"


@csrf_exempt
@never_cache
@no_referrer
@sent_once_by_key
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the link is for; only the button uses it, so that no mail scanner can."""
    now = clock.now()
    try:
        subject = links.read(Purpose.VERIFY_EMAIL, key, max_age=verifications.LIFETIME)
        verification = verifications.opened(subject, now=now)
        return _answer(request, verification)
    except (links.InvalidLink, verifications.DeadLink):
        return render(request, "booking/verify_dead.html", status=404)


def _answer(request: HttpRequest, verification: EmailVerification) -> HttpResponse:
    needs_password = not verification.user.has_usable_password()
    form = PasswordForm(request.POST if request.method == "POST" else None)
    context = {"verification": verification, "form": form if needs_password else None}
    if request.method != "POST":
        return render(request, "booking/verify.html", context)
    if needs_password and not form.is_valid():
        return render(request, "booking/verify.html", context, status=422)
    password = form.cleaned_data["password1"] if needs_password else ""
    try:
        done = activation.activate(verification.pk, password=password, now=clock.now())
    except verifications.DeadLink:
        raise
    except DomainError as refusal:
        form.add_error("password1", refusal.message)
        return render(request, "booking/verify.html", context, status=422)
    return redirect_to_done(done)


def redirect_to_done(done: Activation, **more: Any) -> HttpResponse:
    """Lead to the page that says what is booked now, and `more` of what it shows."""
    facts = _facts(done) | more
    return redirect(DONE, links.key(DONE, signing.dumps(facts, salt=DONE)))


@never_cache
@no_referrer
@require_safe
def verified(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is booked now, and what was taken meanwhile."""
    try:
        facts = signing.loads(links.read(DONE, key, max_age=verifications.LIFETIME), salt=DONE)
    except (links.InvalidLink, signing.BadSignature) as error:
        raise Http404 from error
    confirmed = [
        (booking, links.key(Purpose.MANAGE_BOOKING, booking.meeting_id))
        for booking in selectors_account.of_ids(facts["confirmed"])
    ]
    lost = selectors_account.of_ids(facts["lost"])
    context = facts | {"confirmed": confirmed, "lost": lost}
    return render(request, "booking/verified.html", context)


@never_cache
@sent_once
def resend(request: HttpRequest) -> HttpResponse:
    """Ask for an address and write to it; the page says the same for every one."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        visitor_registrations.ask_for_link(
            form.cleaned_data["email"], language=get_language() or "en", now=clock.now()
        )
        return redirect(f"{reverse('resend-verification')}?sent=1")
    context = {"form": form, "is_sent": "sent" in request.GET}
    status = 422 if form.is_bound else 200
    return render(request, "booking/resend.html", context, status=status)


def _facts(done: Activation) -> dict[str, Any]:
    return {
        "confirmed": [outcome.meeting_id for outcome in done.meetings.confirmed],
        "lost": [outcome.meeting_id for outcome in done.meetings.lost],
        "waits": done.waits_for_approval,
    }
