"""How much tokens are used; never a reason for a call to fail."""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import Error

from apitokens import selectors_calls
from apitokens.domain import quotas
from apitokens.models import ApiQuota, ApiToken, ApiUsage

log = structlog.get_logger(__name__)

LAST_USED_GRAIN = dt.timedelta(minutes=1)
KEPT = dt.timedelta(days=396)
"""Thirteen months. Source: safety, S-72."""


def note(token: ApiToken, *, now: dt.datetime) -> None:
    """Note, at most once a minute, when `token` was last used."""
    if token.last_used_at is not None and now - token.last_used_at < LAST_USED_GRAIN:
        return
    try:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    except Error as error:
        log.warning("apitokens.last_use_not_noted", token_id=token.pk, error=repr(error))


@dataclass(frozen=True, slots=True)
class Period:
    """How many calls were made in a day or month, and how many may be; None is no limit."""

    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's tokens together have used, this day and this month (UTC)."""

    day: Period
    month: Period


def standing(*, owner_id: str, now: dt.datetime, running: int = 0) -> Standing:
    """Return what the tokens of a person have used; where a quota counts, its own count.

    `running` calls are still being answered: quotas have counted them, nobody else yet.
    """
    today = now.astimezone(dt.UTC).date()
    calls = selectors_calls.calls_by_day(owner_id, since=today.replace(day=1))
    stored = ApiQuota.objects.filter(user=owner_id).first()
    limits = {quota.period: quota for quota in quotas.of(stored, now=now)} if stored else {}

    def period(name: str, counted: int) -> Period:
        quota = limits.get(name)
        return Period(quota.used, quota.limit) if quota else Period(counted + running, None)

    return Standing(period("day", calls.get(today, 0)), period("month", sum(calls.values())))


def prune(*, now: dt.datetime) -> int:
    """Forget the counts of days that are long over; return how many."""
    return ApiUsage.objects.filter(day__lt=(now - KEPT).date()).delete()[0]
