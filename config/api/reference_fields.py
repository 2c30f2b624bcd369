"""The fields of parameters, bodies and answers as a reader's table has them, with their words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.api import samples
from config.api.openapi import Schema

ENVELOPE = ("retcode", "message", "success", "identifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Words beside the document, in one language.

    `texts` translates its sentences, `fields` explains names (`"POST /path name"` wins over `"name"`),
    `values` gives examples by name, `requests` the parameters of an example by operation, `refusals`
    the sentences an operation refuses with.
    """

    texts: Mapping[str, str]
    fields: Mapping[str, str]
    values: Mapping[str, Any]
    requests: Mapping[str, Mapping[str, str]]
    refusals: Mapping[str, list[tuple[int, str, str]]]

    def text(self, english: str) -> str:
        return self.texts.get(english, english)

    def field(self, operation: str, name: str) -> str:
        return self.fields.get(f"{operation} {name}") or self.fields.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter of the query, or a field of a body or answer: `data[].rooms[].name`."""

    path: str
    kind: str
    text: str
    is_required: bool
    choices: list[str] = field(default_factory=list)


def parameters(place: str, key: str, given: Schema, notes: Notes) -> list[Field]:
    found = (each for each in given.get("parameters", []) if each.get("in") == place)
    return [_parameter(key, each, notes) for each in found]


def _parameter(key: str, given: Schema, notes: Notes) -> Field:
    schema = given.get("schema", {})
    text = notes.text(given.get("description", "")) or notes.field(key, given["name"])
    return Field(
        path=given["name"],
        kind=_words(schema),
        text=text,
        is_required=given.get("required", False),
        choices=_choices(schema),
    )


def body_fields(key: str, schema: Schema, notes: Notes) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield _named(key, name, name, part, notes, is_required=name in required)
        yield from _inside(key, name, part, notes)


def answer_fields(key: str, schema: Schema, notes: Notes) -> list[Field]:
    """List the fields of an answer; those of several outcomes once, in the order they come."""
    found: dict[str, Field] = {}
    for variant in variants(schema):
        for name, part in variant.get("properties", {}).items():
            if name in ENVELOPE:
                continue
            is_required = name in variant.get("required", ())
            outer = _named(key, name, name, part, notes, is_required=is_required)
            for each in (outer, *_inside(key, name, part, notes)):
                found[each.path] = _merged(found.get(each.path), each)
    return list(found.values())


def variants(schema: Schema) -> list[Schema]:
    return schema.get("anyOf", []) or ([schema] if schema else [])


def _merged(before: Field | None, again: Field) -> Field:
    if before is None:
        return again
    kinds = "|".join(dict.fromkeys((before.kind + "|" + again.kind).split("|")))
    return Field(
        path=again.path,
        kind=kinds,
        text=before.text or again.text,
        is_required=before.is_required and again.is_required,
        choices=list(dict.fromkeys([*before.choices, *again.choices])),
    )


def _inside(key: str, path: str, schema: Schema, notes: Notes) -> Iterator[Field]:
    if "anyOf" in schema:
        for part in schema["anyOf"]:
            yield from _inside(key, path, part, notes)
    elif "items" in schema:
        yield from _inside(key, f"{path}[]", schema["items"], notes)
    for name, part in schema.get("properties", {}).items():
        is_required = name in schema.get("required", ())
        yield _named(key, f"{path}.{name}", name, part, notes, is_required=is_required)
        yield from _inside(key, f"{path}.{name}", part, notes)


def _named(
    key: str, path: str, name: str, schema: Schema, notes: Notes, *, is_required: bool
) -> Field:
    own = notes.text(schema["description"]) if "description" in schema else ""
    return Field(
        path=path,
        kind=_words(schema),
        text=notes.field(key, path) or notes.field(key, name) or own,
        is_required=is_required,
        choices=_choices(schema),
    )


def _words(schema: Schema) -> str:
    kinds = samples.kinds(schema) or ["any"]
    return "|".join(kinds)


def _choices(schema: Schema) -> list[str]:
    if "const" in schema:
        return [str(schema["const"])]
    if "anyOf" in schema:
        return [choice for part in schema["anyOf"] for choice in _choices(part)]
    return [str(value) for value in schema.get("enum", ()) if value not in (None, "")]
