"""Examples of answers in the OpenAPI document: those of the Public API's document, word for word, and ours.

They stand in `<app>/api/examples/<endpoint>.json` as `{method: {status: {what it shows: body}}}`; those
that any endpoint, or any of a method, may answer in `refusals.json` beside this module.
"""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from config.api.openapi import Schema
from config.api.reference import slug_of

_SHARED = Path(__file__).parent / "examples" / "refusals.json"
_NEITHER = re.compile(r"[^a-z0-9]+")


def with_examples(paths: Schema, *, folder: Path) -> Schema:
    """Return the paths with each file's examples beside the answers that they belong to."""
    found, shared = deepcopy(paths), _read(_SHARED)
    for path, operations in found.items():
        own = _read(folder / f"{slug_of(path)}.json")
        for method, operation in operations.items():
            for answers in (own.get(method), shared.get(method), shared["any"]):
                _attach(operation["responses"], answers or {})
    return found


def named(bodies: dict[str, Any]) -> Schema:
    """Write examples as OpenAPI does, each under a key made of what it shows."""
    return {
        _NEITHER.sub("-", summary.lower()).strip("-"): {"summary": summary, "value": body}
        for summary, body in bodies.items()
    }


def _attach(responses: Schema, answers: dict[str, dict[str, Any]]) -> None:
    """Add examples after those that are there; of statuses that the operation answers."""
    for status in answers.keys() & responses.keys():
        content = responses[status]["content"]["application/json"]
        content["examples"] = {**content.get("examples", {}), **named(answers[status])}


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found
