"""Drops the second index that Django made, for LIKE, of each column of ids: theirs serves both."""

from django.db import migrations

DROP = """
DO $$
DECLARE
    second text;
BEGIN
    FOR second IN
        SELECT DISTINCT entry.indexrelid::regclass::text
          FROM pg_index entry
          JOIN pg_class held ON held.oid = entry.indrelid
          JOIN pg_opclass kind ON kind.oid = entry.indclass[0]
          JOIN pg_attribute id ON id.attrelid = held.oid AND id.attnum = entry.indkey[0]
         WHERE held.relnamespace = current_schema()::regnamespace
           AND entry.indnatts = 1
           AND kind.opcname = 'varchar_pattern_ops'
           AND format_type(id.atttypid, id.atttypmod) = 'character varying(24)'
    LOOP
        EXECUTE 'DROP INDEX ' || second;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("apitokens", "0013_fewer_indexes"),
        ("booking", "0016_fewer_indexes"),
        ("contracts", "0004_fewer_indexes"),
        ("organizations", "0012_fewer_indexes"),
        ("sites_app", "0004_fewer_indexes"),
        ("workplace", "0006_fewer_indexes"),
    ]

    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]
