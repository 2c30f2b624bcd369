"""Quotas: how often one person's tokens together may call, a day and a month in UTC.

Source: Public API, "Optional Quotas"; public-api, section 1, Quotas.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from apitokens.models import ApiQuota
from config.errors import DomainError
from organizations.models import User

# One statement both asks and counts, so that of two calls for the last unit one wins. The count
# need not survive a power cut, hence the commit that does not wait for the disk. Where a clock goes
# back over midnight, what is counted for tomorrow goes on: nothing starts anew twice.
_TAKE = """
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE apitokens_apiquota
   SET day_used = CASE WHEN day BETWEEN %(day)s AND %(tomorrow)s THEN day_used ELSE 0 END + 1,
       day = CASE WHEN day = %(tomorrow)s THEN day ELSE %(day)s END,
       month_used = CASE WHEN month IN (%(month)s, %(next_month)s) THEN month_used ELSE 0 END + 1,
       month = CASE WHEN month = %(next_month)s THEN month ELSE %(month)s END
  FROM quick
 WHERE user_id = %(user)s
   AND (daily_limit IS NULL
        OR CASE WHEN day BETWEEN %(day)s AND %(tomorrow)s THEN day_used ELSE 0 END < daily_limit)
   AND (monthly_limit IS NULL
        OR CASE WHEN month IN (%(month)s, %(next_month)s) THEN month_used ELSE 0 END < monthly_limit)
RETURNING daily_limit, day_used, monthly_limit, month_used
"""

_DAY = dt.timedelta(days=1)


class QuotaExceeded(DomainError):
    """The day's or month's calls are used up; the message says which, the headers until when."""

    code = "QUOTA_EXCEEDED"
    status = 429

    def __init__(self, quota: "Quota", *, now: dt.datetime) -> None:
        super().__init__(f"API quota exceeded: {quota.limit} calls a {quota.period}")
        self.headers = quota.headers(now=now) | {"Retry-After": str(quota.seconds_left(now=now))}


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit and how much of it is used; it starts anew at `resets_at`."""

    period: str
    limit: int
    used: int
    resets_at: dt.datetime

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def seconds_left(self, *, now: dt.datetime) -> int:
        """Return the whole seconds until it starts anew, rounded up."""
        return -int(-(self.resets_at - now).total_seconds() // 1)

    def headers(self, *, now: dt.datetime) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.seconds_left(now=now)),
        }


def take(*, owner: User, now: dt.datetime) -> Mapping[str, str]:
    """Count one call of `owner`, fetched with their quota, and return the headers to answer with.

    Of two limits the headers tell the one with less left. Without a limit nothing is counted.

    :raises QuotaExceeded: when a limit is used up; then nothing is counted.
    """
    quota = getattr(owner, "api_quota", None)
    if quota is None or (quota.daily_limit is None and quota.monthly_limit is None):
        return {}
    today = now.astimezone(dt.UTC).date()
    parameters: dict[str, str | dt.date] = {
        "user": owner.pk,
        "day": today,
        "tomorrow": today + _DAY,
        "month": today.replace(day=1),
        "next_month": _next_month(today),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        row = cursor.fetchone()
    if row is None:
        raise QuotaExceeded(_used_up(owner, now=now), now=now)
    return _tightest(_quotas(*row, today=today), now=now)


def standing(*, owner: User, now: dt.datetime) -> Mapping[str, str]:
    """Return the headers that tell where the quota of `owner` stands, counting nothing."""
    stored = getattr(owner, "api_quota", None)
    return _tightest(of(stored, now=now), now=now) if stored else {}


def of(stored: ApiQuota, *, now: dt.datetime) -> list[Quota]:
    """Return the limits that are set, the day's first, and how much of each is used."""
    today = now.astimezone(dt.UTC).date()
    day_used = stored.day_used if stored.day in (today, today + _DAY) else 0
    months = (today.replace(day=1), _next_month(today))
    month_used = stored.month_used if stored.month in months else 0
    return _quotas(stored.daily_limit, day_used, stored.monthly_limit, month_used, today=today)


def _tightest(quotas: list[Quota], *, now: dt.datetime) -> Mapping[str, str]:
    return min(quotas, key=lambda each: each.remaining).headers(now=now) if quotas else {}


def _quotas(
    daily_limit: int | None,
    day_used: int,
    monthly_limit: int | None,
    month_used: int,
    *,
    today: dt.date,
) -> list[Quota]:
    quotas = []
    if daily_limit is not None:
        quotas.append(Quota("day", daily_limit, day_used, _midnight(today + _DAY)))
    if monthly_limit is not None:
        resets_at = _midnight(_next_month(today))
        quotas.append(Quota("month", monthly_limit, month_used, resets_at))
    return quotas


def _used_up(owner: User, *, now: dt.datetime) -> Quota:
    """Return the limit that refuses; of both, the month's, because it refuses for longer."""
    quotas = of(ApiQuota.objects.get(user=owner), now=now)
    return min(reversed(quotas), key=lambda quota: quota.remaining)


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
