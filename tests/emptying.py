"""Emptying the test database after a test whose transactions were real.

Django truncates every table, which has PostgreSQL make some thousand files anew, and then looks up all
permissions once more. Here only tables that have rows lose them, and what the migrations made stays.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase

_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
_LARGE_BYTES = 1024 * 1024

truncate_everything = TransactionTestCase._fixture_teardown


def empty(case: TransactionTestCase) -> None:
    """Delete all rows, once whoever is still writing has ended; in place of `_fixture_teardown`."""
    if not _may_leave_out_triggers():
        truncate_everything(case)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN EXCLUSIVE MODE")
        filled = _found(cursor, _WITH_ROWS)
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")
    with connection.cursor() as cursor:
        for table in _found(cursor, _LARGE):
            cursor.execute(f"VACUUM {table}")


_WITH_ROWS = "SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"
_LARGE = f"SELECT '{{table}}' WHERE pg_relation_size('{{table}}') > {_LARGE_BYTES}"


def _found(cursor: Any, question: str) -> list[str]:
    """Ask the same of every table; return those that answer."""
    cursor.execute(" UNION ALL ".join(question.format(table=table) for table in _tables()))
    return [table for (table,) in cursor.fetchall()]


@lru_cache(maxsize=1)
def _tables() -> tuple[str, ...]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    of_no_model = settings.CACHES["default"]["LOCATION"]
    return tuple(connection.ops.quote_name(name) for name in sorted({*names, of_no_model} - _KEPT))


@lru_cache(maxsize=1)
def _may_leave_out_triggers() -> bool:
    """Say whether we are the database's own: a given one may know us as somebody less."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        return bool(cursor.fetchone()[0] == "on")
