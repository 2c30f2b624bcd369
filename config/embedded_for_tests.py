"""Embedded servers for one test run: fast, forgetful, in a folder of their own."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from config import embedded_servers, processes
from config.embedded import Needs, database_url, redis_url, socket_dir

_TEST_PREFIX = "workways-test-"
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


class TestServers:
    """The servers of one test run, over a folder of their own."""

    __test__ = False

    def __init__(self, servers: embedded_servers.Servers, folder: Path) -> None:
        self.database_url = database_url(folder)
        self.redis_url = redis_url(folder)
        self._servers, self._folder = servers, folder

    def __enter__(self) -> "TestServers":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the servers and remove all they wrote."""
        for server in self._servers.all:
            if server.child is not None:
                processes.stop(server.child, first=signal.SIGQUIT, patience_seconds=5)
        _remove(self._folder)


def start() -> TestServers:
    """Start fast and forgetful servers; see `config.embedded.start_for_tests`."""
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_TEST_PREFIX}{os.getpid()}-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    servers = embedded_servers.prepare(
        folder, wanted=Needs(postgres=True, valkey=True), settings=_FORGETFUL
    )
    try:
        for server in servers.all:
            server.first_signal = signal.SIGQUIT if server.name == "PostgreSQL" else signal.SIGTERM
            server.start()
        servers.wait()
    except BaseException:
        servers.stop()
        raise
    return TestServers(servers, folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(socket_dir(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers() -> None:
    for folder in Path("/tmp").glob(f"{_TEST_PREFIX}*-*"):  # noqa: S108 - the folders made above
        pid = folder.name.removeprefix(_TEST_PREFIX).split("-")[0]
        if (
            pid.isdigit()
            and not processes.is_alive(int(pid))
            and folder.stat().st_uid == os.geteuid()
        ):
            _remove(folder)
