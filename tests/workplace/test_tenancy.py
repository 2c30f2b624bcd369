"""An organization cannot tell another one's ids from ids that nothing has: answers are equal to the byte.

Each operation of the Workplace API has its rows; one without a row fails. Each row also shows that it
could fail: the caller's own id is answered differently. Source: workplace-api, section 0, Tenancy;
section 13, Tenancy; safety, S-11.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import time_machine
from django.test import Client

from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomLeaseFactory, SiteFactory
from tests.factories.workplace import (
    AllocationFactory,
    ConfigurationFactory,
    EvolutionFactory,
    ForecastJobFactory,
    IntentionFactory,
    LayerFactory,
    LocationForecastFactory,
    OccupancyFactory,
    PersonForecastFactory,
    SpaceFactory,
    TeamFactory,
    TeamForecastFactory,
    TeamLocationSettingsFactory,
    ZoneFactory,
)
from workplace.api import openapi

pytestmark = pytest.mark.django_db

BASE = "/workplace/v1"
NOW = "2030-01-07T07:00:00Z"
NOTHING = {
    "id": "5f00000000000000000000ff",
    "uuid": "94289524-04ac-44d3-8f05-45b8a937f663",
    "text": "nothing-has-this",
    "email": "nobody@nowhere.example",
}
FORMS = {
    "team_external_id": "text",
    "person_external_id": "text",
    "evolution": "uuid",
    "email": "email",
}
"""What ids of each kind look like, where they are not 24 hexadecimal characters."""
ELSEWHERE = ("own_zone", "own_layer", "own_space")
"""Kinds of which one's own, too, is not found where these calls look for it."""

Ids = dict[str, str]


class Row(NamedTuple):
    """A call that names a thing of one kind; `call` gets its id, and the caller's own things."""

    operation: str
    kind: str
    call: Callable[[str, Ids], dict[str, Any]]


def in_query(name: str, kind: str, operation: str, **beside: str) -> Row:
    return Row(operation, kind, lambda one, own: {"query": {name: one, **beside}})


def of_allocations(kind: str, field: str, *, leave_out: tuple[str, ...] = ()) -> Row:
    """Make an allocation that names one thing of a kind; the rest are the caller's."""

    def call(one: str, own: Ids) -> dict[str, Any]:
        item: dict[str, Any] = {
            "location_id": own["shared"],
            "type": "ROOM" if field == "room_id" else "SPACE",
            "team_id": own["team"],
            "starts_at": "2030-02-04T09:00:00Z",
            "ends_at": "2030-02-04T16:00:00Z",
            "seats": 1,
            "zone_id": own["zone"],
        }
        for name in leave_out:
            del item[name]
        return {"body": {"allocations": [item | {field: [one] if field == "spaces" else one}]}}

    return Row("POST /allocations", kind, call)


def of_intentions(kind: str, field: str, *, leave_out: str = "", **beside: Any) -> Row:
    """Declare an intention that names one thing of a kind; the rest are the caller's."""

    def call(one: str, own: Ids) -> dict[str, Any]:
        body = {
            "status": "PENDING",
            "type": "SPACE",
            "location_id": own["shared"],
            "people_id": own["person"],
            "starts_at": "2030-02-05T09:00:00Z",
            "ends_at": "2030-02-05T10:00:00Z",
        } | beside
        body.pop(leave_out, None)
        return {"body": body | {field: one}}

    return Row("POST /intentions", kind, call)


def of_external(kind: str, field: str, *, leave_out: str = "") -> Row:
    """Take over two intentions of which one names a thing of a kind; items fail alone."""

    def call(one: str, own: Ids) -> dict[str, Any]:
        item = {
            "external_id": "x-1",
            "external_type": "DESK_BOOKING",
            "location_id": own["shared"],
            "people_id": own["person"],
            "starts_at": "2030-02-06T09:00:00Z",
            "ends_at": "2030-02-06T10:00:00Z",
        }
        item.pop(leave_out, None)
        return {"body": {"intentions": [item | {field: one}]}}

    return Row("POST /intentions/external", kind, call)


def of_team_settings(kind: str, field: str, at: str) -> Row:
    def call(one: str, own: Ids) -> dict[str, Any]:
        if at == "team":
            return {"body": {"team_settings": [{field: one, "priority": "high"}]}}
        values: dict[str, Any] = {"location_id": own["shared"]} | (
            {field: [one] if field.endswith("_ids") else one}
        )
        return {"body": {"team_settings": [{"team_id": own["team"], "settings": [values]}]}}

    return Row("PUT /team/settings", kind, call)


def of_occupancy(kind: str, field: str, *, leave_out: str = "") -> Row:
    def call(one: str, own: Ids) -> dict[str, Any]:
        item = {
            "location_id": own["shared"],
            "people_id": own["person"],
            "seen_at": "2030-01-07T06:00:00Z",
        }
        item.pop(leave_out, None)
        return {"body": {"location_id": own["shared"], "occupancy": [item | {field: one}]}}

    return Row("POST /occupancy", kind, call)


