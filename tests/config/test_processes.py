"""Children forked from a process without threads, which the one that runs the tests is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.test_embedded import PROJECT

FORKED = """
import atexit, os, signal, subprocess, sys, time
from pathlib import Path
from config import processes

def fails(): raise ValueError("of its own")
def leaves(): sys.exit(3)
def says(): print(os.getsid(0) == os.getpid(), Path("/proc/self/comm").read_text().strip())
def sleeps(): time.sleep(60)
def cannot_tell():
    atexit.register(print, "it went on")
    sys.stderr.close()
    raise ValueError

child = processes.fork({work}, name="a part of it")
{then}
"""


def result(work: str, then: str = "print(child.wait(10))") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FORKED.format(work=work, then=then)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("work", "code"),
    [("lambda: None", "0"), ("fails", "1"), ("leaves", "3"), ("lambda: sys.exit('no')", "1")],
)
def test_a_forked_child_ends_with_the_code_of_its_work(work: str, code: str) -> None:
    assert result(work).stdout.strip() == code


def test_what_a_forked_child_raises_is_told() -> None:
    assert "ValueError: of its own" in result("fails").stderr


def test_what_a_forked_child_leaves_with_is_told() -> None:
    assert result("lambda: sys.exit('no more')").stderr == "no more\n"


def test_a_forked_child_that_cannot_tell_what_it_raises_ends_nevertheless() -> None:
    assert result("cannot_tell").stdout == "1\n"


def test_a_forked_child_leads_a_session_and_has_a_name() -> None:
    assert result("says").stdout.split("\n")[:2] == ["True a part of it", "0"]


def test_a_forked_child_is_asked_to_end_then_waited_for() -> None:
    ended = result("sleeps", "print(child.poll(), processes.stop(child), child.returncode)")

    assert ended.stdout.strip() == "None -15 -15"


def test_whoever_waits_too_long_is_told() -> None:
    then = """
try:
    child.wait(0.05)
except subprocess.TimeoutExpired:
    child.kill()
    print(child.wait())
"""

    assert result("sleeps", then).stdout.strip() == "-9"


def test_a_forked_child_does_not_outlive_its_parent() -> None:
    then = "print(child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"

    orphan = int(result("sleeps", then).stdout)

    looks = f"""
import time
from config import processes
end = time.monotonic() + 10
while processes.is_alive({orphan}) and time.monotonic() < end:
    time.sleep(0.01)
print(processes.is_alive({orphan}))
"""
    seen = subprocess.run(
        [sys.executable, "-c", looks], cwd=PROJECT, capture_output=True, text=True
    )
    assert seen.stdout.strip() == "False"


def test_a_forked_child_does_not_keep_the_servers_of_its_parent(tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
from config import embedded, processes

folder = Path({str(tmp_path)!r})
with embedded.ownership(folder, title="make run") as first:
    child = processes.fork(lambda: time.sleep(60), name="a part of it")
for _ in range(100):  # until the child has begun
    with embedded.ownership(folder, title="make run") as next_one:
        if next_one:
            break
    time.sleep(0.05)
print(first, next_one, child.poll())
processes.stop(child)
"""
    owned = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )

    assert owned.stdout.strip() == "True True None", owned.stderr
