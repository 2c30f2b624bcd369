"""/occupancy: who was there. Source: Workplace API, /occupancy; workplace-api, section 4."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import WorkplaceScope
from config import clock, ids
from workplace import selectors_occupancy
from workplace.api import inputs, occupancy_shapes, paging
from workplace.api.fields import Fields
from workplace.api.views import WorkplaceView
from workplace.domain import occupancy_deletion, occupancy_imports, personal_reads
from workplace.domain.occupancy_imports import Import
from workplace.domain.refusals import Invalid, missing
from workplace.models import ReadKind
from workplace.selectors_occupancy import OccupancyFilter

SORTS = {
    "created_at": ["created_at"],
    "seen_at": ["seen_at"],
    "people_id": ["person_id"],
    "location_id": ["site_id"],
}
_SESSION = ("session_started", "session_id", "session_finished")
_DELETION = ("location_id", "people_id", "starts_at", "ends_at", "timezone")


class OccupancyView(WorkplaceView):
    resource = "occupancy"
    keeps_answers = False  # the same items again are the same rows

    def get(self, request: Request) -> Response:
        """List records of presence."""
        params = inputs.query(request)
        wanted = self._wanted(params, occupancy_id=params.id("occupancy_id"))
        page = paging.read(params, sorts=SORTS, default="created_at")
        params.problems.refuse()
        rows, pagination = paging.cut(selectors_occupancy.listed(self.tenant, wanted), page)
        if wanted.people_id or wanted.occupancy_id:
            personal_reads.note(
                ReadKind.OCCUPANCY,
                token_id=token_of(request).pk,
                person_ids=[wanted.people_id]
                if wanted.people_id
                else {one.person_id for one in rows},
                rows=len(rows),
                now=clock.now(),
            )
        shown = [occupancy_shapes.shown(row) for row in rows]
        return self.ok({"occupancy": shown, "pagination": pagination})

    def post(self, request: Request) -> Response:
        """Store records of presence; each item stands by itself."""
        body = inputs.body(request)
        items = _items(body)
        wish = Import(
            site_id=body.id("location_id"),
            session_id=body.id("session_id"),
            is_started=bool(body.boolean("session_started")),
            is_finished=bool(body.boolean("session_finished")),
        )
        _check_body(body, items)
        body.problems.refuse()
        zones = self._zones(items, wish)
        read = [
            occupancy_shapes.told(index, value, site_id=wish.site_id, zones=zones)
            for index, value in enumerate(items)
        ]
        done = occupancy_imports.take(
            wish, read, tenant=self.tenant, token_id=token_of(request).pk, now=clock.now()
        )
        is_bare = not body.has("occupancy")
        if done.recorded.failures and not done.recorded.stored:
            raise Invalid(occupancy_shapes.details(done.recorded.failures, is_bare=is_bare))
        return self.ok(occupancy_shapes.outcome(done, received=len(items), is_bare=is_bare))

    def delete(self, request: Request) -> Response:
        """Delete the records that match; the same fields are taken from the query string too."""
        params = _deletion(request)
        params.require("location_id")
        wanted = self._wanted(params)
        params.problems.refuse()
        if not self.tenant.sites().filter(pk=wanted.location_id).exists():
            raise missing("location_id", "Location")
        if not (wanted.people_id or wanted.starts_at or wanted.ends_at):
            self.need_scope(WorkplaceScope.ADMIN)
        rows = selectors_occupancy.listed(self.tenant, wanted)
        deleted = occupancy_deletion.delete(rows, token_id=token_of(request).pk, now=clock.now())
        return self.ok({"deleted": deleted})

    def _wanted(self, params: Fields, **more: Any) -> OccupancyFilter:
        location_id = params.id("location_id")
        day_zone = self.tenant.day_zone([location_id] if location_id else [])
        span = params.span(day_zone=day_zone)
        return OccupancyFilter(
            location_id=location_id,
            people_id=params.id("people_id"),
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            **more,
        )

    def _zones(self, items: Sequence[Any], wish: Import) -> Mapping[str, ZoneInfo]:
        """Return the clocks of the locations named, by which a date alone is meant."""
        named = [item.get("location_id") for item in items if isinstance(item, dict)]
        wanted = {
            ids.normalise(value) for value in (*named, wish.site_id) if isinstance(value, str)
        }
        known = wanted - {None}
        rows = self.tenant.sites().filter(pk__in=known).values_list("pk", "time_zone")
        return {pk: ZoneInfo(name) for pk, name in rows}


def _items(body: Fields) -> Sequence[Any]:
    """Return the items as they were sent, or the bare one."""
    if not body.has("occupancy"):
        return [{name: value for name, value in body.values.items() if name not in _SESSION}]
    body.only("location_id", "occupancy", *_SESSION)
    items = body.array("occupancy")
    if not items and not body.problems.found:
        body.note("occupancy", "must have at least 1 item")
    return items or ()


def _check_body(body: Fields, items: Sequence[Any]) -> None:
    if (
        body.has("occupancy")
        and body.raw("location_id") is None
        and not all(map(_has_place, items))
    ):
        body.require("location_id")
    if body.raw("session_id") is not None and body.raw("session_started") is True:
        body.note("session_id", "must not come together with session_started")
    if body.raw("session_finished") is True and not (
        body.raw("session_id") is not None or body.raw("session_started") is True
    ):
        body.note("session_finished", "must come with session_id or session_started")
    speaks_of_session = any(body.raw(name) not in (None, False) for name in _SESSION)
    if speaks_of_session and body.raw("location_id") is None:
        body.require("location_id")


def _has_place(item: Any) -> bool:
    """Say whether an item names a location of its own; what is no object fails by itself."""
    names = ("location_id", "location_external_id")
    return not isinstance(item, dict) or any(item.get(name) is not None for name in names)


def _deletion(request: Request) -> Fields:
    """Return the body's fields; where proxies drop the body, those of the query string among others."""
    if not request.data:
        return inputs.query(request)
    body = inputs.body(request)
    body.only(*_DELETION)
    return body
