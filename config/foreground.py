"""`make run`: the whole portal in the foreground of one terminal, until Ctrl-C.

Web server and worker are forked from this process once it has loaded the portal. Measured, that
takes 90 MB less than three processes that each load it for themselves.
"""

import contextlib
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from config import embedded, embedded_servers, processes
from config.embedded import EmbeddedError
from config.embedded_server import Server
from config.processes import Child
from config.supervisor import GaveUpError, Part, Supervisor

_PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.1
_STOP_SECONDS = 15


class _Stopped(Exception):
    """A signal asked the portal to stop."""


def say(text: str) -> None:
    """Print a line for whoever watches the terminal, if anybody still does."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _stopping(server: Server) -> Callable[[Child], None]:
    def stop(_child: Child) -> None:
        server.stop()

    return stop


class Foreground:
    """One run of the whole portal."""

    def __init__(self) -> None:
        self.folder = embedded.data_dir()
        self.host = os.environ["HOST"] = os.environ.get("HOST") or "127.0.0.1"
        self.port = int(os.environ.get("PORT") or 8000)
        os.environ["PORT"] = str(self.port)
        self.supervisor = Supervisor(say=say)
        self.servers: embedded_servers.Servers | None = None
        self.stopping = False

    def main(self) -> int:
        """Run until a signal; return 0 when it ended as asked, 1 when something gave up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._ask_to_stop)
        try:
            self._run()
        except _Stopped:
            return 0
        except (EmbeddedError, GaveUpError) as error:
            say(f"\n{error}")
            return 1
        return 0

    def _run(self) -> None:
        wanted = embedded.needs()
        self._check_port()
        self._make_folders()
        with contextlib.ExitStack() as stack:
            if wanted:
                self._own_servers(stack)
            stack.callback(self._stop)
            if wanted:
                self._start_servers(wanted)
            logins = self._prepare()
            self._fork_parts()
            self._wait_for_web()
            self._welcome(logins)
            while True:
                self._breathe()
                self.supervisor.check()

    # --- before the start -------------------------------------------------------------------

    def _check_port(self) -> None:
        try:
            with socket.create_server((self.host, self.port)):
                return
        except OSError as error:
            raise EmbeddedError(
                f"Port {self.port} on {self.host} cannot be used ({error.strerror});"
                " choose another with PORT=8001 make run."
            ) from error

    def _make_folders(self) -> None:
        embedded.make_data_dir(self.folder)
        for name in ("mail", "media", "static", "logs"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)

    def _own_servers(self, stack: contextlib.ExitStack) -> None:
        end, told = time.monotonic() + _PATIENCE_SECONDS, False
        while not stack.enter_context(embedded.ownership(self.folder, title="make run")):
            owner = embedded.owner_of(self.folder)
            who = f"{owner.get('title')} (process {owner.get('pid')})"
            if owner.get("title") == "make run" or time.monotonic() > end:
                raise EmbeddedError(f"{who} already runs the servers of {self.folder}.")
            if owner and not told:
                say(f"Waiting for {who} to finish with {self.folder} …")
                told = True
            self._breathe()

    def _start_servers(self, wanted: embedded.Needs) -> None:
        say("Starting PostgreSQL and Valkey …")
        self.servers = servers = embedded_servers.prepare(self.folder, wanted=wanted)
        for server in servers.all:
            self.supervisor.add(Part(server.name, server.start, _stopping(server)))
        servers.wait()
        self._raise_if_stopping()

    def _prepare(self) -> str:
        """Bring files and database up to date in another process, whose memory then returns."""
        demo = ["--demo"] if os.environ.get("DEMO", "1") != "0" else []
        say("Preparing the database (the first time with a year of demo data: a minute or two) …")
        descriptor, logins = tempfile.mkstemp(dir=self.folder / "logs")
        os.close(descriptor)
        try:
            child = processes.spawn(
                command=[sys.executable, "-m", "config.prepare", *demo],
                env=os.environ | {"DEMO_LOGINS_FILE": logins},
            )
            self._wait_for(child)
            return Path(logins).read_text(encoding="utf-8")
        finally:
            Path(logins).unlink()

    def _wait_for(self, child: Child) -> None:
        try:
            while child.poll() is None:
                self._breathe()
        finally:
            processes.stop(child)
        if child.returncode != 0:
            raise GaveUpError(f"The database could not be prepared (code {child.returncode}).")

    # --- while it runs ----------------------------------------------------------------------

    def _fork_parts(self) -> None:
        """Load the portal once; the parts are forked from here and share the memory of what they load."""
        from config import web, worker

        worker.load()
        web.load_for_all()
        for name, work in (("web", web.main), ("worker", worker.main_with_scheduler)):
            self.supervisor.add(self._part(name, work))

    def _part(self, name: str, work: Callable[[], None]) -> Part:
        def start() -> Child:
            return processes.fork(work, name=f"portal {name}")

        def stop(child: Child) -> None:
            processes.stop(child, patience_seconds=_STOP_SECONDS)

        return Part(f"The {name} process", start, stop)

    def _wait_for_web(self) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._web_answers():
            if time.monotonic() > end:
                raise GaveUpError(f"The web server did not answer in {_PATIENCE_SECONDS} seconds.")
            self._breathe()
            self.supervisor.check()

    def _web_answers(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as line:
                line.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return line.recv(5) == b"HTTP/"
        except OSError:
            return False

    def _welcome(self, logins: str) -> None:
        public = os.environ.get("PUBLIC_URL") or f"http://localhost:{self.port}"
        mail = os.environ.get("EMAIL_FILE_DIR") or self.folder / "mail"
        say(f"\nThe portal is ready.\n  Website  {public}/\n  Staff    {public}/admin/")
        say(f"  Mail     {mail} (one file each)\n  Data     {self.folder}")
        if logins.strip():
            say(f"\n{logins.rstrip()}")
        say("\nPress Ctrl-C to stop.")

    # --- the end ----------------------------------------------------------------------------

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _raise_if_stopping(self) -> None:
        if self.stopping:
            raise _Stopped

    def _breathe(self) -> None:
        time.sleep(_PAUSE_SECONDS)
        self._raise_if_stopping()

    def _stop(self) -> None:
        say("\nStopping …")
        self.supervisor.stop()
        if self.servers is not None:
            self.servers.forget_sockets()
        say("Stopped.")


if __name__ == "__main__":
    sys.exit(Foreground().main())
