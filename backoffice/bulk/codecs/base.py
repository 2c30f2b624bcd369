"""Plain values: texts, words of a list, whole numbers, truth, ids of other entries."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from backoffice.bulk.problems import WrongValue
from config import ids
from config.typed_fields import CONTROL_CHARACTERS

_COLOR = re.compile(r"#[0-9a-f]{6}")
MAX_INTEGER = 2**31 - 1


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """One kind of value. `empty` is what `null` and, for `blank_is_empty`, blank text stand for."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = _same
    empty: Any = None
    blank_is_empty: bool = False

    def parse(self, value: Any) -> Any:
        """Read a JSON value, `null` and blank text included."""
        is_blank = isinstance(value, str) and not value.strip()
        if value is None or (is_blank and self.blank_is_empty):
            return self.empty() if callable(self.empty) else self.empty
        if isinstance(value, dict | list):
            _check_texts(value)
        return self.read(value)


def _check_texts(value: Any) -> None:
    """Refuse what no database keeps, however deep in an object or a list.

    :raises WrongValue:
    """
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and CONTROL_CHARACTERS.search(one):
            raise WrongValue("must not contain control characters")
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def text(*, longest: int | None = None, required: bool = False) -> Codec:
    """Text as it stands; a required one must not be blank."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        if CONTROL_CHARACTERS.search(value):
            raise WrongValue("must not contain control characters")
        if longest is not None and len(value) > longest:
            raise WrongValue(f"must be at most {longest} characters")
        if required and not value.strip():
            raise WrongValue("must not be empty")
        return value

    def read_required(value: Any) -> str:
        return read("" if value is None else value)

    return Codec(read=read, empty=lambda: read_required(None) if required else "")


def choice(options: Iterable[str], *, empty: str | None = None) -> Codec:
    """One of some words; without `empty`, `null` is none of them."""
    allowed = tuple(options)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise WrongValue(f"must be one of {', '.join(filter(None, allowed))}")
        return value

    def nothing() -> str:
        return read(None) if empty is None else empty

    return Codec(read=read, empty=nothing, blank_is_empty=empty is not None)


def choices(options: Iterable[str]) -> Codec:
    """A list of different words."""
    one = choice(options)

    def read(value: Any) -> list[str]:
        found = [one.parse(item) for item in items(value)]
        if len(set(found)) != len(found):
            raise WrongValue("must not name one twice")
        return found

    return Codec(read=read, write=list, empty=list)


def integer(*, least: int = 0, most: int = MAX_INTEGER, empty: int | None = 0) -> Codec:
    """A whole number within borders that are both included; `60.0` is one, `true` is none."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise WrongValue("must be a whole number")
        if not least <= value <= most:
            raise WrongValue(f"must be {_between(least, most)}")
        return int(value)

    return Codec(read=read, empty=empty)


def _between(least: int, most: int) -> str:
    return f"at least {least}" if most == MAX_INTEGER else f"between {least} and {most}"


def whole_numbers(allowed: Iterable[int]) -> Codec:
    """A list of some whole numbers, kept in order and once each."""
    known = sorted(allowed)

    def read(value: Any) -> list[int]:
        found = items(value)
        if not all(type(number) is int and number in known for number in found):
            raise WrongValue(f"must be whole numbers from {known[0]} to {known[-1]}")
        return sorted(set(found))

    return Codec(read=read, write=list, empty=list)


def number() -> Codec:
    """A finite number, such as a place on a plan."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10**9:
            raise WrongValue("must be a number")
        return float(value)

    return Codec(read=read)


def labels() -> Codec:
    """A list of different short texts."""
    one = text(longest=60, required=True)

    def read(value: Any) -> list[str]:
        found = [one.parse(item) for item in items(value)]
        if len(set(found)) != len(found):
            raise WrongValue("must not name one twice")
        return found

    return Codec(read=read, write=list, empty=list)


def color() -> Codec:
    """A colour such as `#3366cc`."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not _COLOR.fullmatch(value.lower()):
            raise WrongValue("must be a colour, for example #3366cc")
        return value.lower()

    return Codec(read=read, empty="", blank_is_empty=True)


def boolean(*, empty: bool | None) -> Codec:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise WrongValue("must be true or false")
        return value

    return Codec(read=read, empty=empty)


def items(value: Any) -> list[Any]:
    """Return the items of a list.

    :raises WrongValue: when it is none.
    """
    if not isinstance(value, list):
        raise WrongValue("must be a list")
    return value


def read_id(value: Any) -> str:
    """Read an id in whatever case.

    :raises WrongValue: when it is none.
    """
    found = ids.normalise(value) if isinstance(value, str) else None
    if found is None:
        raise WrongValue("must be 24 hexadecimal characters")
    return found


def entry_id() -> Codec:
    """An id of another entry; whether that exists is looked up once the whole file is read."""
    return Codec(read=read_id, blank_is_empty=True)
