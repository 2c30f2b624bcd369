"""What every request reads or writes: statements that PostgreSQL parses and plans once a connection.

Django sends each statement as new text, which costs a small query more than running it does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection

from config import audit

Row = tuple[Any, ...]
Parameters = Mapping[str, Any] | Sequence[Any]


def first_row(statement: str, parameters: Parameters) -> Row | None:
    """Return the first row that a reading statement finds."""
    found = rows(statement, parameters)
    return found[0] if found else None


def rows(statement: str, parameters: Parameters) -> list[Row]:
    """Return all rows that a reading statement finds.

    Outside a transaction it is asked once more on a fresh connection when the kept one turns out to
    be dead. That takes the place of Django's health check, which would double the round trips.
    """
    if connection.in_atomic_block:
        return _run(statement, parameters)
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return _run(statement, parameters)
    except (InterfaceError, OperationalError):
        connection.close()
        return _run(statement, parameters)


def write(statement: str, parameters: Parameters) -> None:
    """Run a writing statement, once: whether one that was cut off had its effect, nobody knows."""
    _run(statement, parameters)


def _is_watched() -> bool:
    """Tell whether somebody counts or forbids queries; what notes who writes has no say in reads."""
    return connection.queries_logged or any(
        wrapper is not audit.names_the_writer for wrapper in connection.execute_wrappers
    )


def _run(statement: str, parameters: Parameters) -> list[Row]:
    if _is_watched():
        with connection.cursor() as watched:
            watched.execute(statement, parameters)
            return list(watched.fetchall()) if watched.description else []
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
