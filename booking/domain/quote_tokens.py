"""Quote tokens: a price promised for half an hour, in the caller's own hands.

The signed text binds room, start, duration, persons, customer and amounts, so that nothing is
stored and nothing can be altered.
Source: public-api, section 5, "room-price additions"; section 7, "A bad or old quote".
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing

from booking.domain.pricing import Label, PriceLine, Quote, Unit
from config.errors import DomainError

LIFETIME = dt.timedelta(minutes=30)
_SIGNER = "booking.quote"


class InvalidQuote(DomainError):
    """The token is not ours, too old, or promised something else."""

    code = "INVALID_QUOTE"
    message = "Invalid or expired quoteToken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was quoted to whom; `organization_id` is "" for nobody in particular."""

    room_id: str
    starts_at: dt.datetime
    duration_minutes: int
    persons: int
    organization_id: str
    quote: Quote
    ends_at: dt.datetime


def issue(
    quote: Quote,
    *,
    room_id: str,
    starts_at: dt.datetime,
    duration_minutes: int,
    persons: int,
    organization_id: str,
    now: dt.datetime,
) -> str:
    """Write the promise of a price, good for 30 minutes."""
    facts = {
        "r": room_id,
        "s": int(starts_at.timestamp()),
        "d": duration_minutes,
        "p": persons,
        "o": organization_id,
        "e": int((now + LIFETIME).timestamp()),
        "q": _packed(quote),
    }
    return signing.Signer(salt=_SIGNER).sign_object(facts, compress=True)


def read(token: str) -> Promise:
    """Return what a token promises, also when its time is over.

    :raises InvalidQuote: when it is none of ours.
    """
    try:
        facts = signing.Signer(salt=_SIGNER).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise InvalidQuote from error
    return Promise(
        room_id=facts["r"],
        starts_at=dt.datetime.fromtimestamp(facts["s"], tz=dt.UTC),
        duration_minutes=facts["d"],
        persons=facts["p"],
        organization_id=facts["o"],
        quote=_unpacked(facts["q"]),
        ends_at=dt.datetime.fromtimestamp(facts["e"], tz=dt.UTC),
    )


def _packed(quote: Quote) -> list[Any]:
    lines = [
        [line.label_code, str(line.quantity), line.unit, str(line.unit_price), str(line.net)]
        for line in quote.lines
    ]
    return [str(quote.net), str(quote.vat_rate), str(quote.gross), quote.currency, lines]


def _unpacked(packed: list[Any]) -> Quote:
    net, vat_rate, gross, currency, lines = packed
    return Quote(
        net=Decimal(net),
        vat_rate=Decimal(vat_rate),
        gross=Decimal(gross),
        currency=currency,
        lines=tuple(_line(line, Decimal(vat_rate)) for line in lines),
    )


def _line(packed: list[str], vat_rate: Decimal) -> PriceLine:
    label, quantity, unit, unit_price, net = packed
    return PriceLine(
        label_code=Label(label),
        quantity=Decimal(quantity),
        unit=Unit(unit),
        unit_price=Decimal(unit_price),
        net=Decimal(net),
        vat_rate=vat_rate,
    )
