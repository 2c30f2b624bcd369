"""New rows of several tables, written by one statement that PostgreSQL plans once a connection.

A booking writes a meeting, its reservations, an event and a mail. One by one, each costs a round
trip, a statement of thirty columns to write, parse and plan, and the note of who writes.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models

from config import audit, prepared

_TAKEN_AS_THEY_ARE: dict[Any, type] = {
    models.CharField.get_prep_value: str,
    models.TextField.get_prep_value: str,
    models.BooleanField.get_prep_value: bool,
    models.IntegerField.get_prep_value: int,
}
"""What a field that prepares its values so leaves alone."""
_TAKEN_BY_THE_DATABASE = (
    models.Field.get_db_prep_value,
    models.IntegerField.get_db_prep_value,  # names the kind of number, which the statement does
)

_waiting: ContextVar[list[models.Model] | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Write all that is inserted in this block with one statement, at its end; nothing after an error."""
    rows: list[models.Model] = []
    outer = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(outer)
    insert(*rows)


def insert(*rows: models.Model) -> None:
    """Write new rows, which bring their own keys, in the caller's transaction.

    Inside `together` they are written at the end of its block.

    :raises IntegrityError: when a row breaks a constraint; the error's cause has the `sqlstate`.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.extend(rows)
    elif rows:
        _write(rows)


def _write(rows: Sequence[models.Model]) -> None:
    statement = _statement(tuple(type(row) for row in rows))
    prepared.write(statement, [*_values(rows), *audit.writer()])
    for row in rows:
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def _values(rows: Iterable[models.Model]) -> Iterator[Any]:
    for row in rows:
        for field, name, plain in _fields(type(row)):
            value = getattr(row, name)
            if type(value) is not plain:
                value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
            yield value


@lru_cache(maxsize=64)
def _fields(kind: type[models.Model]) -> list[tuple[Any, str, type | None]]:
    """List a model's fields, each with the type of value, if any, that the database takes as it is."""
    return [(field, field.attname, _plain(field)) for field in kind._meta.concrete_fields]


def _plain(field: Any) -> type | None:
    """Look at what the field does rather than at its class: many are subclasses of Django's."""
    kind = type(field)
    if kind.pre_save is not models.Field.pre_save:
        return None
    if isinstance(field, models.ForeignKey):
        return _plain(field.target_field)
    if kind.get_db_prep_save is not models.Field.get_db_prep_save:
        return None
    if kind.get_db_prep_value not in _TAKEN_BY_THE_DATABASE:
        return None
    return _TAKEN_AS_THEY_ARE.get(kind.get_prep_value)


@lru_cache(maxsize=64)
def _statement(kinds: tuple[type[models.Model], ...]) -> str:
    """Name the writer last: triggers that keep the history run once the whole statement is through."""
    writes = ", ".join(f"row_{place} AS ({_insert(kind)})" for place, kind in enumerate(kinds))
    return (
        f"WITH {writes} SELECT set_config('pghistory.context_id', %s, true), "
        "set_config('pghistory.context_metadata', %s, true)"
    )


def _insert(kind: type[models.Model]) -> str:
    fields = kind._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_placeholder(field) for field in fields)
    return f'INSERT INTO "{kind._meta.db_table}" ({columns}) VALUES ({values})'  # noqa: S608 - our own columns


def _placeholder(field: Any) -> str:
    """Ask the few kinds of fields that cast their values; it depends on the kind alone."""
    if not hasattr(field, "get_placeholder"):
        return "%s"
    return str(field.get_placeholder(None, None, connection))
