"""Hostile values in every field and parameter of the Workplace API: refused or ignored, never a crash.

Source: safety, S-30; workplace-api, section 0.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from tests.workplace.test_tenancy import BASE, NOW, ROWS, Row, documented, things_of
from workplace.api import openapi

pytestmark = pytest.mark.django_db

NUL, HALF = "a\x00b", "\ud800"
VALUES: list[Any] = [True, 10**30, 2.5, NUL, HALF, "x" * 20_000, [], {"$ne": None}]
TEXTS = [" ", NUL, "x" * 5000, "' OR 1", "9" * 40, "٣", "2025-02-30"]


def leaves(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Yield the way to each value inside a body, the outer ones too."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))


def replaced(body: Any, path: tuple, value: Any) -> Any:
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def rows_with(name: str) -> list[Row]:
    return [
        row
        for row in ROWS
        if row.operation in documented() and (row.operation.startswith("GET") is (name == "query"))
    ]


@pytest.fixture
def world(settings: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    settings.API_THROTTLE = False
    with time_machine.travel(NOW, tick=False):
        organization = OrganizationFactory()
        owner = UserFactory(organization=organization, api_role="api-developer")
        key = WorkplaceKeyFactory(owner=owner, organization=organization)
        yield key, things_of(organization, SiteFactory(), "own")


def send(key: Any, row: Row, sent: dict[str, Any]) -> Any:
    method, path = row.operation.split()
    address = BASE + path.replace("{intention_id}", sent.get("path_id", ""))
    is_read = method == "GET"
    return getattr(Client(raise_request_exception=False), method.lower())(
        address,
        sent.get("query", {}) if is_read else json.dumps(sent.get("body", {})),
        headers={**key.header, **sent.get("headers", {})},
        **({} if is_read else {"content_type": "application/json"}),
    )


def richest(rows: list[Row]) -> list[Row]:
    """Keep, of the rows of one operation, the one that sends most fields."""
    own = dict.fromkeys(
        ("shared", "team", "zone", "person", "configuration"), "5f0000000000000000000001"
    )
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: len(list(leaves(row.call("", own).get("body", {}))))):
        found[row.operation] = row
    return list(found.values())


@pytest.mark.parametrize("row", richest(rows_with("body")), ids=lambda row: row.operation)
def test_bodies(world: tuple[Any, dict[str, str]], row: Row) -> None:
    key, own = world
    call = row.call(own[row.kind], own)
    body = call.get("body", {})

    for path in [*leaves(body), ("more",)]:
        for value in VALUES:
            answer = send(key, row, call | {"body": replaced(body, path, value)})
            assert answer.status_code in (200, 400, 403, 404, 409), (path, value, answer.content)
    for whole in VALUES:
        answer = send(key, row, call | {"body": whole})
        assert answer.status_code in (200, 400, 404, 409), (whole, answer.content)


@pytest.mark.parametrize("name", ["a\x00b", HALF, "a\x1b[31m"])
@pytest.mark.parametrize(
    "row",
    [
        row
        for row in richest(rows_with("body"))
        if row.operation != "DELETE /intentions/{intention_id}"
    ],
    ids=lambda row: row.operation,
)
def test_names_of_fields(world: tuple[Any, dict[str, str]], row: Row, name: str) -> None:
    """Refusals name fields that are not known, and half a character cannot be answered."""
    key, own = world
    call = row.call(own[row.kind], own)
    body = call.get("body", {})
    inside = [replaced(body, way, {name: 1}) for way in leaves(body) if way[-1] == 0]

    for sent in [body | {name: 1}, *inside]:
        answer = send(key, row, call | {"body": sent})
        assert answer.status_code == 400
        assert "a key holds control characters" in answer.json()["error"]["message"]


@pytest.mark.parametrize("operation", sorted({row.operation for row in rows_with("query")}))
def test_queries(world: tuple[Any, dict[str, str]], operation: str) -> None:
    key, own = world
    row = next(row for row in rows_with("query") if row.operation == operation)
    described = openapi.document()["paths"][BASE + operation.split()[1]]["get"]["parameters"]
    usual = {"x-configuration-id": own["configuration"]}

    for parameter in described:
        for value in TEXTS:
            call: dict[str, Any] = {"query": {parameter["name"]: value}, "headers": usual}
            if parameter["in"] == "header":
                call = {"headers": {parameter["name"]: value.replace("\x00", "")}}
            answer = send(key, row, call)
            assert answer.status_code in (200, 400, 404), (parameter["name"], value)


@pytest.mark.parametrize(
    "intention_id", ["%00", "x" * 500, "..", "%2e%2e", "5f", "٣" * 24, "' OR 1"]
)
@pytest.mark.parametrize("verb", ["accept", "decline", "cancel", ""])
def test_ids_in_paths(world: tuple[Any, dict[str, str]], verb: str, intention_id: str) -> None:
    key, _own = world
    path = f"{BASE}/intentions/{intention_id}/{verb}".rstrip("/")
    method = "put" if verb else "delete"

    answer = getattr(Client(raise_request_exception=False), method)(
        path, "{}", content_type="application/json", headers=key.header
    )

    assert answer.status_code in (400, 404)
    assert answer.json()["success"] is False
