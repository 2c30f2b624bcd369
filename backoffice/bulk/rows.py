"""Entries become rows: new ones with the model's defaults, known ones with what the file changes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model

from backoffice.bulk.entries import Entry
from backoffice.bulk.fields import Form

BATCH = 5_000

Item = TypeVar("Item")


@dataclass(slots=True)
class Change:
    """An entry's row, and what it held before (nothing for a new one)."""

    entry: Entry
    row: Any
    before: dict[str, Any]

    @property
    def is_new(self) -> bool:
        return not self.before

    def differs(self, *attributes: str) -> bool:
        """Say whether any of these columns got another value; a new row differs in all."""
        return self.is_new or any(
            self.before[name] != getattr(self.row, name) for name in attributes
        )

    @property
    def is_change(self) -> bool:
        return self.is_new or self.differs(*self.before)


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """Cut a stream into lists of at most `size`."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def existing(model: type[Model], ids: Iterable[str]) -> dict[str, Any]:
    """Read the rows with these ids, locked until the transaction ends."""
    found: dict[str, Any] = {}
    for batch in batches(ids):
        rows = model._default_manager.filter(pk__in=batch).select_for_update(no_key=True)
        found |= {row.pk: row for row in rows.order_by("pk")}
    return found


def merge(form: Form, entries: Sequence[Entry]) -> list[Change]:
    """Put each entry's values over its row; an absent field keeps what is stored."""
    known = existing(form.model, [entry.id for entry in entries])
    required = [one.name for one in form.fields if one.is_required]
    changes = []
    for entry in entries:
        row = known.get(entry.id)
        before = columns(row) if row is not None else {}
        if row is None:
            entry.require(required)
            row = form.model(pk=entry.id)
        for attribute, value in entry.values.items():
            setattr(row, attribute, value)
        changes.append(Change(entry, row, before))
    return changes


def columns(row: Model) -> dict[str, Any]:
    """Return what a row holds, by attribute."""
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


def stamp(changes: Iterable[Change], *, now: dt.datetime) -> list[Any]:
    """Date the rows that are new or changed, and return them; the file's own dates win."""
    rows = []
    for change in changes:
        if not change.is_change:
            continue
        row, given = change.row, change.entry.values
        if change.is_new and hasattr(row, "created_at"):
            row.created_at = given.get("created_at") or now
        if hasattr(row, "updated_at"):
            row.updated_at = given.get("updated_at") or now
        rows.append(row)
    return rows
