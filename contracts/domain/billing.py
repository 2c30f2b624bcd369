"""What an organization owes for a month: rent, options, meetings, each line with its VAT.

The rental price is the agreed rent of all rooms together; without one each room's own price counts.
Source: Public API, GET /api/organization-info, `basePrice`; public-api, section 7.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from booking.domain import vat
from config.money import quantize_cents
from contracts.domain import months, option_pricing
from contracts.domain.months import Days
from contracts.domain.option_pricing import Charge, ChargeKind, OptionTerms, ProRata

PREPAID_KEYS = frozenset({"service_by_month_prepaid"})


class Kind(StrEnum):
    """What a line is for."""

    RENT = "rent"
    ROOM = "room"
    OPTION = "option"
    PROMO = "promo"
    SETUP = "setup"
    MEETING = "meeting"
    CANCELLATION = "cancellation"


_OPTION_KINDS = {
    ChargeKind.REGULAR: Kind.OPTION,
    ChargeKind.PROMO: Kind.PROMO,
    ChargeKind.SETUP: Kind.SETUP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRule:
    """A fixed rate in per cent or, without one, the country's standard rate of the day."""

    country: str
    rate: Decimal | None = None

    def on(self, day: dt.date) -> Decimal:
        return vat.standard_rate(country=self.country, on=day) if self.rate is None else self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is paid for: its name, its id, the currency and VAT that apply; `key` is an option's."""

    label: str
    reference: str
    currency: str
    vat: VatRule
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rent:
    """A monthly net price for a room, or for all of them, from a first to a last day."""

    kind: Kind
    subject: Subject
    price: Decimal
    first_on: dt.date | None = None
    last_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An option on contract."""

    subject: Subject
    terms: OptionTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A meeting that took place, or the fee for one that was cancelled; net, on the site's day."""

    kind: Kind
    subject: Subject
    net: Decimal
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One net amount with its VAT, rounded half-up."""

    kind: Kind
    subject: Subject
    days: Days
    quantity: int
    unit_price: Decimal
    net: Decimal
    vat_rate: Decimal

    @property
    def vat(self) -> Decimal:
        return quantize_cents(self.net * self.vat_rate / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of lines."""

    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that an organization's month depends on; `prepaid` holds the ids of options paid for already."""

    rents: Sequence[Rent] = ()
    ordered: Sequence[Ordered] = ()
    used: Sequence[Used] = ()
    prepaid: Set[str] = frozenset()


def bill(facts: Facts, month: Days, *, pro_rata: ProRata) -> list[Line]:
    """List what the facts cost in a month: rents, then options, then meetings in order of time.

    Lines of nothing are left out. What is prepaid is charged for the following month, and for this
    one too when the statement before did not.
    """
    lines = [
        *(line for rent in facts.rents for line in _rent(rent, month, pro_rata=pro_rata)),
        *(line for one in facts.ordered for line in _ordered(one, month, facts, pro_rata)),
        *(_used(one) for one in sorted(facts.used, key=lambda one: one.on)),
    ]
    return [line for line in lines if line.net]


def totals(lines: Iterable[Line]) -> Totals:
    """Add up lines of one currency."""
    found = list(lines)
    return Totals(
        net=sum((line.net for line in found), Decimal(0)),
        vat=sum((line.vat for line in found), Decimal(0)),
    )


def _rent(rent: Rent, month: Days, *, pro_rata: ProRata) -> Iterator[Line]:
    days = month.within(rent.first_on, rent.last_on)
    if days is not None:
        yield Line(
            kind=rent.kind,
            subject=rent.subject,
            days=days,
            quantity=1,
            unit_price=rent.price,
            net=option_pricing.part_of_month(rent.price, days, pro_rata=pro_rata),
            vat_rate=rent.subject.vat.on(days.last),
        )


def _ordered(one: Ordered, month: Days, facts: Facts, pro_rata: ProRata) -> Iterator[Line]:
    for service_month in _service_months(one, month, facts):
        for charge in option_pricing.charges(one.terms, service_month, pro_rata=pro_rata):
            yield _line(one.subject, charge)


def _service_months(one: Ordered, month: Days, facts: Facts) -> list[Days]:
    if one.subject.key not in PREPAID_KEYS:
        return [month]
    ahead = months.following(month)
    return [ahead] if one.subject.reference in facts.prepaid else [month, ahead]


def _line(subject: Subject, charge: Charge) -> Line:
    return Line(
        kind=_OPTION_KINDS[charge.kind],
        subject=subject,
        days=charge.days,
        quantity=charge.quantity,
        unit_price=charge.unit_price,
        net=charge.net,
        vat_rate=subject.vat.on(charge.days.last),
    )


def _used(one: Used) -> Line:
    return Line(
        kind=one.kind,
        subject=one.subject,
        days=Days(one.on, one.on),
        quantity=1,
        unit_price=one.net,
        net=one.net,
        vat_rate=one.subject.vat.on(one.on),
    )
