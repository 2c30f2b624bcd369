"""Locations with the newest of their forecast runs."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from sites_app.models import Site
from workplace import selectors_capacity
from workplace.models import ForecastJob, Layer, LocationForecast


def locations() -> QuerySet[Site]:
    """List the sites that have layers or forecasts, with their `seats`."""
    layers = Layer.objects.filter(site=OuterRef("pk"))
    forecasts = LocationForecast.objects.filter(site=OuterRef("pk"))
    return (
        Site.objects.filter(Q(Exists(layers)) | Q(Exists(forecasts)))
        .annotate(seats=selectors_capacity.seats())
        .order_by("name", "id")
    )


def near_forecasts(*, today: dt.date) -> dict[tuple[str, dt.date], LocationForecast]:
    """Give the whole sites' forecasts from yesterday to the day after tomorrow, by site and day."""
    near = (today - dt.timedelta(days=1), today + dt.timedelta(days=2))
    found = LocationForecast.objects.filter(organization=None, day__range=near)
    return {(row.site_id, row.day): row for row in found}


def newest_jobs() -> dict[str, ForecastJob]:
    """Give the operator's last forecast job of each site."""
    found = ForecastJob.objects.filter(organization=None)
    newest = found.order_by("site_id", "-created_at", "-id").distinct("site_id")
    return {job.site_id: job for job in newest}


def newest_job(site_id: str) -> ForecastJob | None:
    """Return the operator's last forecast job of a site."""
    found = ForecastJob.objects.filter(organization=None, site_id=site_id)
    return found.order_by("-created_at", "-id").first()
