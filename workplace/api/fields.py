"""Named values of a call to the Workplace API, each read as what it must be; all that is wrong is told.

A missing value is absent or `null`, in a query string also blank. Source: workplace-api, section 0;
section 13, Errors.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from config import ids
from config.typed_fields import CONTROL_CHARACTERS
from workplace.domain import times
from workplace.domain.refusals import Detail, Invalid
from workplace.domain.times import BadTime, Edge, Span

MOST_VALUES = 200
MOST_ITEMS = 1000
LONGEST_NAME = 200
_MOST = 2**31 - 1
_BOOLEANS = {"true": True, "false": False}
BAD_ID = "must be an id of 24 hexadecimal characters"
_INTEGER = re.compile(r"[+-]?\d{1,30}")


@dataclass(slots=True)
class Problems:
    """What is wrong with one call, or with one item of it that fails alone."""

    found: list[Detail] = field(default_factory=list)

    def note(self, path: str, message: str, *, code: str = "") -> None:
        self.found.append(Detail(path=path, message=message, code=code))

    def refuse(self) -> None:
        """Refuse the call when anything is wrong.

        :raises Invalid: with every problem.
        """
        if self.found:
            raise Invalid(self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Named values of a body, an item of it, or a query string, whose values are all text.

    Each method returns the value, or None when it is missing or wrong; `problems` knows which.
    """

    values: Mapping[str, Any]
    problems: Problems = field(default_factory=Problems)
    at: str = ""
    from_text: bool = False

    def path(self, name: str) -> str:
        """Return where a value stands in the call, as `allocations[0].zone_id`."""
        return f"{self.at}.{name}" if self.at else name

    def note(self, name: str, message: str, *, code: str = "") -> None:
        """Note what is wrong with a value."""
        self.problems.note(self.path(name), message, code=code)

    def has(self, name: str) -> bool:
        """Say whether a value was sent, `null` included."""
        return name in self.values

    def raw(self, name: str) -> Any:
        """Return a value as it was sent; None when it is missing."""
        value = self.values.get(name)
        if self.from_text and isinstance(value, str) and not value.strip():
            return None
        return value

    def only(self, *names: str) -> None:
        """Note every field beside these."""
        for name in self.values:
            if name not in names:
                shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
                self.note(shown, "is not known", code="unknown_field")

    def require(self, *names: str) -> None:
        """Note every one of these that is missing."""
        for name in names:
            if self.raw(name) is None:
                self.note(name, "is required", code="required")

    def text(self, name: str, *, max_length: int = LONGEST_NAME) -> str | None:
        """Read a text without its outer blanks; one without anything else counts as missing."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(name, "must be a string")
            return None
        if CONTROL_CHARACTERS.search(value):
            self.note(name, "must not contain control characters")
            return None
        if len(value) > max_length:
            self.note(name, f"must be at most {max_length} characters")
            return None
        return value.strip() or None

    def integer(self, name: str, *, minimum: int = -_MOST, maximum: int = _MOST) -> int | None:
        value = self.raw(name)
        if self.from_text and isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(name, "must be a whole number")
            return None
        return value if self._is_within(name, value, minimum, maximum) else None

    def number(self, name: str, *, minimum: float = -_MOST, maximum: float = _MOST) -> float | None:
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(name, "must be a number")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.note(name, "must be a number")
            return None
        return float(value) if self._is_within(name, value, minimum, maximum) else None

    def _is_within(self, name: str, value: float, minimum: float, maximum: float) -> bool:
        if value < minimum:
            self.note(name, f"must be at least {minimum}")
        elif value > maximum:
            self.note(name, f"must be at most {maximum}")
        return minimum <= value <= maximum

    def boolean(self, name: str) -> bool | None:
        value = self.raw(name)
        if self.from_text and isinstance(value, str):
            value = _BOOLEANS.get(value.strip().lower(), value)
        if value is None or isinstance(value, bool):
            return value
        self.note(name, "must be true or false")
        return None

    def choice(self, name: str, *, among: Sequence[str], any_case: bool = False) -> str | None:
        value = self.raw(name)
        if any_case and isinstance(value, str):
            value = value.strip().lower()
        if value is None or (isinstance(value, str) and value in among):
            return value
        self.note(name, f"must be one of {', '.join(among)}")
        return None

    def id(self, name: str) -> str | None:
        """Read an id in lower case."""
        value = self.raw(name)
        if value is None:
            return None
        found = ids.normalise(value) if isinstance(value, str) else None
        if found is None:
            self.note(name, BAD_ID)
        return found

    def day(self, name: str) -> dt.date | None:
        """Read a date, `YYYY-MM-DD`; a blank parameter is no date, and wrong."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            return times.day(value if isinstance(value, str) else "")
        except BadTime as error:
            self.note(name, error.message)
            return None

    def zone(self, name: str = "timezone") -> ZoneInfo | None:
        """Read an IANA time zone."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            return times.zone(value if isinstance(value, str) else "")
        except BadTime as error:
            self.note(name, error.message)
            return None

    def instant(
        self,
        name: str,
        *,
        edge: Edge = Edge.START,
        read_in: ZoneInfo | None = None,
        day_zone: dt.tzinfo = dt.UTC,
    ) -> dt.datetime | None:
        """Read a date-time, or a date as its first or last moment. See `times.instant` for the zones."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            text = value if isinstance(value, str) else ""
            return times.instant(text, edge=edge, read_in=read_in, day_zone=day_zone)
        except BadTime as error:
            self.note(name, error.message, code=error.sub_code)
            return None

    def is_naive(self, name: str) -> bool:
        """Say whether a value is a date, or a date-time without a zone of its own."""
        value = self.raw(name)
        return isinstance(value, str) and times.is_naive(value)

    def span(self, *, day_zone: dt.tzinfo = dt.UTC) -> Span:
        """Read `starts_at`, `ends_at` and the `timezone` in which their digits are meant."""
        read_in = self.zone()
        start = self.instant("starts_at", read_in=read_in, day_zone=day_zone)
        end = self.instant("ends_at", edge=Edge.END, read_in=read_in, day_zone=day_zone)
        if start and end and start > end:
            self.note("starts_at", "must not be after ends_at")
        return Span(start, end)

    def array(self, name: str, *, most: int = MOST_ITEMS) -> Sequence[Any] | None:
        """Read a JSON array of any values."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, list):
            self.note(name, "must be an array")
            return None
        if len(value) > most:
            self.note(name, f"must have at most {most} items")
            return None
        return value

    def items(self, name: str, *, most: int = MOST_ITEMS) -> Sequence["Fields"]:
        """Read a JSON array of objects; each notes its problems with this one's."""
        return list(self._items(name, self.array(name, most=most) or ()))

    def _items(self, name: str, found: Sequence[Any]) -> Iterator["Fields"]:
        for number, value in enumerate(found):
            at = f"{self.path(name)}[{number}]"
            if isinstance(value, dict):
                yield Fields(values=value, problems=self.problems, at=at)
            else:
                self.problems.note(at, "must be an object")

    def ids(self, name: str, *, most: int = MOST_ITEMS) -> Sequence[str] | None:
        """Read a JSON array of ids, each once."""
        found = self.array(name, most=most)
        if found is None:
            return None
        read = [ids.normalise(each) if isinstance(each, str) else None for each in found]
        for number, value in enumerate(read):
            if value is None:
                self.problems.note(f"{self.path(name)}[{number}]", BAD_ID)
        return list(dict.fromkeys(value for value in read if value))

    def texts(
        self, name: str, *, most: int = MOST_VALUES, max_length: int = LONGEST_NAME
    ) -> Sequence[str] | None:
        """Read a JSON array of texts."""
        found = self.array(name, most=most)
        if found is None:
            return None
        inner = Fields(values={f"{n}": each for n, each in enumerate(found)})
        read = [inner.text(f"{number}", max_length=max_length) for number in range(len(found))]
        for detail in inner.problems.found:
            self.problems.note(f"{self.path(name)}[{detail.path}]", detail.message)
        return [value for value in read if value]
