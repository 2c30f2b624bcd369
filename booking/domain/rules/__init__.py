"""Booking rules: every reason why a wanted meeting may not be, told at once and never raised.

The order is dates, duration, people, opening hours; the first violation is the one to say.
Source: Public API, POST /api/meeting-request, "Error Response Examples".
"""

from booking.domain.rules import dates, openings, sizes
from booking.domain.rules.facts import (
    MIN_DURATION_MINUTES,
    BookingContext,
    ClosedPeriod,
    Code,
    Violation,
)
from booking.domain.rules.sizes import duration_violations, people_violations
from booking.domain.rules.starts import earliest_start

__all__ = [
    "MIN_DURATION_MINUTES",
    "BookingContext",
    "ClosedPeriod",
    "Code",
    "Violation",
    "duration_violations",
    "earliest_start",
    "people_violations",
    "violations",
]


def violations(ctx: BookingContext) -> list[Violation]:
    """List every broken rule in the documented order; none means bookable."""
    return [
        *dates.violations(ctx),
        *sizes.violations(ctx),
        *openings.violations(ctx),
    ]
