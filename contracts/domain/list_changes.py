"""How a list is to change: replaced first, then taken from, then added to.

Source: public-api, section 2, POST /api/merge-contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
Key = TypeVar("Key")


@dataclass(frozen=True, kw_only=True)
class ListChange(Generic[Entry, Key]):
    """A list's changes; `replacement` None leaves it, an empty one clears it."""

    replacement: Sequence[Entry] | None = None
    removals: Sequence[Key] = ()
    additions: Sequence[Entry] = ()

    @property
    def is_none(self) -> bool:
        return self.replacement is None and not self.removals and not self.additions
