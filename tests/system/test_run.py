"""`make run` and its parts as real processes: start, kill, start again, several at once."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config import embedded
from tests.config.test_embedded import PROJECT, processes_over, wait_until_none

pytestmark = pytest.mark.system
START_SECONDS = 240


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """A `make run` without make: the supervisor over a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder.parent / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        } | {"DATA_DIR": str(folder), "PORT": str(self.port), "DEMO": "0"}

    def start(self) -> float:
        """Start, wait for the address to be printed, and return how long that took."""
        began = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.runner", "run", "--die-with-parent"],
                cwd=PROJECT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while "Press Ctrl-C" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - began < START_SECONDS, self.log.read_text()
            time.sleep(0.05)
        return time.monotonic() - began

    def manage(self, *arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()

    def everybody(self) -> list[int]:
        """Return the processes of this run: by data folder, or by their environment."""
        mine = set(processes_over(self.folder))
        marker = f"DATA_DIR={self.folder}".encode()
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and marker in (entry / "environ").read_bytes().split(b"\0"):
                    mine.add(int(entry.name))
            except OSError:
                continue
        return sorted(mine)

    def left_after(self, seconds: float) -> list[int]:
        end = time.monotonic() + seconds
        while (left := self.everybody()) and time.monotonic() < end:
            time.sleep(0.05)
        return left


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return int(error.code)


COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
STORE = (
    "from django.contrib.sessions.backends.db import SessionStore; "
    "s = SessionStore(); s['a'] = 1; s.create()"
)


def test_kill_9_leaves_no_process_and_no_data_is_lost(used_portal: Portal) -> None:
    used_portal.start()
    assert status(used_portal.port, "/readyz") == 200
    used_portal.manage("shell", "--no-imports", "-c", STORE)
    assert len(used_portal.everybody()) > 5

    assert used_portal.process is not None
    used_portal.process.kill()
    used_portal.process.wait()

    assert used_portal.left_after(5) == []
    assert used_portal.start() < 60
    assert used_portal.manage("shell", "--no-imports", "-c", COUNT) == "1"

    os.killpg(used_portal.process.pid, signal.SIGINT)

    assert used_portal.process.wait(30) == 0
    assert used_portal.left_after(1) == []
    assert used_portal.manage("shell", "--no-imports", "-c", COUNT) == "1"
    assert used_portal.left_after(1) == []


def test_a_killed_part_is_started_again(used_portal: Portal) -> None:
    used_portal.start()
    web = [pid for pid in used_portal.everybody() if name(pid) == "portal web"]
    assert len(web) == 3

    os.kill(min(web), signal.SIGKILL)
    time.sleep(1)

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if status(used_portal.port, "/livez") == 200:
                break
        except OSError:
            time.sleep(0.1)
    now = [pid for pid in used_portal.everybody() if name(pid) == "portal web"]
    assert set(now).isdisjoint(web)
    assert status(used_portal.port, "/readyz") == 200


def test_a_second_run_over_the_same_data_is_refused(used_portal: Portal) -> None:
    used_portal.start()
    second = subprocess.run(
        [sys.executable, "-m", "config.runner", "run"],
        cwd=PROJECT,
        env=used_portal.environment | {"PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )

    assert second.returncode == 1
    assert "already runs the servers of" in second.stdout


def test_a_taken_port_is_told_before_anything_starts(portal: Portal) -> None:
    with socket.create_server(("127.0.0.1", portal.port)):
        answer = subprocess.run(
            [sys.executable, "-m", "config.runner", "run"],
            cwd=PROJECT,
            env=portal.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )

    assert answer.returncode == 1
    assert f"Port {portal.port} on 127.0.0.1 cannot be used" in answer.stdout
    assert not portal.folder.exists()


def test_two_web_servers_and_a_worker_share_one_database(tmp_path: Path, static_root: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "HOST": "127.0.0.1",
        "MIGRATE": "1",
    }
    with embedded.start_for_tests() as servers:
        environment |= {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        environment["STATIC_ROOT"] = str(static_root)
        ports = [free_port(), free_port()]
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "config.runner", name],
                cwd=PROJECT,
                env=environment | {"PORT": str(port), "DATA_DIR": str(tmp_path / str(port))},
            )
            for name, port in [("web", ports[0]), ("web", ports[1]), ("worker", 1), ("beat", 2)]
        ]
        try:
            assert [wait_ready(port) for port in ports] == [200, 200]
            assert [process.poll() for process in started] == [None] * 4
        finally:
            for process in started:
                process.terminate()
            codes = [process.wait(30) for process in started]
    assert codes == [0, 0, 0, 0]
    assert wait_until_none(tmp_path) == []


def test_production_tells_all_that_is_missing(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}

    answer = subprocess.run(
        [sys.executable, "-m", "config.runner", "web"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 1
    assert answer.stderr == (
        "Set SECRET_KEY, DATABASE_URL, REDIS_URL, PUBLIC_URL, ALLOWED_HOSTS in the environment;"
        " see README.md.\n"
    )


def wait_ready(port: int) -> int:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if (found := status(port, "/readyz")) == 200:
                return found
        except OSError:
            pass
        time.sleep(0.1)
    return 0


def name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
