"""Which models keep a history of every insert, update and delete, whatever code path wrote it."""

from collections.abc import Callable, Sequence
from typing import Any

import pghistory


def track(*, exclude: Sequence[str] = ()) -> Callable[[Any], Any]:
    """Decorate a model so that database triggers record each change of it, except in the `exclude`d fields.

    Triggers run once a statement, so that bulk loads stay fast; bulk and raw SQL are recorded too.
    """
    decorate: Callable[[Any], Any] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        level=pghistory.Statement,
    )
    return decorate
