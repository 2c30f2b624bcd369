"""Whether what a writer read is still what is stored.

Source: workplace-api, section 0, Concurrency.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a writer knew of a row: its version, or when they read it; None says nothing."""

    version: int | None = None
    read_at: dt.datetime | None = None

    def is_stale(self, row: Versioned) -> bool:
        """Say whether the row was changed since; to the second, as far as instants are written."""
        if self.version is not None and self.version != row.version:
            return True
        return self.read_at is not None and row.updated_at.replace(microsecond=0) > self.read_at
