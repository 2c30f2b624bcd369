"""One process of bookers: each thread books, as told, against the test database.

Run as `python -m tests.contention.booker`; reads a JSON task from the first line of stdin, says "ready"
when it could begin, reads from the next line when to, and writes its results to stdout.
"""

import datetime as dt
import json
import os
import random
import sys
import threading
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")


def main() -> None:
    task = json.loads(sys.stdin.readline())
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = task["database"]
    connections["default"].settings_dict["NAME"] = task["database"]
    settings.CELERY_TASK_ALWAYS_EAGER = False
    from config import background

    background.after_commit = lambda *_args: None  # mail is not what races here

    print("ready", flush=True)
    task["begin"] = float(sys.stdin.readline())
    counts: Counter[str] = Counter()
    slowest = [0.0]
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_work, args=(task, number, counts, slowest, lock))
        for number in range(task["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"counts": counts, "slowest": slowest[0]}, sys.stdout)


def _work(task, number, counts, slowest, lock):
    from django.db import connection

    chance = random.Random(f"{task['process']}-{number}")
    try:
        for room, starts_at, minutes, begin in _plan(task, chance):
            time.sleep(max(0.0, begin - time.time()))
            started = time.perf_counter()
            outcome = _book(task, room, starts_at, minutes, chance)
            with lock:
                counts[outcome] += 1
                slowest[0] = max(slowest[0], time.perf_counter() - started)
    finally:
        connection.close()


def _plan(task, chance):
    first = dt.datetime.fromisoformat(task["first_start"])
    if "rounds" in task:
        for number in range(task["rounds"]):
            begin = task["begin"] + number * task["seconds_a_round"]
            room = task["rooms"][task["process"] % len(task["rooms"])]
            yield room, first + dt.timedelta(hours=number), 60, begin
        return
    while time.time() < task["begin"] + task["seconds"]:
        start = first + dt.timedelta(minutes=30 * chance.randrange(task["starts"]))
        yield chance.choice(task["rooms"]), start, chance.choice((60, 90, 120)), task["begin"]


def _book(task, room, starts_at, minutes, chance):
    from django.db import Error

    from booking.domain import meeting_requests
    from booking.domain.meeting_requests import MeetingRequest
    from config.errors import DomainError

    request = MeetingRequest(
        room_id=room,
        contact_email=chance.choice(task["people"]),
        starts_at=starts_at,
        duration_minutes=minutes,
    )
    try:
        now = dt.datetime.fromisoformat(task["now"])
        return meeting_requests.request_meeting(request, now=now).status
    except DomainError as refusal:
        return refusal.code
    except Error as error:
        return f"{type(error).__name__}: {getattr(error.__cause__, 'sqlstate', None)}"


if __name__ == "__main__":
    main()
