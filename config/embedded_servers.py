"""Starting and stopping the embedded servers; `config.embedded` decides when.

The wheels' programs are run directly, not through the wheels' own starters: those leave servers
behind when their process is killed, and open parent folders to other users.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from config import embedded_postgres, embedded_valkey, service_account
from config.embedded import EmbeddedError, Needs, socket_dir
from config.embedded_server import Server
from config.service_account import Account, ServiceAccountError

_READY_SECONDS = 60
_PAUSE_SECONDS = 0.02


@dataclass(slots=True)
class Servers:
    """The servers this process has started, in the order of starting."""

    all: list[Server]
    sockets: Path

    def wait(self) -> None:
        """Return when all of them answer; :raises EmbeddedError: when one does not in a minute."""
        end = time.monotonic() + _READY_SECONDS
        for server in self.all:
            while not server.ready():
                if time.monotonic() > end:
                    raise EmbeddedError(
                        f"{server.name} did not answer in {_READY_SECONDS} seconds: {server.log}"
                    )
                time.sleep(_PAUSE_SECONDS)

    def stop(self) -> None:
        """Stop them, the last started first, and remove the folder of their sockets."""
        for server in reversed(self.all):
            server.stop()
        self.forget_sockets()

    def forget_sockets(self) -> None:
        """Remove the folder of the sockets once the servers that ended have emptied it."""
        with contextlib.suppress(OSError):
            self.sockets.rmdir()


def start_all(folder: Path, *, wanted: Needs) -> Servers:
    """Start what is wanted over the data of `folder` and wait until it answers.

    :raises EmbeddedError: with what to do about it.
    """
    servers = prepare(folder, wanted=wanted)
    try:
        for server in servers.all:
            server.start()
        servers.wait()
    except BaseException:
        servers.stop()
        raise
    return servers


def prepare(folder: Path, *, wanted: Needs, settings: tuple[str, ...] = ()) -> Servers:
    """Make the folders and the cluster that the wanted servers need; start nothing."""
    try:
        return _prepare(folder, wanted, settings)
    except (OSError, ServiceAccountError) as error:
        raise EmbeddedError(f"The embedded servers cannot start: {error}") from error


def _prepare(folder: Path, wanted: Needs, settings: tuple[str, ...]) -> Servers:
    account = service_account.account_for(cluster=folder / "postgres")
    sockets = _socket_dir(socket_dir(folder), account)
    home = service_account.reachable_home(folder, account)
    logs = folder / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    found: list[Server] = []
    if wanted.postgres:
        found.append(
            embedded_postgres.server(home, sockets, logs / "postgres.log", account, settings)
        )
    if wanted.valkey:
        found.append(embedded_valkey.server(home, sockets, logs / "valkey.log", account))
    for server in found:
        server.log.write_bytes(b"")
    return Servers(found, sockets)


def _socket_dir(folder: Path, account: Account | None) -> Path:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status, mine = folder.lstat(), os.geteuid()
    trusted = {mine} if account is None else {mine, account.uid}
    if folder.is_symlink() or not folder.is_dir() or status.st_uid not in trusted:
        raise EmbeddedError(
            f"{folder} belongs to another user: remove it, or choose another DATA_DIR."
        )
    return service_account.give(folder, account)


def answering(sockets: Path, *, wanted: Needs) -> bool:
    """Say whether servers that another process started accept connections by now."""
    if wanted.valkey and not embedded_valkey.answers(sockets / "valkey.sock"):
        return False
    return not wanted.postgres or embedded_postgres.accepts(sockets)
