"""How one value of the bulk form is read strictly and written so that it reads back as the same.

A codec's `read` takes the JSON value (never `None`: that is `empty`) and raises `WrongValue`; its
`write` gives the JSON value of a stored one.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers

from backoffice.bulk.problems import WrongValue
from booking.domain import cancellation_fees
from config import ids, instants, money
from organizations.domain import accounts
from sites_app.domain import countries, opening_hours

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_YEARS = range(1900, 2201)
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
        return self.read(value)


def text(*, longest: int | None = None, required: bool = False) -> Codec:
    """Text as it stands; a required one must not be blank."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        if _CONTROL.search(value):
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
        found = [one.parse(item) for item in _list(value)]
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


def decimal(
    *,
    digits: int = 10,
    places: int = 2,
    signed: bool = False,
    percent: bool = False,
    empty: Decimal | None = None,
) -> Codec:
    """An exact amount, written in the file as a number or as its text; not negative unless `signed`."""
    limit = 101 if percent else 10 ** (digits - places)

    def read(value: Any) -> Decimal:
        amount = _decimal(value)
        if amount != round(amount, places):
            raise WrongValue(f"must have at most {places} decimals")
        if percent and not 0 <= amount <= 100:
            raise WrongValue("must be between 0 and 100")
        if amount < 0 and not signed:
            raise WrongValue("must not be negative")
        if abs(amount) >= limit:
            raise WrongValue("is too large")
        return amount.quantize(Decimal(1).scaleb(-places))

    return Codec(read=read, write=money.json_number, empty=empty, blank_is_empty=True)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WrongValue("must be a number")
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise WrongValue("must be a number") from None
    if not amount.is_finite():
        raise WrongValue("must be a number")
    if abs(amount) >= 10**12:
        raise WrongValue("is too large")
    return amount


def option_price() -> Codec:
    """A price of a contract option: −1, as in the API, means the rate's own."""
    amount = decimal()

    def read(value: Any) -> Decimal | None:
        return None if _decimal(value) == -1 else amount.read(value)

    return Codec(read=read, write=money.json_number, blank_is_empty=True)


def monthly_price() -> Codec:
    """The price a month: text or number in, text out, as `/api/rooms` shows it."""
    amount = decimal()

    def write(value: Decimal | None) -> str:
        return "" if value is None else str(money.json_number(value))

    return Codec(read=amount.read, write=write, blank_is_empty=True)


def rental_price() -> Codec:
    """The rental price as people write it; it must contain one clear amount."""

    def read(value: Any) -> str:
        written = str(_decimal(value)) if isinstance(value, int | float) else value
        if not isinstance(written, str) or len(written) > 64:
            raise WrongValue("must be a short text or a number")
        try:
            money.parse_amount(written)
        except ValueError:
            raise WrongValue("must contain one clear amount, for example 1500€") from None
        return written

    return Codec(read=read, empty="", blank_is_empty=True)


def boolean(*, empty: bool) -> Codec:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise WrongValue("must be true or false")
        return value

    return Codec(read=read, empty=empty)


def _date(value: Any) -> dt.date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            found = dt.date.fromisoformat(value)
        except ValueError:
            raise WrongValue("is not a date of the calendar") from None
        if found.year in _YEARS:
            return found
    raise WrongValue("must be a date YYYY-MM-DD")


def date() -> Codec:
    return Codec(read=_date, write=_iso_or_empty, blank_is_empty=True)


def _iso_or_empty(value: dt.date | None) -> str:
    return value.isoformat() if value else ""


def clock_time() -> Codec:
    """A time on the wall, `HH:MM`."""

    def read(value: Any) -> dt.time:
        if isinstance(value, str) and _CLOCK.fullmatch(value):
            return dt.time.fromisoformat(value)
        raise WrongValue("must be a time HH:MM")

    return Codec(read=read, write=lambda value: f"{value:%H:%M}")


