"""Checks every answer that the test client gets from the API against the OpenAPI document."""

import re
from functools import lru_cache
from typing import Any

import jsonschema
import orjson
from django.http import HttpResponse

from config.api import openapi


class Undocumented(AssertionError):
    """The API answered something that its document does not describe."""


@lru_cache(maxsize=512)
def _validator(path: str, method: str, status: str) -> Any:
    operation = openapi.document()["paths"].get(path, {}).get(method)
    if operation is None:
        raise Undocumented(f"{method.upper()} {path} is not in the document")
    response = operation["responses"].get(status)
    if response is None:
        raise Undocumented(
            f"{method.upper()} {path} answered {status}, which is not in the document"
        )
    schema = response.get("content", {}).get("application/json", {}).get("schema")
    return jsonschema.Draft202012Validator(schema) if schema else None


def check(*, method: str, path: str, response: HttpResponse) -> None:
    """Raise when the answer differs from the document; unknown paths and wrong methods are no part of it."""
    path = path.rstrip("/")
    described = openapi.document()["paths"]
    if path not in described or method.lower() not in {*described[path], "head"}:
        return
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
