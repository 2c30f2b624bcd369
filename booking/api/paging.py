"""Pages of rooms: `limit` and an opaque `cursor` that stays right when rooms come and go."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from booking.domain.catalogue import ListedRoom, SortKey
from config.api.errors import InvalidInput
from config.api.inputs import Reader

DEFAULT_LIMIT = 100
_KEY_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` rooms, those after `after` in the list's order."""

    limit: int
    after: SortKey | None


def read(params: Reader) -> Page | None:
    """Read which page is wanted; None is everything."""
    limit = params.integer("limit", minimum=1)
    cursor = params.text("cursor", max_length=4000)
    if limit is None and not cursor:
        return None
    return Page(limit or DEFAULT_LIMIT, _decode(cursor) if cursor else None)


def cut(rooms: Sequence[ListedRoom], page: Page | None) -> tuple[Sequence[ListedRoom], str | None]:
    """Return the page's rooms, and the cursor of the next page unless this is the last."""
    if page is None:
        return rooms, None
    rest = [room for room in rooms if page.after is None or room.sort_key > page.after]
    shown = rest[: page.limit]
    return shown, _encode(shown[-1].sort_key) if len(rest) > page.limit else None


def _encode(key: SortKey) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(key)).rstrip(b"=").decode()


def _decode(cursor: str) -> Any:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (binascii.Error, ValueError):
        raise InvalidInput("Invalid cursor") from None
    is_key = isinstance(key, list) and len(key) == _KEY_LENGTH
    if not is_key or not all(isinstance(part, str) for part in key):
        raise InvalidInput("Invalid cursor")
    return tuple(key)
