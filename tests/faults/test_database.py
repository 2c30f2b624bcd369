"""The database restarts, is away, is locked, or breaks a deadlock. Source: safety, F-01 to F-04."""

import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.faults.house import (
    BOTH,
    BOTH_TURNED,
    DATABASE,
    FIRST,
    SECOND,
    WEB,
    House,
    eventually,
)

pytestmark = pytest.mark.faults

CLIENT_PATIENCE_SECONDS = 3
BOOK = "/api/meeting-request"
SOMEBODY = {"Cookie": f"sessionid={'a' * 32}"}
PAGES = ("/", "/find/", "/sites/", "/account/", "/accounts/login/", "/api/sites", "/api/rooms")
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


class Load:
    """Callers who book one hour after the other, each call under a key of its own, until told to stop."""

    CALLERS = 3

    def __init__(self, house: House) -> None:
        self.house = house
        self.lock = threading.Lock()
        self.bodies: dict[str, dict[str, object]] = {}
        self.statuses: dict[str, int] = {}
        self.enough = threading.Event()
        self.threads = [
            threading.Thread(target=self._work, args=(number,)) for number in range(self.CALLERS)
        ]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join()

    def answered(self, status: int) -> int:
        with self.lock:
            return list(self.statuses.values()).count(status)

    def _work(self, caller: int) -> None:
        number = 0
        while not self.enough.is_set():
            number += 1
            key = f"load-{caller}-{number}"
            with self.lock:
                body = self.house.a_booking()
            answer = self.house.post(BOOK, body, key=key)
            with self.lock:
                self.bodies[key], self.statuses[key] = body, answer.status
                if answer.status == 503:
                    assert answer.headers["Retry-After"]
            if answer.status != 200:
                self.enough.wait(0.2)


def test_a_restart_under_load_leaves_nothing_half_written_and_no_error_behind(house: House) -> None:
    """F-01."""
    before = house.count("booking_meeting")
    with Load(house) as load:
        eventually(lambda: load.answered(200) >= 5)
        house.end(DATABASE, signal.SIGINT)
        eventually(lambda: load.answered(503) >= 1)
        house.wait_until_ready()
        since = len(load.statuses)
        eventually(lambda: len(load.statuses) >= since + 20)

    assert set(load.statuses.values()) == {200, 503}
    again = [house.post(BOOK, body, key=key) for key, body in load.bodies.items()]
    assert {answer.status for answer in again} == {200}
    meetings = [answer.json["data"]["meetingId"] for answer in again]
    assert len(set(meetings)) == len(meetings) == house.count("booking_meeting") - before
    assert house.count("booking_reservation WHERE meeting_id = ANY(%s)", meetings) == len(meetings)
    assert house.count("apitokens_event WHERE object_id = ANY(%s)", meetings) == len(meetings)
    after = [house.ask("GET", path).status for path in PAGES * 4]
    assert Counter(after) == {200: 24, 302: 4}


def test_without_database_the_process_lives_pages_say_503_and_all_comes_back(house: House) -> None:
    """F-02: the server is gone; the callers' own time-out is the limit of the answers' time."""

    def asked(*paths: str) -> list[int]:
        calls = (
            house.ask("GET", path, headers=SOMEBODY, timeout_seconds=CLIENT_PATIENCE_SECONDS)
            for path in paths
        )
        return [call.status for call in calls]

    web = house.part(WEB)
    with house.without(DATABASE):
        assert asked("/livez", "/readyz") == [200, 503]
        assert asked(*PAGES) == [503] * len(PAGES)
        answer = house.post(BOOK, house.a_booking())
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert asked("/livez") == [200]

    assert sorted(house.ask("GET", path).status for path in PAGES) == [200] * 6 + [302]
    assert house.part(WEB) == web
    house.book()


def test_a_database_that_takes_calls_and_keeps_silent_holds_nobody(house: House) -> None:
    """F-02: the time-out of connecting ends the wait, where there is no refusal to end it."""
    postmaster = house.part(DATABASE)
    with house.frozen(house.supervisor):
        _hang_up_on_everybody(house)
        with house.frozen(postmaster):
            paths = ("/livez", "/readyz", "/find/", "/account/")
            answers = [house.ask("GET", path, headers=SOMEBODY) for path in paths]

    assert [answer.status for answer in answers] == [200, 503, 503, 503]
    house.wait_until_ready()
    house.book()


def _hang_up_on_everybody(house: House) -> None:
    house.rows(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )


def test_a_lock_that_is_held_stops_its_callers_alone(house: House) -> None:
    """F-03."""
    body = house.a_booking()
    with ThreadPoolExecutor(3) as callers, house.session() as session, ExitStack() as lock:
        lock.enter_context(session.transaction())
        session.execute("LOCK TABLE booking_meeting IN ACCESS EXCLUSIVE MODE")
        waiting = [callers.submit(house.post, BOOK, body, key="locked") for _ in range(1)]
        waiting += [callers.submit(house.post, BOOK, house.a_booking()) for _ in range(2)]
        eventually(lambda: _waiting_for_locks(house) >= 3)
        others = [
            house.ask("GET", path).status
            for path in ("/livez", "/readyz", "/accounts/login/", "/sites/", "/api/countries")
        ]
        refused = [call.result() for call in waiting]
        lock.close()

    assert others == [200] * 5
    assert [answer.status for answer in refused] == [503] * 3
    assert [answer.headers["Retry-After"] for answer in refused] == ["2"] * 3
    assert house.post(BOOK, body, key="locked").status == 200


def _waiting_for_locks(house: House) -> int:
    return house.count("pg_stat_activity WHERE wait_event_type = 'Lock'")


def test_a_deadlock_that_the_database_breaks_is_tried_again(house: House) -> None:
    """F-04: somebody locks the two rooms of a combined one in the other order, and the booking loses."""
    with ThreadPoolExecutor(1) as callers, house.session() as rival:
        rival.execute("SET deadlock_timeout = '1min'")
        with rival.transaction():
            _lock_room(rival, SECOND)
            booking = callers.submit(house.post, BOOK, house.a_booking(room=BOTH))
            eventually(lambda: _waiting_for_locks(house) == 1)
            _lock_room(rival, FIRST)
        answer = booking.result()

    assert (answer.status, answer.json["status"]) == (200, "ACCEPTED")
    assert "booking.deadlock_retried" in house.log.read_text()


def _lock_room(session, room: str) -> None:
    session.execute("SELECT 1 FROM sites_app_room WHERE id = %s FOR UPDATE", [room])


def test_opposite_bookings_of_several_rooms_never_deadlock(house: House) -> None:
    """F-04: two rooms made of the same two, named in opposite order, in the same moments."""
    [(before,)] = house.rows(DEADLOCKS)
    answers: Counter[int] = Counter()
    with ThreadPoolExecutor(6) as callers:
        for _ in range(10):
            hour = house.a_booking()
            wishes = [hour | {"bookedRoom": room} for room in (BOTH, BOTH_TURNED, SECOND) * 2]
            answers.update(answer.status for answer in callers.map(house.post, [BOOK] * 6, wishes))

    assert answers == {200: 10, 409: 50}
    assert house.rows(DEADLOCKS) == [(before,)]
