"""One process that cancels a meeting, or sweeps the waiting list, at a given moment.

Run as `python -m tests.contention.waiting`; reads a JSON task from stdin, writes how many offers it made.
"""

import datetime as dt
import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    task = json.load(sys.stdin)
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = task["database"]
    connections["default"].settings_dict["NAME"] = task["database"]
    from config import background

    background.after_commit = lambda *_args: None  # the offers are made here, and mail waits
    from booking.domain import cancellations, waitlist_offers

    now = dt.datetime.fromisoformat(task["now"])
    made = 0
    for number, meeting in enumerate(task["meetings"]):
        time.sleep(max(0.0, task["begin"] + number * 0.5 - time.time()))
        if task["cancels"]:
            cancellations.cancel(meeting, reason="", by=None, now=now)
        made += waitlist_offers.slot_freed([meeting], now=now) + waitlist_offers.sweep(now=now)
    connections["default"].close()
    json.dump({"made": made}, sys.stdout)


if __name__ == "__main__":
    main()
