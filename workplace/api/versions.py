"""Whether what a writer read is still what is stored: `version` in the item, or `If-Unmodified-Since`.

Source: workplace-api, sections 0 and 13, Concurrency.
"""

import datetime as dt
from typing import Any

from django.utils.http import parse_http_date_safe

from workplace.api.fields import Fields
from workplace.domain import times
from workplace.domain.times import BadTime, Edge
from workplace.domain.versions import Known

HEADER = "If-Unmodified-Since"


def known(item: Fields, request: Any) -> Known:
    """Read what the writer of an item knew of it."""
    return Known(version=item.integer("version", minimum=0), read_at=read_at(item, request))


def read_at(item: Fields, request: Any) -> dt.datetime | None:
    """Read the header, of all items alike: a date of HTTP, or an instant as the API writes it."""
    header = request.headers.get(HEADER, "").strip()
    if not header:
        return None
    seconds = parse_http_date_safe(header)
    if seconds is not None:
        return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    try:
        return times.instant(header, edge=Edge.START, read_in=None, day_zone=dt.UTC)
    except BadTime as error:
        if HEADER not in (one.path for one in item.problems.found):
            item.problems.note(HEADER, error.message)
        return None
