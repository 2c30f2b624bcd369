"""The local days of presence and plans, worked out anew where a location's clock has changed.

They are stored so that a day's rows are found by an index.
"""

from django.db import connection

_MOVED = """
UPDATE {table} AS row SET day = (row.{moment} AT TIME ZONE site.time_zone)::date
FROM sites_app_site AS site
WHERE site.id = row.site_id AND row.day <> (row.{moment} AT TIME ZONE site.time_zone)::date"""
_ROWS = (("workplace_occupancy", "seen_at"), ("workplace_intention", "starts_at"))


def follow_clocks() -> int:
    """Give each row the day that its location's calendar shows now; return how many had another."""
    moved = 0
    with connection.cursor() as cursor:
        for table, moment in _ROWS:
            cursor.execute(_MOVED.format(table=table, moment=moment))
            moved += cursor.rowcount
    return moved
