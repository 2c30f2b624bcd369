"""What is known of a location's days: who was seen, what was expected, who said they come.

Source: experience, "The workplace manager".
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from workplace.models import (
    LONGEST_PLAN,
    OPEN_STATUSES,
    PRESENT_TYPES,
    LocationForecast,
    Occupancy,
)

ONE_DAY = dt.timedelta(days=1)


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

    Presence and intentions count people once a day, a plan on each of its days; a location where nobody
    was ever seen in these days has no presence at all rather than none.
    """
    seen = _seen(site_id, first_day, last_day)
    coming = _coming(site_id, first_day, last_day)
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


def _seen(site_id: str, first_day: dt.date, last_day: dt.date) -> dict[dt.date, int]:
    found = Occupancy.objects.filter(
        deleted_at=None, site_id=site_id, day__range=(first_day, last_day)
    )
    counted = found.order_by().values("day").annotate(people=Count("person", distinct=True))
    return dict(counted.values_list("day", "people"))


_COMING = """
SELECT each::date, count(DISTINCT person_id)
FROM (
    SELECT person_id, intention.day,
           ((ends_at - interval '1 microsecond') AT TIME ZONE site.time_zone)::date AS last_day
    FROM workplace_intention AS intention JOIN sites_app_site AS site ON site.id = site_id
    WHERE site_id = %(site)s AND intention.day BETWEEN %(earliest)s AND %(last)s
      AND ends_at > %(first)s
      AND person_id IS NOT NULL AND status = ANY(%(statuses)s) AND type = ANY(%(types)s)
) AS plans, generate_series(greatest(day, %(first_day)s), least(last_day, %(last)s), '1 day') AS each
GROUP BY each"""


def _coming(site_id: str, first_day: dt.date, last_day: dt.date) -> dict[dt.date, int]:
    named: dict[str, Any] = {
        "site": site_id,
        "earliest": first_day - LONGEST_PLAN - ONE_DAY,
        "first": dt.datetime.combine(first_day, dt.time(), dt.UTC) - ONE_DAY,
        "first_day": first_day,
        "last": last_day,
        "statuses": list(OPEN_STATUSES),
        "types": list(PRESENT_TYPES),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMING, named)
        return dict(cursor.fetchall())
