"""Checks every answer that the test client gets from the API against the OpenAPI documents of both APIs."""

import re
from functools import lru_cache
from typing import Any

import jsonschema
import orjson
from django.http import HttpResponse

from config.api import openapi
from workplace.api import openapi as workplace_openapi


class Undocumented(AssertionError):
    """The API answered something that its document does not describe."""


class Misordered(AssertionError):
    """Fields stand in another order than the document shows them in."""


@lru_cache(maxsize=1)
def _described() -> dict[str, Any]:
    """Return the paths of both documents."""
    return {**openapi.document()["paths"], **workplace_openapi.document()["paths"]}


@lru_cache(maxsize=1)
def _templates() -> dict[re.Pattern[str], str]:
    """Return the paths that hold parameters, each by what matches it."""
    return {
        re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): path for path in _described() if "{" in path
    }


def _documented(path: str) -> str | None:
    """Return how the documents call a path; None where they do not know it."""
    path = path.rstrip("/")
    if path in _described():
        return path
    return next((named for form, named in _templates().items() if form.fullmatch(path)), None)


@lru_cache(maxsize=512)
def _validator(path: str, method: str, status: str) -> Any:
    operation = _described()[path].get(method)
    if operation is None:
        raise Undocumented(f"{method.upper()} {path} is not in the document")
    response = operation["responses"].get(status)
    if response is None:
        raise Undocumented(
            f"{method.upper()} {path} answered {status}, which is not in the document"
        )
    schema = response.get("content", {}).get("application/json", {}).get("schema")
    return jsonschema.Draft202012Validator(schema) if schema else None


def check_order(schema: Any, value: Any, *, where: str = "answer") -> None:
    """Raise when an object's fields stand in another order than in its schema.

    Source: Public API, each "Example Response": the fields come in the order of the example.
    """
    for part in schema.get("anyOf", ()):
        if jsonschema.Draft202012Validator(part).is_valid(value):
            return check_order(part, value, where=where)
    if isinstance(value, list):
        for item in value:
            check_order(schema.get("items", {}), item, where=f"{where}[]")
    elif isinstance(value, dict) and "properties" in schema:
        told = [name for name in schema["properties"] if name in value]
        if list(value) != told:
            raise Misordered(f"{where}: {list(value)} instead of {told}")
        for name, part in schema["properties"].items():
            if name in value:
                check_order(part, value[name], where=f"{where}.{name}")
    return None


def check(*, method: str, path: str, response: HttpResponse) -> None:
    """Raise when the answer differs from the document; unknown paths and wrong methods are no part of it."""
    named = _documented(path)
    if named is None or method.lower() not in {*_described()[named], "head"}:
        return
    path = named
    method = "get" if method == "HEAD" else method.lower()
    validator = _validator(path, method, str(response.status_code))
    is_json = re.match(r"application/json", response.headers.get("Content-Type", ""))
    if validator is None or not is_json or not response.content:
        return
    body = orjson.loads(response.content)
    error = jsonschema.exceptions.best_match(validator.iter_errors(body))
    if error is not None:
        raise Undocumented(
            f"{method.upper()} {path} {response.status_code}: {error.message}\n{body}"
        )
    check_order(validator.schema, body, where=f"{method.upper()} {path}")
