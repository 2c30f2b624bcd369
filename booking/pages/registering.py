"""Becoming a customer: the company's form, and the page that follows it.

The form is reached from the mail about a held booking, from an office, or directly. A visitor with a
mailed link has shown whose mailbox it is, chooses a password at once and is a customer; what anybody
else sends is answered alike for every address, and the mailbox is asked.
"""

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking import selectors_pages
from booking.domain import (
    onboarding,
    proven_registrations,
    registration_links,
    visitor_registrations,
)
from booking.domain.registration_links import Opened
from booking.domain.registration_requests import RegistrationRequest
from booking.models import Meeting
from booking.pages import verifying, words
from booking.pages.registration_forms import CustomerForm, RegistrationForm
from booking.pages.visitors import member
from config import clock, ids, links
from config.errors import DomainError
from config.links import Purpose
from config.pages.sent_once import sent_once
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import CheckOutcome, User
from sites_app.models import Room, Site

RECEIVED = "registration-received"
FIELD_OF = {
    "INVALID_PHONE": "phone",
    "INVALID_EMAIL": "email",
    "UNKNOWN_COUNTRY": "country",
    "WEAK_PASSWORD": "password1",
}
NOT_TOLD = frozenset({"terms", "password1", "password2"})
_STEPS = [gettext_lazy("Your company"), gettext_lazy("Your e-mail"), gettext_lazy("Your password")]


@never_cache
@sent_once
def register(request: HttpRequest) -> HttpResponse:
    """Show the form, with the office or the site that somebody is interested in; a POST registers."""
    person = member(request)
    if person is not None and person.organization_id is not None:
        return redirect("account")
    room = _office(request)
    site = room.site if room else _site(request)
    return _Page(request, room=room, site=site).answer()


@never_cache
@sent_once
def complete_registration(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form for the held request that the mailed link names; a POST registers and books.

    Who is a customer by now is led to the booking itself.
    """
    try:
        link = registration_links.opened(key)
    except DomainError as error:
        raise Http404 from error
    meeting = link.meeting
    reader = proven_registrations.reader(meeting.contact_email)
    if link.proves_address and reader is not None and reader.is_existing:
        return redirect("confirm-booking", links.key(Purpose.CONFIRM_BOOKING, meeting.pk))
    return _Page(request, link=link, reader=reader, site=meeting.room.site).answer()


@never_cache
@require_safe
def received(request: HttpRequest, key: str) -> HttpResponse:
    """Say what happens next, in the same words for every address, and what the register knows."""
    try:
        facts = signing.loads(links.read(RECEIVED, key), salt=RECEIVED)
    except (links.InvalidLink, signing.BadSignature) as error:
        raise Http404 from error
    return render(request, "booking/registration_received.html", facts)


class _Page:
    """One request for the form."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        link: Opened | None = None,
        reader: User | None = None,
        room: Room | None = None,
        site: Site | None = None,
    ) -> None:
        self.request, self.room, self.site = request, room, site
        self.meeting = link.meeting if link else None
        self.now = clock.now()
        self.person = None if link else member(request)
        self.is_proven = self._is_proven(link, reader)
        owner = reader if link else self.person
        needs_password = owner is None or not owner.has_usable_password()
        form = CustomerForm if self.is_proven and needs_password else RegistrationForm
        self.form = form(
            request.POST if request.method == "POST" else None,
            site=site,
            known_email=self._known_email,
            person=self.person,
            initial=self._initial(),
        )

    def _is_proven(self, link: Opened | None, reader: User | None) -> bool:
        """Whether nobody need be asked who reads the mailbox: its reader is here, without a company."""
        if link is None:
            return self.person is not None and self.person.email_verified_at is not None
        return link.proves_address and (reader is None or reader.organization_id is None)

    @property
    def _known_email(self) -> str:
        if self.meeting is not None:
            return self.meeting.contact_email
        return self.person.email if self.person else ""

    def _initial(self) -> dict[str, Any]:
        name = self.meeting.contact_name if self.meeting else ""
        first_name, _, last_name = name.partition(" ")
        return {"first_name": first_name, "last_name": last_name}

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._show()
        if not self.form.is_valid():
            return self._show(status=422)
        try:
            return self._register()
        except DomainError as refusal:
            field = FIELD_OF.get(refusal.code)
            known = field if field in self.form.fields else None
            self.form.add_error(known, words.refusal(refusal))
            return self._show(status=422)

    def _register(self) -> HttpResponse:
        if not self._known_email:
            return _to_received(visitor_registrations.receive(self._wish(), now=self.now))
        application = onboarding.look_up(self._wish(), now=self.now)
        if not self.is_proven:
            return _to_received(onboarding.register(application, now=self.now).verification)
        password = self.form.cleaned_data.get("password1", "")
        done = proven_registrations.register(application, password=password, now=self.now)
        return verifying.redirect_to_done(done, **_check(application.verification))

    def _wish(self) -> RegistrationRequest:
        data = {
            name: typed for name, typed in self.form.cleaned_data.items() if name not in NOT_TOLD
        }
        data["email"] = data.get("email") or self._known_email
        return RegistrationRequest(
            **{
                "site_id": self.site.pk if self.site and not (self.room or self.meeting) else "",
                **data,
            },
            language=get_language() or "",
            room_id=self.room.pk if self.room else "",
            meeting_id=self.meeting.pk if self.meeting else "",
            member=self.person,
            is_address_proven=self.is_proven,
            terms_accepted_at=self.now,
        )

    def _show(self, *, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "form": self.form,
            "office": self.room,
            "site": self.site,
            "known_email": self._known_email,
            "is_known": self.person is not None,
            "steps": [] if self.is_proven else _STEPS,
        }
        if self.meeting is not None:
            context |= _facts(self.meeting)
        return render(self.request, "booking/register.html", context, status=status)


def _office(request: HttpRequest) -> Room | None:
    """Return the office that the address names, if everybody may see it."""
    room_id = ids.normalise(request.GET.get("room", ""))
    room = selectors_pages.room(room_id) if room_id else None
    return room if room and room.is_public_office and room.site.is_public else None


def _site(request: HttpRequest) -> Site | None:
    site_id = ids.normalise(request.GET.get("site", ""))
    return selectors_pages.site(site_id) if site_id else None


def _to_received(found: IdentityVerification | None) -> HttpResponse:
    return redirect(RECEIVED, links.key(RECEIVED, signing.dumps(_check(found), salt=RECEIVED)))


def _check(found: IdentityVerification | None) -> dict[str, Any]:
    """Tell what the register knows of the number; nothing is true when none was given."""
    outcome = found.outcome if found else None
    return {
        "is_found": outcome == CheckOutcome.FOUND,
        "is_unknown": outcome in (CheckOutcome.NOT_FOUND, CheckOutcome.CLOSED),
        "is_later": outcome == CheckOutcome.LATER,
        "company": found.verified_name if found else "",
    }


def _facts(meeting: Meeting) -> dict[str, Any]:
    site, held = meeting.room.site, meeting.hold_expires_at
    return {
        "meeting": meeting,
        "room": meeting.room,
        "site": site,
        "address": words.address(site),
        "starts": words.wall(meeting.starts_at, site),
        "ends": words.wall(meeting.ends_at, site),
        "held": words.wall(held, site) if held else None,
    }
