"""One process that merges contracts, as told, against the test database.

Run as `python -m tests.contention.merger`; reads a JSON task from stdin, writes its results to stdout.
"""

import datetime as dt
import json
import os
import sys
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    task = json.load(sys.stdin)
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = task["database"]
    connections["default"].settings_dict["NAME"] = task["database"]
    counts: Counter[str] = Counter()
    for number, rooms in enumerate(task["rounds"]):
        time.sleep(max(0.0, task["begin"] + number * task["seconds_a_round"] - time.time()))
        counts[_merge(task, rooms if task["process"] % 2 else rooms[::-1])] += 1
    json.dump(counts, sys.stdout)


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


if __name__ == "__main__":
    main()
