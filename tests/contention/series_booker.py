"""One process that books, moves and gives back whole series. A program of `tests.contention.racing`."""

import datetime as dt
import random
import threading
from collections import Counter


def run(task, gate):
    """Count what each step came to."""
    gate()
    counts: Counter[str] = Counter()
    lock = threading.Lock()
    threads = [
        threading.Thread(target=_work, args=(task, number, counts, lock))
        for number in range(task["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def _work(task, number, counts, lock):
    from django.db import connection

    chance = random.Random(f"{task['process']}-{number}")
    now = dt.datetime.fromisoformat(task["now"])
    try:
        for _ in range(task["turns"]):
            for said in _turn(task, chance, now):
                with lock:
                    counts[said] += 1
    finally:
        connection.close()


def _turn(task, chance, now):
    """Book a series, move all of it to another room, and sometimes give it back."""
    from booking.domain import cancellations, changes, series_requests
    from booking.domain.booking_plans import MeetingRequest
    from booking.domain.change_plans import MeetingChange
    from booking.domain.series_requests import SeriesWish
    from booking.domain.series_scopes import OnConflict, Scope

    start = dt.datetime.fromisoformat(task["first_start"])
    start += dt.timedelta(days=chance.randrange(4), minutes=30 * chance.randrange(8))
    request = MeetingRequest(
        room_id=chance.choice(task["rooms"]),
        contact_email=chance.choice(task["people"]),
        starts_at=start,
        duration_minutes=chance.choice((60, 90)),
    )
    rule = chance.choice(("FREQ=DAILY;COUNT=8", "FREQ=DAILY;INTERVAL=2;COUNT=6"))
    wish = SeriesWish(rule=rule, on_conflict=OnConflict.SKIP)
    booked = []

    def book():
        outcome = series_requests.request_series(request, wish, now=now)
        booked.append(outcome.meetings[0].id)
        return "BOOKED"

    def move():
        wanted = MeetingChange(
            room_id=chance.choice(task["rooms"]), scope=Scope.ALL, on_conflict=OnConflict.SKIP
        )
        changes.change(booked[0], wanted, by=None, now=now)
        return "MOVED"

    def give_back():
        cancellations.cancel_in_scope(booked[0], scope=Scope.ALL, reason="", by=None, now=now)
        return "GIVEN_BACK"

    yield _said(book)
    if booked:
        yield _said(move)
        if chance.random() < 0.5:
            yield _said(give_back)


def _said(work):
    from django.db import Error

    from config.errors import DomainError

    try:
        return work()
    except DomainError as refusal:
        return refusal.code
    except Error as error:
        return f"{type(error).__name__}: {getattr(error.__cause__, 'sqlstate', None)}"
