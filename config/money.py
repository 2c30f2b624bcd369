"""Money: exact decimals, cents rounded half-up, and amounts as people type them."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import overload

_CENT = Decimal("0.01")
_CURRENCY = r"(?:€|\$|£|eur|euros?|usd|gbp|chf)"
_SPACES_AND_APOSTROPHES = re.compile(r"[\s'’]")
# Three digits after a mark are thousands ("1.500" is fifteen hundred): prices have two decimals.
# At most eight digits before the decimal mark, so that the amount fits its column.
_AMOUNT = re.compile(
    rf"""
    (?:{_CURRENCY}\ ?)?
    (?P<whole>
        [1-9][0-9]{{0,2}} (?P<group>[.,\ ]) [0-9]{{3}} (?:(?P=group)[0-9]{{3}})?
      | [0-9]{{1,8}}
    )
    (?: (?!(?P=group)) [.,] (?P<cents>[0-9]{{1,2}}) )?
    (?:\ ?{_CURRENCY})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MAX_WHOLE_DIGITS = 8


def quantize_cents(amount: Decimal) -> Decimal:
    """Round to two decimals, halves away from zero (0.125 becomes 0.13)."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@overload
def json_number(amount: Decimal) -> int | float: ...
@overload
def json_number(amount: None) -> None: ...
def json_number(amount: Decimal | None) -> int | float | None:
    """Give the JSON number without a needless `.0`: 100, 37.5; no amount stays None.

    :raises ValueError: for NaN and infinity, which JSON cannot say.
    """
    if amount is None:
        return None
    if not amount.is_finite():
        raise ValueError("Only a finite amount can be written as JSON")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def parse_amount(text: str) -> Decimal:
    """Read an amount as people write it in France, Belgium and Ireland.

    "1500€", "1 500,50 €", "€1,500.50", "1.500,50" and "1500.5" are read; a lone mark followed by
    three digits groups thousands. Amounts are below 100 million and never negative.

    :raises ValueError: when the text is not one clear amount.
    Source: Public API, POST /api/merge-contract, `rentalPrice`.
    """
    match = _AMOUNT.fullmatch(_SPACES_AND_APOSTROPHES.sub(" ", text.strip()))
    if match is None:
        raise ValueError(f"Not an amount: {text[:40]!r}")
    whole = re.sub("[^0-9]", "", match["whole"])
    if len(whole) > _MAX_WHOLE_DIGITS:
        raise ValueError(f"Amount too large: {text[:40]!r}")
    return Decimal(f"{whole}.{match['cents'] or 0}")
