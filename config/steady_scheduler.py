"""The scheduler of background work; it goes on when the machine's clock is set back.

Celery's own waits until the clock is again where it was: an hour without mail, webhooks and released
holds after a step of an hour. Source: safety, F-17.
"""

import datetime as dt
from typing import Any

import structlog
from celery.beat import PersistentScheduler

log = structlog.get_logger(__name__)


class SteadyScheduler(PersistentScheduler):
    """Takes what was last sent in a time that is yet to come as sent now."""

    _seen: dt.datetime | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; return after how many seconds to look again."""
        now = self.app.now()
        if self._seen is not None and now < self._seen:
            self._go_on_from(now)
        self._seen = now
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def setup_schedule(self) -> None:
        """Read what the process before this one sent when; the clock may have been set back between."""
        super().setup_schedule()
        self._go_on_from(self.app.now())

    def _go_on_from(self, now: dt.datetime) -> None:
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            log.warning("scheduler.clock_was_set_back", tasks=len(ahead))
        self._heap = None  # Celery's queue of moments, which it fills anew
