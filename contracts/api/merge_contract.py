"""POST /api/merge-contract."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.authentication import token_of
from apitokens.models import Scope
from config import clock, ids
from config.api import inputs
from config.api.envelope import mark_of, ok
from config.api.errors import InvalidInput
from config.api.inputs import Reader
from config.api.views import ApiView
from contracts.domain import merging
from contracts.domain.list_changes import ListChange
from contracts.domain.merging import Merge
from contracts.domain.ordered_options import Order

MAX_MONTHS = 600
MAX_PRICE = Decimal("99999999.99")
MAX_QUANTITY = 1000
"""Of one service; a statement could not hold much more at the highest price."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class MergeContractView(ApiView):
    """Changes an organization's rental terms, rooms and options, all of it or nothing."""

    required_scope = {"POST": Scope.WRITE_CONTRACTS}

    def post(self, request: Request) -> Response:
        wanted = _read(inputs.body(request))
        organization = merging.merge(wanted, by=token_of(request).owner, now=clock.now())
        beside = mark_of(dry_run=wanted.dry_run)
        data = {"organizationId": organization.pk, "organizationName": organization.name}
        return ok(data, **beside)


def _read(body: Reader) -> Merge:
    body.require("organizationId")
    organization_id = body.object_id("organizationId", message="Invalid organizationId format")
    assert organization_id is not None
    return Merge(
        organization_id=organization_id,
        terms=_terms(body),
        rooms=ListChange(
            replacement=_rooms(body, "rooms") if "rooms" in body.values else None,
            removals=_rooms(body, "roomsToRemove"),
            additions=_rooms(body, "roomsToAdd"),
        ),
        options=ListChange(
            replacement=_orders(body, "contractOptions")
            if "contractOptions" in body.values
            else None,
            removals=_numbers(body, "contractOptionsToRemove"),
            additions=_orders(body, "contractOptionsToAdd"),
        ),
        dry_run=body.boolean("dryRun"),
    )


def _terms(body: Reader) -> dict[str, Any]:
    """Read the terms that are in the body; empty ones clear. Source: public-api, section 6, Contracts."""
    read: dict[str, tuple[str, Callable[[str], Any]]] = {
        "rental_price_text": ("rentalPrice", partial(body.line, max_length=64)),
        "rental_comment": ("rentalComment", body.text),
        "rental_start_on": ("rentalStartAt", partial(_day, body)),
        "rental_end_on": ("rentalEndAt", partial(_day, body)),
        "rental_url": ("rentalUrl", partial(body.text, max_length=500)),
        "renewal_months": ("rentalRenewal", partial(_renewal, body)),
    }
    return {column: value(name) for column, (name, value) in read.items() if name in body.values}


def _renewal(body: Reader, name: str) -> int | None:
    """Read the months between renewals; 0, like none, means that the contract just ends."""
    return _months(body, name) or None


def _day(body: Reader, name: str) -> dt.date | None:
    text = body.text(name, max_length=100)
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2200:
        raise InvalidInput(f"Invalid {name}: must be a date (YYYY-MM-DD)")
    return day


def _months(body: Reader, name: str) -> int | None:
    months = body.integer(name, minimum=0)
    if months is not None and months > MAX_MONTHS:
        raise InvalidInput(f"Invalid {name}: must be at most {MAX_MONTHS}")
    return months


def _list(body: Reader, name: str, *, of: str) -> Sequence[Any]:
    value = body.raw(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InvalidInput(f"Invalid {name}: must be an array of {of}")
    return value


def _rooms(body: Reader, name: str) -> list[str]:
    found = []
    for value in _list(body, name, of="room IDs"):
        room_id = ids.normalise(value) if isinstance(value, str) else None
        if room_id is None:
            raise InvalidInput(f"Invalid {name}: must be an array of room IDs")
        found.append(room_id)
    return list(dict.fromkeys(found))


def _numbers(body: Reader, name: str) -> list[int]:
    problem = InvalidInput(f"Invalid {name}: must be an array of contract option IDs")
    found = []
    for value in _list(body, name, of="contract option IDs"):
        try:
            number = Reader({name: value}).integer(name)
        except InvalidInput:
            raise problem from None
        if number is None:
            raise problem
        found.append(number)
    return found


def _orders(body: Reader, name: str) -> list[Order]:
    values = _list(body, name, of="contract options")
    if not all(isinstance(value, dict) for value in values):
        raise InvalidInput(f"Invalid {name}: must be an array of contract options")
    return [_order(Reader(value)) for value in values]


def _order(given: Reader) -> Order:
    given.require("optionModelId")
    rate_id = given.object_id("optionModelId", message="Invalid optionModelId format")
    assert rate_id is not None
    given.text("key", max_length=200)  # the rate's own wins, but a wrong type is still told
    return Order(
        rate_id=rate_id,
        name=given.line("name"),
        quantity=given.integer("quantity", minimum=1, maximum=MAX_QUANTITY) or 1,
        price=_price(given, "price"),
        price_promo=_price(given, "pricePromo"),
        promo_months=_months(given, "promoMonthDuration"),
        start_on=_day(given, "startAt"),
        end_on=_day(given, "endAt"),
    )


def _price(given: Reader, name: str) -> Decimal | None:
    """Read an own price in cents; −1, like none, means the rate's."""
    number = given.number(name)
    if number is None or number == -1:
        return None
    amount = Decimal(str(number))
    if not 0 <= amount <= MAX_PRICE:
        raise InvalidInput(f"Invalid {name}: must be at least 0, or -1 for the default rate")
    if amount != round(amount, 2):
        raise InvalidInput(f"Invalid {name}: must have at most two decimals")
    return amount
