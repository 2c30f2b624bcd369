"""/allocations: who sits where. Source: Workplace API, /allocations; workplace-api, section 7."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from config import clock, ids
from workplace import selectors_allocations
from workplace.api import allocation_shapes, inputs, paging
from workplace.api.fields import Fields
from workplace.api.views import WorkplaceView
from workplace.domain import allocations
from workplace.models import Allocation
from workplace.selectors_allocations import AllocationFilter

SORTS = {
    "starts_at": ["starts_at"],
    "people_id": ["person_id"],
    "team_id": ["team_id"],
    "zone_id": ["zone_id"],
    "created_at": ["created_at"],
}
_NAMING = ("allocation_ids", "allocations")  # by which a deletion names its rows
_FILTERS = (
    "allocation_id",
    "location_id",
    "layer_id",
    "room_id",
    "zone_id",
    "people_id",
    "team_id",
)


class AllocationsView(WorkplaceView):
    resource = "allocations"

    def get(self, request: Request) -> Response:
        """List allocations."""
        params = inputs.query(request)
        named = {name: params.id(name) for name in _FILTERS}
        location = [named["location_id"]] if named["location_id"] else []
        span = params.span(day_zone=self.tenant.day_zone(location))
        wanted = AllocationFilter(
            **named,
            external_id=params.text("external_id"),
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
        page = paging.read(params, sorts=SORTS, default="starts_at")
        params.problems.refuse()
        rows, pagination = paging.cut(selectors_allocations.listed(self.tenant, wanted), page)
        return self._answer(rows, pagination=pagination)

    def post(self, request: Request) -> Response:
        """Create allocations."""
        body, items = _items(request)
        zones = self._zones_of(items)
        wishes = [allocation_shapes.wanted(item, zones) for item in items]
        body.problems.refuse()
        made = allocations.create(
            [wish for wish in wishes if wish], tenant=self.tenant, now=clock.now()
        )
        return self._answer(made)

    def put(self, request: Request) -> Response:
        """Change allocations, by merge-patch."""
        body, items = _items(request)
        for item in items:
            item.require("_id")
        stored = self._stored(items)
        patches = [_patch(item, request, stored) for item in items]
        _refuse_twice(items)
        body.problems.refuse()
        changed = allocations.update(patches, tenant=self.tenant, now=clock.now())
        return self._answer(changed)

    def delete(self, request: Request) -> Response:
        """Delete allocations by their ids."""
        body = inputs.body(request)
        body.only(*_NAMING)
        body.require(*([name for name in _NAMING if body.has(name)] or _NAMING[:1]))
        wanted = list(body.ids("allocation_ids") or ())
        for item in body.items("allocations"):
            item.only("_id")
            item.require("_id")
            if (one := item.id("_id")) is not None:
                wanted.append(one)
        body.problems.refuse()
        deleted = allocations.delete(
            wanted, tenant=self.tenant, by=token_of(request), now=clock.now()
        )
        return self.ok({"deleted": deleted.count, "not_found": list(deleted.not_found)})

    def _answer(self, rows: Sequence[Allocation], **more: Any) -> Response:
        return self.ok({"allocations": [allocation_shapes.shown(row) for row in rows], **more})

    def _zones_of(self, items: Sequence[Fields]) -> dict[str, ZoneInfo]:
        """Return the clocks of the locations that items name, by which a date alone is meant."""
        named = {_id(item, "location_id") for item in items}
        rows = self.tenant.sites().filter(pk__in=named).values_list("pk", "time_zone")
        return {site_id: ZoneInfo(name) for site_id, name in rows}

    def _stored(self, items: Sequence[Fields]) -> dict[str, Allocation]:
        named = {_id(item, "_id") for item in items}
        rows = selectors_allocations.of_tenant(self.tenant)
        return selectors_allocations.with_details(rows).in_bulk(named)


def _items(request: Request) -> tuple[Fields, Sequence[Fields]]:
    body = inputs.body(request)
    body.only("allocations")
    body.require("allocations")
    items = body.items("allocations")
    if body.raw("allocations") == []:
        body.note("allocations", "must not be empty")
    body.problems.refuse()
    return body, items


def _id(item: Fields, name: str) -> str:
    """Return an id of an item without a word about one that is none."""
    value = item.values.get(name)
    return (ids.normalise(value) or "") if isinstance(value, str) else ""


def _patch(item: Fields, request: Request, stored: dict[str, Allocation]) -> Any:
    row = stored.get(_id(item, "_id"))
    zone = ZoneInfo(row.site.time_zone) if row else ZoneInfo("UTC")
    return allocation_shapes.patch(item, request, row=row, site_zone=zone)


def _refuse_twice(items: Sequence[Fields]) -> None:
    seen: set[str] = set()
    for item in items:
        one = _id(item, "_id")
        if one and one in seen:
            item.note("_id", "stands here twice")
        seen.add(one)
