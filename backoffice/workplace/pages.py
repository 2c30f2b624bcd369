"""The workplace manager's pages: all locations, one location, and the plan of one of its days."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from backoffice.workplace import attendance_plot, comparing, day_plans, facts, location_list
from config import clock, ids, moments
from sites_app.domain import local_days
from sites_app.models import Site
from workplace import selectors_attendance, selectors_capacity, selectors_plans, selectors_runs
from workplace.domain import times
from workplace.domain.times import BadTime
from workplace.models import Disruption

PAST, COMING = dt.timedelta(days=28), dt.timedelta(days=27)
NEAR_PAST, NEAR_COMING = dt.timedelta(days=4), dt.timedelta(days=10)
"""What a telephone shows of the plot."""
WEEK = dt.timedelta(days=7)
SEE_LOCATIONS = permission_required("workplace.view_locationforecast", raise_exception=True)
SEE_SEATS = permission_required("workplace.view_allocation", raise_exception=True)
DAYS_LISTED = 14
TEAMS_SHOWN = 50


@require_safe
@SEE_LOCATIONS
def locations(request: HttpRequest) -> HttpResponse:
    """List the sites that have a workplace: how many are expected, and how far their forecasts are."""
    context = {"title": gettext("Locations"), "rows": location_list.rows(now=clock.now())}
    return shown(request, "locations", context)


@require_safe
@SEE_LOCATIONS
def location(request: HttpRequest, site_id: str) -> HttpResponse:
    """Show who came, who is expected, how good the forecasts were, and the floors with their teams."""
    site = site_or_404(site_id)
    today = local_days.today_at(site, now=clock.now())
    days = selectors_attendance.location_days(
        site.pk, first_day=today - PAST - WEEK, last_day=today + COMING, today=today
    )
    runs = selectors_plans.evolutions(site.pk, first_day=today, last_day=today + COMING)
    drawn = [day for day in days if day.day >= today - PAST]
    near = [day for day in drawn if today - NEAR_PAST <= day.day <= today + NEAR_COMING]
    job = selectors_runs.newest_job(site.pk)
    context = {
        "title": site.name,
        "site": site,
        "today": next(day for day in days if day.day == today),
        "capacity": selectors_capacity.of_site(site),
        "plot": attendance_plot.draw(facts.plotted(drawn), today=today),
        "near_plot": attendance_plot.draw(facts.plotted(near), today=today),
        "accuracy": facts.past_accuracy(days, today=today),
        "coming": facts.ahead(days, list(runs), today=today, number=DAYS_LISTED),
        "job": job,
        "replay": facts.replay(job),
        "house": day_plans.house(site, room_ids=()),
        "wishes": selectors_plans.wishes(site.pk, limit=TEAMS_SHOWN),
        "teams_shown": TEAMS_SHOWN,
    }
    return shown(request, "location", context)


@require_safe
@SEE_SEATS
def day(request: HttpRequest, site_id: str, on: str) -> HttpResponse:
    """Show who sits where on a local day, and the runs that worked on it."""
    site, chosen = site_or_404(site_id), day_or_404(on)
    today = local_days.today_at(site, now=clock.now())
    (about,) = selectors_attendance.location_days(
        site.pk, first_day=chosen, last_day=chosen, today=today
    )
    runs = list(selectors_plans.evolutions(site.pk, first_day=chosen, last_day=chosen)[:20])
    context = {
        "title": f"{site.name}, {date_format(chosen, 'l j F Y')}",
        "site": site,
        "day": chosen,
        "about": about,
        "plan": comparing.of_day(site, chosen),
        "runs": [(run, facts.state_of(run)) for run in runs],
        "may_start": chosen >= today,
        "disruptions": Disruption.choices,
        "before": chosen - dt.timedelta(days=1),
        "after": chosen + dt.timedelta(days=1),
    }
    return shown(request, "day", context)


def shown(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Render one of these pages in the frame of the back office, on the clock of its site."""
    frame = admin.site.each_context(request)
    if site := context.get("site"):
        frame["office_clock"] = moments.place(site.time_zone)
    return TemplateResponse(request, f"admin/workplace/{name}.html", frame | context)


def site_or_404(site_id: str) -> Site:
    return get_object_or_404(Site, pk=ids.normalise(site_id) or "")


def day_or_404(text: str) -> dt.date:
    try:
        return times.day(text)
    except BadTime as error:
        raise Http404 from error


def address_of_day(site_id: str, on: dt.date) -> str:
    return reverse("admin:workplace-day", args=[site_id, on.isoformat()])
