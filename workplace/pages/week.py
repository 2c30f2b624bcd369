"""The page on which somebody says where they work this week, and answers invitations."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config import clock, ids
from config.errors import DomainError
from config.templatetags import writing
from organizations.models import ScheduleVisibility, User
from workplace.domain import intention_answers, own_week
from workplace.domain.own_week import NoLocation, Week
from workplace.domain.refusals import NotFound
from workplace.pages import words
from workplace.pages.forms import AnswerForm, VisibilityForm, WeekForm, field_name

ONE_WEEK = dt.timedelta(days=7)


@never_cache
@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show the week with a choice for each day, the seats, and the invitations that wait."""
    try:
        found = _read(request)
    except NoLocation:
        return render(request, "workplace/no_week.html")
    return render(request, "workplace/week.html", _context(request, found))


@never_cache
@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Write what was chosen; a day that cannot be had is told, the others are saved."""
    try:
        found = _read(request)
    except NoLocation as error:
        raise Http404 from error
    form = WeekForm(found, request.POST)
    if form.is_valid():
        before = {day.day: day.choice for day in found.days}
        said = {day: choice for day, choice in form.choices().items() if before[day] != choice}
        refused = [day for day, choice in said.items() if not _is_said(request, found, day, choice)]
        if not refused:
            messages.success(request, gettext("Your week is saved."))
    else:
        messages.error(request, gettext("Choose one of the four for each day."))
    return _back(found)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, intention_id: str) -> HttpResponse:
    """Accept or decline an invitation of one's own."""
    form, person = AnswerForm(request.POST), _person(request)
    asker, now = own_week.asker_of(person, now=clock.now()), clock.now()
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        if "accept" in request.POST:
            intention_answers.accept(intention_id, asker=asker, now=now)
            messages.success(request, gettext("Accepted. It stands in your week."))
        else:
            intention_answers.decline(intention_id, asker=asker, reason=reason, now=now)
            messages.success(request, gettext("Declined. Whoever invited you has been told."))
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        said = gettext("Your answer was not taken: %(why)s.") % {"why": words.why(refusal)}
        messages.error(request, said)
    return redirect(_address(request))


@never_cache
@login_required
@require_POST
def visibility(request: HttpRequest) -> HttpResponse:
    """Write what colleagues see."""
    form = VisibilityForm(request.POST)
    if form.is_valid():
        chosen = ScheduleVisibility(form.cleaned_data["visibility"])
        own_week.set_visibility(_person(request), chosen)
        messages.success(request, gettext("Saved."))
    else:
        messages.error(request, gettext("Choose one of the three."))
    return redirect(_address(request))


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _read(request: HttpRequest) -> Week:
    return own_week.read(
        _person(request),
        site_id=ids.normalise(_asked(request, "site")),
        around=_day(_asked(request, "day")),
        now=clock.now(),
    )


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


def _day(text: str) -> dt.date | None:
    """Read a day; nonsense, and what lies beyond every calendar, is no day."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def _is_said(request: HttpRequest, found: Week, day: dt.date, choice: own_week.Choice) -> bool:
    try:
        own_week.say(
            _person(request), site_id=found.site.pk, day=day, choice=choice, now=clock.now()
        )
    except DomainError as refusal:
        told = {"day": writing.day_written(day, "l j F"), "why": words.why(refusal)}
        messages.error(request, gettext("%(day)s is not changed: %(why)s.") % told)
        return False
    return True


def _context(request: HttpRequest, found: Week) -> dict[str, Any]:
    form = WeekForm(found)
    first = found.days[0].day
    return {
        "week": found,
        "rows": [
            (day, form[field_name(day.day)] if not day.is_past else None) for day in found.days
        ],
        "can_save": bool(form.fields),
        "first": first,
        "last": found.days[-1].day,
        "earlier": _query(found, first - ONE_WEEK),
        "later": _query(found, first + ONE_WEEK),
        "visibility_form": VisibilityForm(
            initial={"visibility": _person(request).schedule_visibility}
        ),
        "query": _query(found, first),
    }


def _query(found: Week, day: dt.date) -> str:
    return "?" + urlencode({"day": day.isoformat(), "site": found.site.pk})


def _back(found: Week) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("my-week") + _query(found, found.days[0].day))


def _address(request: HttpRequest) -> str:
    day, site = _day(_asked(request, "day")), ids.normalise(_asked(request, "site"))
    wanted = {"day": day.isoformat() if day else "", "site": site or ""}
    return f"{reverse('my-week')}?{urlencode({k: v for k, v in wanted.items() if v})}"
