"""One process that cancels a meeting, or sweeps the waiting list, at a given moment.

A program of `tests.contention.racing`; it says how many offers it made.
"""

import datetime as dt
import time


def run(task, gate):
    from booking.domain import cancellations, waitlist_offers

    now = dt.datetime.fromisoformat(task["now"])
    made = 0
    begin = gate()
    for number, meeting in enumerate(task["meetings"]):
        time.sleep(max(0.0, begin + number * 0.5 - time.time()))
        if task["cancels"]:
            cancellations.cancel(meeting, reason="", by=None, now=now)
        made += waitlist_offers.slot_freed([meeting], now=now) + waitlist_offers.sweep(now=now)
    return made
