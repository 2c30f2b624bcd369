"""Notice: from when on a person may book."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from sites_app.domain import opening_hours


def first_allowed_start(*, tz: ZoneInfo, is_new_person: bool, now: dt.datetime) -> dt.datetime:
    """Return the first instant at which a meeting may start; new people wait whole local days.

    Source: Public API, "Meetings must be booked at least 2 days in advance".
    """
    if not is_new_person:
        return now
    day = opening_hours.local_day(now, tz=tz) + dt.timedelta(days=settings.NEW_PERSON_MIN_DAYS)
    return opening_hours.to_instant(day=day, minutes=0, tz=tz)