def dates() -> Codec:
    """A list of dates, kept in order and once each."""

    def read(value: Any) -> list[dt.date]:
        return sorted({_date(item) for item in _list(value)})

    def write(stored: list[dt.date]) -> list[str]:
        return [day.isoformat() for day in sorted(stored)]

    return Codec(read=read, write=write, empty=list)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A wall time read without zone; it becomes an instant once the site is known."""

    wall: dt.datetime

    def at(self, tz: dt.tzinfo) -> dt.datetime:
        """Return the instant in UTC.

        :raises WrongValue: when the zone's clocks skip that time.
        """
        try:
            return opening_hours.resolve_wall(self.wall, tz=tz)
        except opening_hours.NonExistentLocalTime as error:
            raise WrongValue(str(error)) from None


def moment(*, local: bool = False) -> Codec:
    """An ISO 8601 instant; without zone a `LocalTime` where `local`, else an error."""

    def read(value: Any) -> dt.datetime | LocalTime:
        found = _moment(value)
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
        if not local:
            raise WrongValue("must name its zone, for example 2026-01-31T09:00:00Z")
        return LocalTime(found)

    return Codec(read=read, write=write_moment, blank_is_empty=True)


def _moment(value: Any) -> dt.datetime:
    problem = WrongValue("must be an ISO 8601 date-time, for example 2026-01-31T09:00:00Z")
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise problem
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        raise problem from None
    if found.year not in _YEARS:
        raise problem
    return found


def write_moment(value: dt.datetime | None) -> str | None:
    """Write an instant in UTC, `2026-01-31T09:00:00Z`, with what fraction it has."""
    return None if value is None else instants.written(value)


def slots() -> Codec:
    """A slot string; it is stored as written, only trimmed."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        try:
            opening_hours.parse_slots(value)
        except opening_hours.SlotFormatError as error:
            raise WrongValue(error.message) from None
        if len(value) > 200:
            raise WrongValue("must be at most 200 characters")
        return value.strip()

    return Codec(read=read, empty="")


def time_zone() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not _is_zone(value):
            raise WrongValue("must be an IANA time zone, for example Europe/Paris")
        return value

    return Codec(read=read, empty="Europe/Paris")


@lru_cache(maxsize=512)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder of zones is an OSError
        return False
    return True


def currency() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
            raise WrongValue("must be a currency code, for example EUR")
        return value

    return Codec(read=read, empty="EUR")


def country(*, required: bool) -> Codec:
    """A country's code or name in, its lower-case code out."""

    def read(value: Any) -> str:
        found = countries.resolve(value) if isinstance(value, str) else None
        if found is None:
            raise WrongValue("must be a country's code or name, for example fr or France")
        return found

    def nothing() -> str:
        return read(None) if required else ""

    return Codec(read=read, write=str.lower, empty=nothing, blank_is_empty=not required)


def email(*, required: bool = False) -> Codec:
    def read(value: Any) -> str:
        try:
            return accounts.normalise_email(value if isinstance(value, str) else "")
        except accounts.InvalidEmail:
            raise WrongValue("must be an e-mail address") from None

    return Codec(
        read=read, empty=lambda: read(None) if required else "", blank_is_empty=not required
    )


def phone() -> Codec:
    """A phone number with its country code (`+33…` or `0033…`), stored in E.164."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        try:
            found = phonenumbers.parse(re.sub(r"^\s*00", "+", value))
        except phonenumbers.NumberParseException:
            found = None
        if found is None or not phonenumbers.is_possible_number(found):
            raise WrongValue("must be a phone number with country code, for example +33123456789")
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)

    return Codec(read=read, empty="", blank_is_empty=True)


def web_address() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise WrongValue("must be an http or https address")
        if len(value) > 500:
            raise WrongValue("must be at most 500 characters")
        return value

    return Codec(read=read, empty="", blank_is_empty=True)


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
        for item in _list(value):
            if not isinstance(item, dict) or not all(map(_is_text, item.values())):
                raise WrongValue("must be a list of dates, each with date, code and message")
            on = _date(item.get("date")).isoformat()
            code, message = item.get("code", ""), item.get("message", "")
            found.append({"date": on, "code": code, "message": message})
        return found

    return Codec(read=read, empty=list)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def json_list() -> Codec:
    return Codec(read=lambda value: _list(value), empty=list)


def _list(value: Any) -> list[Any]:
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
