"""Moments as the back office writes them: 24 hours, on the clock of the place they belong to.

The reader's clock is Django's current time zone, which the back office sets. A place whose clock shows
something else at that moment is named.
"""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format

TO = "\N{WORD JOINER}–\N{WORD JOINER}"
"""Between two times of a day, which stay on one line."""


def shown(moment: dt.datetime, *, zone: str = "") -> str:
    """Write a moment on the clock of a zone, or on the reader's."""
    local = _local(moment, zone)
    return f"{date_format(local, 'DATETIME_FORMAT')}{whose(local, zone)}"


def span(start: dt.datetime, end: dt.datetime, *, zone: str = "") -> str:
    """Write a time from one moment to another; the second day only where it is another."""
    begun, over = _local(start, zone), _local(end, zone)
    is_one_day = begun.date() == over.date()
    last = time_format(over, "TIME_FORMAT") if is_one_day else date_format(over, "DATETIME_FORMAT")
    dash = TO if is_one_day else " – "
    return f"{date_format(begun, 'DATETIME_FORMAT')}{dash}{last}{whose(begun, zone)}"


def of(value: Any, *, zone: str = "") -> str:
    """Write a field's value, which is a moment, a range of them, or nothing."""
    if not value:
        return "–"
    if isinstance(value, dt.datetime):
        return shown(value, zone=zone)
    if value.lower is None or value.upper is None:
        return str(value)
    return span(value.lower, value.upper, zone=zone)


def place(zone: str) -> str:
    """Return the place that a zone is called after: "Buenos Aires" of America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def _local(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(ZoneInfo(zone) if zone else timezone.get_current_timezone())


def whose(local: dt.datetime, zone: str) -> str:
    """Name the place of a zone's clock where the reader's shows something else then: " (Dublin)"."""
    reader = local.astimezone(timezone.get_current_timezone())
    return f" ({place(zone)})" if zone and reader.utcoffset() != local.utcoffset() else ""
