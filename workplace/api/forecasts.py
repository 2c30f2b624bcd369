"""`GET /workplace/v1/forecast/locations`, `/forecast/teams` and `/forecast/people`.

Source: workplace-api, section 5; section 13, Forecasts.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import WorkplaceScope
from config import clock
from workplace import selectors_forecasts
from workplace.api import forecast_shapes, inputs, paging
from workplace.api.fields import Fields
from workplace.api.paging import Page
from workplace.api.views import WorkplaceView
from workplace.domain import personal_reads
from workplace.domain.refusals import NotAllowed
from workplace.models import ReadKind
from workplace.selectors_forecasts import Between

DEFAULT_SORT = "starts_at"
GRANULARITIES = ("day", "hour")
LOCATION_SORTS = {
    "starts_at": ("starts_at",),
    "location_id": ("site_id",),
    "forecast": ("forecast",),
    "forecast_inc": ("forecast_inc",),
}
TEAM_SORTS = {
    "starts_at": ("starts_at",),
    "team_id": ("team_id",),
    "team_name": ("team__name",),
    "forecast": ("forecast",),
}
PEOPLE_SORTS = {
    "starts_at": ("starts_at",),
    "people_id": ("person_id",),
    "probability": ("probability",),
}
_HOUR_COLUMNS = {"forecast_inc": "forecast"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What all three lists are asked for; `ids` are the filters by the column they filter."""

    page: Page
    span: Between
    ids: Mapping[str, Sequence[str]]

    def filtered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that are asked for."""
        chosen = {f"{column}__in": found for column, found in self.ids.items() if found}
        return selectors_forecasts.within(rows.filter(**chosen), self.span)


class ForecastsView(WorkplaceView):
    """A list of forecasts; `columns` name the column behind each filter by ids."""

    sorts: paging.Sorts = {}
    columns: Mapping[str, str] = {}

    def asked(self, request: Request, params: Fields) -> Asked:
        """Read what every list is asked for; what is wrong is noted."""
        page = paging.read(params, sorts=self.sorts, default=DEFAULT_SORT)
        ids = {
            column: inputs.many_ids(request, params, name) for name, column in self.columns.items()
        }
        span = params.span(day_zone=self.tenant.day_zone(ids["site"]))
        params.problems.refuse()
        return Asked(page=page, span=Between(span.starts_at, span.ends_at), ids=ids)


class LocationForecastsView(ForecastsView):
    """How many each location may expect, by day or by hour."""

    resource = "location_forecasts"
    sorts = LOCATION_SORTS
    columns = {"location_id": "site"}

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        granularity = params.choice("granularity", among=GRANULARITIES)
        asked = self.asked(request, params)
        rows = asked.filtered(selectors_forecasts.locations(self.tenant))
        if granularity == "hour":
            return self._hours(rows, asked, params)
        shown, pagination = paging.cut(rows, asked.page)
        tenant = self.tenant.organization_id
        found = [forecast_shapes.location(row, tenant=tenant) for row in shown]
        return self.ok({"forecasts": found, "pagination": pagination})

    def _hours(self, rows: QuerySet[Any], asked: Asked, params: Fields) -> Response:
        page, sort = asked.page, params.raw("sort") or DEFAULT_SORT
        order = [(_HOUR_COLUMNS.get(sort, sort), page.order_by[0].startswith("-"))]
        total, found = selectors_forecasts.hours(
            rows, asked.span, order_by=order, skip=page.skip, limit=page.limit
        )
        days = rows.in_bulk({day_id for day_id, *_rest in found})
        tenant = self.tenant.organization_id
        shown = [
            forecast_shapes.hour(days[day_id], hour, starts_at, forecast, tenant=tenant)
            for day_id, hour, starts_at, forecast in found
        ]
        pagination = paging.pagination(skip=page.skip, shown=len(shown), total=total)
        return self.ok({"forecasts": shown, "pagination": pagination})


class TeamForecastsView(ForecastsView):
    """How many of each team a location may expect."""

    resource = "team_forecasts"
    sorts = TEAM_SORTS
    columns = {"location_id": "site", "team_id": "team"}

    def get(self, request: Request) -> Response:
        asked = self.asked(request, inputs.query(request))
        rows = asked.filtered(selectors_forecasts.teams(self.tenant))
        shown, pagination = paging.cut(rows, asked.page)
        tenant = self.tenant.organization_id
        found = [forecast_shapes.team(row, tenant=tenant) for row in shown]
        return self.ok({"forecasts": found, "pagination": pagination})


class PeopleForecastsView(ForecastsView):
    """How likely each person is at a location; every reading is written down."""

    resource = "people_forecasts"
    sorts = PEOPLE_SORTS
    columns = {"location_id": "site", "people_id": "person", "team_id": "team"}

    def get(self, request: Request) -> Response:
        self.need_scope(WorkplaceScope.PEOPLE_FORECASTS)
        tenant = self.tenant
        if tenant.organization_id and not selectors_forecasts.has_person_forecasts(
            tenant.organization_id
        ):
            raise NotAllowed(message="Forbidden: this organization has person forecasts off")
        asked = self.asked(request, inputs.query(request))
        rows = asked.filtered(selectors_forecasts.people(tenant))
        shown, pagination = paging.cut(rows, asked.page)
        self._note(asked, rows=len(shown), now=clock.now())
        found = [forecast_shapes.person(row, tenant=tenant.organization_id) for row in shown]
        return self.ok({"forecasts": found, "pagination": pagination})

    def _note(self, asked: Asked, *, rows: int, now: dt.datetime) -> None:
        personal_reads.note(
            ReadKind.FORECAST,
            token_id=token_of(self.request).pk,
            person_ids=asked.ids["person"],
            rows=rows,
            now=now,
        )
