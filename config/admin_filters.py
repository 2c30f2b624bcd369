"""Filters of the back office between two days or moments, typed as the reader's language writes them.

The stock ones read every date as American English, leave out a moment whose time was not typed, and
compare naive moments.
"""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter as StockDateFilter
from unfold.contrib.filters.admin import RangeDateTimeFilter as StockDateTimeFilter


class RangeDateFilter(StockDateFilter):
    """From one day to another, both included."""

    def queryset(self, _request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list down; what is no date finds nothing."""
        try:
            first, last = (
                _day(self.used_parameters.get(f"{self.field_path}_{end}")) for end in ("from", "to")
            )
        except forms.ValidationError:
            return found.none()
        return _between(found, self.field_path, first, last)


class RangeDateTimeFilter(StockDateTimeFilter):
    """From one moment to another, both included, on the reader's clock.

    A day without a time is meant as a whole.
    """

    def queryset(self, _request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list down; what is no moment finds nothing."""
        try:
            first = self._moment("from", dt.time.min)
            last = self._moment("to", dt.time.max)
        except forms.ValidationError:
            return found.none()
        return _between(found, self.field_path, first, last)

    def _moment(self, end: str, otherwise: dt.time) -> dt.datetime | None:
        """Read one end; only a day makes it one."""
        day = _day(self.used_parameters.get(f"{self.field_path}_{end}_0"))
        typed = self.used_parameters.get(f"{self.field_path}_{end}_1")
        time = forms.TimeField(required=False).clean(typed) or otherwise
        return dt.datetime.combine(day, time, timezone.get_current_timezone()) if day else None


def _day(typed: Any) -> dt.date | None:
    day: dt.date | None = forms.DateField(required=False).clean(typed)
    return day


def _between(found: QuerySet[Any], path: str, first: Any, last: Any) -> QuerySet[Any]:
    if first is not None:
        found = found.filter(**{f"{path}__gte": first})
    return found if last is None else found.filter(**{f"{path}__lte": last})
