"""One migrated database for all workers of a test run: the first to need it makes it, the others copy it."""

import fcntl
from pathlib import Path
from typing import IO

from django.db import connection

_NAME = "test_template"


class Template:
    """A worker's way to the migrated database; `lock_path` is the same for all workers of the run."""

    def __init__(self, lock_path: Path) -> None:
        self._lock_path = lock_path
        self._making: IO[str] | None = None

    def use_or_promise(self) -> None:
        """Let the test database be a copy; where there is nothing to copy, keep the others waiting."""
        # Held until `keep_promise`; it goes with the process that fails before.
        lock = self._lock_path.open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [_NAME])
            is_made = cursor.rowcount == 1
        if is_made:
            connection.settings_dict["TEST"]["TEMPLATE"] = _NAME
            lock.close()
        else:
            self._making = lock

    def keep_promise(self) -> None:
        """Make the template of this worker's database, freshly migrated, if the others wait for it."""
        if self._making is None:
            return
        made = connection.ops.quote_name(connection.settings_dict["NAME"])
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {_NAME} TEMPLATE {made}")
        self._making.close()
        self._making = None
