"""POST /workplace/v1/intentions/external."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from config.typed_fields import CONTROL_CHARACTERS
from workplace.api import askers, configurations, inputs
from workplace.api.fields import Fields, Problems
from workplace.api.intentions import person_named
from workplace.api.views import WorkplaceView
from workplace.domain import external_intentions
from workplace.domain.external_intentions import ExternalItem, ItemOutcome, Result
from workplace.domain.intention_people import TeamNames
from workplace.domain.refusals import Detail, Invalid, Refused
from workplace.domain.times import Edge
from workplace.models import Configuration, ExternalType, IntentionStatus
from workplace.selectors_tenants import Tenant

MOST_METADATA_ENTRIES = 20
MOST_METADATA_CHARACTERS = 10_000
_FIELDS = (
    "external_id",
    "external_type",
    "external_location_id",
    "location_id",
    "people_id",
    "people_email",
    "people_first_name",
    "people_last_name",
    "external_team_id",
    "starts_at",
    "ends_at",
    "external_location_timezone",
    "status",
    "metadata",
)


class ExternalIntentionsView(WorkplaceView):
    """Takes over plans of a connected system; each item stands by itself."""

    resource = "external_intentions"

    def post(self, request: Request) -> Response:
        body = inputs.body(request)
        items = _items(body)
        body.problems.refuse()
        configuration = configurations.chosen(request, self.tenant)
        read = [_read(item, configuration, self.tenant) for item in items]
        done = external_intentions.take_over(
            [one for one in read if isinstance(one, ExternalItem)],
            configuration,
            asker=askers.asker(self, request),
            now=clock.now(),
        )
        results = _in_order(read, done)
        if all(one.result == Result.FAILED for one in results):
            raise Invalid(_details(results))
        shown = [_shown(number, one) for number, one in enumerate(results)]
        return self.ok({"results": shown, "summary": _summary(results)})


def _items(body: Fields) -> Sequence[Any]:
    """Return the items, or the bare one, as they were sent."""
    if not body.has("intentions"):
        return [dict(body.values)]
    body.only("intentions")
    items = body.array("intentions") or ()
    if not items and not body.problems.found:
        body.note("intentions", "must have at least 1 item")
    return items


def _read(value: Any, configuration: Configuration, tenant: Tenant) -> ExternalItem | ItemOutcome:
    """Read an item, or say what is wrong with it."""
    if not isinstance(value, dict):
        wrong = Invalid([Detail(path="", message="must be an object")])
        return ItemOutcome(external_id=None, result=Result.FAILED, error=wrong)
    item = Fields(values=value, problems=Problems())
    found = _fields(item, configuration, tenant)
    if item.problems.found:
        return ItemOutcome(
            external_id=Fields(values=value).text("external_id"),
            result=Result.FAILED,
            error=Invalid(item.problems.found),
        )
    return ExternalItem(**found)


def _fields(item: Fields, configuration: Configuration, tenant: Tenant) -> dict[str, Any]:
    item.only(*_FIELDS)
    item.require("external_id", "external_type", "starts_at")
    site_id, external_site_id = _location(item)
    person = person_named(item)
    if not person.is_said and item.raw("people_id") is None and item.raw("people_email") is None:
        item.note("people_id", "or people_email is required", code="required")
    zone = item.zone("external_location_timezone")
    theirs = ZoneInfo(configuration.default_timezone) if external_site_id else None
    day_zone = zone or tenant.day_zone([site_id] if site_id else [])
    status = item.choice("status", among=IntentionStatus.values)
    external_type = item.choice("external_type", among=ExternalType.values)
    return {
        "external_id": item.text("external_id") or "",
        "external_type": ExternalType(external_type) if external_type else None,
        "site_id": site_id,
        "external_site_id": external_site_id,
        "person": person,
        "team": TeamNames(external_id=item.text("external_team_id")),
        "starts_at": item.instant(
            "starts_at", read_in=zone or _if_naive(item, "starts_at", theirs), day_zone=day_zone
        ),
        "ends_at": item.instant(
            "ends_at",
            edge=Edge.END,
            read_in=zone or _if_naive(item, "ends_at", theirs),
            day_zone=day_zone,
        ),
        "timezone": zone.key if zone else None,
        "status": IntentionStatus(status) if status else IntentionStatus.ACCEPTED,
        "metadata": _metadata(item),
    }


def _location(item: Fields) -> tuple[str | None, str | None]:
    site_id, external_id = item.id("location_id"), item.text("external_location_id")
    if item.raw("location_id") is None and item.raw("external_location_id") is None:
        item.note("external_location_id", "or location_id is required", code="required")
    if item.raw("location_id") is not None and item.raw("external_location_id") is not None:
        item.note("external_location_id", "must not come together with location_id")
    return site_id, external_id


def _if_naive(item: Fields, name: str, zone: ZoneInfo | None) -> ZoneInfo | None:
    """Return the zone of a connected system for a time that it writes without one."""
    return zone if item.is_naive(name) else None


def _metadata(item: Fields) -> Mapping[str, Any]:
    found = item.raw("metadata")
    if found is None:
        return {}
    if not isinstance(found, dict):
        item.note("metadata", "must be an object")
        return {}
    if len(found) > MOST_METADATA_ENTRIES:
        item.note("metadata", f"must have at most {MOST_METADATA_ENTRIES} entries")
    if len(json.dumps(found)) > MOST_METADATA_CHARACTERS:
        item.note("metadata", f"must be at most {MOST_METADATA_CHARACTERS} characters of JSON")
    if any(map(CONTROL_CHARACTERS.search, _texts(found))):
        item.note("metadata", "must not contain control characters")
    return found


def _texts(value: Any) -> Iterator[str]:
    """Yield every text inside a value, whose names the parser has looked at."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _in_order(
    read: Sequence[ExternalItem | ItemOutcome], done: Sequence[ItemOutcome]
) -> list[ItemOutcome]:
    left = iter(done)
    return [next(left) if isinstance(one, ExternalItem) else one for one in read]


def _details(results: Sequence[ItemOutcome]) -> list[Detail]:
    return [
        Detail(
            path=f"intentions[{number}]{'.' if detail.path else ''}{detail.path}",
            message=detail.message,
            code=detail.code or one.error.code,
            conflict_id=detail.conflict_id,
        )
        for number, one in enumerate(results)
        if one.error is not None
        for detail in _said(one.error)
    ]


def _said(error: Refused) -> Sequence[Detail]:
    return error.details or [Detail(path="", message=error.message, code=error.code)]


def _shown(index: int, one: ItemOutcome) -> dict[str, Any]:
    return {
        "index": index,
        "_id": one.intention_id,
        "external_id": one.external_id,
        "result": one.result,
        "error": _error(one.error) if one.error else None,
    }


def _error(error: Refused) -> dict[str, Any]:
    first = _said(error)[0]
    told = {
        "code": first.code or error.code or _GENERAL.get(error.status, "validation_failed"),
        "path": first.path,
        "message": first.message,
    }
    return told if first.conflict_id is None else told | {"conflict_id": first.conflict_id}


_GENERAL = {400: "validation_failed", 404: "resource_not_found", 409: "conflict"}


def _summary(results: Sequence[ItemOutcome]) -> dict[str, int]:
    counted = {str(word): sum(one.result == word for one in results) for word in Result}
    return {"received": len(results), **counted}
