"""Working out a day's plan: ask for a run, see what it would change and why, accept it, take it back."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.workplace import comparing, day_plans, facts, pages, words
from config import clock
from config.errors import DomainError
from config.pages.sent_once import sent_once
from workplace import selectors_plans
from workplace.domain import evolutions, forecast_jobs, times
from workplace.domain.evolutions import Wish
from workplace.domain.forecast_jobs import ForecastWish
from workplace.models import Disruption, Evolution
from workplace.selectors_tenants import Tenant

ASK_FOR_RUNS = permission_required("workplace.add_evolution", raise_exception=True)
ASK_FOR_FORECASTS = permission_required("workplace.add_forecastjob", raise_exception=True)
SEE_RUNS = permission_required("workplace.view_evolution", raise_exception=True)
PUT_IN_FORCE = permission_required("workplace.change_evolution", raise_exception=True)


class RunForm(forms.Form):
    """How much people may be moved."""

    disruption = forms.ChoiceField(
        label=gettext_lazy("Move people"), choices=Disruption.choices, initial=Disruption.MIN
    )


@require_POST
@ASK_FOR_RUNS
@sent_once
def start(request: HttpRequest, site_id: str, on: str) -> HttpResponse:
    """Ask for a run that publishes nothing by itself, and lead to it."""
    site, day = pages.site_or_404(site_id), pages.day_or_404(on)
    form, now = RunForm(request.POST), clock.now()
    if not form.is_valid():
        messages.error(request, gettext("Choose how much people may be moved."))
        return redirect("admin:workplace-day", site.pk, on)
    wish = Wish(disruption=form.cleaned_data["disruption"], waits_for_acceptance=True)
    try:
        started = evolutions.start(site.pk, day, wish, tenant=_operator(now), now=now)
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
        return redirect("admin:workplace-day", site.pk, on)
    return redirect("admin:workplace-run", started.evolution.pk)


@require_POST
@ASK_FOR_FORECASTS
@sent_once
def forecast(request: HttpRequest, site_id: str) -> HttpResponse:
    """Let the next four weeks of a location be forecast anew."""
    site, now = pages.site_or_404(site_id), clock.now()
    wish = ForecastWish(site_id=site.pk, is_rebuild=True)
    try:
        forecast_jobs.start(wish, tenant=_operator(now), now=now)
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
    else:
        messages.success(request, gettext("A new forecast is being made; look again in a minute."))
    return redirect("admin:workplace-location", site.pk)


@require_safe
@SEE_RUNS
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run is; once it is through, both plans side by side with the reasons."""
    found = get_object_or_404(Evolution.objects.select_related("site", "organization"), pk=run_id)
    context = {
        "title": f"{found.site.name}, {date_format(found.day, 'l j F Y')}",
        "site": found.site,
        "day": found.day,
        "run": found,
        "state": facts.state_of(found),
        **_outcome(found),
    }
    return pages.shown(request, "run", context)


@require_POST
@PUT_IN_FORCE
@sent_once
def accept(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Put the proposed plan in force."""
    return _act(request, run_id, evolutions.accept, gettext("The plan is in force."))


@require_http_methods(["GET", "HEAD", "POST"])
@PUT_IN_FORCE
def take_back(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask whether the plan is to be taken back; do so once the answer is sent."""
    if request.method == "POST":
        response: HttpResponse = _roll_back(request, run_id)
        return response
    found = get_object_or_404(Evolution.objects.select_related("site"), pk=run_id)
    if not found.is_in_force:
        return redirect("admin:workplace-run", run_id)
    title = f"{found.site.name}, {date_format(found.day, 'l j F Y')}"
    context = {"title": title, "site": found.site, "day": found.day, "run": found}
    return pages.shown(request, "take_back", context)


@sent_once
def _roll_back(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let the plan stand again that stood before."""
    return _act(request, run_id, evolutions.roll_back, gettext("The plan before stands again."))


def _act(
    request: HttpRequest, run_id: UUID, action: Callable[..., Evolution], done: str
) -> HttpResponse:
    now = clock.now()
    if not Evolution.objects.filter(pk=run_id).exists():
        raise Http404
    try:
        action(run_id, tenant=_operator(now), now=now)
    except DomainError as refusal:
        messages.error(request, words.refusal(refusal))
    else:
        messages.success(request, done)
    return redirect("admin:workplace-run", run_id)


def _operator(now: dt.datetime) -> Tenant:
    return Tenant(organization_id=None, now=now)


def _outcome(found: Evolution) -> dict[str, Any]:
    """Compare the plans of a run that is through; nothing of one that is not, or failed."""
    if found.is_active or not found.proposal:
        return {}
    tz = ZoneInfo(found.site.time_zone)
    starts_at, ends_at = times.local_day(found.day, tz)
    rows = selectors_plans.seatings(found.site_id, starts_at=starts_at, ends_at=ends_at)
    house = day_plans.house(found.site, room_ids=comparing.room_ids(found, rows))
    teams = selectors_plans.teams(comparing.team_ids(found))
    left_over = (found.result or {}).get("unseated_teams", ())
    return {
        "comparison": comparing.compared(found, house, rows),
        "moves": comparing.moves(found, house, teams),
        "most_moves": comparing.MOST_MOVES,
        "result": found.result or {},
        "unseated": [
            (_name(one["team_id"], teams), one["unseated"]) for one in left_over if one["unseated"]
        ],
    }


def _name(team_id: str | None, teams: dict[str, Any]) -> str:
    team = teams.get(team_id or "")
    return team.name if team else str(words.ALONE)
