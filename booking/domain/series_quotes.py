"""What a series would cost: the booking itself, done and undone, so that no rule is told twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from booking.domain import series_requests
from booking.domain.booking_plans import MeetingRequest
from booking.domain.series_requests import SeriesWish
from booking.domain.series_scopes import Skipped
from booking.models import Meeting

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuote:
    """How many dates would be booked now, what they cost together, and which would be left out.

    `net` and `gross` add up what each date is charged, rounded date by date.
    """

    count: int
    net: Decimal
    gross: Decimal
    currency: str
    skipped: Sequence[Skipped]

    @property
    def vat(self) -> Decimal:
        return self.gross - self.net


def quote(request: MeetingRequest, wish: SeriesWish, *, now: dt.datetime) -> SeriesQuote | None:
    """Price all dates that could be booked now; None where prices are given on request.

    :raises InvalidSeries: and whatever else `series_requests.request_series` raises.
    """
    outcome = series_requests.request_series(replace(request, dry_run=True), wish, now=now)
    priced = [one for one in outcome.meetings if one.price is not None]
    if not priced:
        return None
    return SeriesQuote(
        count=len(priced),
        net=sum((one.price or ZERO for one in priced), ZERO),
        gross=sum((_gross(one) for one in priced), ZERO),
        currency=priced[0].currency,
        skipped=outcome.skipped,
    )


def _gross(meeting: Meeting) -> Decimal:
    return meeting.price_gross or meeting.price or ZERO
