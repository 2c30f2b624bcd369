"""Identifiers: 24 lower-case hexadecimal characters, sortable by time and not guessable.

Source: Public API, "Id" fields (`507f1f77bcf86cd799439011`).
"""

import re
import secrets
import time

_ID = re.compile(r"[0-9a-f]{24}")
_RANDOM_BYTES = 8


def new_id(*, now_seconds: int | None = None) -> str:
    """Make a fresh id: 4 bytes of Unix seconds, then 8 random bytes.

    Ids of different seconds sort by time; ids of one second sort at random.
    """
    seconds = int(time.time()) if now_seconds is None else now_seconds
    return seconds.to_bytes(4, "big").hex() + secrets.token_hex(_RANDOM_BYTES)


def normalise(text: str) -> str | None:
    """Give the stored spelling of an id typed in any case, or None if it is not an id."""
    lowered = text.lower()
    return lowered if _ID.fullmatch(lowered) else None
