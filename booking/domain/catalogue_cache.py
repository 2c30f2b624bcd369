"""Answers about rooms, and what they are made of, kept by each process and never used past a change.

The database's triggers note in each writing transaction which room it changes. An answer remembers
the snapshot it was read in; it holds while no noted transaction is invisible to that snapshot, and
until the next instant at which something in it changes by itself. So one cheap query is enough to
serve it, and a change made anywhere shows in the next call of every process.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection

from booking.models import CatalogueChange
from config import prepared
from config.process_cache import BoundedCache

Answer = TypeVar("Answer")

MAX_AGE = dt.timedelta(minutes=10)
KEPT = dt.timedelta(hours=1)
"""How long noted changes stay: far longer than any answer that could need them."""

# All that came after the snapshot is looked at, and never is much. A range with two ends tells the
# planner so; of "is there any?" or of one end it expects a third of the table, and reads the whole.
_HOLDS = """
SELECT NOT coalesce(bool_or(
           NOT pg_visible_in_snapshot(transaction::text::xid8, %(snapshot)s::pg_snapshot)
           AND (%(rooms)s::text[] IS NULL OR room = '' OR room = ANY(%(rooms)s::text[]))
       ), false)
  FROM booking_cataloguechange
 WHERE transaction BETWEEN pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint
                       AND 9223372036854775807
"""


@dataclass(frozen=True, slots=True)
class Built(Generic[Answer]):
    """A fresh answer and the first instant at which it may be wrong without any write."""

    answer: Answer
    next_change_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    answer: Any
    snapshot: str
    built_at: dt.datetime
    ends_at: dt.datetime


_entries: BoundedCache[_Entry] = BoundedCache(limit=64)


def serve(
    key: Hashable,
    *,
    build: Callable[[], Built[Answer]],
    now: dt.datetime,
    room_ids: Sequence[str] | None = None,
) -> Answer:
    """Return the kept answer if it still holds, else build it and keep it.

    `room_ids` names the rooms whose meetings the answer tells of: None is all of them, none at all
    makes an answer that meetings do not change. What is changed about sites, rooms or tenants ends
    every answer.
    """
    if connection.in_atomic_block:
        return build().answer  # it may hold what is not committed
    entry = _entries.get(key)
    if entry is None or not entry.built_at <= now < entry.ends_at or not _holds(entry, room_ids):
        entry = _build(build, now)
        _entries.put(key, entry)
    answer: Answer = entry.answer
    return answer


def prune_changes(*, now: dt.datetime) -> int:
    """Forget the changes that no kept answer can need any more; return how many."""
    return CatalogueChange.objects.filter(at__lt=now - KEPT).delete()[0]


def _build(build: Callable[[], Built[Any]], now: dt.datetime) -> _Entry:
    # The snapshot comes first: what is written meanwhile makes the answer stale, not wrong.
    snapshot = _snapshot()
    built = build()
    ends_at = min(built.next_change_at or now + MAX_AGE, now + MAX_AGE)
    return _Entry(built.answer, snapshot, built_at=now, ends_at=ends_at)


def _snapshot() -> str:
    return str(_value("SELECT pg_current_snapshot()::text", {}))


def _holds(entry: _Entry, room_ids: Sequence[str] | None) -> bool:
    rooms = None if room_ids is None else list(room_ids)
    return bool(_value(_HOLDS, {"snapshot": entry.snapshot, "rooms": rooms}))


def _value(question: str, parameters: dict[str, Any]) -> Any:
    row = prepared.first_row(question, parameters)
    assert row is not None  # both questions always have one answer
    return row[0]
