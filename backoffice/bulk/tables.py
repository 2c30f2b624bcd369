"""Writing many rows at once: COPY into a passing table, then one insert-or-update.

Statement triggers (history, catalogue changes) and constraints see one statement, however many rows.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)

_PLAIN = (BooleanField, CharField, DateField, DateTimeField, DecimalField, IntegerField, TextField)
"""Fields whose Python values the driver writes as they are."""


def upsert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert these rows, or update those whose key is there; every column is written as it stands."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    names = [connection.ops.quote_name(str(field.column)) for field in fields]
    key = connection.ops.quote_name(str(model._meta.pk.column))
    table = connection.ops.quote_name(model._meta.db_table)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE arriving (LIKE " + table + ") ON COMMIT DROP")
        _copy(cursor, f"COPY arriving ({columns}) FROM STDIN", fields, rows)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM arriving"  # noqa: S608 - quoted names
            f" ON CONFLICT ({key}) DO UPDATE SET {updates}"
        )
        cursor.execute("DROP TABLE arriving")


def _copy(cursor: Any, statement: str, fields: Iterable[Field], rows: Iterable[Model]) -> None:
    columns = [(field.attname, _writer(field)) for field in fields]
    with cursor.copy(statement) as copy:
        for row in rows:
            values = row.__dict__
            copy.write_row(
                [values[name] if write is None else write(values[name]) for name, write in columns]
            )


def _writer(field: Field) -> Callable[[Any], Any] | None:
    """Return how a field's value becomes the database's; None where it already is."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, _PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)
