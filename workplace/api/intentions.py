"""GET and POST /workplace/v1/intentions."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import WorkplaceScope
from config import clock
from workplace import selectors_intentions
from workplace.api import askers, configurations, inputs, intention_shapes, paging
from workplace.api.fields import Fields
from workplace.api.views import WorkplaceView
from workplace.domain import intention_requests, times
from workplace.domain.intention_people import PersonNames, TeamNames
from workplace.domain.intention_requests import IntentionWish
from workplace.domain.intention_rooms import WITH_ROOM
from workplace.domain.places import PlaceIds
from workplace.domain.times import Edge
from workplace.models import (
    OPEN_STATUSES,
    Configuration,
    ExternalType,
    IntentionStatus,
    IntentionType,
)
from workplace.selectors_intentions import Filters
from workplace.selectors_tenants import Tenant

SORTS: paging.Sorts = {
    "name": ("person__last_name", "person__first_name", "team__name"),
    "starts_at": ("starts_at",),
    "created_at": ("created_at",),
    "status": ("status",),
    "type": ("type",),
}
MOST_INVITEES = 200
LONGEST_PREFERENCE = 60
_FIELDS = (
    "status",
    "type",
    "location_id",
    "people_id",
    "people_first_name",
    "people_last_name",
    "people_email",
    "team_id",
    "team_name",
    "skip_auto_accept",
    "starts_at",
    "ends_at",
    "timezone",
    "layer_id",
    "zone_id",
    "room_id",
    "space_id",
    "preferences",
    "invitees",
)


class IntentionsView(WorkplaceView):
    """Lists plans, and declares one."""

    resource = "intentions"
    identifiers: Mapping[str, str] = {"POST": "create_intention"}

    def get(self, request: Request) -> Response:
        params = inputs.query(request)
        page = paging.read(params, sorts=SORTS, default="name")
        read = _filters(params)
        params.problems.refuse()
        configuration = configurations.required(request, self.tenant)
        filters = _in_days(params, read, configuration, self.tenant)
        params.problems.refuse()
        found = selectors_intentions.listed(self.tenant, configuration, filters)
        rows, pagination = paging.cut(found, page)
        shown = [intention_shapes.intention(row) for row in rows]
        return self.ok({"intentions": shown, "pagination": pagination})

    def post(self, request: Request) -> Response:
        params = inputs.query(request)
        is_forced = params.boolean("force") or False
        if is_forced:
            self.need_scope(WorkplaceScope.ADMIN)
        params.problems.refuse()
        body = inputs.body(request)
        wish = _wish(body, is_forced=is_forced, tenant=self.tenant)
        body.problems.refuse()
        made = intention_requests.declare(wish, asker=askers.asker(self, request), now=clock.now())
        shown = intention_shapes.intention(selectors_intentions.one(made.pk))
        return self.ok({"intention": shown})


def _filters(params: Fields) -> dict[str, Any]:
    if params.raw("location_id") and params.raw("external_location_id"):
        params.note("external_location_id", "must not come together with location_id")
    return {
        "site_id": params.id("location_id"),
        "external_site_id": params.text("external_location_id"),
        "layer_id": params.id("layer_id"),
        "room_id": params.id("room_id"),
        "zone_id": params.id("zone_id"),
        "people_id": params.id("people_id"),
        "team_id": params.id("team_id"),
        "type": params.choice("type", among=IntentionType.values),
        "external_type": params.choice("external_type", among=ExternalType.values),
    }


def _in_days(
    params: Fields, read: Mapping[str, Any], configuration: Configuration, tenant: Tenant
) -> Filters:
    """Read the dates as days of the zone in which they are meant."""
    start, end = params.day("starts_at"), params.day("ends_at")
    zone = params.zone("location_timezone")
    external_zone = params.zone("external_location_timezone")
    if start and end and start > end:
        params.note("starts_at", "must not be after ends_at")
    if read["external_site_id"]:
        day_zone: Any = external_zone or ZoneInfo(configuration.default_timezone)
    else:
        named = [read["site_id"]] if read["site_id"] else []
        day_zone = zone or tenant.day_zone(named)
    return Filters(
        **read,
        starts_at=_edge(start, dt.time.min, day_zone, Edge.START),
        ends_at=_edge(end, dt.time.max, day_zone, Edge.END),
    )


def _edge(day: dt.date | None, at: dt.time, zone: dt.tzinfo, edge: Edge) -> dt.datetime | None:
    return times.resolve(dt.datetime.combine(day, at), zone, edge=edge) if day else None


def _wish(body: Fields, *, is_forced: bool, tenant: Tenant) -> IntentionWish:
    body.only(*_FIELDS)
    body.require("status", "type", "location_id")
    type_ = body.choice("type", among=IntentionType.values) or ""
    if type_ in WITH_ROOM:
        body.require("room_id")
    site_id = body.id("location_id") or ""
    read_in = body.zone()
    day_zone = tenant.day_zone([site_id])
    preferences = body.texts("preferences", max_length=LONGEST_PREFERENCE)
    return IntentionWish(
        status=IntentionStatus(
            body.choice("status", among=OPEN_STATUSES) or IntentionStatus.PENDING
        ),
        type=type_,
        site_id=site_id,
        person=person_named(body),
        team=TeamNames(team_id=body.id("team_id"), name=body.text("team_name")),
        starts_at=body.instant("starts_at", read_in=read_in, day_zone=day_zone),
        ends_at=body.instant("ends_at", edge=Edge.END, read_in=read_in, day_zone=day_zone),
        timezone=read_in.key if read_in else None,
        place=PlaceIds(
            layer_id=body.id("layer_id"),
            zone_id=body.id("zone_id"),
            room_id=body.id("room_id"),
            space_id=body.id("space_id"),
        ),
        preferences=preferences or (),
        invitees=[_invitee(item) for item in body.items("invitees", most=MOST_INVITEES)],
        skip_auto_accept=body.boolean("skip_auto_accept") or False,
        is_forced=is_forced,
    )


def person_named(body: Fields) -> PersonNames:
    """Read how a body or an item names a person."""
    return PersonNames(
        people_id=body.id("people_id"),
        email=body.text("people_email", max_length=254),
        first_name=body.text("people_first_name") or "",
        last_name=body.text("people_last_name") or "",
        at=body.at,
    )


def _invitee(item: Fields) -> PersonNames:
    item.only("people_id", "people_email")
    named = person_named(item)
    if not named.is_said and not item.problems.found:
        item.note("people_id", "or people_email is required", code="required")
    return named
