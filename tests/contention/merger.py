"""One process that merges contracts, as told. A program of `tests.contention.racing`."""

import datetime as dt
import time
from collections import Counter


def run(task, gate):
    """Count what the merges came to."""
    begin = gate()
    counts: Counter[str] = Counter()
    for number, rooms in enumerate(task["rounds"]):
        time.sleep(max(0.0, begin + number * task["seconds_a_round"] - time.time()))
        counts[_merge(task, rooms if task["process"] % 2 else rooms[::-1])] += 1
    return counts


def _merge(task, rooms):
    from django.db import Error

    from config.errors import DomainError
    from contracts.domain import merging
    from contracts.domain.list_changes import ListChange
    from contracts.domain.ordered_options import Order
    from organizations.models import User

    wanted = merging.Merge(
        organization_id=task["organization"],
        rooms=ListChange(additions=rooms),
        options=ListChange(additions=[Order(rate_id=task["rate"])]),
    )
    now = dt.datetime.fromisoformat(task["now"])
    try:
        merging.merge(wanted, by=User.objects.get(pk=task["by"]), now=now)
    except DomainError as refusal:
        return refusal.code
    except Error as error:
        return f"{type(error).__name__}: {getattr(error.__cause__, 'sqlstate', None)}"
    return "MERGED"
