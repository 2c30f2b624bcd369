"""Lists of ids inside an entry that are rows of a table between two others."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from backoffice.bulk.entries import Entry
from backoffice.bulk.rows import batches

Pair = tuple[Any, Any]
Lists = Mapping[Any, Iterable[Any]]


def of(found: Iterable[Entry], name: str) -> dict[str, list[str]]:
    """Return a list of ids of those entries that speak of it, by the entry's id."""
    lists = {entry.id: entry.ids(name) for entry in found}
    return {pk: ids for pk, ids in lists.items() if ids is not None}


def replace(through: Any, *, owner: str, other: str, wanted: Lists) -> None:
    """Make the rows of these owners the wanted ones, writing only what differs."""
    stored: dict[Pair, Any] = {}
    for batch in batches(sorted(wanted)):
        stored |= _rows(through, owner, other, Q(**{f"{owner}__in": batch}))
    asked = {(one, each) for one, found in wanted.items() for each in found}
    _write(through, owner, other, stored, asked)


def replace_mutual(through: Any, *, owner: str, other: str, wanted: Lists) -> None:
    """Do the same with rows that stand both ways: whoever is named names the other too."""
    stored: dict[Pair, Any] = {}
    for batch in batches(sorted(wanted)):
        touching = Q(**{f"{owner}__in": batch}) | Q(**{f"{other}__in": batch})
        stored |= _rows(through, owner, other, touching)
    named = {(one, each) for one, found in wanted.items() for each in found}
    _write(through, owner, other, stored, named | {(each, one) for one, each in named})


def add(through: Any, *, owner: str, other: str, pairs: Iterable[Pair]) -> None:
    """Write the rows that are not there."""
    through._default_manager.bulk_create(
        [through(**{owner: one, other: each}) for one, each in sorted(pairs)],
        batch_size=2_000,
        ignore_conflicts=True,
    )


def _rows(through: Any, owner: str, other: str, condition: Q) -> dict[Pair, Any]:
    found = through._default_manager.filter(condition).values_list(owner, other, "pk")
    return {(one, each): pk for one, each, pk in found}


def _write(
    through: Any, owner: str, other: str, stored: Mapping[Pair, Any], asked: set[Pair]
) -> None:
    for batch in batches(pk for pair, pk in stored.items() if pair not in asked):
        through._default_manager.filter(pk__in=batch).delete()
    missing = sorted(asked - set(stored))
    through._default_manager.bulk_create(
        [through(**{owner: one, other: each}) for one, each in missing], batch_size=2_000
    )
