"""Starting background work by name, after the commit, without letting a dead broker hurt the caller."""

import time
from functools import partial
from typing import Any

import structlog
from django.db import transaction

PAUSE_SECONDS = 10.0
"""How long a process leaves a broker alone that failed; the sweep does its work meanwhile."""

log = structlog.get_logger(__name__)


class _Broker:
    """What this process has learnt about the broker."""

    left_alone_until = float("-inf")


_broker = _Broker()


def trust_broker_again() -> None:
    """Forget that the broker failed, so that the next task is offered to it at once."""
    _broker.left_alone_until = float("-inf")


def after_commit(task_name: str, *args: Any) -> None:
    """Ask a worker to run `task_name` once the surrounding transaction has committed.

    A sweep repeats whatever a dead broker missed, so a failure here is logged and swallowed.
    """
    transaction.on_commit(partial(_send, task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    from config.celery import (
        app,  # the Celery app reads the settings, so it cannot load with this module
    )

    is_eager = app.conf.task_always_eager
    if not is_eager and time.monotonic() < _broker.left_alone_until:
        return
    try:
        if is_eager:
            app.tasks[task_name].apply(args=args)
        else:
            app.send_task(task_name, args=args, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the caller has committed
        _broker.left_alone_until = time.monotonic() + PAUSE_SECONDS
        log.warning("background.publish_failed", task=task_name, error=repr(error))
