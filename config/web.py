"""The web server: granian with 2 processes of 4 threads, forked from one that has loaded the portal.

They share its memory, and each of them ends with the process that forked it, also after `kill -9`.
"""

import gc
import os
import signal
from collections.abc import Callable
from typing import Any

from babel import dates, numbers
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from config import processes


def load_portal(_target: str) -> Callable[..., Any]:
    """Return the WSGI application, in a server process that must not outlive its parent."""
    processes.die_with_pool()
    from config.wsgi import application

    return application


def load_for_all() -> None:
    """Load, for the processes forked from this one, what each would else load for its first page."""
    import config.wsgi  # noqa: F401 - it is there when they look for it

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("find")  # all pages and their addresses, and the language's texts
        numbers.format_currency(1, "EUR", locale=language)
        dates.format_date(locale=language)
    gc.collect()
    gc.freeze()  # what is loaded now stays shared: the collector would touch, and so copy, it


def serve(
    *,
    host: str,
    port: int,
    workers: int = 2,
    threads: int = 4,
    load: Callable[[str], Callable[..., Any]] = load_portal,
) -> None:
    """Serve the portal until a SIGINT or SIGTERM; open requests get 10 seconds to finish."""
    if workers > 1:
        load_for_all()
    Server(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve(target_loader=load)


def main() -> None:
    """Serve as the environment says, until a signal; that a terminal was closed is none of its own."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    serve(
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        workers=int(os.environ.get("WEB_WORKERS", "2")),
        threads=int(os.environ.get("WEB_THREADS", "4")),
    )


if __name__ == "__main__":
    main()
