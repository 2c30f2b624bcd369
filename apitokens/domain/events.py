"""Events: what happened, kept in order for whoever polls or is called back."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitokens.models import Event, EventType
from config import background, written_rows

PUBLISH_TASK = "apitokens.publish_events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What happened to one thing, by the words of `record`."""

    type: str
    kind: str
    object_id: str
    organization_id: str | None = None
    people: Iterable[str | None] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    type: str,  # noqa: A002 - the documents' word
    kind: str,
    object_id: str,
    now: dt.datetime,
    organization_id: str | None = None,
    people: Iterable[str | None] = (),
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Note that something happened, in the caller's transaction, so that both stand or fall.

    `type` is one of the documented words, `kind` names the object's collection, `people` are the ids
    of persons whose own matter it is, besides their organization's.
    Source: public-api, section 7, `changes`.

    :raises ValueError: when the type is not a documented one.
    """
    event = _event(
        Happening(
            type=type,
            kind=kind,
            object_id=object_id,
            organization_id=organization_id,
            people=people,
            data=data or {},
        ),
        now=now,
    )
    written_rows.insert(event)
    background.after_commit(PUBLISH_TASK)
    return event


def record_all(happenings: Iterable[Happening], *, now: dt.datetime) -> int:
    """Note many things at once, as `record` does one; return how many.

    :raises ValueError: when a type is not a documented one.
    """
    made = Event.objects.bulk_create((_event(one, now=now) for one in happenings), batch_size=1000)
    if made:
        background.after_commit(PUBLISH_TASK)
    return len(made)


def record_changes_of(
    *,
    type: str,  # noqa: A002 - the documents' word
    kind: str,
    object_ids: Iterable[str],
    now: dt.datetime,
) -> int:
    """Note the same about many things that everybody with a token may see; return how many."""
    return record_all(
        (Happening(type=type, kind=kind, object_id=object_id) for object_id in object_ids), now=now
    )


def _event(happening: Happening, *, now: dt.datetime) -> Event:
    return Event(
        type=EventType(happening.type).value,
        object_kind=happening.kind,
        object_id=happening.object_id,
        organization_id=happening.organization_id,
        people=sorted({person for person in happening.people if person}),
        data=dict(happening.data),
        at=now,
    )
