"""What is known of a location's days: who was seen, what was expected, who said they come.

Source: experience, "The workplace manager".
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from workplace.models import (
    OPEN_STATUSES,
    PRESENT_TYPES,
    Intention,
    LocationForecast,
    Occupancy,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationDay:
    """One local day; None is what nobody knows: presence of a day to come, a forecast never made."""

    day: dt.date
    seen: int | None
    forecast: LocationForecast | None
    intentions: int


def location_days(
    site_id: str, *, first_day: dt.date, last_day: dt.date, today: dt.date
) -> list[LocationDay]:
    """List the days from the first to the last, both included, in three queries.

    Presence and intentions count people once a day; a location where nobody was ever seen in these
    days has no presence at all rather than none.
    """
    seen = _people(Occupancy.objects.filter(deleted_at=None), site_id, first_day, last_day)
    plans = Intention.objects.filter(status__in=OPEN_STATUSES, type__in=PRESENT_TYPES)
    coming = _people(plans, site_id, first_day, last_day)
    forecasts = {
        row.day: row
        for row in LocationForecast.objects.filter(
            site_id=site_id, organization=None, day__range=(first_day, last_day)
        )
    }
    length = (last_day - first_day).days + 1
    return [
        LocationDay(
            day=day,
            seen=seen.get(day, 0) if seen and day <= today else None,
            forecast=forecasts.get(day),
            intentions=coming.get(day, 0),
        )
        for day in (first_day + dt.timedelta(days=number) for number in range(length))
    ]


def _people(
    rows: QuerySet[Any], site_id: str, first_day: dt.date, last_day: dt.date
) -> dict[dt.date, int]:
    found = rows.filter(site_id=site_id, day__range=(first_day, last_day), person__isnull=False)
    counted = found.order_by().values("day").annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("day", "people"))
