"""Fields that every app shares."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

_SECOND_INDEXES = """
SELECT entry.indexrelid::regclass::text
  FROM pg_index entry
  JOIN pg_opclass kind ON kind.oid = entry.indclass[0]
  JOIN pg_attribute id ON id.attrelid = entry.indrelid AND id.attnum = entry.indkey[0]
 WHERE kind.opcname = 'varchar_pattern_ops'
   AND format_type(id.atttypid, id.atttypmod) = 'character varying(24)'
"""


def test_ids_need_no_second_index_for_prefixes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SECOND_INDEXES)
        second = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT FROM sites_app_room WHERE id LIKE '65%'")
        plan = "".join(line for (line,) in cursor.fetchall())

    assert second == []
    assert "Index Cond" in plan
