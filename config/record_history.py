"""What happened to one record: each version that the database's triggers kept, and what differs.

Source: config.audit.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field before and after; `before` is None in a record's first version."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One insert, update or delete; `who` is an e-mail address, `token` an API token's id, "" unknown."""

    at: dt.datetime
    kind: str
    who: str
    token: str
    url: str
    request_id: str
    differences: tuple[Difference, ...]

    @property
    def is_insert(self) -> bool:
        return self.kind == "insert"

    @property
    def is_delete(self) -> bool:
        return self.kind == "delete"


def is_kept(model: type[models.Model]) -> bool:
    """Say whether the database records this model's changes."""
    return hasattr(model, "pgh_event_model")


def of_record(model: type[models.Model], pk: str) -> list[Change]:
    """List the last hundred changes of a record, newest first, in two queries."""
    events = _events(model, pk)
    people = _emails(events)
    older = [*events[1:], None]
    pairs = zip(events[:LONGEST], older, strict=False)
    return [_change(event, before, people) for event, before in pairs]


def _events(model: type[models.Model], pk: str) -> list[Any]:
    event_model = model.pgh_event_model  # type: ignore[attr-defined]  # pghistory sets it
    rows = event_model.objects.filter(pgh_obj_id=pk).select_related("pgh_context")
    return list(rows.order_by("-pgh_id")[: LONGEST + 1])


def _facts(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _emails(events: Sequence[Any]) -> dict[str, str]:
    ids = {_facts(event).get("user") for event in events} - {None}
    people = get_user_model().objects.filter(pk__in=ids) if ids else ()
    return {person.pk: str(person) for person in people}


def _change(event: Any, before: Any, people: dict[str, str]) -> Change:
    facts = _facts(event)
    who = facts.get("user") or ""
    return Change(
        at=event.pgh_created_at,
        kind=event.pgh_label,
        who=people.get(who, who),
        token=facts.get("token") or "",
        url=facts.get("url") or "",
        request_id=facts.get("request_id") or "",
        differences=tuple(_differences(event, before)),
    )


def _differences(event: Any, before: Any) -> Iterator[Difference]:
    for field in event._meta.fields:
        if field.name.startswith("pgh_") or field.name in ("id", "updated_at"):
            continue
        new = getattr(event, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if new != old and not (before is None and new in ("", None)):
            yield Difference(label=str(field.verbose_name), before=old, after=new)
