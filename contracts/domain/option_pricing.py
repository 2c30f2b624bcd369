"""What an ordered option costs in a month: promotional months, quantity, parts of months, setup fees.

Source: Public API, GET /api/contract-options, "Pricing Logic"; public-api, section 2, merge-contract.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from config.money import quantize_cents
from contracts.domain import months
from contracts.domain.months import A_DAY, Days


class ProRata(StrEnum):
    """How a month is charged of which a contract covers a part."""

    BY_DAY = "day"
    FULL_MONTH = "month"


class ChargeKind(StrEnum):
    REGULAR = "regular"
    PROMO = "promo"
    SETUP = "setup"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTerms:
    """An option's net monthly prices (None: not priced yet) and its time; no start means always."""

    price: Decimal | None
    promo: Decimal | None = None
    promo_months: int = 0
    quantity: int = 1
    setup_fees: Decimal = Decimal(0)
    start_on: dt.date | None = None
    end_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A net amount for some days."""

    kind: ChargeKind
    days: Days
    quantity: int
    unit_price: Decimal
    net: Decimal


def part_of_month(amount: Decimal, days: Days, *, pro_rata: ProRata) -> Decimal:
    """Return what some days of one month cost of a monthly amount, in cents, half-up."""
    if pro_rata == ProRata.FULL_MONTH:
        return quantize_cents(amount)
    return quantize_cents(amount * days.count / months.month_of(days.first).count)


def charges(terms: OptionTerms, month: Days, *, pro_rata: ProRata) -> list[Charge]:
    """List what the option costs in a month: setup fees in its first, its promotion in the first ones.

    The promotion counts months from the option's start, to the day: from 15 January three months
    end with 14 April. By full months the price of the first charged day counts for all of it.
    """
    days = month.within(terms.start_on, terms.end_on)
    if days is None or terms.price is None:
        return []
    return [*_setup(terms, month), *_monthly(terms, days, pro_rata=pro_rata)]


def _setup(terms: OptionTerms, month: Days) -> list[Charge]:
    start = terms.start_on
    if start is None or not month.first <= start <= month.last or not terms.setup_fees:
        return []
    return [
        Charge(
            kind=ChargeKind.SETUP,
            days=Days(start, start),
            quantity=1,
            unit_price=terms.setup_fees,
            net=quantize_cents(terms.setup_fees),
        )
    ]


def _monthly(terms: OptionTerms, days: Days, *, pro_rata: ProRata) -> list[Charge]:
    assert terms.price is not None
    promo_last = promo_end(terms)
    if promo_last is None or terms.promo is None or days.first > promo_last:
        return [_charge(ChargeKind.REGULAR, terms.price, terms, days, pro_rata=pro_rata)]
    if pro_rata == ProRata.FULL_MONTH or days.last <= promo_last:
        return [_charge(ChargeKind.PROMO, terms.promo, terms, days, pro_rata=pro_rata)]
    parts: Sequence[tuple[ChargeKind, Decimal, Days]] = (
        (ChargeKind.PROMO, terms.promo, Days(days.first, promo_last)),
        (ChargeKind.REGULAR, terms.price, Days(promo_last + A_DAY, days.last)),
    )
    return [_charge(kind, price, terms, part, pro_rata=pro_rata) for kind, price, part in parts]


def promo_end(terms: OptionTerms) -> dt.date | None:
    """Return the last day of the promotional price, or None without one."""
    if terms.promo is None or terms.promo_months < 1 or terms.start_on is None:
        return None
    return months.later(terms.start_on, months=terms.promo_months) - A_DAY


def _charge(
    kind: ChargeKind, unit_price: Decimal, terms: OptionTerms, days: Days, *, pro_rata: ProRata
) -> Charge:
    return Charge(
        kind=kind,
        days=days,
        quantity=terms.quantity,
        unit_price=unit_price,
        net=part_of_month(unit_price * terms.quantity, days, pro_rata=pro_rata),
    )
