"""Which models keep a history of every insert, update and delete, whatever code path wrote it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pghistory
from pghistory import config, runtime

names_the_writer: Callable[..., Any] = runtime._inject_history_context
"""What pghistory wraps around the statements of a request, to tell the triggers whose it is."""


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


def writer() -> tuple[str, str]:
    """Return what the history's triggers read from two settings: the context's id and its facts as JSON.

    Both are empty where nothing says who writes.
    """
    context = getattr(runtime._tracker, "value", None)
    if context is None:
        return "", ""
    return str(context.id), json.dumps(context.metadata, cls=config.json_encoder())
