"""Examples made from the OpenAPI document: a value for each field, and dates that still lie ahead."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from config.api.openapi import Schema

SAMPLE_ID = "507f191e810c19729de860ea"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|T\d{2}:\d{2})")
_TEXTS = (SAMPLE_ID, "2025-11-05", "2025-11-05T14:00:00Z", "")
_FIRST_AHEAD = dt.timedelta(days=14)
_FITTING: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def kinds(schema: Schema) -> list[str]:
    """Return the JSON types that a schema allows, "null" last."""
    if "anyOf" in schema:
        found = [kind for part in schema["anyOf"] for kind in kinds(part)]
    elif "const" in schema or ("enum" in schema and "type" not in schema):
        values = [schema["const"]] if "const" in schema else schema["enum"]
        found = [kind for value in values for kind in (_kind_of(value),)]
    else:
        given = schema.get("type", [])
        found = [given] if isinstance(given, str) else list(given)
    return sorted(dict.fromkeys(found), key=lambda kind: kind == "null")


def sample(
    schema: Schema, *, name: str, known: Mapping[str, Any], with_optional: bool = True
) -> Any:
    """Make a value that the schema allows: the known one for a name of that type, else a plain one."""
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        part: Schema = next((part for part in schema["anyOf"] if kinds(part) != ["null"]), {})
        return sample(part, name=name, known=known, with_optional=with_optional)
    if "properties" in schema:
        required = schema.get("required", ())
        return {
            key: sample(part, name=key, known=known, with_optional=with_optional)
            for key, part in schema["properties"].items()
            if with_optional or key in required
        }
    kind = next(iter(kinds(schema)), "object")
    if kind == "array":
        if schema.get("maxItems") == 0:
            return []
        return [sample(schema["items"], name=name, known=known, with_optional=with_optional)]
    return _scalar(schema, kind, name, known)


def _scalar(schema: Schema, kind: str, name: str, known: Mapping[str, Any]) -> Any:
    value = known.get(name)
    allowed = schema.get("enum")
    fits = name in known and _kind_of(value) in (kind, "integer" if kind == "number" else kind)
    if fits and (allowed is None or value in allowed) and _has_form(value, schema):
        return value
    if allowed:
        return allowed[0]
    if "pattern" in schema:
        return next((text for text in _TEXTS if _has_form(text, schema)), "…")
    if schema.get("format") == "date-time":
        return "2025-11-05T14:00:00Z"
    plain = {"string": "…", "integer": 1, "number": 1, "boolean": False, "null": None}
    return plain.get(kind, {})


def _has_form(value: Any, schema: Schema) -> bool:
    return not isinstance(value, str) or bool(re.search(schema.get("pattern", ""), value))


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next(kind for kind, types in _FITTING.items() if isinstance(value, types))


def moved_ahead(value: Any, *, today: dt.date) -> Any:
    """Move every date in a value by the same whole weeks, so that the first is two weeks ahead or more.

    Weekdays and distances stay; a value without dates, or with dates far ahead, stays as it is.
    """
    days = [dt.date.fromisoformat(found) for found in _dates(value)]
    if not days or min(days) >= today + _FIRST_AHEAD:
        return value
    behind = (today + _FIRST_AHEAD - min(days)).days
    return _moved(value, dt.timedelta(weeks=-(-behind // 7)))


def _dates(value: Any) -> list[str]:
    if isinstance(value, str):
        match = _DATE.match(value)
        return [match.group()] if match else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for part in parts for found in _dates(part)]


def _moved(value: Any, by: dt.timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    if isinstance(value, str) and (match := _DATE.match(value)):
        day = dt.date.fromisoformat(match.group()) + by
        return day.isoformat() + value[match.end() :]
    return value
