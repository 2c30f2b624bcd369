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
        if not self.percent.is_finite() or not 0 <= self.percent <= 100 or self.under_hours < 0:
            raise ValueError("A fee is 0 to 100 per cent under a number of hours")


CancellationTerms = tuple[FeeStep, ...]

DEFAULT_TERMS: CancellationTerms = (FeeStep(24, Decimal(50)), FeeStep(2, Decimal(100)))


def parse_terms(stored: object) -> CancellationTerms:
    """Read stored terms: `[{"hours": 24, "percent": 50}, …]`.

    :raises ValueError: when they have another shape or an impossible number.
    """
    if not isinstance(stored, list):
        raise ValueError("Cancellation terms are a list of steps")
    return tuple(_parse_step(entry) for entry in stored)


def _parse_step(entry: object) -> FeeStep:
    hours = entry.get("hours") if isinstance(entry, dict) else None
    percent = entry.get("percent") if isinstance(entry, dict) else None
    is_number = isinstance(percent, int | float) and not isinstance(percent, bool)
    if not isinstance(hours, int) or isinstance(hours, bool) or not is_number:
        raise ValueError('A step of cancellation terms is {"hours": 24, "percent": 50}')
    return FeeStep(hours, Decimal(str(percent)))


@dataclass(frozen=True, slots=True)
class CancellationFee:
    """The net fee now, and the last instant, itself included, at which cancelling costs nothing.

    With terms that never cost anything that is the start.
    """

    fee: Decimal
    free_until: datetime


def fee(
    *, terms: CancellationTerms, price: Decimal, starts_at: datetime, now: datetime
) -> CancellationFee:
    """Give the fee under the step of the shortest notice that applies, in cents.

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
