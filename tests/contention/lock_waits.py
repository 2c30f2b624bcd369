"""Waiting until another thread stands before a lock."""

import time
from concurrent.futures import Future
from typing import Any

from django.db import connection


def until_waited_for(answer: Future[Any]) -> None:
    """Return once somebody waits for a lock of the database, or `answer` is there."""
    while not answer.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
