"""Moments as callers give them: with a zone, or as the time on the wall of the site."""

import datetime as dt

from config.api.errors import InvalidInput
from sites_app.domain import opening_hours


def instant(moment: dt.datetime, *, tz: dt.tzinfo, name: str) -> dt.datetime:
    """Return the instant in UTC; a moment without zone is on the wall in `tz`, the first of two.

    :raises InvalidInput: naming the parameter, when the clocks of `tz` skip that time.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    try:
        return opening_hours.resolve_wall(moment, tz=tz)
    except opening_hours.NonExistentLocalTime:
        raise InvalidInput(f"Invalid {name}: this local time does not exist") from None
