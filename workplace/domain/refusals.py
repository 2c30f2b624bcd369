"""Refusals of the Workplace API: one general word by their status, and in details what is wrong where.

Source: workplace-api, sections 0 and 13, Errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from config.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What is wrong at one place: `path` as `timezone` or `allocations[0].zone_id`, blank for the whole.

    `code` is the stable word of a rule, `conflict_id` names what is in the way.
    """

    path: str
    message: str
    code: str = ""
    conflict_id: str | None = None


class Refused(DomainError):
    """A call is refused. `general` stands for the status' own word where a refusal has another."""

    general: ClassVar[str] = ""
    code: ClassVar[str] = ""

    def __init__(self, details: Sequence[Detail] = (), *, message: str | None = None) -> None:
        super().__init__(message or (details[0].message if details else None))
        self.details = tuple(details)


class Invalid(Refused):
    """The call is wrong in itself."""

    status = 400
    message = "The request is not valid"

    def __init__(self, details: Sequence[Detail] = ()) -> None:
        super().__init__(details, message=_told(details[0]) if details else None)


def _told(detail: Detail) -> str:
    return f"Invalid {detail.path}: {detail.message}" if detail.path else detail.message


class NotAllowed(Refused):
    """The key may not do this."""

    status = 403
    message = "This key may not do this"


class NotFound(Refused):
    """What the call names does not exist, or belongs to another tenant: nobody can tell which."""

    status = 404
    message = "Not found"


class Conflict(Refused):
    """The call does not go with what is stored; a subclass names the rule by its `code`."""

    status = 409
    message = "This conflicts with what is stored"


class StaleVersion(Conflict):
    """Somebody changed what the caller had read."""

    code = "stale_version"
    message = "This was changed since it was read"


class QueueUnavailable(Refused):
    """No background work can be started; the same call may go through in a moment."""

    status = 503
    general = "queue_unavailable"
    message = "Background work cannot be started now, please retry"
    headers = {"Retry-After": "5"}


def missing(path: str, what: str) -> NotFound:
    """Return the refusal of an id in `path` that names no `what` of this tenant."""
    return NotFound([Detail(path=path, message=f"{what} not found")])
