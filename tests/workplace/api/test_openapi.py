"""`GET /workplace/v1/schema`: valid OpenAPI 3.1 that says of every endpoint what is true of all."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from apitokens.models import WorkplaceScope
from tests import openapi as checks
from workplace.api import openapi
from workplace.api.urls import BASE

OPERATIONS = [
    (path, method, operation)
    for path, methods in openapi.document()["paths"].items()
    for method, operation in methods.items()
]


def test_the_document_is_served_to_anybody_and_known_again() -> None:
    answer = Client().get("/workplace/v1/schema")
    again = Client().get("/workplace/v1/schema", headers={"If-None-Match": answer["ETag"]})

    assert (answer.status_code, answer.json()) == (200, openapi.document())
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get("/api/schema")["ETag"] != answer["ETag"]


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(openapi.document()).validate()


def test_every_endpoint_is_in_the_document() -> None:
    routes = {
        route
        for each in get_resolver().url_patterns
        for inner in getattr(each, "url_patterns", ())
        if (route := str(inner.pattern).removeprefix("^").removesuffix("/?$")).startswith(BASE)
    }
    forms = {path.strip("/") for path in openapi.document()["paths"]}
    plain = {_with_names(route) for route in routes}

    assert plain - {f"{BASE}/schema", f"{BASE}(/.*)?$"} == forms


def _with_names(route: str) -> str:
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_what_is_true_of_every_operation(path: str, method: str, operation: Any) -> None:
    answers = operation["responses"]
    success = answers["200"]["content"]["application/json"]["schema"]["properties"]
    scopes = [scope for scope in WorkplaceScope.values if f"`{scope}`" in operation["description"]]

    assert set(answers) >= {"200", "400", "401", "403", "404", "405", "409", "429", "500", "503"}
    assert success["identifier"]["const"].endswith("_successful")
    assert scopes != []
    assert operation["security"] == [{"key": []}]
    assert ("requestBody" in operation) <= (method != "get")


def test_the_check_of_answers_sees_the_workplace_api() -> None:
    class Answer:
        status_code = 200
        headers = {"Content-Type": "application/json"}
        content = b'{"success":true,"data":{},"identifier":"get_team_settings_successful"}'

    with pytest.raises(checks.Undocumented):
        checks.check(method="GET", path=f"/{BASE}/team/settings/", response=Answer())
