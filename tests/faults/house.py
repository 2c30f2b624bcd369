"""A whole running portal whose servers and processes can be stopped, killed and frozen."""

import contextlib
import datetime as dt
import http.client
import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import celery
import psycopg
import redis

from config import clock, embedded
from tests.system.test_run import Portal

PATIENCE_SECONDS = 60
DATABASE, BROKER, WEB, WORKER = "/postgres", "valkey-server", "portal web", "portal worker"
FIRST, SECOND, BOTH, BOTH_TURNED = (f"65b00000000000000000000{number}" for number in range(1, 5))
MEMBER, VISITOR, PASSWORD = "claire@acme.example", "visitor@new.example", "correct horse battery"
SITE = "65a000000000000000000001"

_ROOM = {
    "site": SITE,
    "type": "publicMeeting",
    "maxPerson": 8,
    "minDurationBooking": 60,
    "slotWeek": "00:00-24:00",
    "slotSaturday": "00:00-24:00",
    "slotSunday": "00:00-24:00",
    "pricePerHour": 20,
}
OPERATOR = {
    "sites": [
        {
            "_id": SITE,
            "name": "Open all hours",
            "country": "FR",
            "isPublic": True,
            "timeZone": "UTC",
        }
    ],
    "rooms": [
        {"_id": FIRST, "name": "First", **_ROOM},
        {"_id": SECOND, "name": "Second", **_ROOM},
        {"_id": BOTH, "name": "Both", **_ROOM, "parts": [FIRST, SECOND]},
        {"_id": BOTH_TURNED, "name": "Both, turned", **_ROOM, "parts": [SECOND, FIRST]},
    ],
    "organizations": [{"_id": "65c000000000000000000001", "name": "ACME", "memberOf": [SITE]}],
    "users": [
        {
            "_id": "65d000000000000000000001",
            "email": MEMBER,
            "firstName": "Claire",
            "role": "principal-admin",
            "organization": "65c000000000000000000001",
            "isVerified": True,
            "password": PASSWORD,
        },
        {
            "_id": "65d000000000000000000002",
            "email": "dev@partner.example",
            "role": "api-developer",
            "isVerified": True,
        },
    ],
}


class Answer(NamedTuple):
    """What the portal answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def eventually(condition: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until the condition holds and return what it came to."""
    ends_at = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < ends_at, "nothing happened in time"
        time.sleep(0.05)
    return found


