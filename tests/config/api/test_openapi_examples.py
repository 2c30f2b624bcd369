"""Every operation of the OpenAPI document tells what it takes, answers and refuses, with examples."""

import json
import re
from typing import Any

import jsonschema
import pytest
from django.conf import settings

from config.api import openapi, openapi_examples
from tests.openapi import Misordered, check_order

METHODS = ("get", "post", "delete")
OPERATIONS = [
    (path, method) for path, known in openapi.document()["paths"].items() for method in known
]
TAKES_NOTHING = {("/api/countries", "get"), ("/api/usage", "get"), ("/api/webhooks", "get")}
READS = {(path, method) for path, method in OPERATIONS if method != "post"}
# Refusals that are told of every operation, and that these never come to.
NEVER = {"400": TAKES_NOTHING, "404": set(OPERATIONS), "409": READS}
REFUSED = {"400", "401", "403", "404", "405", "409", "413", "415", "429", "500", "503"}


def _operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = openapi.document()["paths"][path][method]
    return found


def _valid(schema: dict[str, Any], value: Any) -> None:
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_is_told_in_full(path, method):
    operation = _operation(path, method)

    assert method in METHODS
    assert operation["summary"]
    assert operation["description"].endswith((".", "`"))
    assert all(each["description"] for each in operation["parameters"])
    assert REFUSED | {"200"} <= set(operation["responses"])
    assert ("422" in operation["responses"]) == (method == "post")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_has_examples_that_fit(path, method):
    for status, response in _operation(path, method)["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content is None:
            assert (status, path) in {("304", path), ("200", "/api/icsfeed"), ("200", "/imageroom")}
            continue
        examples = [each["value"] for each in content.get("examples", {}).values()]
        assert examples or (path, method) in NEVER.get(status, set()), status
        for example in examples:
            _valid(content["schema"], example)
            check_order(content["schema"], example)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_body_has_an_example_that_fits(path, method):
    body = _operation(path, method).get("requestBody")

    assert (body is not None) == (method == "post")
    if body is not None:
        content = body["content"]["application/json"]
        _valid(content["schema"], content["example"])
        assert set(content["example"]) <= set(content["schema"]["properties"])


def test_no_file_of_examples_is_left_over():
    files = settings.BASE_DIR.glob("*/api/examples/*.json")
    slugs = {openapi_examples.slug_of(path) for path, _ in OPERATIONS}

    assert {file.stem for file in files} - slugs == {"refusals"}


def test_the_refusals_of_authentication_stand_in_the_documents_order():
    shown = _operation("/api/register", "post")["responses"]["401"]["content"]["application/json"]

    assert [each["value"]["message"] for each in shown["examples"].values()] == [
        "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>",
        "Unauthorized: Invalid authorization format. Use: Authorization: Bearer <your_token>",
        "Unauthorized: Invalid or revoked token",
        "Votre token est expiré, connectez-vous à votre compte pour le renouveler",
        "Votre compte est désactivé, contactez Workways",
        "Unauthorized: User account is archived",
    ]


def test_keys_of_examples_are_words():
    written = json.dumps(openapi_examples.named({"Room state: not supported!": {}}))

    assert re.fullmatch(r'\{"[a-z-]+": .*', written)


@pytest.mark.parametrize(
    ("value", "is_right"), [({"a": 1, "b": 2}, True), ({"b": 2, "a": 1}, False), ({"b": 2}, True)]
)
def test_the_order_of_fields_is_checked(value, is_right):
    schema = openapi.read_envelope(
        openapi.array({"anyOf": [{"type": "null"}, openapi.record({}, {key: {} for key in "ab"})]})
    )
    answer = {"retcode": 1, "message": "OK", "data": [None, value]}

    if is_right:
        check_order(schema, answer)
    else:
        with pytest.raises(Misordered):
            check_order(schema, answer)
