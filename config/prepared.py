"""What every request reads or writes: statements that PostgreSQL parses and plans once a connection.

Django sends each statement as new text, which costs a small query more than running it does.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg.client_cursor import ClientCursorMixin
from psycopg.raw_cursor import RawCursorMixin
from psycopg.types.datetime import TimestamptzLoader

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
    return _read_safely(statement, parameters, _Preparing)


def rows_for_values(statement: str, parameters: Parameters) -> list[Row]:
    """Return all rows likewise, of a statement that is planned for these very values each time.

    For where a value decides how many rows there are: a plan for any value would read the whole table.
    """
    return _read_safely(statement, parameters, _Planning)


def write(statement: str, parameters: Parameters) -> None:
    """Run a writing statement, once: whether one that was cut off had its effect, nobody knows."""
    with _cursor(_Preparing) as cursor:
        cursor.execute(statement, parameters)


def write_values(statement: str, values: Sequence[Any]) -> None:
    """Run a writing statement with a `%s` for each value, in order, and no other `%`.

    psycopg would read a statement as long as that of several rows anew each time.
    """
    with _cursor(_PreparingNumbered) as cursor:
        cursor.execute(statement, values)


def _is_watched() -> bool:
    """Tell whether somebody counts or forbids queries; what notes who writes has no say in reads."""
    return connection.queries_logged or any(
        wrapper is not audit.names_the_writer for wrapper in connection.execute_wrappers
    )


def _read_safely(statement: str, parameters: Parameters, kind: "type[_Reading]") -> list[Row]:
    if connection.in_atomic_block:
        return _read(statement, parameters, kind)
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    kept = connection.connection
    try:
        return _read(statement, parameters, kind)
    except (InterfaceError, OperationalError):
        if kept is None or not kept.closed:  # it just took too long, or no server answers
            raise
        connection.close()
        return _read(statement, parameters, kind)


def _read(statement: str, parameters: Parameters, kind: "type[_Reading]") -> list[Row]:
    with _cursor(kind) as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


@contextmanager
def _cursor(kind: "type[_Reading]") -> Iterator[Any]:
    """Open a cursor of that kind, or Django's own where that is watched."""
    if _is_watched():
        with connection.cursor() as watched:
            yield watched
    else:
        connection.ensure_connection()
        with connection.wrap_database_errors, kind(connection.connection) as cursor:
            yield cursor


class _Reading(psycopg.Cursor[Row]):
    """Reads instants by psycopg's own loader.

    Django puts one in Python in its place, for connections in other zones than UTC, which costs more
    than all else about a row.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)


class _Planning(ClientCursorMixin["psycopg.Connection[Any]", Row], _Reading):
    """Sends the values within the statement, where the planner sees them."""


class _Preparing(_Reading):
    """Prepares its statements."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{**options, "prepare": True})


class _PreparingNumbered(RawCursorMixin["psycopg.Connection[Any]", Row], _Preparing):
    """Sends placeholders by number, as PostgreSQL knows them, so that nothing is left to be read."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(_numbered(query), params, **options)


@lru_cache(maxsize=64)
def _numbered(statement: str) -> str:
    first, *others = statement.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))
