"""Windows: the stretch of time that one call may ask about.

Source: public-api, section 1, Limits; section 5, `/api/availability` and `/api/find`.
"""

import datetime as dt

from booking.domain.availability import Span
from config.errors import DomainError
from config.intervals import Interval

MAX_DAYS = 31
TOO_LONG = f"At most {MAX_DAYS} days per call"
_LONGEST = dt.timedelta(days=MAX_DAYS, hours=1)  # an hour for the autumn night


class WindowRefused(DomainError):
    """The time asked about is empty or too long."""

    code = "WINDOW_REFUSED"


def window(*, start: dt.datetime, end: dt.datetime) -> Span:
    """Return `[start, end)`.

    :raises WindowRefused: when it is empty or longer than 31 days.
    """
    if not start < end:
        raise WindowRefused("Invalid to: must be after from")
    if is_too_long(end - start):
        raise WindowRefused(TOO_LONG)
    return Interval(start, end)


def is_too_long(length: dt.timedelta) -> bool:
    """Say whether a stretch of time is longer than 31 days, whatever the clocks do meanwhile."""
    return length > _LONGEST
