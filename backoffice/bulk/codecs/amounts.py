"""Amounts of money, percentages and the like: exact, whether the file writes numbers or texts."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from backoffice.bulk.codecs.base import Codec
from backoffice.bulk.problems import WrongValue
from config import money

_CURRENCY = re.compile(r"[A-Z]{3}")


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


def currency() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
            raise WrongValue("must be a currency code, for example EUR")
        return value

    return Codec(read=read, empty="EUR")
