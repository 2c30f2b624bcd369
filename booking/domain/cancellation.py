"""Cancellation terms: what giving a meeting back costs, by how short the notice is.

Source: booking rule R14.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from config.money import quantize_cents


@dataclass(frozen=True, slots=True)
class FeeStep:
    """`percent` of the price is due when less than `under_hours` remain until the start.

    :raises ValueError: when the percentage is not within 0 and 100 or the hours are negative.
    """

    under_hours: int
    percent: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100 or self.under_hours < 0:
            raise ValueError("A fee is 0 to 100 per cent under a number of hours")


CancellationTerms = tuple[FeeStep, ...]

DEFAULT_TERMS: CancellationTerms = (FeeStep(24, Decimal(50)), FeeStep(2, Decimal(100)))


@dataclass(frozen=True, slots=True)
class CancellationFee:
    """The net fee now, and the last instant, itself included, at which cancelling costs nothing.

    With terms that never cost anything that is the start.
    """

    fee: Decimal
    free_until: datetime


def cancellation_fee(
    *, terms: CancellationTerms, price: Decimal, starts_at: datetime, now: datetime
) -> CancellationFee:
    """This will give the fee under the step of the shortest notice that applies, in cents.

    Exactly 24 hours before is still free, exactly 2 hours before still 50 %.
    """
    remaining = starts_at - now
    applying = [step for step in terms if remaining < timedelta(hours=step.under_hours)]
    percent = min(applying, key=lambda step: step.under_hours).percent if applying else Decimal(0)
    paid_hours = [step.under_hours for step in terms if step.percent > 0]
    return CancellationFee(
        fee=quantize_cents(price * percent / 100),
        free_until=starts_at - timedelta(hours=max(paid_hours, default=0)),
    )
