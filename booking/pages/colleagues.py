"""A company's people on its team page: invited, given roles, taken out, or leaving by themselves.

For its principal administrators alone; whatever belongs to another company is as unknown as what does
not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from booking.domain import approvals, departures, team_invitations
from booking.pages import words
from booking.pages.team_forms import DepartureForm, InviteForm, RoleForm
from booking.pages.visitors import member
from config import clock
from config.errors import DomainError
from config.pages.sent_once import sent_once
from organizations import selectors
from organizations.domain import invitations, joining, membership
from organizations.domain.invitations import InvitationNotFound
from organizations.domain.membership import ColleagueNotFound
from organizations.models import User

PEOPLE_A_PAGE = 50
TEAM = "team-waiting"
Page = Callable[..., HttpResponse]


def for_administrators(page: Page) -> Page:
    """Show a page to principal administrators, who get it as its second argument; to others there is none."""

    @never_cache
    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = member(request)
        if person is None or not person.is_principal_admin:
            raise Http404
        try:
            return page(request, person, *args, **kwargs)
        except (ColleagueNotFound, InvitationNotFound, joining.JoinRequestNotFound) as error:
            raise Http404 from error

    return guarded


@for_administrators
@require_safe
def team(request: HttpRequest, person: User) -> HttpResponse:
    """List who waits, who is invited, and the company's people; nobody else has such a page."""
    return _show_team(request, person, InviteForm(initial={"language": get_language()}))


@for_administrators
@sent_once
def invite(request: HttpRequest, person: User) -> HttpResponse:
    """Ask a colleague in; the answer is the same whatever else is known of the address."""
    if request.method != "POST":  # from the page that shows a refused form
        return redirect(TEAM)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show_team(request, person, form, status=422)
    typed = form.cleaned_data
    try:
        team_invitations.invite(**typed, by=person, now=clock.now())
    except DomainError as refusal:
        form.add_error("email", words.refusal(refusal))
        return _show_team(request, person, form, status=refusal.status)
    sentence = gettext("%(email)s has been invited by e-mail.") % typed
    messages.success(request, sentence)
    return redirect(TEAM)


@for_administrators
@require_POST
@sent_once
def invitation(request: HttpRequest, person: User, invitation_id: str) -> HttpResponse:
    """Write once more to who was invited, or withdraw the invitation."""
    try:
        if "withdraw" in request.POST:
            invitations.withdraw(invitation_id, by=person, now=clock.now())
            sentence = gettext("The invitation is withdrawn. Its link no longer works.")
        else:
            team_invitations.send_again(invitation_id, by=person, now=clock.now())
            sentence = gettext("The invitation is sent again.")
    except InvitationNotFound:
        raise
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
    else:
        messages.success(request, sentence)
    return redirect(TEAM)


@for_administrators
@sent_once
def colleague(request: HttpRequest, person: User, person_id: str) -> HttpResponse:
    """Show somebody's role in the company; a POST changes it."""
    one = membership.colleague(person_id, by=person)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": one.role})
    if form.is_bound and form.is_valid():
        try:
            membership.change_role(person_id, role=form.cleaned_data["role"], by=person)
        except ColleagueNotFound:
            raise
        except DomainError as refusal:
            form.add_error("role", words.refusal(refusal))
        else:
            messages.success(request, gettext("The role is changed."))
            return redirect(TEAM if one != person or _still_leads(person) else "account")
    status = 422 if form.is_bound else 200
    context = {"one": one, "form": form, "is_self": one == person}
    return render(request, "account/colleague.html", context, status=status)


@for_administrators
@sent_once
def remove(request: HttpRequest, person: User, person_id: str) -> HttpResponse:
    """Show what follows when a colleague is taken out; a POST does it."""
    one = membership.colleague(person_id, by=person)
    if one == person:
        return redirect("team-leave")

    def take_out(heir_id: str) -> str:
        departures.remove(person_id, heir_id=heir_id, by=person, now=clock.now())
        sentence = gettext("%(person)s no longer belongs to your company.")
        return sentence % {"person": one.full_name or one.email}

    return _depart(request, one, take_out, usual_heir=person.pk, goal=TEAM)


@never_cache
@login_required
@sent_once
def leave(request: HttpRequest) -> HttpResponse:
    """Show what follows when somebody leaves their company; a POST does it."""
    person = member(request)
    if person is None or person.organization is None:
        raise Http404

    def go(heir_id: str) -> str:
        departures.leave(person, heir_id=heir_id, now=clock.now())
        return gettext("You have left the company.")

    return _depart(request, person, go, usual_heir="", goal="account")


def decided(request: HttpRequest, request_id: str, *, by: User) -> str:
    """Approve or refuse somebody's wish to join, as the button says; tell what was done."""
    if "approve" in request.POST:
        approvals.approve(request_id, by=by, now=clock.now())
        return gettext("Approved. The person has been told by e-mail.")
    approvals.refuse(request_id, by=by, now=clock.now())
    return gettext("Refused. The person has been told by e-mail.")


def _depart(
    request: HttpRequest, one: User, go: Callable[[str], str], *, usual_heir: str, goal: str
) -> HttpResponse:
    known = departures.consequences(one, now=clock.now())
    heirs = departures.heirs(one)
    needs_heir = known.bookings > 0
    form = DepartureForm(
        request.POST if request.method == "POST" else None, heirs=heirs, initial=usual_heir
    )
    if not needs_heir:
        del form.fields["heir"]
    context = {"one": one, "known": known, "form": form, "is_self": one == member(request)}
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, go(form.cleaned_data.get("heir", "")))
        except ColleagueNotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, words.refusal(refusal))
        else:
            return redirect(goal)
    status = 422 if form.is_bound else 200
    return render(request, "account/departure.html", context, status=status)


def _show_team(
    request: HttpRequest, person: User, form: InviteForm, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    named = request.GET.get("q", "").replace("\0", "")[:100]
    people = selectors.people_of(person.organization_id, named=named)
    context = {
        "person": person,
        "form": form,
        "wishes": joining.waiting_for(person),
        "invited": [(one, one.expires_at <= now) for one in invitations.waiting_of(person)],
        "people": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "named": named,
    }
    return render(request, "account/team.html", context, status=status)


def _still_leads(person: User) -> bool:
    person.refresh_from_db(fields=["role"])
    return person.is_principal_admin
