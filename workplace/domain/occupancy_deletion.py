"""Presence that is taken back, kept for a while in case it was a mistake, and what remains of old one.

Source: workplace-api, section 0, Deletion; section 4; section 9.
"""

import datetime as dt
from collections.abc import Iterator

import structlog
from django.db import connection
from django.db.models import Max, QuerySet

from workplace.models import Occupancy

BATCH = 10_000
KEPT_DELETED = dt.timedelta(days=30)
KEPT_MONTHS = 13
SETTLING = dt.timedelta(days=7)
"""How long an import of old presence may take: a day of which something came lately is not counted yet."""

log = structlog.get_logger(__name__)


def delete(rows: QuerySet[Occupancy], *, token_id: str, now: dt.datetime) -> int:
    """Delete these records, part by part, so that they count nowhere; return how many."""
    deleted = 0
    while batch := list(rows.filter(deleted_at=None).values_list("pk", flat=True)[:BATCH]):
        deleted += Occupancy.objects.filter(pk__in=batch, deleted_at=None).update(
            deleted_at=now, deleted_by=token_id, updated_at=now
        )
    return deleted


def purge(*, now: dt.datetime) -> int:
    """Forget what was deleted 30 days ago; return how many records."""
    stale = Occupancy.objects.filter(deleted_at__lt=now - KEPT_DELETED)
    purged = 0
    while batch := list(stale.values_list("pk", flat=True)[:BATCH]):
        purged += Occupancy.objects.filter(pk__in=batch).delete()[0]
    return purged


def age(*, now: dt.datetime) -> int:
    """Turn records of more than 13 months into numbers of people a day and team; return the days.

    Of a day that was counted before the larger number stays: who is told of late may be among those
    counted, and nobody can tell any more.
    """
    aged = 0
    for site_id, day in _old_days(before=first_kept_day(now.date()), settled_by=now - SETTLING):
        try:
            with connection.cursor() as cursor:
                cursor.execute(_COUNT_AND_FORGET, [site_id, day])
            aged += 1
        except Exception:
            log.exception("occupancy.not_aged", site=site_id, day=day.isoformat())
    return aged


def first_kept_day(today: dt.date) -> dt.date:
    """Return the first day whose records are kept: the same date 13 months ago, or its month's last."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    year, month = divmod(months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(today.day, last))


def _old_days(*, before: dt.date, settled_by: dt.datetime) -> Iterator[tuple[str, dt.date]]:
    old = Occupancy.objects.filter(day__lt=before, deleted_at=None).values("site_id", "day")
    settled = old.annotate(told_at=Max("updated_at")).filter(told_at__lt=settled_by)
    yield from list(settled.order_by("site_id", "day").values_list("site_id", "day"))


_COUNT_AND_FORGET = """
WITH seen AS (
    DELETE FROM workplace_occupancy WHERE site_id = %s AND day = %s AND deleted_at IS NULL
    RETURNING site_id, day, person_id, team_id, seen_at
)
INSERT INTO workplace_attendanceday (id, site_id, day, organization_id, team_id, people)
SELECT lpad(to_hex(extract(epoch FROM now())::bigint), 8, '0')
       || substr(md5(gen_random_uuid()::text), 1, 16),
       site_id, day, organization_id, team_id, count(*)
FROM (
    SELECT DISTINCT ON (seen.person_id) seen.site_id, seen.day, person.organization_id,
           COALESCE(seen.team_id, member.team_id) AS team_id
    FROM seen
    JOIN organizations_user AS person ON person.id = seen.person_id
    LEFT JOIN workplace_teammembership AS member
           ON member.person_id = seen.person_id AND member.is_primary
    ORDER BY seen.person_id, seen.seen_at
) AS person_days
GROUP BY site_id, day, organization_id, team_id
ON CONFLICT (site_id, day, organization_id, team_id)
DO UPDATE SET people = GREATEST(workplace_attendanceday.people, excluded.people)"""
