from django.db import migrations

# Cards are given back where people and companies are brought back, on a floor that may not know this one.
NOTE_GIVEN_BACK = """
CREATE FUNCTION note_card_given_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO apitokens_event (id, type, object_kind, object_id, organization_id, people, data, at)
    SELECT lpad(to_hex(extract(epoch FROM now())::bigint), 8, '0')
               || right(replace(gen_random_uuid()::text, '-', ''), 16),
           'access_card.activated', 'access_card', n.id, holder.organization_id, '{}', '{}', now()
      FROM new_rows n
      JOIN old_rows o USING (id)
      JOIN organizations_user holder ON holder.id = n.holder_id
     WHERE n.status = 'active' AND o.status = 'blocked';
    RETURN NULL;
END $$;
CREATE TRIGGER note_card_given_back AFTER UPDATE ON organizations_accesscard
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_card_given_back();
"""
FORGET_GIVEN_BACK = """
DROP TRIGGER note_card_given_back ON organizations_accesscard;
DROP FUNCTION note_card_given_back();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('apitokens', '0007_access_requests'),
        ('organizations', '0004_cards_of_archived_people'),
    ]

    operations = [migrations.RunSQL(NOTE_GIVEN_BACK, FORGET_GIVEN_BACK)]
