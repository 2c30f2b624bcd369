"""Bring this machine's files and the database up to the code: `python -m config.prepare`.

Any number of processes may do so at once: files are guarded by a lock on this machine, the
database by an advisory lock, and whoever comes second finds the work done.
"""

import fcntl
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from config import embedded

_LOCK = 7_061_968
_LOCK_SECONDS = 300
_PAUSE_SECONDS = 0.2


def main(*, demo: bool = False, files_only: bool = False) -> None:
    """Collect static files, migrate, and load the demonstration into an empty database if asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    collect_static()
    if files_only:
        return
    with _one_at_a_time():
        migrate()
        if demo:
            load_demo()
    if demo:
        print_logins()


def collect_static() -> None:
    """Collect and compress the static files, unless nothing changed since they last were."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root.with_name(f"{root.name}.stamp")
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = _static_fingerprint()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            return
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now, encoding="ascii")


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    from django.db import connection

    end = time.monotonic() + _LOCK_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        while not _took_lock(cursor):
            if time.monotonic() > end:
                raise SystemExit("Another process has been preparing this database for too long.")
            time.sleep(_PAUSE_SECONDS)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _took_lock(cursor: "object") -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])  # type: ignore[attr-defined]  # a cursor, typed as an object
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]  # as above


def migrate() -> None:
    """Apply what migrations are missing, and make the cache's table."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def load_demo() -> None:
    """Load the demonstration into a database that knows nobody yet: all of it or nothing."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import transaction

    if get_user_model()._default_manager.exists() or not _has_command("load_demo"):
        return
    with transaction.atomic():
        call_command("load_demo")


def print_logins() -> None:
    """Write the demonstration's log-ins, where the portal has such a command, to the given file."""
    from django.core.management import call_command

    path = os.environ.get("DEMO_LOGINS_FILE")
    if path and _has_command("demo_logins"):
        with Path(path).open("w", encoding="utf-8") as stream:
            call_command("demo_logins", stdout=stream)


def _has_command(name: str) -> bool:
    from django.core.management import get_commands

    return name in get_commands()


if __name__ == "__main__":
    with embedded.for_command(title="prepare"):
        main(demo="--demo" in sys.argv[1:], files_only="--files-only" in sys.argv[1:])
