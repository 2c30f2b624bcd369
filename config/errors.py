"""What goes wrong in the domain: one base class that every edge knows how to show."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class DomainError(Exception):
    """A rule said no. Subclasses live beside the function that raises them.

    `message` is the documented sentence for API callers, `code` a stable name for programs and for the
    translated sentence on pages, `status` the HTTP status, `data` what the API's envelope carries,
    `headers` what stands beside it in the answer.
    """

    code: ClassVar[str] = "ERROR"
    status: ClassVar[int] = 400
    message: str = "Bad request"
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        message: str | None = None,
        *,
        data: Mapping[str, Any] | Sequence[Any] | None = None,
    ) -> None:
        self.message = message or self.message
        self.data = data
        super().__init__(self.message)