def in_path(operation: str, **body: Any) -> Row:
    return Row(operation, "intention", lambda one, own: {"path_id": one, "body": body})


def with_header(operation: str, row: Callable[[str, Ids], dict[str, Any]]) -> Row:
    return Row(
        operation,
        "configuration",
        lambda one, own: {**row(one, own), "headers": {"x-configuration-id": one}},
    )


def listing(name: str, kind: str) -> Row:
    return Row(
        "GET /intentions",
        kind,
        lambda one, own: {
            "query": {name: one},
            "headers": {"x-configuration-id": own["configuration"]},
        },
    )


ROWS = [
    in_query("team_id", "team", "GET /team/settings"),
    in_query("location_id", "own_site", "GET /team/settings"),
    in_query("external_id", "team_external_id", "GET /team/settings"),
    of_team_settings("settings", "_id", "team"),
    of_team_settings("team", "team_id", "team"),
    of_team_settings("team_external_id", "external_id", "team"),
    of_team_settings("own_site", "location_id", "location"),
    of_team_settings("zone", "preferred_zone_ids", "location"),
    of_team_settings("second_team", "adjacent_team_ids", "location"),
    of_team_settings("room", "room_id", "location"),
    *(
        in_query(name, kind, "GET /allocations")
        for name, kind in (
            ("allocation_id", "allocation"),
            ("location_id", "own_site"),
            ("layer_id", "own_layer"),
            ("zone_id", "zone"),
            ("people_id", "person"),
            ("team_id", "team"),
            ("external_id", "team_external_id"),
        )
    ),
    of_allocations("own_site", "location_id", leave_out=("zone_id",)),
    of_allocations("team", "team_id"),
    of_allocations("person", "people_id", leave_out=("team_id",)),
    of_allocations("team_external_id", "team_external_id", leave_out=("team_id",)),
    of_allocations("person_external_id", "people_external_id", leave_out=("team_id",)),
    of_allocations("zone", "zone_id"),
    of_allocations("space", "spaces", leave_out=("zone_id", "seats")),
    of_allocations("room", "room_id", leave_out=("zone_id",)),
    of_allocations("own_zone", "zone_id"),
    of_allocations("own_layer", "layer_id"),
    of_allocations("own_space", "spaces", leave_out=("zone_id", "seats")),
    Row(
        "PUT /allocations",
        "allocation",
        lambda one, own: {"body": {"allocations": [{"_id": one, "seats": 2}]}},
    ),
    Row("DELETE /allocations", "allocation", lambda one, own: {"body": {"allocation_ids": [one]}}),
    *(
        listing(name, kind)
        for name, kind in (("people_id", "person"), ("team_id", "team"), ("zone_id", "zone"))
    ),
    with_header("GET /intentions", lambda one, own: {}),
    of_intentions("own_site", "location_id"),
    of_intentions("person", "people_id"),
    of_intentions("email", "people_email", leave_out="people_id"),
    of_intentions("team", "team_id", leave_out="people_id"),
    of_intentions("zone", "zone_id"),
    of_intentions("space", "space_id"),
    of_intentions("room", "room_id", type="ROOM"),
    of_external("own_site", "location_id"),
    of_external("person", "people_id"),
    of_external("email", "people_email", leave_out="people_id"),
    with_header(
        "POST /intentions/external",
        lambda one, own: of_external("", "external_id").call("x-2", own),
    ),
    in_path("PUT /intentions/{intention_id}/accept"),
    in_path("PUT /intentions/{intention_id}/decline", reason="no"),
    in_path("PUT /intentions/{intention_id}/cancel", reason="no"),
    in_path("DELETE /intentions/{intention_id}"),
    of_occupancy("person", "people_id"),
    of_occupancy("person_external_id", "people_external_id", leave_out="people_id"),
    of_occupancy("own_site", "location_id"),
    of_occupancy("team", "team_id"),
    in_query("occupancy_id", "occupancy", "GET /occupancy"),
    in_query("location_id", "own_site", "GET /occupancy"),
    in_query("people_id", "person", "GET /occupancy"),
    Row("DELETE /occupancy", "own_site", lambda one, own: {"body": {"location_id": one}}),
    Row(
        "DELETE /occupancy",
        "person",
        lambda one, own: {"body": {"location_id": own["shared"], "people_id": one}},
    ),
    Row("POST /forecast/start", "own_site", lambda one, own: {"body": {"location_id": one}}),
    in_query("job_id", "job", "GET /forecast/status"),
    in_query("location_id", "own_site", "GET /forecast/status"),
    in_query("location_id", "own_site", "GET /forecast/locations"),
    in_query("location_id", "own_site", "GET /forecast/teams"),
    in_query("team_id", "team", "GET /forecast/teams"),
    in_query("location_id", "own_site", "GET /forecast/people"),
    in_query("people_id", "person", "GET /forecast/people"),
    in_query("team_id", "team", "GET /forecast/people"),
    Row(
        "POST /evolve/start",
        "own_site",
        lambda one, own: {"body": {"location_id": one, "date": "2030-01-08"}},
    ),
    in_query("evolution_id", "evolution", "GET /evolve/status"),
]


