"""The change feed: published events in their order, as far as their reader may see them.

Source: public-api, sections 5 and 7, `changes`; safety, S-11.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from apitokens.domain import event_visibility, publishing
from apitokens.models import Event
from config.errors import DomainError
from organizations.models import User

LATEST = "latest"
KEPT = dt.timedelta(days=30)
_CURSOR = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,9})")


class InvalidCursor(DomainError):
    """The cursor was not given out by the feed, or so long ago that events after it are gone."""

    code = "INVALID_CURSOR"
    message = "Invalid cursor"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some events in a row, and the cursor from which the next ones follow."""

    events: Sequence[Event]
    next_cursor: str


def read(*, owner: User, cursor: str, limit: int, now: dt.datetime) -> Stretch:
    """Return at most `limit` events after the cursor that `owner` may see, oldest first.

    Without a cursor the feed begins 30 days ago, with `latest` at its end.

    :raises InvalidCursor:
    """
    publishing.publish(now=now)
    # The end is read first: what is published meanwhile follows with the next cursor.
    end = Event.objects.aggregate(Max("position"))["position__max"] or 0
    after = end if cursor == LATEST else _position(cursor, now=now)
    span = Event.objects.filter(position__gt=after, position__lte=end, at__gt=now - KEPT)
    found = list(span.filter(event_visibility.visible_to(owner)).order_by("position")[:limit])
    last = found[-1].position if len(found) == limit else max(end, after)
    return Stretch(found, next_cursor=f"{last or 0:x}-{int(now.timestamp()):x}")


def _position(cursor: str, *, now: dt.datetime) -> int:
    """Read a cursor: a position and when it was given out, both in hex."""
    if not cursor:
        return 0
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise InvalidCursor
    position, given = (int(part, 16) for part in parts.groups())
    if given < (now - KEPT).timestamp():
        raise InvalidCursor("Invalid cursor: older than 30 days, begin again without it")
    return position
