"""Presence on its way into the table: merged by person, location and second, whoever brings it.

One statement writes a batch: what is new is inserted, what is known is widened, what was deleted comes
back. Source: Workplace API, section 4.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

_COLUMNS = {
    "id": "text",
    "person_id": "text",
    "site_id": "text",
    "seen_at": "timestamptz",
    "day": "date",
    "team_id": "text",
    "first_seen_at": "timestamptz",
    "last_seen_at": "timestamptz",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "deleted_at": "timestamptz",
    "deleted_by_id": "text",
}
_NAMES = ", ".join(_COLUMNS)
_KEY = "person_id, site_id, seen_at"
_WIDENED = """
    LEAST(stored.first_seen_at, excluded.first_seen_at),
    GREATEST(stored.last_seen_at, excluded.last_seen_at),
    COALESCE(excluded.team_id, stored.team_id),
    excluded.deleted_at,
    excluded.deleted_by_id"""
_KEPT = ("first_seen_at", "last_seen_at", "team_id", "deleted_at", "deleted_by_id")
_MERGE = f"""
INSERT INTO workplace_occupancy AS stored ({_NAMES})
SELECT {_NAMES} FROM arriving ORDER BY {_KEY}
ON CONFLICT ({_KEY}) DO UPDATE
SET ({", ".join(_KEPT)}, updated_at) = ({_WIDENED}, excluded.updated_at)
WHERE ({", ".join(f"stored.{name}" for name in _KEPT)}) IS DISTINCT FROM ({_WIDENED})
RETURNING stored.id, xmax = 0 AS is_new"""  # noqa: S608 - made of the names above
_BATCH = f"""
WITH arriving AS (
    SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())}) AS given ({_NAMES})
), merged AS ({_MERGE})
SELECT merged.id, is_new, before.deleted_at IS NOT NULL
FROM merged LEFT JOIN workplace_occupancy AS before USING (id)"""  # noqa: S608 - made of the names above
_LOAD = f"""
WITH merged AS ({_MERGE})
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged"""  # noqa: S608 - our own columns
_IS_GONE = "CASE WHEN bool_and(deleted_at IS NOT NULL) THEN max({}) END"
_FOLDED = {
    **{name: f"min({name})" for name in _COLUMNS},
    **{name: f"max({name})" for name in ("last_seen_at", "updated_at")},
    **{name: _IS_GONE.format(name) for name in ("deleted_at", "deleted_by_id")},
    **{name: name for name in _KEY.split(", ")},
}
_FOLD = f"""
CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS
SELECT {", ".join(f"{_FOLDED[name]} AS {name}" for name in _COLUMNS)} FROM brought GROUP BY {_KEY}"""  # noqa: S608 - our own columns
_BROUGHT = ", ".join(
    f'{name} {kind} COLLATE "C"' if kind == "text" else f"{name} {kind}"
    for name, kind in _COLUMNS.items()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Somebody seen at a location; instants are whole seconds, `day` is the date on its calendar."""

    id: str
    person_id: str
    site_id: str
    seen_at: dt.datetime
    day: dt.date
    team_id: str | None = None
    first_seen_at: dt.datetime | None = None
    last_seen_at: dt.datetime | None = None
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None = None
    deleted_by_id: str | None = None

    @property
    def key(self) -> tuple[str, str, dt.datetime]:
        return self.person_id, self.site_id, self.seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The ids of the rows that a batch made, changed and brought back; all others were there already."""

    created: frozenset[str]
    updated: frozenset[str]
    restored: frozenset[str]

    def result_of(self, row_id: str) -> str:
        """Say what became of a row. Source: workplace-api, section 4, `result`."""
        if row_id in self.created:
            return "created"
        if row_id in self.restored:
            return "restored"
        return "updated" if row_id in self.updated else "duplicate"


def merge(sightings: Collection[Sighting]) -> Merged:
    """Write a batch in which no key stands twice, in one statement, by key so that batches queue up."""
    columns = [[getattr(one, name) for one in sightings] for name in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_BATCH, columns)
        found = cursor.fetchall()
    written = frozenset(row for row, _, _ in found)
    created = frozenset(row for row, is_new, _ in found if is_new)
    restored = frozenset(row for row, _, was_gone in found if was_gone)
    return Merged(created=created, updated=written - created - restored, restored=restored)


def load(
    rows: Iterable[Sequence[Any]], *, progress: Callable[[int], None] = lambda _count: None
) -> tuple[int, int]:
    """Write any number of rows (the fields of a `Sighting` in order), and count new and changed ones.

    Keys may stand twice: the earliest first and the latest last sighting win. It belongs to the caller's
    transaction, which lets the statement take its time.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE brought ({_BROUGHT}) ON COMMIT DROP")
        with cursor.copy(f"COPY brought ({_NAMES}) FROM STDIN") as copy:
            for row in _counted(rows, progress):
                copy.write_row(row)
        cursor.execute(_FOLD)
        cursor.execute(_LOAD)
        new, changed = cursor.fetchone()
        cursor.execute("DROP TABLE brought, arriving")
    return new, changed


def _counted(
    rows: Iterable[Sequence[Any]], progress: Callable[[int], None]
) -> Iterator[Sequence[Any]]:
    """Tell of every thousand rows that have passed."""
    passed = 0
    for row in rows:
        yield row
        passed += 1
        if passed % 1_000 == 0:
            progress(1_000)
    progress(passed % 1_000)
