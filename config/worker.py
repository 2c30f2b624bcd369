"""The background worker: `python -m config.worker`.

An installation with several workers runs one scheduler as a process (`make beat`). With `make run`
a thread of the worker does: that saves the memory of a whole process.
"""

import os
import signal
import sys
from threading import Thread
from typing import Any

import structlog
from celery.beat import Service
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from config.celery import app

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Forecasts run beside each other: each on one core is faster than all on all. Read when numpy loads."""

_OPTIONS = {
    "pool": "threads",
    "concurrency": 4,
    "without_gossip": True,
    "without_mingle": True,
    "loglevel": "WARNING",
    "quiet": True,
}
_LONGEST_TICK_SECONDS = 3
log = structlog.get_logger(__name__)


class Scheduler(Thread):
    """Sends the due tasks of the schedule; a scheduler that fails takes the worker with it."""

    def __init__(self) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.service = Service(app, max_interval=1, remote_control=False)

    def run(self) -> None:
        """Send what is due until the worker stops."""
        try:
            self.service.start()
        except Exception:
            log.exception("scheduler.failed")
            os.kill(os.getpid(), signal.SIGTERM)


def load() -> None:
    """Load the tasks and all that they need, for a worker forked from here."""
    app.loader.import_default_modules()


def main() -> None:
    """Work until a signal; not by Celery's command line, which brings a shell of 17 MB."""
    os.environ["CELERY_SKIP_CHECKS"] = "true"  # the portal is checked when it is prepared
    worker = app.Worker(**_OPTIONS)
    worker.start()
    sys.exit(worker.exitcode)


def main_with_scheduler() -> None:
    """Work until a signal, with a scheduler from when the worker is ready until before it stops."""
    scheduler = Scheduler()

    def start(**_facts: Any) -> None:
        if not scheduler.is_alive():
            scheduler.start()

    def stop(**_facts: Any) -> None:
        scheduler.service.stop()

    def wait(**_facts: Any) -> None:
        if scheduler.is_alive():
            scheduler.join(_LONGEST_TICK_SECONDS)

    worker_ready.connect(start, weak=False)
    worker_shutting_down.connect(stop, weak=False)
    worker_shutdown.connect(wait, weak=False)
    main()


if __name__ == "__main__":
    main()
