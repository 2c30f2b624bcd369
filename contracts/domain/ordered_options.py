"""Ordered options: what an organization subscribes to, changed under its row's lock.

Source: Public API, POST /api/merge-contract, "Contract Option Format"; public-api, section 6, "Contracts".
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.errors import DomainError
from contracts import selectors
from contracts.domain import option_numbers
from contracts.domain.list_changes import ListChange
from contracts.models import ContractOption, Rate
from organizations.models import Organization


class OptionNotFound(DomainError):
    """The option model does not exist, or none of the organization's sites offers it."""

    code = "CONTRACT_OPTION_NOT_FOUND"
    status = 404
    message = "Contract option not found"


class OptionHeldTwice(DomainError):
    """An organization has one of these at most."""

    code = "CONTRACT_OPTION_HELD_TWICE"
    status = 409

    def __init__(self, key: str) -> None:
        super().__init__(f"Contract option {key} can only be subscribed once per organization")


class InvalidOptionDates(DomainError):
    """The option would end before it starts."""

    code = "INVALID_OPTION_DATES"
    message = "Invalid endAt: must not be before startAt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A wish for an option; prices of None are the rate's, dates of None the contract's."""

    rate_id: str
    name: str = ""
    quantity: int = 1
    price: Decimal | None = None
    price_promo: Decimal | None = None
    promo_months: int | None = None
    start_on: dt.date | None = None
    end_on: dt.date | None = None


OptionChange = ListChange[Order, int]


def write(organization: Organization, change: OptionChange, *, now: dt.datetime) -> bool:
    """Replace, remove and add options, in that order; tell whether anything changed.

    New options, replacing ones too, get new ids. An id that is not there is passed over.

    :raises OptionNotFound: :raises OptionHeldTwice: :raises InvalidOptionDates:
    """
    if change.is_none:
        return False
    rates = _rates(organization, [*(change.replacement or ()), *change.additions], now=now)
    stored = ContractOption.objects.filter(organization=organization)
    gone = 0
    if change.replacement is not None:
        gone, _each = stored.delete()
        _add(organization, change.replacement, rates)
    removed, _each = stored.filter(number__in=change.removals).delete()
    _add(organization, change.additions, rates)
    return bool(gone or removed or change.replacement or change.additions)


def _rates(
    organization: Organization, orders: Sequence[Order], *, now: dt.datetime
) -> dict[str, Rate]:
    if not orders:
        return {}
    found = selectors.usable_rates(
        site_ids=selectors.site_ids_of(organization.pk, now=now),
        rate_ids={order.rate_id for order in orders},
    )
    if any(order.rate_id not in found for order in orders):
        raise OptionNotFound
    return found


def _add(organization: Organization, orders: Sequence[Order], rates: dict[str, Rate]) -> None:
    if not orders:
        return
    held = list(
        ContractOption.objects.filter(organization=organization).values_list("key", flat=True)
    )
    number = option_numbers.take(organization.pk, count=len(orders))
    rows = []
    for position, order in enumerate(orders):
        rate = rates[order.rate_id]
        if rate.is_unique and rate.key in held:
            raise OptionHeldTwice(rate.key)
        held.append(rate.key)
        rows.append(_row(organization, order, rate, number=number + position))
    ContractOption.objects.bulk_create(rows)


def _row(organization: Organization, order: Order, rate: Rate, *, number: int) -> ContractOption:
    """Make an option's row; the rate's own key wins, the name is free text."""
    if order.start_on and order.end_on and order.end_on < order.start_on:
        raise InvalidOptionDates
    return ContractOption(
        organization=organization,
        number=number,
        rate=rate,
        key=rate.key,
        name=order.name or rate.name,
        quantity=order.quantity,
        price=order.price,
        price_promo=order.price_promo,
        promo_months=order.promo_months,
        start_on=order.start_on,
        end_on=order.end_on,
    )