def documented() -> set[str]:
    return {
        f"{method.upper()} {path.removeprefix(BASE)}"
        for path, methods in openapi.document()["paths"].items()
        for method in methods
    }


def test_every_operation_has_its_rows() -> None:
    assert documented() - {row.operation for row in ROWS} == set()


# --- two organizations that share a site ----------------------------------------------------------
def things_of(organization: Any, shared: Any, name: str) -> Ids:
    """Make one thing of each kind, at the shared site and at one that this organization alone has."""
    own_site = SiteFactory()
    own_site.members.add(organization)
    shared.members.add(organization)
    organization.person_forecasts = True
    organization.save()
    person = UserFactory(
        organization=organization, email=f"{name}@company.example", external_id=f"P-{name}"
    )
    team = TeamFactory(organization=organization, external_id=f"T-{name}", members=[person])
    second = TeamFactory(organization=organization)
    TeamLocationSettingsFactory(team=team, site=own_site)
    own_layer = LayerFactory(site=own_site)
    zone = ZoneFactory(site=shared, organization=organization)
    room = RoomLeaseFactory(room__site=shared, organization=organization).room
    space = SpaceFactory(zone=zone)
    allocation = AllocationFactory(team=team, zone=zone)
    own_zone = ZoneFactory(layer=own_layer)
    AllocationFactory(team=second, zone=own_zone)
    AllocationFactory(team=None, person=person, zone=zone)
    configuration = ConfigurationFactory(organization=organization)
    inviter = UserFactory(organization=organization)
    intention = IntentionFactory(person=person, site=shared, invited_by=inviter, zone=zone)
    IntentionFactory(person=None, team=team, site=shared)
    occupancy = OccupancyFactory(person=person, site=shared)
    OccupancyFactory(person=person, site=own_site)
    job = ForecastJobFactory(site=own_site, organization=organization)
    LocationForecastFactory(site=own_site, job=job, organization=organization)
    TeamForecastFactory(team=team, site=own_site, job=job)
    PersonForecastFactory(person=person, site=own_site, job=job, team=team)
    evolution = EvolutionFactory(site=own_site, organization=organization)
    return {
        "shared": shared.pk,
        "own_site": own_site.pk,
        "own_layer": own_layer.pk,
        "person": person.pk,
        "person_external_id": person.external_id,
        "email": person.email,
        "team": team.pk,
        "team_external_id": team.external_id,
        "second_team": second.pk,
        "settings": team.settings.pk,
        "own_zone": own_zone.pk,
        "own_space": SpaceFactory(zone=own_zone).pk,
        "zone": zone.pk,
        "room": room.pk,
        "space": space.pk,
        "allocation": allocation.pk,
        "configuration": configuration.pk,
        "intention": intention.pk,
        "occupancy": occupancy.pk,
        "job": job.pk,
        "evolution": str(evolution.pk),
    }


@pytest.fixture
def frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(frozen: None) -> tuple[Any, Ids, Ids]:
    """Return a key of an organization, its things, and another organization's."""
    shared, organization = SiteFactory(), OrganizationFactory()
    owner = UserFactory(organization=organization, api_role="api-developer")
    key = WorkplaceKeyFactory(owner=owner, organization=organization)
    return (
        key,
        things_of(organization, shared, "own"),
        things_of(OrganizationFactory(), shared, "foreign"),
    )


def told(key: Any, row: Row, one: str, own: Ids) -> tuple[int, dict[str, str], str]:
    """Return an answer without what differs by itself: the request's id, the id that was sent, limits."""
    method, path = row.operation.split()
    sent = row.call(one, own)
    query = sent.get("query", {})
    address = BASE + path.replace("{intention_id}", sent.get("path_id", ""))
    answer = getattr(Client(), method.lower())(
        address,
        query if method == "GET" else json.dumps(sent.get("body", {})),
        headers={**key.header, **sent.get("headers", {})},
        **({} if method == "GET" else {"content_type": "application/json"}),
    )
    body = answer.content.decode().replace(one, "‹id›")
    body = body.replace(answer["X-Request-Id"], "‹request›")
    varying = ("X-Request-Id", "RateLimit-Remaining", "RateLimit-Reset", "Content-Length")
    headers = {name: value for name, value in answer.items() if name not in varying}
    return answer.status_code, headers, body


def names(row: Row) -> str:
    return f"{row.operation} {row.kind}"


@pytest.mark.parametrize("row", [r for r in ROWS if r.operation in documented()], ids=names)
def test_anothers_id_is_answered_like_one_that_nothing_has(
    world: tuple[Any, Ids, Ids], row: Row
) -> None:
    key, own, foreign = world
    nothing = NOTHING[FORMS.get(row.kind, "id")]

    unknown = told(key, row, nothing, own)
    of_another = told(key, row, foreign[row.kind], own)

    assert unknown[0] in (200, 400, 404)
    assert of_another == unknown
    if row.kind not in ELSEWHERE:
        assert told(key, row, own[row.kind], own) != unknown
