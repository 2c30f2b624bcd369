"""The OpenAPI document as a reader wants it: operations with their parameters, fields and examples.

Knows no endpoint: whatever an app describes appears. `Notes` bring the words: what a field means in
the reader's language, and a value that shows it.
"""

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from config.api import reference_fields as fields
from config.api import samples
from config.api.openapi import Schema
from config.api.reference_fields import Field, Notes

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An answer: `kind` is "plain", "token" (with a token), "public" (without one), or a status word."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path; `token` is required, optional or ignored."""

    key: str
    method: str
    path: str
    summary: str
    text: str
    tag: str
    token: str
    parameters: list[Field]
    headers: list[Field]
    body: list[Field]
    body_example: Any
    query_example: dict[str, str]
    answers: list[Example]
    fields: list[Field]
    refusals: list[tuple[int, str, str]]
    media_type: str
    credential: str

    @property
    def slug(self) -> str:
        return slug_of(self.path)

    @property
    def anchor(self) -> str:
        return self.method.lower()

    @property
    def needs_token(self) -> bool:
        return self.token == "required"  # noqa: S105 - a policy's name, not a secret

    @property
    def takes_token(self) -> bool:
        return self.token != "ignored"  # noqa: S105 - a policy's name, not a secret

    @property
    def is_known_by_key(self) -> bool:
        return self.credential.startswith("x-api-key")

    @property
    def changes_things(self) -> bool:
        return self.method != "GET"

    @property
    def takes_dry_run(self) -> bool:
        return any(each.path == "dryRun" for each in self.body)

    def curl(self, *, base: str) -> str:
        """Write the example as a command; the token comes from the environment."""
        query = f"?{urlencode(self.query_example, safe=',:')}" if self.query_example else ""
        words = ["curl"]
        if self.method != "GET":
            words[0] += f" -X {self.method}"
        words[0] += f' "{base}{self.path}{query}"'
        if self.needs_token:
            words.append(f'-H "{self.credential}"')
            words += [f'-H "{each.path}: …"' for each in self.headers if each.is_required]
        if self.body_example is not None:
            body = dumps(self.body_example).replace("'", "'\\''").replace("\n", "\n  ")
            words += ['-H "Content-Type: application/json"', f"-d '{body}'"]
        return " \\\n  ".join(words)


def slug_of(path: str) -> str:
    shown = path.removeprefix("/api/").removeprefix("/workplace/v1/").strip("/")
    return re.sub(r"[{}]", "", shown).replace("/", "-")


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def loads(text: str) -> Any:
    return json.loads(text)


def operations(document: Schema, *, notes: Notes, today: dt.date) -> list[Operation]:
    """Read every operation of the document, in its order."""
    return [
        _operation(method.upper(), path, described, notes, today)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


def _operation(method: str, path: str, given: Schema, notes: Notes, today: dt.date) -> Operation:
    key = f"{method} {path}"
    body: Schema = given.get("requestBody", {}).get("content", {}).get(JSON_TYPE, {})
    success = _success(given)
    contents: Schema = success.get("content", {})
    media_type = next(iter(contents), "")
    schema: Schema = contents.get(JSON_TYPE, {}).get("schema", {})
    token = _token(given)
    return Operation(
        key=key,
        method=method,
        path=path,
        summary=notes.text(given.get("summary", path)),
        text=notes.text(given.get("description", "")),
        tag=notes.text(next(iter(given.get("tags", [])), "")),
        token=token,
        parameters=fields.parameters("query", key, given, notes),
        headers=fields.parameters("header", key, given, notes),
        body=list(fields.body_fields(key, body.get("schema", {}), notes)),
        body_example=_body_example(body, notes, today),
        query_example=_query_example(key, given, notes, today),
        answers=_examples(schema, notes, today, splits=token == "optional"),  # noqa: S105 - a policy's name
        fields=fields.answer_fields(key, schema, notes),
        refusals=notes.refusals.get(key, []),
        media_type=media_type,
        credential=_credential(given),
    )


def _success(given: Schema) -> Schema:
    found: Schema = next(
        (each for status, each in given["responses"].items() if status.startswith("2")), {}
    )
    return found


def _token(given: Schema) -> str:
    ways = given.get("security", [{}])
    if {} not in ways:
        return "required"
    return "optional" if len(ways) > 1 else "ignored"


def _credential(given: Schema) -> str:
    """Return the header by which a caller is known; the secret comes from the environment."""
    is_key = any("key" in way for way in given.get("security", ()))
    return "x-api-key: $KEY" if is_key else "Authorization: Bearer $TOKEN"


def _body_example(body: Schema, notes: Notes, today: dt.date) -> Any:
    if not body:
        return None
    given = body.get("example")
    if given is None:
        required = {"required": body["schema"].get("required", []), **body["schema"]}
        given = samples.sample(required, name="", known=notes.values, with_optional=False)
    return samples.moved_ahead(_with_own_ids(given, notes), today=today)


def _with_own_ids(given: Any, notes: Notes) -> Any:
    """Put this portal's own ids where the notes know one of the same name."""
    if not isinstance(given, dict):
        return given
    own = {
        name: notes.values[name]
        for name, value in given.items()
        if isinstance(value, str) and len(value) == len(samples.SAMPLE_ID) and name in notes.values
    }
    return given | own


def _query_example(key: str, given: Schema, notes: Notes, today: dt.date) -> dict[str, str]:
    if key in notes.requests:
        chosen: dict[str, str] = samples.moved_ahead(dict(notes.requests[key]), today=today)
        return {name: str(notes.values.get(value, value)) for name, value in chosen.items()}
    needed = [
        each
        for each in given.get("parameters", [])
        if each.get("required") and each.get("in") == "query"
    ]
    made = {
        each["name"]: samples.sample(each["schema"], name=each["name"], known=notes.values)
        for each in needed
    }
    return {name: str(value) for name, value in samples.moved_ahead(made, today=today).items()}


def _examples(schema: Schema, notes: Notes, today: dt.date, *, splits: bool) -> list[Example]:
    """Make an example of each outcome; where a token shows more, one without it and one with it."""
    ways = [("public", False), ("token", True)] if splits else [("plain", True)]
    made: dict[str, str] = {}
    for variant in fields.variants(schema):
        word = variant.get("properties", {}).get("status", {}).get("const")
        for kind, with_optional in ways:
            value = samples.sample(
                variant, name="", known=notes.values, with_optional=with_optional
            )
            value.pop("dryRun", None)
            if "retcode" in value:
                value["message"] = notes.values.get(f"message {word or value['retcode']}", "OK")
            text = dumps(samples.moved_ahead(value, today=today))
            if text not in made.values():
                name = word or kind
                made[f"{name}-{len(made) + 1}" if name in made else name] = text
    if set(made) == {"public"}:
        made = {"plain": made["public"]}
    return [Example(kind=kind, text=text) for kind, text in made.items()]
