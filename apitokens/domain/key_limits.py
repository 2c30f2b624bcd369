"""How often a key of the Workplace API may call: so many at once, so many a second, so many a day (UTC).

Calls at once are a bucket that fills again by the second. All processes draw from the same row.
Source: workplace-api, section 0, Rate limit.
"""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import connection

from apitokens.domain.quotas import Quota
from apitokens.models import ApiToken, KeyAllowance
from config.errors import DomainError

PER_SECOND = 100
AT_ONCE = 200
PER_DAY = 100_000

# One statement both asks and counts, so that of two calls for the last unit one wins; the count need
# not survive a power cut. A clock that goes back refills nothing, and over midnight starts no day anew.
_LEFT = """
LEAST(%(at_once)s, known.calls_left
      + GREATEST(0, EXTRACT(EPOCH FROM excluded.at - known.at))::float8 * %(per_second)s)
"""
_USED = """
CASE WHEN known.day BETWEEN excluded.day AND excluded.day + 1 THEN known.day_used ELSE 0 END
"""
_TAKE = f"""
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO apitokens_keyallowance AS known (token_id, calls_left, at, day, day_used)
SELECT %(token)s, %(at_once)s - 1, %(now)s, %(day)s, 1 FROM quick
    ON CONFLICT (token_id) DO UPDATE
   SET calls_left = {_LEFT} - 1,
       at = excluded.at,
       day = CASE WHEN known.day = excluded.day + 1 THEN known.day ELSE excluded.day END,
       day_used = {_USED} + 1
 WHERE {_LEFT} >= 1
   AND {_USED} < %(per_day)s
RETURNING calls_left, day_used
"""  # noqa: S608 - its parts are our own

_DAY, _SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


class TooFast(DomainError):
    """The key has no call left at this moment, or on this day; the headers say until when."""

    code = "RATE_LIMITED"
    status = 429

    def __init__(self, limit: Quota, *, now: dt.datetime) -> None:
        super().__init__(f"Too many calls: at most {limit.limit} {limit.period}")
        self.headers = limit.headers(now=now) | {"Retry-After": str(limit.seconds_left(now=now))}


def take(token: ApiToken, *, now: dt.datetime) -> Mapping[str, str]:
    """Count one call of a key and return the headers that tell what is left; nothing when limits are off.

    :raises TooFast: when a limit is reached; that call is not counted.
    """
    if not settings.API_THROTTLE:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "token": token.pk,
                "now": now,
                "day": now.astimezone(dt.UTC).date(),
                "at_once": float(AT_ONCE),
                "per_second": PER_SECOND,
                "per_day": PER_DAY,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise TooFast(_used_up(token, now=now), now=now)
    return min(_limits(*row, now=now), key=lambda each: each.remaining).headers(now=now)


def _used_up(token: ApiToken, *, now: dt.datetime) -> Quota:
    """Return the limit that refuses; of both, the day's, because it refuses for longer."""
    known = KeyAllowance.objects.get(token=token)
    at_once, a_day = _limits(0.0, known.day_used, now=now)
    return at_once if a_day.remaining else a_day


def _limits(left: float, day_used: int, *, now: dt.datetime) -> tuple[Quota, Quota]:
    midnight = dt.datetime.combine(now.astimezone(dt.UTC).date() + _DAY, dt.time(), tzinfo=dt.UTC)
    return (
        Quota("at once", AT_ONCE, AT_ONCE - int(left), now + _SECOND),
        Quota("a day", PER_DAY, day_used, midnight),
    )