def _state_and_parent(pid: int) -> tuple[str, int]:
    """Read what the kernel knows of a process; one that nobody has waited for yet is in state Z."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "gone", 0
    return words[0], int(words[1])


def is_over(pid: int) -> bool:
    return _state_and_parent(pid)[0] in ("gone", "Z")


def children(pid: int) -> list[int]:
    everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    mine = [one for one in everybody if _state_and_parent(one)[1] == pid]
    return sorted(one for one in mine if not is_over(one))


class House(Portal):
    """A `make run` of its own, with an operator's data and a mail server that can be told to fail."""

    def __init__(self, folder: Path, *, mail_port: int) -> None:
        super().__init__(folder)
        self.environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "API_THROTTLE": "off",
            "WEBHOOK_ALLOW_PRIVATE": "1",
        }
        self._hours = itertools.count()
        self.token = ""

    def furnish(self) -> None:
        """Import the operator's data and make a token."""
        file = self.folder.parent / "operator.json"
        file.write_text(json.dumps(OPERATOR))
        self.manage("import_data", str(file))
        self.token = self.manage("create_api_token", "dev@partner.example", "--name", "Faults")

    # --- processes --------------------------------------------------------------------------

    @property
    def supervisor(self) -> int:
        assert self.process is not None
        return self.process.pid

    def part(self, name: str) -> int:
        """Return the process that the supervisor started under a name."""
        return eventually(lambda: self._part(name))

    def _part(self, name: str) -> int | None:
        for pid in children(self.supervisor):
            with contextlib.suppress(OSError):
                facts = (Path(f"/proc/{pid}/{fact}").read_text() for fact in ("comm", "cmdline"))
                if any(name in fact for fact in facts):
                    return pid
        return None

    def end(self, name: str, number: signal.Signals) -> None:
        """Send a process a signal and wait until it is over; the supervisor starts it again."""
        pid = self.part(name)
        os.kill(pid, number)
        eventually(lambda: is_over(pid))

    @contextmanager
    def frozen(self, pid: int) -> Iterator[None]:
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def without(self, name: str, *, number: signal.Signals = signal.SIGINT) -> Iterator[None]:
        """Keep a server down: the supervisor, which would start it again, is frozen meanwhile."""
        with self.frozen(self.supervisor):
            self.end(name, number)
            yield
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        eventually(lambda: self._health() == {"status": "ok", "database": "ok", "broker": "ok"})

    def _health(self) -> Any:
        try:
            return self.ask("GET", "/readyz").json
        except (OSError, http.client.HTTPException):
            return None

    # --- callers ----------------------------------------------------------------------------

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: dict[str, str] | None = None,
        timeout_seconds: float = 20,
    ) -> Answer:
        """Make one call over a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_seconds)
        try:
            text = None if body is None else json.dumps(body)
            line.request(
                method, path, text, {"Content-Type": "application/json", **(headers or {})}
            )
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def post(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.ask(
            "POST", path, body=body, headers=headers | ({"Idempotency-Key": key} if key else {})
        )

    def a_booking(self, *, room: str = FIRST, email: str = MEMBER) -> dict[str, Any]:
        """Return the body of a booking of an hour that nobody else in this suite asks for."""
        start = clock.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=4)
        start += dt.timedelta(hours=next(self._hours))
        moment = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        return {"contactEmail": email, "bookedRoom": room, "bookedAt": moment, "duration": 60}

    def book(self, *, room: str = FIRST) -> str:
        """Book an hour and return the meeting's id."""
        answer = self.post("/api/meeting-request", self.a_booking(room=room))
        assert (answer.status, answer.json.get("status")) == (200, "ACCEPTED"), answer.body
        return str(answer.json["data"]["meetingId"])

    # --- stores -----------------------------------------------------------------------------

    def session(self) -> psycopg.Connection[Any]:
        """Connect to the portal's database as its superuser; each statement commits."""
        host = str(embedded.socket_dir(self.folder))
        return psycopg.connect(host=host, user="workways", dbname="workways", autocommit=True)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.session() as session:
            cursor = session.execute(statement, values)  # type: ignore[arg-type]  # our own texts
            return cursor.fetchall() if cursor.description else []

    def count(self, statement: str, *values: Any) -> int:
        return int(self.rows(f"SELECT count(*) FROM {statement}", *values)[0][0])

    def valkey(self) -> "redis.Redis[bytes]":
        return redis.Redis(unix_socket_path=str(embedded.socket_dir(self.folder) / "valkey.sock"))

    def queue_length(self) -> int:
        with self.valkey() as broker:
            return int(broker.llen("celery"))

    def publish(self, task: str, *arguments: Any, times: int = 1) -> None:
        """Put a task into the workers' queue."""
        producer = celery.Celery(broker=embedded.redis_url(self.folder), set_as_current=False)
        with producer.connection_for_write() as connection:
            for _ in range(times):
                producer.send_task(task, args=arguments, connection=connection)
        producer.close()

    # --- mail -------------------------------------------------------------------------------

    def mails_since(self, known: set[str]) -> dict[str, tuple[str, int]]:
        """Return status and attempts of each mail promised since, by its id."""
        found = self.rows("SELECT id, status, attempts FROM organizations_outgoingemail")
        return {id_: (status, tries) for id_, status, tries in found if id_ not in known}

    def mails(self) -> set[str]:
        return set(self.mails_since(set()))

    def wait_until_sent(self, known: set[str]) -> dict[str, tuple[str, int]]:
        """Wait until every mail promised since has gone, and return them."""

        def gone() -> Any:
            found = self.mails_since(known)
            return found if {status for status, _ in found.values()} == {"sent"} else None

        return eventually(gone)
