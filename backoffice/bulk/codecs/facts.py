"""Objects and lists that are kept much as they are."""

from collections.abc import Callable
from typing import Any

from backoffice.bulk.codecs.base import Codec, items
from backoffice.bulk.codecs.times import read_date
from backoffice.bulk.problems import WrongValue
from booking.domain import cancellation_fees


def cancellation_terms(default: Callable[[], Any]) -> Codec:
    def read(value: Any) -> Any:
        try:
            cancellation_fees.parse_terms(value)
        except ValueError as error:
            raise WrongValue(str(error)) from None
        return value

    return Codec(read=read, empty=default)


def json_object(*, empty: Callable[[], dict[str, Any]] | None = None) -> Codec:
    """Facts kept as they are."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise WrongValue("must be an object")
        return value

    return Codec(read=read, empty=empty)


def skipped_dates() -> Codec:
    """The dates that a series could not have: each with its date, code and message."""

    def read(value: Any) -> list[dict[str, str]]:
        found = []
        for item in items(value):
            if not isinstance(item, dict) or not all(map(_is_text, item.values())):
                raise WrongValue("must be a list of dates, each with date, code and message")
            on = read_date(item.get("date")).isoformat()
            code, message = item.get("code", ""), item.get("message", "")
            found.append({"date": on, "code": code, "message": message})
        return found

    return Codec(read=read, empty=list)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def json_list() -> Codec:
    return Codec(read=lambda value: items(value), empty=list)
