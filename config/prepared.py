"""What every request reads or writes: statements that PostgreSQL parses and plans once a connection.

Django sends each statement as new text, which costs a small query more than running it does. These go
to the driver's own libpq (`psycopg.pq`): a cursor costs twice as much again, and a booking has seven.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg.abc
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.datetime import TimestamptzLoader

from config import audit

Row = tuple[Any, ...]
Parameters = Mapping[str, Any] | Sequence[Any]
_Connection = psycopg.Connection[Any]
_Ask = Callable[[_Connection, str, Parameters], list[Row]]

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?s")
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


def first_row(statement: str, parameters: Parameters) -> Row | None:
    """Return the first row that a reading statement finds."""
    found = rows(statement, parameters)
    return found[0] if found else None


def rows(statement: str, parameters: Parameters) -> list[Row]:
    """Return all rows that a reading statement finds.

    Placeholders are `%(name)s` or `%s`, and there is no other `%`; what kind of value stands there,
    PostgreSQL finds out from the statement. Outside a transaction it is asked once more on a fresh
    connection when the kept one turns out to be dead. That takes the place of Django's health check,
    which would double the round trips.
    """
    return _read_safely(_ask_prepared, statement, parameters)


def rows_for_values(statement: str, parameters: Parameters) -> list[Row]:
    """Return all rows likewise, of a statement that is planned for these very values each time.

    For where a value decides how many rows there are: a plan for any value would read the whole table.
    """
    return _read_safely(_ask_for_values, statement, parameters)


def write(statement: str, parameters: Parameters) -> None:
    """Run a writing statement, once: whether one that was cut off had its effect, nobody knows."""
    _answer(connections[DEFAULT_DB_ALIAS], _ask_prepared, statement, parameters)


def _read_safely(ask: _Ask, statement: str, parameters: Parameters) -> list[Row]:
    database: Any = connections[DEFAULT_DB_ALIAS]  # once: the thread's own is looked up each time
    if database.in_atomic_block:
        return _answer(database, ask, statement, parameters)
    database.health_check_done = True
    kept = database.connection
    try:
        return _answer(database, ask, statement, parameters)
    except (InterfaceError, OperationalError):
        if kept is None or not kept.closed:  # it just took too long, or no server answers
            raise
        database.close()
        return _answer(database, ask, statement, parameters)


def _answer(database: Any, ask: _Ask, statement: str, parameters: Parameters) -> list[Row]:
    """Ask so, or by Django's own cursor where that is watched."""
    if _is_watched(database):
        with database.cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []
    if database.connection is None:
        database.ensure_connection()
    with database.wrap_database_errors:
        return ask(database.connection, statement, parameters)


def _is_watched(database: Any) -> bool:
    """Tell whether somebody counts or forbids queries; what notes who writes has no say in reads."""
    return database.queries_logged or any(
        wrapper is not audit.names_the_writer for wrapper in database.execute_wrappers
    )


# --- by libpq --------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Adapters:
    """How values are written and read, of no connection in particular: ours all speak UTC.

    Django puts a loader of instants in Python in psycopg's place, for connections in other zones,
    which costs more than all else about a row.
    """

    adapters: AdaptersMap
    connection: None = None


@dataclass(frozen=True)
class _Session:
    """What lies ready in a connection: by what name it knows each statement."""

    values: psycopg.abc.Transformer
    names: dict[str, bytes] = field(default_factory=dict)


_sessions: WeakKeyDictionary[_Connection, _Session] = WeakKeyDictionary()


def _session_of(raw: _Connection) -> _Session:
    session = _sessions.get(raw)
    if session is None:
        adapters = AdaptersMap(raw.adapters)
        adapters.register_loader("timestamptz", TimestamptzLoader)
        session = _sessions[raw] = _Session(Transformer(_Adapters(adapters)))
    return session


def _ask_prepared(raw: _Connection, statement: str, parameters: Parameters) -> list[Row]:
    session, text, values = _ready(raw, statement, parameters)
    name = session.names.get(statement)
    if name is None:
        name = b"portal_%d" % len(session.names)
        _checked(raw, raw.pgconn.prepare(name, text))
        session.names[statement] = name
    return _loaded(session, _checked(raw, raw.pgconn.exec_prepared(name, values)))


def _ask_for_values(raw: _Connection, statement: str, parameters: Parameters) -> list[Row]:
    """Ask with a statement without a name: PostgreSQL plans it anew, and sees the values."""
    session, text, values = _ready(raw, statement, parameters)
    return _loaded(session, _checked(raw, raw.pgconn.exec_params(text, values)))


def _ready(
    raw: _Connection, statement: str, parameters: Parameters
) -> tuple[_Session, bytes, list[Any]]:
    """Return what is to be sent, in a transaction where there is to be one."""
    session = _session_of(raw)
    text, names = _numbered(statement)
    given: Sequence[Any] = (
        [parameters[name] for name in names] if isinstance(parameters, Mapping) else parameters
    )
    values: Any = session.values.dump_sequence(given, [PyFormat.TEXT] * len(given))
    if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
        _checked(raw, raw.pgconn.exec_(b"BEGIN"))  # as psycopg's cursors do
    return session, text, values


def _loaded(session: _Session, found: PGresult) -> list[Row]:
    session.values.set_pgresult(found)
    try:
        return session.values.load_rows(0, found.ntuples, tuple)
    finally:
        session.values.set_pgresult(None)


def _checked(raw: _Connection, result: PGresult) -> PGresult:
    if result.status in _DONE:
        return result
    error = error_from_result(result)
    if raw.pgconn.status == ConnStatus.BAD and error.sqlstate is None:
        raise psycopg.OperationalError(str(error))  # nobody was there to say what is wrong
    raise error


@lru_cache(maxsize=256)
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the statement with PostgreSQL's own placeholders, and the names of its values in order."""
    names: list[str] = []
    places = 0

    def number(found: re.Match[str]) -> str:
        nonlocal places
        name = found[1]
        if name is None:
            places += 1
            return f"${places}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACEHOLDER.sub(number, statement).encode(), tuple(names)
