"""Model fields that every app shares."""

from typing import Any

from django.db import models

from config import ids


class ObjectIdField(models.CharField):
    """A primary key of 24 lower-case hex characters, made by the application, sortable by time.

    Source: Public API, "MongoDB ObjectId" in every id of the document.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("editable", False)
        if kwargs.get("primary_key"):
            kwargs.setdefault("default", ids.new_id)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - the field's interface
        """Name the type in full: after a short one Django makes another index, for LIKE, of each column.

        Ids are compared byte by byte, so that one index serves both.
        """
        return f"character varying({self.max_length})"

    def db_check(self, connection: Any) -> str | None:
        """Let the database refuse what is not an id."""
        if not self.primary_key:
            return None
        return f"{connection.ops.quote_name(self.column)} ~ '^[0-9a-f]{{24}}$'"
