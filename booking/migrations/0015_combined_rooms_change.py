"""A trigger that notes when rooms are made of other parts: any kept answer may differ then."""

from django.db import migrations

NOTE = """
CREATE FUNCTION note_catalogue_change_of_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO booking_cataloguechange (transaction, room)
    VALUES (pg_current_xact_id()::text::bigint, '') ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER note_catalogue_change AFTER INSERT OR UPDATE OR DELETE ON sites_app_room_parts
    FOR EACH STATEMENT EXECUTE FUNCTION note_catalogue_change_of_parts();
"""
FORGET = """
DROP TRIGGER note_catalogue_change ON sites_app_room_parts;
DROP FUNCTION note_catalogue_change_of_parts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0014_reservations_are_found_by_time"),
        ("sites_app", "0003_columns_have_names"),
    ]

    operations = [migrations.RunSQL(NOTE, FORGET)]
