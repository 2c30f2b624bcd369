"""Whole models of several joined tables, read by a statement that is written and planned once.

For the few reads that stand at the beginning of every call or booking: the ORM takes several times
as long to write such a statement as PostgreSQL takes to answer it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models

from config import prepared


class Part:
    """A model under the name that it has in the statement; without `fields`, all of its columns.

    Fields left out are fetched when somebody asks for them.
    """

    def __init__(
        self, name: str, model: type[models.Model], *, fields: Sequence[str] | None = None
    ) -> None:
        self.name = name
        self._model = model
        self._wanted = fields

    @cached_property
    def fields(self) -> tuple[Any, ...]:
        every: Any = self._model._meta.concrete_fields
        return tuple(f for f in every if self._wanted is None or f.attname in self._wanted)

    @property
    def columns(self) -> str:
        return ", ".join(f'{self.name}."{field.column}"' for field in self.fields)

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self.fields]

    @cached_property
    def _converters(self) -> list[tuple[int, Any]]:
        return [
            (position, convert)
            for position, field in enumerate(self.fields)
            for convert in field.get_db_converters(connection)
        ]

    @cached_property
    def _key(self) -> int:
        return next(place for place, field in enumerate(self.fields) if field.primary_key)

    def take(self, values: Iterator[Any], known: dict[Any, Any]) -> Any:
        """Make the model of the next values, once a key; None where the join found nothing."""
        taken = list(islice(values, len(self.fields)))
        key = self.name, taken[self._key]
        if key not in known:
            known[key] = self._made(taken)
        return known[key]

    def _made(self, taken: list[Any]) -> Any:
        for position, convert in self._converters:
            taken[position] = convert(taken[position], None, connection)
        found = self._model.from_db(DEFAULT_DB_ALIAS, self._names, taken)
        return found if found.pk else None


class Value:
    """Something that PostgreSQL works out beside the models."""

    def __init__(self, expression: str) -> None:
        self.columns = expression

    def take(self, values: Iterator[Any], _known: dict[Any, Any]) -> Any:
        return next(values)


class JoinedRows:
    """Rows of `tables` (what follows FROM), as one model or value for each part."""

    def __init__(self, *parts: Part | Value, tables: str) -> None:
        self._parts = parts
        self._tables = tables

    def first(self, **parameters: Any) -> tuple[Any, ...] | None:
        row = prepared.first_row(self._statement, parameters)
        return None if row is None else self._models(row, {})

    def all(self, **parameters: Any) -> list[tuple[Any, ...]]:
        known: dict[Any, Any] = {}
        return [self._models(row, known) for row in prepared.rows(self._statement, parameters)]

    @cached_property
    def _statement(self) -> str:
        columns = ", ".join(part.columns for part in self._parts)
        return f"SELECT {columns} FROM {self._tables}"  # noqa: S608 - our own columns

    def _models(self, row: prepared.Row, known: dict[Any, Any]) -> tuple[Any, ...]:
        values = iter(row)
        return tuple(part.take(values, known) for part in self._parts)
