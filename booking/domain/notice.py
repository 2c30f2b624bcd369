"""Notice: from when on a person may book."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from booking.domain import rules


def first_allowed_start(*, tz: ZoneInfo, is_new_person: bool, now: dt.datetime) -> dt.datetime:
    """Return the first instant at which a calendar offers a start; new people wait whole local days.

    What has begun is not offered, even where it may still be booked.
    """
    days = settings.NEW_PERSON_MIN_DAYS if is_new_person else 0
    return rules.earliest_start(now=now, tz=tz, notice_days=days)
