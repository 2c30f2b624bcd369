"""`POST /workplace/v1/forecast/start` and `GET /workplace/v1/forecast/status`.

Source: workplace-api, section 5.
"""

import datetime as dt
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from config import clock, health
from workplace import selectors_forecasts
from workplace.api import inputs, paging
from workplace.api.views import WorkplaceView
from workplace.domain import forecast_jobs
from workplace.domain.forecast_jobs import ForecastWish
from workplace.domain.refusals import QueueUnavailable
from workplace.domain.times import written, written_or_none
from workplace.models import ForecastJob

SORTS = {
    "created_at": ("created_at",),
    "started_at": ("started_at",),
    "finished_at": ("finished_at",),
    "starts_at": ("starts_on",),
    "state": ("state",),
}
DEFAULT_SORT = "created_at"
_MEASURES = ("wape_28d", "mase_28d", "coverage80_28d", "brier_28d")
_DAY = dt.timedelta(days=1)


class ForecastStartView(WorkplaceView):
    """Asks for a location's forecast."""

    resource = "forecast"
    identifiers = {"POST": "start_forecast"}
    keeps_answers = False

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        body.only("location_id", "starts_at", "ends_at", "force_rebuild")
        body.require("location_id")
        site_id = body.id("location_id")
        starts_on, ends_on = body.day("starts_at"), body.day("ends_at")
        is_rebuild = body.boolean("force_rebuild")
        body.problems.refuse()
        wish = ForecastWish(
            site_id=site_id or "",
            starts_on=starts_on,
            ends_on=ends_on,
            is_rebuild=bool(is_rebuild),
        )
        if not health.broker_answers():
            raise QueueUnavailable
        started = forecast_jobs.start(wish, tenant=self.tenant, now=clock.now())
        return self.ok(started_shape(started))


class ForecastStatusView(WorkplaceView):
    """Lists the runs of the forecast."""

    resource = "forecast_status"

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        page = paging.read(params, sorts=SORTS, default=DEFAULT_SORT)
        job_id, site_id = params.id("job_id"), params.id("location_id")
        first, last = params.day("date_from"), params.day("date_to")
        if first and last and first > last:
            params.note("date_from", "must not be after date_to")
        params.problems.refuse()
        rows = selectors_forecasts.jobs(self.tenant)
        if job_id:
            rows = rows.filter(pk=job_id)
        if site_id:
            rows = rows.filter(site=site_id)
        if first:
            rows = rows.filter(created_at__gte=_midnight(first))
        if last:
            rows = rows.filter(created_at__lt=_midnight(last + _DAY))
        shown, pagination = paging.cut(rows, page)
        data: dict[str, Any] = {"jobs": [shape(job) for job in shown], "pagination": pagination}
        if job_id:
            data["state"] = rows.values_list("state", flat=True).first()
        return self.ok(data)


def started_shape(started: forecast_jobs.StartedForecast) -> dict[str, Any]:
    job = started.job
    return {
        "job_id": job.pk,
        "location_id": job.site_id,
        "state": job.state,
        "reused": started.is_reused,
        "starts_at": job.starts_on.isoformat(),
        "ends_at": job.ends_on.isoformat(),
        "created_at": written(job.created_at),
    }


def shape(job: ForecastJob) -> dict[str, Any]:
    return {
        "job_id": job.pk,
        "location_id": job.site_id,
        "state": job.state,
        "progress": job.progress,
        "starts_at": job.starts_on.isoformat(),
        "ends_at": job.ends_on.isoformat(),
        "force_rebuild": job.force_rebuild,
        "reused_count": job.reused_count,
        "rows": {
            "locations": job.location_rows,
            "teams": job.team_rows,
            "people": job.people_rows,
        },
        "quality": job.quality or None,
        "metrics": {name: job.metrics.get(name) for name in _MEASURES},
        "error": {"code": job.error_code, "message": job.error_message} if job.error_code else None,
        "created_at": written(job.created_at),
        "started_at": written_or_none(job.started_at),
        "finished_at": written_or_none(job.finished_at),
    }


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
