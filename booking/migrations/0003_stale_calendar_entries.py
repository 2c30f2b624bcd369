"""Triggers that drop the ready-made calendar texts of meetings whose words, time or place changed.

They stand in the database so that bulk updates, raw SQL, imports and renamed rooms are covered too.
"""

from django.db import migrations

DROP_ENTRIES = """
CREATE FUNCTION drop_stale_calendar_entries_of_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM booking_calendarentry WHERE meeting_id IN ({stale});
    RETURN NULL;
END $$;
CREATE TRIGGER drop_stale_calendar_entries AFTER UPDATE ON {name}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION drop_stale_calendar_entries_of_{name}();
"""
KEEP_ENTRIES = """
DROP TRIGGER drop_stale_calendar_entries ON {name};
DROP FUNCTION drop_stale_calendar_entries_of_{name}();
"""
STALE = {
    "booking_meeting": """
        SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
         WHERE (n.room_id, n.status, n.starts_at, n.ends_at, n.name, n.description, n.sequence,
                n.revised_at)
            IS DISTINCT FROM (o.room_id, o.status, o.starts_at, o.ends_at, o.name, o.description,
                o.sequence, o.revised_at)
    """,
    "sites_app_room": """
        SELECT m.id FROM new_rows n JOIN old_rows o USING (id)
          JOIN booking_meeting m ON m.room_id = n.id
         WHERE (n.name, n.public_name, n.site_id)
            IS DISTINCT FROM (o.name, o.public_name, o.site_id)
    """,
    "sites_app_site": """
        SELECT m.id FROM new_rows n JOIN old_rows o USING (id)
          JOIN sites_app_room r ON r.site_id = n.id JOIN booking_meeting m ON m.room_id = r.id
         WHERE n.name <> o.name
    """,
}


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_catalogue_change_triggers")]

    operations = [
        migrations.RunSQL(
            DROP_ENTRIES.format(name=table, stale=stale), KEEP_ENTRIES.format(name=table)
        )
        for table, stale in STALE.items()
    ]
