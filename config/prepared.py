"""Reads that every request makes: statements that PostgreSQL parses and plans once a connection.

Django sends each statement as new text, which costs a small query more than running it does.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection

Row = tuple[Any, ...]


def first_row(statement: str, parameters: Mapping[str, Any]) -> Row | None:
    """Return the first row that a reading statement finds."""
    found = rows(statement, parameters)
    return found[0] if found else None


def rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Return all rows that a reading statement finds.

    Outside a transaction it is asked once more on a fresh connection when the kept one turns out to
    be dead. That takes the place of Django's health check, which would double the round trips.
    """
    if connection.in_atomic_block:
        return _rows(statement, parameters)
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return _rows(statement, parameters)
    except (InterfaceError, OperationalError):
        connection.close()
        return _rows(statement, parameters)


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    if (
        connection.queries_logged or connection.execute_wrappers
    ):  # somebody counts or forbids queries
        with connection.cursor() as watched:
            watched.execute(statement, parameters)
            return list(watched.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall()
