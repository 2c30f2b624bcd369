"""What a bulk file can get wrong, said so that its writer finds the place."""

from dataclasses import dataclass

from config.errors import DomainError


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file: `rooms[3] (_id 507f…)`; positions count from 0, as in JSON paths."""

    collection: str
    position: int
    id: str = ""

    def __str__(self) -> str:
        known = f" (_id {self.id})" if self.id else ""
        return f"{self.collection}[{self.position}]{known}"


class BulkError(DomainError):
    """A file that cannot be loaded as a whole, hence not at all. Source: public-api, section 3."""

    code = "bulk_data"
    message = "The file cannot be loaded"


class WrongValue(ValueError):
    """A value that its field does not take; the text completes "name: …"."""


def at(place: Place, field: str, problem: object) -> BulkError:
    """Say which field of which entry is wrong, and why."""
    return BulkError(f"{place}: {field}: {problem}")
