"""Abuse limits: how often somebody may do one thing within a stretch of time, whichever process serves them.

They keep lists of addresses from being tried and calendars from being squatted; honest use does not
meet them. Source: public-api, section 1, Abuse limits; safety, S-22 and S-62.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from apitokens.models import AbuseCount
from config.errors import DomainError

# One statement both asks and counts, so that of two calls for the last unit one wins.
_TAKE = """
INSERT INTO apitokens_abusecount AS known (key, since, used) VALUES (%(key)s, %(since)s, 1)
    ON CONFLICT (key) DO UPDATE
   SET used = CASE WHEN known.since = excluded.since THEN known.used + 1 ELSE 1 END,
       since = excluded.since
 WHERE known.since <> excluded.since OR known.used < %(most)s
RETURNING used
"""


class TooManyCalls(DomainError):
    """The limit is reached; the header says how many seconds until it starts anew."""

    code = "TOO_MANY_CALLS"
    status = 429
    message = "Too many requests, please retry later"

    def __init__(self, *, seconds: int) -> None:
        super().__init__()
        self.headers = {"Retry-After": str(seconds)}


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` times in each stretch of that length, counted from the epoch."""

    name: str
    most: int
    length: dt.timedelta


ENQUIRIES = Limit("enquiries", 120, dt.timedelta(minutes=1))
"""Questions by one token whether an address is known."""
BOOKING_FORMS = Limit("booking forms", 60, dt.timedelta(hours=1))
"""Bookings sent from one network address by visitors who are not logged in."""
INVITATIONS = Limit("invitations", 60, dt.timedelta(days=1))
"""Mails by which one company asks colleagues in."""
INVITED = Limit("invited", 5, dt.timedelta(days=1))
"""Mails by which companies together ask one address in."""


def take(limit: Limit, *, who: str, now: dt.datetime) -> None:
    """Count one more by `who`; each process counts in the same row, and nothing when limits are off.

    :raises TooManyCalls: when the limit is reached; that one is not counted.
    """
    if not settings.API_THROTTLE:
        return
    seconds = int(limit.length.total_seconds())
    begun = int(now.timestamp()) // seconds * seconds
    since = dt.datetime.fromtimestamp(begun, tz=dt.UTC)
    key = f"{limit.name} {who}"[:100]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "since": since, "most": limit.most})
        if cursor.fetchone() is None:
            raise TooManyCalls(seconds=begun + seconds - int(now.timestamp()))


def prune(*, now: dt.datetime) -> int:
    """Forget the counts of stretches that are long over; return how many."""
    return AbuseCount.objects.filter(since__lt=now - dt.timedelta(days=1)).delete()[0]
