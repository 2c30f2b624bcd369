"""What a register can say of a company, and that it said nothing."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_NAME = 200
_HIDDEN = {"", "[ND]", "---"}
"""What the registers write where they may not tell."""
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


class Kind(StrEnum):
    FOUND = "found"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A register's clear word about a number; `name` and `number` are None when it tells none."""

    kind: Kind
    name: str | None = None
    number: str | None = None


NOT_KNOWN = Answer(kind=Kind.UNKNOWN)


class Unavailable(Exception):
    """No clear word came; `reason` is one of ours, never the register's own text.

    `is_fault` says that the register itself failed, which its circuit breaker counts.
    """

    def __init__(self, reason: str, *, is_fault: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_fault = is_fault


def known(*, name: Any, number: str, is_closed: bool) -> Answer:
    """Build the answer about a company that the register has."""
    kind = Kind.CLOSED if is_closed else Kind.FOUND
    return Answer(kind=kind, name=readable(name), number=number)


def readable(name: Any) -> str | None:
    """Return a name on one line and of bounded length, None where it is hidden or no text."""
    if not isinstance(name, str):
        return None
    text = _BLANKS.sub(" ", name).strip()
    return None if text in _HIDDEN else text[:MAX_NAME]


def part(value: Any, *path: str) -> Any:
    """Return what lies at a path of nested JSON objects, None where the path breaks off."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
