"""Webhook retries: what an answer, or none, means for a delivery and its address.

Source: safety, S-41; public-api, section 5, `/api/webhooks`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from apitokens.models import DeliveryStatus, SwitchedOff

WAITS = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000)
)
"""The pauses between attempts: 5 s to 20 h, 52 hours in all, up to a fifth longer by chance."""
MAX_ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
LONGEST_PAUSE = dt.timedelta(days=1)
DEAD_AFTER = dt.timedelta(days=2)
"""An address that took nothing at all for so long, when a delivery's last attempt fails, is off."""
GONE = 410
ASKS_FOR_PAUSE = (429, 503)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt went; `status` is None when no answer came.

    `is_only` tells of tests, and of what was withheld: there is no other one, nor does the address fail.
    """

    number: int
    status: int | None
    headers: Mapping[str, str]
    is_only: bool = False

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the delivery, and of its address."""

    status: DeliveryStatus
    next_attempt_at: dt.datetime
    pause_until: dt.datetime | None = None
    switch_off: SwitchedOff = SwitchedOff.NOT


def judge(
    attempt: Attempt, *, failing_since: dt.datetime | None, chance: float, now: dt.datetime
) -> Verdict:
    """Decide on an attempt; `failing_since` is of the address, `chance` from 0 to 1 spreads the retries."""
    if attempt.succeeded:
        return Verdict(DeliveryStatus.DELIVERED, now)
    if attempt.status == GONE:
        return Verdict(DeliveryStatus.FAILED, now, switch_off=SwitchedOff.GONE)
    if attempt.is_only:
        return Verdict(DeliveryStatus.FAILED, now)
    pause = pause_asked_for(attempt, now=now)
    pause_until = now + pause if pause else None
    if attempt.number >= MAX_ATTEMPTS:
        is_dead = failing_since is not None and now - failing_since >= DEAD_AFTER
        off = SwitchedOff.FAILING if is_dead else SwitchedOff.NOT
        return Verdict(DeliveryStatus.FAILED, now, pause_until, off)
    wait = WAITS[attempt.number - 1] * (1 + JITTER * chance)
    return Verdict(DeliveryStatus.PENDING, now + max(wait, pause), pause_until)


def pause_asked_for(attempt: Attempt, *, now: dt.datetime) -> dt.timedelta:
    """Read how long a busy address (429, 503) wants to be left alone: at most a day, zero if unsaid."""
    wanted = attempt.headers.get("retry-after", "").strip()
    if attempt.status not in ASKS_FOR_PAUSE or not wanted:
        return dt.timedelta()
    if wanted.isascii() and wanted.isdigit():
        return dt.timedelta(seconds=min(int(wanted[:9]), int(LONGEST_PAUSE.total_seconds())))
    try:
        moment = parsedate_to_datetime(wanted)
    except ValueError:
        return dt.timedelta()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max(aware - now, dt.timedelta()), LONGEST_PAUSE)
