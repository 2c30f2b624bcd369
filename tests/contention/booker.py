"""One process of bookers: each thread books, as told. A program of `tests.contention.racing`."""

import datetime as dt
import random
import threading
import time
from collections import Counter


def run(task, gate):
    """Count what the bookings came to, and say how long the longest took."""
    task["begin"] = gate()
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
    return {"counts": counts, "slowest": slowest[0]}


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
