"""Moments of records in the back office: on the clock of the site that a record belongs to."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from config import moments

Column = Callable[[Any], str]


def zone_of(record: Any, path: str) -> str:
    """Return the time zone of the site at the end of a path such as "room__site"; "" without one.

    The record is the site itself where the path is "self".
    """
    found = record
    for name in path.split("__") if path not in ("", "self") else ():
        found = getattr(found, name, None)
    return str(getattr(found, "time_zone", "")) if path else ""


def column(field: models.Field, *, path: str) -> Column:
    """Make a list's column of a field that holds moments; it is sorted by the field and has its name."""

    def shown(record: Any) -> str:
        return moments.of(getattr(record, field.attname), zone=zone_of(record, path))

    shown.__name__ = field.name
    shown.short_description = field.verbose_name  # type: ignore[attr-defined]  # as Django's admin reads it
    shown.admin_order_field = field.name  # type: ignore[attr-defined]  # the admin reads it off functions
    return shown


def is_clocked(field: Any) -> bool:
    """Say whether a field holds moments or a range of them."""
    return isinstance(field, models.DateTimeField | DateTimeRangeField)
