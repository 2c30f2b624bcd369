"""Prices: meetings by the cheapest cover of their duration, offices by week or month.

Nets and rates are exact decimals; every line is rounded to cents, halves up, and so is its VAT.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from booking.domain import vat
from config.money import quantize_cents

MINUTES_PER_HOUR = 60
MINUTES_PER_HALF_DAY = 4 * MINUTES_PER_HOUR
MINUTES_PER_DAY = 8 * MINUTES_PER_HOUR
DEFAULT_STEP_MINUTES = 30

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Label(StrEnum):
    """What a line is for; pages and the API give it words in the reader's language."""

    HOUR = "hour"
    HALF_DAY = "half_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SUPPLEMENT = "supplement"
    MEMBER_DISCOUNT = "member_discount"


class Unit(StrEnum):
    HOUR = "hour"
    HALF_DAY = "half_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    PERSON = "person"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPrices:
    """A room's net prices; 0 means that the room is not sold by that unit."""

    hour: Decimal = ZERO
    half_day: Decimal = ZERO
    day: Decimal = ZERO
    week: Decimal = ZERO
    month: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the price depends on besides the room: who comes, and on what terms.

    The supplement is due once per booking for each person beyond `included_persons` (the room's
    least number of persons). The discount takes per cents off the room, not off supplements.

    :raises ValueError: when the discount is not within 0 and 100.
    """

    persons: int = 1
    included_persons: int = 0
    supplement_per_person: Decimal = ZERO
    discount_percent: Decimal = ZERO

    def __post_init__(self) -> None:
        if not ZERO <= self.discount_percent <= HUNDRED:
            raise ValueError("A discount lies between 0 and 100 per cent")

    @property
    def supplemented_persons(self) -> int:
        return max(0, self.persons - self.included_persons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Where and when the price is due: VAT follows the site's country on the local date."""

    country: str
    on: date
    currency: str = "EUR"

    @property
    def vat_rate(self) -> Decimal:
        return vat.standard_rate(country=self.country, on=self.on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of a quote: `quantity` may be a fraction of hours; a discount's net is negative.

    `vat_rate` is in per cent.
    """

    label_code: Label
    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    net: Decimal
    vat_rate: Decimal

    @property
    def vat(self) -> Decimal:
        return quantize_cents(self.net * self.vat_rate / HUNDRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    net: Decimal
    vat_rate: Decimal
    gross: Decimal
    currency: str
    lines: tuple[PriceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """One way to cover a duration: whole days and half days, the minutes left by the hour."""

    days: int
    half_days: int
    minutes: int

    def cost_times_60(self, prices: RoomPrices) -> Decimal:
        """Price the cover without a division, hence exactly."""
        blocks = self.days * prices.day + self.half_days * prices.half_day
        return MINUTES_PER_HOUR * blocks + self.minutes * prices.hour


def quote_meeting(
    *,
    prices: RoomPrices,
    duration_minutes: int,
    sale: Sale,
    step_minutes: int = 0,
    customer: Customer = Customer(),
) -> Quote | None:
    """Quote the cheapest cover of the duration by days, half days and hours.

    The duration is first rounded up to the step (30 minutes if 0); hours are charged pro rata.
    The net never falls as the duration grows. None when the room is sold by none of the three.

    :raises ValueError: for a duration below one minute.
    Source: Public API, GET /api/room-price; booking rule R11.
    """
    if duration_minutes < 1:
        raise ValueError("A meeting lasts at least a minute")
    minutes = _rounded_up(duration_minutes, step_minutes or DEFAULT_STEP_MINUTES)
    covers = list(_covers_worth_trying(minutes, prices))
    if not covers:
        return None
    # Of two equal prices the one with the longer blocks: it says "1 day", not "8 hours".
    cheapest = min(
        covers, key=lambda cover: (cover.cost_times_60(prices), -cover.days, -cover.half_days)
    )
    return _quote(
        [*_cover_lines(cheapest, prices, sale), *_supplement_lines(customer, sale)], customer, sale
    )


def quote_office(
    *,
    prices: RoomPrices,
    period: Literal["week", "month"],
    sale: Sale,
    customer: Customer = Customer(),
) -> Quote | None:
    """Quote a month, or a week: its own price, else month × 12 / 52 rounded to cents.

    None when the room has no price for that period. Persons do not change the price.
    Source: Public API, GET /api/room-price, offices.
    """
    if period == "month":
        price, label, unit = prices.month, Label.MONTH, Unit.MONTH
    else:
        weekly = prices.week if prices.week > 0 else quantize_cents(prices.month * 12 / 52)
        price, label, unit = weekly, Label.WEEK, Unit.WEEK
    if price <= 0:
        return None
    return _quote([_line(label, Decimal(1), unit, price, sale)], customer, sale)


def _rounded_up(minutes: int, step: int) -> int:
    return -(-minutes // step) * step


def _covers_worth_trying(minutes: int, prices: RoomPrices) -> Iterator[_Cover]:
    """Yield the covers among which the cheapest always is, however long the duration.

    A block that beats the shorter ones is taken as often as it fits, or once more; one that does
    not is never taken. So its count is zero, the whole times it fits, or one above.
    """
    for days in _counts(minutes, MINUTES_PER_DAY, prices.day):
        beyond_days = max(0, minutes - days * MINUTES_PER_DAY)
        for half_days in _counts(beyond_days, MINUTES_PER_HALF_DAY, prices.half_day):
            rest = max(0, beyond_days - half_days * MINUTES_PER_HALF_DAY)
            if rest == 0 or prices.hour > 0:
                yield _Cover(days=days, half_days=half_days, minutes=rest)


def _counts(minutes: int, block_minutes: int, price: Decimal) -> set[int]:
    fitting = minutes // block_minutes
    return {0, fitting, fitting + 1} if price > 0 and minutes > 0 else {0}


def _cover_lines(cover: _Cover, prices: RoomPrices, sale: Sale) -> Iterator[PriceLine]:
    if cover.days:
        yield _line(Label.DAY, Decimal(cover.days), Unit.DAY, prices.day, sale)
    if cover.half_days:
        count = Decimal(cover.half_days)
        yield _line(Label.HALF_DAY, count, Unit.HALF_DAY, prices.half_day, sale)
    if cover.minutes:
        hours = Decimal(cover.minutes) / MINUTES_PER_HOUR
        # The net comes from the minutes: a third of an hour has no exact decimal.
        net = prices.hour * cover.minutes / MINUTES_PER_HOUR
        yield _line(Label.HOUR, hours, Unit.HOUR, prices.hour, sale, net=net)


def _supplement_lines(customer: Customer, sale: Sale) -> Iterator[PriceLine]:
    persons = customer.supplemented_persons
    if persons and customer.supplement_per_person > 0:
        price = customer.supplement_per_person
        yield _line(Label.SUPPLEMENT, Decimal(persons), Unit.PERSON, price, sale)


def _line(
    label: Label,
    quantity: Decimal,
    unit: Unit,
    unit_price: Decimal,
    sale: Sale,
    *,
    net: Decimal | None = None,
) -> PriceLine:
    return PriceLine(
        label_code=label,
        quantity=quantity,
        unit=unit,
        unit_price=unit_price,
        net=quantize_cents(quantity * unit_price if net is None else net),
        vat_rate=sale.vat_rate,
    )


def _quote(lines: list[PriceLine], customer: Customer, sale: Sale) -> Quote:
    room_net = sum((line.net for line in lines if line.label_code != Label.SUPPLEMENT), ZERO)
    percent = customer.discount_percent
    if percent:
        # Rounding the discount once, over the whole room, keeps the price from ever falling.
        net = -room_net * percent / HUNDRED
        lines = [
            *lines,
            _line(Label.MEMBER_DISCOUNT, percent, Unit.PERCENT, -room_net / HUNDRED, sale, net=net),
        ]
    net = sum((line.net for line in lines), ZERO)
    return Quote(
        net=net,
        vat_rate=sale.vat_rate,
        gross=net + sum((line.vat for line in lines), ZERO),
        currency=sale.currency,
        lines=tuple(lines),
    )
