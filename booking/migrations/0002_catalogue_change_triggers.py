"""Triggers that note, in the same transaction, which room a change touches.

They stand in the database so that bulk updates, raw SQL and imports are noted like everything else. A row of
`booking_cataloguechange` is a transaction and a room; an empty room means that any cached answer may differ.
"""

from django.db import migrations

NOTE_ROOM = """
CREATE FUNCTION note_catalogue_change_of_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        INSERT INTO booking_cataloguechange (transaction, room)
        SELECT DISTINCT pg_current_xact_id()::text::bigint, {room} FROM new_rows
        ON CONFLICT DO NOTHING;
    END IF;
    IF TG_OP IN ('DELETE', 'UPDATE') THEN
        INSERT INTO booking_cataloguechange (transaction, room)
        SELECT DISTINCT pg_current_xact_id()::text::bigint, {room} FROM old_rows
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_catalogue_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_catalogue_change_of_{name}();
CREATE TRIGGER note_catalogue_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_catalogue_change_of_{name}();
CREATE TRIGGER note_catalogue_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_catalogue_change_of_{name}();
"""
FORGET_ROOM = """
DROP TRIGGER note_catalogue_insert ON {table};
DROP TRIGGER note_catalogue_update ON {table};
DROP TRIGGER note_catalogue_delete ON {table};
DROP FUNCTION note_catalogue_change_of_{name}();
"""
WATCHED = {
    "booking_meeting": "room_id",
    "sites_app_roomimage": "''",
    "sites_app_room": "''",
    "sites_app_roomlease": "''",
    "sites_app_site": "''",
    "sites_app_closure": "''",
    "sites_app_openingexception": "''",
    "organizations_organization": "''",
}


def _statements(template: str, table: str, room: str) -> str:
    return template.format(table=table, room=room, name=table)


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0001_initial"),
        ("sites_app", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            _statements(NOTE_ROOM, table, room), _statements(FORGET_ROOM, table, room)
        )
        for table, room in WATCHED.items()
    ]
