"""Times as callers give them: moments with a zone or on the wall of the site, and lengths."""

import datetime as dt

from config.api.errors import InvalidInput
from config.api.inputs import Reader
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


def minutes(given: Reader, name: str) -> int | None:
    """Read how long a meeting shall be; None when that is not said.

    Less than nothing counts as nothing, which the rules refuse too: an end thousands of years
    before the start would be in no calendar.

    :raises InvalidInput: naming the field, when it is no whole number.
    """
    found = given.integer(name)
    return None if found is None else max(found, 0)
