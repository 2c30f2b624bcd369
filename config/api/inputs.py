"""Reading query strings and JSON bodies strictly: what is accepted, and the sentence for what is not.

Source: public-api, section 6, Requests. A missing value is absent, `null` or blank; a number in JSON is a
JSON number, in a query string it is text; `60.0` is an integer, `60.5` is not.
"""

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from config import ids
from config.api.errors import BodyTooLarge, InvalidInput
from config.typed_fields import CONTROL_CHARACTERS

MAX_DEPTH = 20
MAX_ITEMS = 1000
MAX_TEXT = 10_000


class StrictJSONParser(BaseParser):
    """Parses JSON bodies of bounded size and depth; refuses NaN, infinities and repeated keys."""

    media_type = "application/json"
    max_bytes: int | None = None
    """How long a body may be where the setting does not say it."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,  # noqa: ARG002 - the parser's interface
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - the parser's interface
    ) -> Any:
        most = self.max_bytes or settings.API_MAX_BODY_BYTES
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise BodyTooLarge
        try:
            value = json.loads(
                raw.decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_no_constant,
                parse_float=_finite,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError("Malformed JSON") from error
        _check_bounds(value, depth=0)
        return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("Malformed JSON: a key is repeated")
    if any(map(CONTROL_CHARACTERS.search, found)):  # refusals name keys, and answers must be text
        raise ParseError("Malformed JSON: a key holds control characters")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParseError("Malformed JSON: a number is out of range")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ParseError(f"Malformed JSON: {name} is not a JSON number")


def _check_bounds(value: Any, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ParseError(f"Malformed JSON: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        children: Sequence[Any] = list(value.values())
    elif isinstance(value, list):
        children = value
    else:
        return
    if len(children) > MAX_ITEMS:
        raise ParseError(f"Malformed JSON: more than {MAX_ITEMS} items")
    for child in children:
        _check_bounds(child, depth=depth + 1)


@dataclass(frozen=True)
class Reader:
    """Reads named values out of a body or a query string, each with the documented sentence when it is wrong.

    `from_text` says that numbers and booleans arrive as text (query strings).
    """

    values: Mapping[str, Any]
    from_text: bool = False

    def raw(self, name: str) -> Any:
        """Return the value as sent, or None when it is absent, `null` or blank."""
        value = self.values.get(name)
        if isinstance(value, str) and not value.strip():
            return None
        return value

    def require(self, *names: str) -> None:
        """Refuse when one of `names` is missing, naming the first."""
        for name in names:
            if self.raw(name) is None:
                raise InvalidInput(f"Missing required parameter: {name}")

    def text(self, name: str, *, max_length: int = MAX_TEXT, default: str = "") -> str:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise InvalidInput(f"Invalid {name}: must be a string")
        if CONTROL_CHARACTERS.search(value):
            raise InvalidInput(f"Invalid {name}: must not contain control characters")
        if len(value) > max_length:
            raise InvalidInput(f"Invalid {name}: must be at most {max_length} characters")
        return value.strip()

    def line(self, name: str, *, max_length: int = 200, default: str = "") -> str:
        """Read a text of one line: line breaks become spaces, so that it is safe in headers and subjects."""
        return " ".join(self.text(name, max_length=max_length, default=default).split())

    def integer(
        self,
        name: str,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        default: int | None = None,
    ) -> int | None:
        value = self.raw(name)
        if value is None:
            return default
        number = self._number(name, value)
        if number != int(number):
            raise InvalidInput(f"Invalid {name}: must be a whole number")
        whole = int(number)
        if abs(whole) > 2**31 - 1:
            raise InvalidInput(f"Invalid {name}: number out of range")
        if minimum is not None and whole < minimum:
            raise InvalidInput(f"Invalid {name}: must be at least {minimum}")
        if maximum is not None and whole > maximum:
            raise InvalidInput(f"Invalid {name}: must be at most {maximum}")
        return whole

    def number(self, name: str) -> int | float | None:
        value = self.raw(name)
        return None if value is None else self._number(name, value)

    def _number(self, name: str, value: Any) -> int | float:
        if self.from_text and isinstance(value, str):
            try:
                value = float(value) if re.search(r"[.eE]", value) else int(value)
            except (ValueError, OverflowError):
                raise InvalidInput(f"Invalid {name}: must be a number") from None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidInput(f"Invalid {name}: must be a number")
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(f"Invalid {name}: must be a number")
        return value

    def boolean(self, name: str, *, default: bool = False) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if self.from_text and isinstance(value, str) and value.lower() in _BOOLEANS:
            return _BOOLEANS[value.lower()]
        if not isinstance(value, bool):
            raise InvalidInput(f"Invalid {name}: must be true or false")
        return value

    def choice(self, name: str, *, among: Sequence[str], default: str = "") -> str:
        value = self.text(name, max_length=100, default=default)
        if value and value not in among:
            raise InvalidInput(f"Invalid {name}: must be one of {', '.join(among)}")
        return value

    def object_id(self, name: str, *, message: str) -> str | None:
        """Read an id in lower case; `message` is the endpoint's own sentence for a malformed one."""
        value = self.raw(name)
        if value is None:
            return None
        found = ids.normalise(value) if isinstance(value, str) else None
        if found is None:
            raise InvalidInput(message)
        return found

    def moment(self, name: str) -> dt.datetime | None:
        """Read an ISO 8601 date-time with or without zone (then it is naive: the site's local time)."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise InvalidInput(f"Invalid {name}: must be an ISO 8601 date-time")
        return parse_moment(value, name=name)


_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|z|[+-]\d{2}:?\d{2})?)?"
)


def parse_moment(text: str, *, name: str) -> dt.datetime:
    """Parse ISO 8601; a date alone is its midnight.

    A `+` that a query string turned into a space is understood.
    """
    cleaned = re.sub(r" (\d{2}:?\d{2})$", r"+\1", text.strip()) if "T" in text else text.strip()
    problem = InvalidInput(f"Invalid {name}: must be an ISO 8601 date-time")
    if not _ISO.fullmatch(cleaned):
        raise problem
    try:
        moment = dt.datetime.fromisoformat(cleaned.replace(",", ".").replace("z", "Z"))
        if not 1970 <= moment.year <= 2200:
            raise problem
        return moment
    except ValueError:
        raise problem from None


def body(request: Any) -> Reader:
    """Read a JSON object body."""
    if not isinstance(request.data, dict):
        raise InvalidInput("Invalid body: must be a JSON object")
    return Reader(request.data)


def query(request: HttpRequest | Any) -> Reader:
    """Read the query string; of a repeated parameter the last counts."""
    return Reader(request.GET.dict(), from_text=True)
