"""The portal's processes: `python -m config.runner run|web|worker|beat`.

`run` is the whole portal in the foreground: the embedded servers that the environment leaves to
us, the database brought up to the code, web server, worker and scheduler; Ctrl-C stops all of it.
The other three become one process each, for an installation with its own PostgreSQL and Redis.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from config import embedded, processes

_PROJECT = Path(__file__).resolve().parent.parent
_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "run": ("-m", "config.foreground"),
    "web": ("-m", "config.web"),
    "worker": ("-m", "config.worker"),
    "beat": ("-m", "celery", "-A", "config.celery", "--quiet", "beat", "--loglevel=warning"),
}
_IN_THE_FOREGROUND = {
    "DJANGO_SETTINGS_MODULE": "config.settings.local",
    "LOG_LEVEL": "WARNING",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser",  # each start would say it
}
_IN_PRODUCTION = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS")


def main(arguments: list[str]) -> NoReturn:
    """Become what the first argument names."""
    os.environ.setdefault("DATA_DIR", str(embedded.data_dir()))
    # the C library keeps a heap for each of many threads otherwise
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.chdir(_PROJECT)
    match arguments:
        case ["run", *options]:
            if "--die-with-parent" in options:
                processes.die_with_parent(parent=os.getppid())
            os.environ.update(_IN_THE_FOREGROUND | os.environ)
            _become("run")
        case [("web" | "worker" | "beat") as name]:
            _check_settings()
            embedded.make_data_dir(embedded.data_dir())
            if name == "web":
                _prepare()
            if name == "worker":
                os.environ["SERVES_NO_PAGES"] = "1"
            os.environ.setdefault("HOST", "0.0.0.0")  # noqa: S104 - a proxy in front reaches it
            _become(name)
    sys.exit(__doc__)


def _check_settings() -> None:
    """Take the settings of a real installation, and end where some of them are missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    if os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.production":
        missing = [variable for variable in _IN_PRODUCTION if not os.environ.get(variable)]
        if missing:
            sys.exit(f"Set {', '.join(missing)} in the environment; see README.md.")


def _become(name: str) -> NoReturn:
    """Turn this process into one of the portal's: some of its environment is only read at a start."""
    command = [sys.executable, *_COMMANDS[name]]
    os.execv(command[0], command)  # noqa: S606 - this very interpreter


def _prepare() -> None:
    """Bring the database up to date as well, unless MIGRATE=0 leaves that to `make prepare`."""
    files_only = ["--files-only"] if os.environ.get("MIGRATE") == "0" else []
    command = [sys.executable, "-m", "config.prepare", *files_only]
    if code := subprocess.run(command, check=False).returncode:  # noqa: S603 - our own module
        sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
