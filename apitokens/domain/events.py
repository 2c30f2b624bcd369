"""Events: what happened, kept in order for whoever polls or is called back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from apitokens.models import Event


def record(
    *,
    type: str,  # noqa: A002 - the documents' word
    kind: str,
    object_id: str,
    now: dt.datetime,
    organization_id: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Note that something happened, in the caller's transaction, so that both stand or fall.

    `type` is one of the documented words, `kind` names the object's collection.
    Source: public-api, section 7, `changes`.
    """
    return Event.objects.create(
        type=type,
        object_kind=kind,
        object_id=object_id,
        organization_id=organization_id,
        data=dict(data or {}),
        at=now,
    )
