"""Events: what happened, kept in order for whoever polls or is called back."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from apitokens.models import Event, EventType
from config import background, written_rows

PUBLISH_TASK = "apitokens.publish_events"


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
    event = Event(
        type=EventType(type).value,
        object_kind=kind,
        object_id=object_id,
        organization_id=organization_id,
        people=sorted({person for person in people if person}),
        data=dict(data or {}),
        at=now,
    )
    written_rows.insert(event)
    background.after_commit(PUBLISH_TASK)
    return event


def record_changes_of(
    *,
    type: str,  # noqa: A002 - the documents' word
    kind: str,
    object_ids: Iterable[str],
    now: dt.datetime,
) -> int:
    """Note the same about many things that everybody with a token may see; return how many."""
    made = Event.objects.bulk_create(
        [
            Event(type=EventType(type).value, object_kind=kind, object_id=object_id, at=now)
            for object_id in object_ids
        ],
        batch_size=1000,
    )
    if made:
        background.after_commit(PUBLISH_TASK)
    return len(made)
